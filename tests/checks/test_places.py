"""Where a claim stands, what opens a line without counting anything, and how a report says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirps.evidence.checks import api, render
from mirps.evidence.checks.reading import readers
from mirps.evidence.checks.reading.readers import UnreadableError

WRAPPED = """The office opened in May.
It helped 332 people (80 girls, 105 women,
53 boys and 84 men). A second office
helped **40 families** in Yoro.
Later 25 more came.
"""


def test_a_claim_names_the_line_on_which_its_sentence_begins() -> None:
    report = api.check_text(WRAPPED, lang="en")
    places = {int(c.value): c.locator for c in report.claims}
    assert places[332] == places[84] == "line 2"
    assert places[40] == "line 3"
    assert places[25] == "line 5"
    assert [f.locator for f in report.findings] == ["line 2"]


def test_marks_of_a_list_do_not_shift_the_line() -> None:
    report = api.check_text("# Title\n\n- **Help** came.\n  It reached 12 people.\n", lang="en")
    assert [(int(c.value), c.locator) for c in report.claims] == [(12, "line 4")]


def test_a_sentence_behind_a_page_break_keeps_its_own_line() -> None:
    text = (
        "In its first year the programme reached families in Cortés and\n\n61\n\nin Yoro. It has 12 offices."
    )
    assert [(int(c.value), c.locator) for c in api.check_text(text, lang="en").claims] == [(12, "line 5")]


@pytest.mark.parametrize(
    "text",
    [
        "1. Strengthen the answer.\n2. Advance the plans.\n13. Reaffirm the commitment.",
        "(1) Strengthen the answer.\n\n2) Advance the plans.\n\n3.- Go on.",
        "The office opened.\n\n61\n\nIt went on.",
        "The office opened.\n61\nIt went on.\n62",
    ],
)
def test_numerals_of_lists_and_pages_are_no_claims(text: str) -> None:
    assert api.check_text(text, lang="en").claims == []


def test_a_number_that_opens_a_line_or_stands_alone_in_a_sentence_is_a_claim() -> None:
    text = "12 offices opened.\n\n1. They helped 40 people.\n\nIn all they helped\n300\npeople of Yoro."
    assert [c.value for c in api.check_text(text, lang="en").claims] == [12, 40, 300]


def test_a_damaged_page_is_named_in_the_language_of_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "fake.pdf"
    path.write_bytes(b"no PDF at all")
    with pytest.raises(UnreadableError) as caught:
        readers.read(path)
    assert "«fake.pdf», página 1:" in caught.value.messages["es"]
    assert "'fake.pdf', page 1:" in caught.value.messages["en"]


def test_a_size_above_the_limit_is_told_in_the_language_of_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "MAX_CHARACTERS", 1000)
    path = tmp_path / "long.txt"
    path.write_text("word " * 300, encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        readers.read(path)
    assert "caracteres" in caught.value.messages["es"]
    assert "1,499 characters" in caught.value.messages["en"]


@pytest.mark.parametrize(
    ("lang", "one", "none"),
    [
        ("es", "1 contradicción, 0 dudas.", "1 afirmación con cifras, 0 contradicciones"),
        ("en", "1 contradiction, 0 doubts.", "1 statement with figures, 0 contradictions"),
    ],
)
def test_one_is_counted_in_the_singular(lang: str, one: str, none: str) -> None:
    wrong = api.check_text("Help reached 332 people (80 girls, 105 women, 53 boys and 84 men).", lang="en")
    assert render.as_text(wrong, lang).endswith(one)
    assert none in render.as_text(api.check_text("It helped 12 people.", lang="en"), lang)


def test_the_number_of_an_indicator_box_is_a_claim_and_a_page_number_is_none() -> None:
    boxed = api.check_text("511\n\nNUMBER OF PERSONS recognised in 2024.", lang="en")
    paged = api.check_text("511\n\nThe office opened again in the city.", lang="en")
    assert [c.value for c in boxed.claims] == [511]
    assert paged.claims == []
