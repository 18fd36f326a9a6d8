"""The text of a letter is plain words and fields; everything else is refused with its line and what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.marked.faults import Fault, Faults
from mirps.casework.letters import defaults, templates
from mirps.casework.letters.fields import FIELDS
from mirps.casework.letters.templates import Block
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.model import Paper


def _blocks(text: str, **values: str | tuple[str, ...]) -> list[Block]:
    return templates.fill(templates.read(text, "es", [*FIELDS]), dict.fromkeys(FIELDS, "") | values)


def _wrong(text: str, **more: object) -> list[Fault]:
    with pytest.raises(Faults) as e:
        templates.read(text, "es", FIELDS, **more)  # type: ignore[arg-type]
    return e.value.faults


def test_words_headings_and_lists_are_laid_out() -> None:
    found = _blocks("# Dear {{ name }}\n\nfirst\nsecond\n\n{{ remedies }}\n\n- one\n- {{ law }}",
                    name="Ana", remedies=("appeal", "review"), law=("a law", "another"))  # fmt: skip
    assert found == [
        Block("heading", ("Dear Ana",)), Block("text", ("first", "second")), Block("list", ("appeal", "review")),
        Block("list", ("one", "a law", "another")),
    ]  # fmt: skip


def test_what_is_not_known_leaves_nothing_behind() -> None:
    text = "a\n\n{% if family %}\n# Family\n\n{{ family }}\n{% else %}\nalone\n{% endif %}\n\n{{ reason }}"
    assert _blocks(text) == [Block("text", ("a",)), Block("text", ("alone",))]
    assert [b.kind for b in _blocks(text, family=("Luis",))] == ["text", "heading", "list"]


@given(value=st.text(max_size=80))
def test_what_is_filled_in_is_never_markup(value: str) -> None:
    found = _blocks("{{ name }}\n\nend", name=f"# {value}\n\n- x {{{{ reason }}}}", reason="secret")
    assert [b.kind for b in found] == ["text", "text"]
    assert not any("secret" in line for b in found for line in b.lines if "secret" not in value)


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a\n{{ nme }}", "letter_field_near", 2),
        ("{{ salary_xyzzy }}", "letter_field", 1),
        ("\n\n{{ name.upper() }}", "letter_code", 3),
        ("{{ name|upper }}", "letter_code", 1),
        ("{{ ''.__class__ }}", "letter_code", 1),
        ("{{ 9**9**9 }}", "letter_code", 1),
        ("{% for x in name %}{{ x }}{% endfor %}", "letter_code", 1),
        ("{% include 'x' %}", "letter_code", 1),
        ("{% if name == 'x' %}a{% endif %}", "letter_code", 1),
        ("a\n{% if name %}b", "letter_syntax", 2),
        ("a {{ name", "letter_syntax", 1),
        ("a\n\u2028", "letter_character", 2),
        ("  \n ", "letter_empty", 1),
        ("{{" + "(" * 5000 + "name", "letter_deep", 0),
        ("x" * 20_000, "letter_long", 0),
    ],
)
def test_a_fault_names_its_line_and_what_to_do(text: str, key: str, line: int) -> None:
    found = _wrong(text)
    assert (found[0].key, found[0].line) == (key, line)
    for lang in ("es", "en"):
        assert found[0].reason(lang)
        assert found[0].remedy(lang)


def test_a_notice_without_the_way_back_is_refused() -> None:
    notice = defaults.Text("", "{{ name }} {{ reason }}", "{{ name }} {{ reason }}")
    with pytest.raises(Faults) as e:
        defaults.proved(notice, None, Paper.NOTICE)
    assert {(f.key, dict(f.values)["name"]) for f in e.value.faults} == {("letter_needs", "remedies")}


def test_both_languages_must_say_the_same() -> None:
    with pytest.raises(Faults) as e:
        defaults.proved(defaults.Text("", "{{ name }} {{ law }}", "{{ name }}"), None, Paper.LETTER)
    assert [(f.file, f.key) for f in e.value.faults] == [("en", "letter_one_language")]


def test_every_document_of_every_procedure_has_a_sound_text() -> None:
    for versions in procedures.procedures().values():
        for p in versions.values():
            for code, document in p.documents.items():
                assert set(
                    defaults.proved(defaults.text(p.name, code, document.paper), p, document.paper)
                ) == {"es", "en"}
