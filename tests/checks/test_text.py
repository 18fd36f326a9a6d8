"""What the checker finds in a text, and what it leaves alone."""

# ruff: noqa: E501 (lists of words are kept whole)
from __future__ import annotations

import json
from pathlib import Path

import pytest

from mirps.evidence.checks import api

FOLDER = Path(__file__).parent / "tuning"


def rows(name: str) -> list[dict[str, str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def contradicts(row: dict[str, str]) -> bool:
    return api.check_text(row["text"], lang=row["lang"]).contradictions > 0


@pytest.mark.parametrize("row", rows("own-en.jsonl") + rows("own-es.jsonl"), ids=lambda row: row["id"])
def test_a_statement_is_judged_as_its_label_says(row: dict[str, str]) -> None:
    assert contradicts(row) == (row["label"] == "contradiction")


@pytest.mark.parametrize(
    ("name", "recall"),
    [
        ("dev-en.jsonl", 0.75),
        ("dev-es.jsonl", 0.6),
        ("dev3-en.jsonl", 0.8),
        ("dev3-es.jsonl", 0.8),
        ("dev4-en.jsonl", 0.9),
        ("dev4-es.jsonl", 0.9),
        ("dev5-en.jsonl", 0.7),
        ("dev5-es.jsonl", 0.7),
    ],
)
def test_on_statements_of_another_writer_it_seldom_raises_a_false_alarm(name: str, recall: float) -> None:
    judged = [(contradicts(row), row["label"] == "contradiction") for row in rows(name)]
    found = sum(said and so for said, so in judged)
    alarms = sum(said and not so for said, so in judged)
    assert found >= recall * sum(so for _, so in judged)
    assert found >= 0.95 * (found + alarms)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The country hosts 226,029 people, 22,344 of whom hold refugee status, 211,750 await a decision"
         " and 336 have no nationality.", "parts_exceed_total"),
        ("Help reached 332 people (80 girls, 105 women, 53 boys and 84 men).", "parts_below_total"),
        ("Four annual surveys of 7,428 households each make 28,800 in total.", "product_mismatch"),
    ],
)  # fmt: skip
def test_the_contradictions_of_the_2024_reports_are_found(text: str, kind: str) -> None:
    assert [f.kind for f in api.check_text(text, lang="en").findings] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "In all 222,752 people live there: 17,283 refugees, 205,122 asylum-seekers and 347 stateless people.",
        "Of the 92 interns, 73 are displaced, 13 at risk of displacement and 6 of other groups.",
        "Forty people gained (5 girls, 9 boys, 17 women and 9 men).",
        "Single adults are 51%, families 41% and couples 8%; Hondurans are 69.1%, Haitians 8.7%.",
        "The centres received 25,161 returnees, 1.39% of whom (350) needed care.",
        "A five-day consultation was held in Tegucigalpa, San Pedro Sula, Choluteca, La Esperanza and La Ceiba.",
        "More than 4,000 displaced people live there, of whom 240 are refugees and 791 are asylum-seekers.",
    ],
)
def test_right_figures_stay_silent(text: str) -> None:
    assert api.check_text(text, lang="en").findings == []


def test_a_finding_names_its_claims_and_says_the_same_in_both_languages() -> None:
    report = api.check_text("Ayuda a 332 personas (80 niñas, 105 mujeres, 53 niños y 84 hombres).", lang="es")
    data = json.loads(report.as_json())
    (finding,) = data["findings"]
    values = {c["id"]: c["value"] for c in data["claims"]}
    assert [values[c] for c in finding["claims"]] == [332, 80, 105, 53, 84]
    assert (finding["stated"], finding["expected"]) == ("332", "322")
    assert "no cuadra" in finding["message"]["es"]
    assert "does not add up" in finding["message"]["en"]
    assert data["summary"]["contradictions"] == 1


def test_the_language_is_told_from_the_text() -> None:
    assert api.check_text("Las personas que llegaron en mayo fueron 300.").lang == "es"
    assert api.check_text("The people who arrived in May were 300.").lang == "en"


def test_a_sentence_cut_by_a_page_is_read_as_one() -> None:
    text = "The programme reached in its first year a total of 300 families, 120 of them in Cortés and\n\n61\n\n190 in Yoro."
    joined = text.replace("190 in Yoro", "some 190 in Yoro")
    assert api.check_text(joined, lang="en").contradictions == 1
