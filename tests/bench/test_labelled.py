"""The labelled evaluation set is well formed, large enough and balanced, and its counts are counted right."""

from __future__ import annotations

import json
from collections import Counter
from types import SimpleNamespace

import pytest
from bench.checker import LABELLED, LANGUAGES, Score, Statement, disagreements, judge, load, summarise

KINDS = {
    "parts_total", "parts_below_total", "share_sum", "share_base", "growth_percent", "growth_absolute",
    "ratio", "count_of_list", "restated", "cumulative_falls", "duration_dates", "weekday_date",
    "impossible_date", "period_label", "product", "units_currency", "qualifier", "range", "number_words",
    "number_style",
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_has_exactly_the_fields_and_a_known_label_and_class(lang: str) -> None:
    for line in (LABELLED / f"{lang}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert list(row) == ["id", "lang", "text", "label", "kind", "why"], line
        assert all(isinstance(value, str) and value == value.strip() and value for value in row.values()), (
            line
        )
        assert row["lang"] == lang, line
        assert row["label"] in {"ok", "contradiction"}, line
        assert row["kind"] in KINDS, line


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_are_at_least_250_statements_about_half_of_them_correct(lang: str) -> None:
    statements = load(lang)
    correct = sum(one.label == "ok" for one in statements)
    assert len(statements) >= 250
    assert 0.45 <= correct / len(statements) <= 0.55


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_class_has_correct_and_contradictory_statements_in_about_equal_number(lang: str) -> None:
    counts = Counter((one.kind, one.label) for one in load(lang))
    assert {kind for kind, _ in counts} == KINDS
    for kind in KINDS:
        assert counts[kind, "ok"] >= 5, kind
        assert abs(counts[kind, "ok"] - counts[kind, "contradiction"]) <= 2, kind


def test_ids_and_texts_are_unique_over_both_languages() -> None:
    statements = [one for lang in LANGUAGES for one in load(lang)]
    assert len({one.id for one in statements}) == len(statements)
    assert len({one.text for one in statements}) == len(statements)


def statement(number: int, label: str, lang: str = "en") -> Statement:
    return Statement(f"{lang}-{number}", lang, f"text {number}", label, "ratio", "because")


def check_by_number(text: str, *, lang: str) -> SimpleNamespace:
    """A checker that finds a contradiction in texts 1 and 2, only a warning in text 3, else nothing."""
    severity = {"text 1": "contradiction", "text 2": "contradiction", "text 3": "warning"}.get(text)
    return SimpleNamespace(findings=[SimpleNamespace(kind="k", severity=severity)] if severity else [])


def test_outcomes_are_counted_by_label_and_a_warning_is_no_flag() -> None:
    rows = [
        statement(1, "contradiction"),
        statement(2, "ok"),
        statement(3, "contradiction"),
        statement(4, "ok"),
    ]
    judged = judge(rows, check_by_number)
    result = summarise(judged)
    expected = {"tp": 1, "fp": 1, "fn": 1, "tn": 1, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert (
        result["overall"]["all"] == result["languages"]["en"] == result["classes"]["en"]["ratio"] == expected
    )
    assert result["false_alarms"] == ["en-2"]
    assert result["missed"] == ["en-3"]
    assert "fp en-2 [ratio] said k" in disagreements(judged)
    assert "fn en-3 [ratio] said nothing" in disagreements(judged)


def test_languages_are_counted_apart() -> None:
    rows = [statement(1, "contradiction"), statement(1, "ok", "es")]
    languages = summarise(judge(rows, check_by_number))["languages"]
    assert (languages["en"]["tp"], languages["es"]["fp"]) == (1, 1)


def test_a_rate_without_denominator_is_unknown() -> None:
    silent = Score(tn=3)
    assert (silent.precision, silent.recall, silent.f1) == (None, None, None)
