"""The contract: OpenAPI 3.1, stable, true (schemathesis), and told on a page in both languages."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests import contract
from tests.api.conftest import Get

from mirps.web.api import limits
from mirps.web.api.reference import described, page

SNAPSHOT = Path(__file__).with_name("openapi.json")
OPERATIONS = sorted(path for path in described("en")["paths"])


def test_the_description_is_openapi_3_1() -> None:
    import jsonschema

    found = described("en")
    assert found["openapi"].startswith("3.1")
    for methods in found["paths"].values():
        assert set(methods) == {"get"}
        for answer in methods["get"]["responses"].values():
            for media in answer.get("content", {}).values():
                jsonschema.Draft202012Validator.check_schema(media.get("schema", {}))


def test_the_contract_has_not_changed_unseen() -> None:
    """What programs rely on. A change is written with:
    python -c "from tests.api.test_contract import keep; keep()" and told in docs/api.md."""
    assert json.loads(SNAPSHOT.read_text()) == described("en")


def keep() -> None:
    SNAPSHOT.write_text(json.dumps(described("en"), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def test_both_languages_describe_the_same_contract() -> None:
    def bare(node: object) -> object:
        if isinstance(node, dict):
            return {k: bare(v) for k, v in node.items() if k not in ("summary", "description", "title")}
        return [bare(v) for v in node] if isinstance(node, list) else node

    assert bare(described("es")) == bare(described("en"))
    assert described("es") != described("en")


@pytest.mark.parametrize("path", OPERATIONS)
def test_answers_keep_to_the_contract(loaded: None, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(limits.READ, "limit", 10**9)
    monkeypatch.setattr(limits.EXPORT, "limit", 10**9)
    contract.keeps_to_it("/api/v1/", path)


class Outline(HTMLParser):
    """What a page is made of: its tags, and every address that it names."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.lang = self.lang or given.get("lang") or ""
        self.addresses += [v for k in ("href", "src") if (v := given.get(k))]
        assert "style" not in given


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_reference_is_a_plain_page_of_our_own_host(get: Get, lang: str) -> None:
    response = get("", accept=lang)
    outline = Outline()
    outline.feed(response.content.decode())
    assert response.content.decode() == page(lang)
    assert outline.lang == lang
    assert outline.tags.count("h1") == 1
    assert not {"script", "style", "iframe"} & set(outline.tags)
    assert all(a.startswith(("/", "?")) and not a.startswith("//") for a in outline.addresses)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_reference_tells_every_address_and_parameter(lang: str) -> None:
    told = page(lang)
    for path, methods in described(lang)["paths"].items():
        assert f"GET {path}" in told
        assert all(p["description"] for p in methods["get"].get("parameters", ()))


def test_the_documentation_names_every_address() -> None:
    told = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    assert [p for p in described("en")["paths"] if p not in told] == []
