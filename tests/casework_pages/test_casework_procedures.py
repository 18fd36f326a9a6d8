"""Procedures are read by anybody, in both languages: the way through, the deadlines, the law and how sure it is."""

from __future__ import annotations

import pytest
from django.test import Client

from mirps.casework.procedures import api as procedures

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["es", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def page(address: str, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_every_procedure_is_listed_under_its_state(lang: str) -> None:
    shown = page(f"/{lang}/procedures/")
    for name, versions in procedures.procedures().items():
        assert f'href="/{lang}/procedures/{name}/"' in shown
        assert getattr(next(iter(versions.values())).title, lang) in shown
    only = page(f"/{lang}/procedures/?state=MEX")
    assert "mex_asylum" in only
    assert "cri_asylum" not in only


def test_each_page_says_what_its_file_says_and_marks_what_is_not_confirmed(lang: str) -> None:
    for name, versions in procedures.procedures().items():
        p = next(iter(versions.values()))
        shown = page(f"/{lang}/procedures/{name}/{p.version}/").replace("&#39;", "'")
        for part in (p.stages, p.acts, p.deadlines, p.documents):
            for code, one in part.items():  # type: ignore[attr-defined]
                assert getattr(one.name, lang) in shown, (name, code)
        for law in p.uncertain.values():
            assert getattr(law.text, lang) in shown
        assert shown.count("<svg") >= 2


def test_what_is_no_procedure_is_not_there() -> None:
    page("/es/procedures/none/", 404)
    page("/es/procedures/mex_asylum/1.0/", 404)
    page("/es/procedures/?state=<script>")


def test_a_page_of_procedures_is_never_kept_past_a_publication() -> None:
    for address in ("/es/procedures/", "/en/procedures/mex_asylum/"):
        assert "no-store" in Client().get(address)["Cache-Control"]
