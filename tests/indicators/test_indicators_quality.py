"""A count says which of its file's quality rules hold; what fails a rule that blocks does not leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from tests.indicators.making import put, waiting

from mirps.base.marked.faults import Faults
from mirps.evidence.indicators import quality
from mirps.evidence.indicators.counting import engine
from mirps.evidence.indicators.model import Indicator
from mirps.evidence.indicators.planning import Span
from mirps.evidence.indicators.quality import Note, blocked, judged
from mirps.evidence.indicators.reading import read

SPAN = Span(date(2024, 4, 1), date(2024, 6, 30))
FILE = """indicator: decisions
name: {{es: Decisiones, en: Decisions}}
description: {{es: Decisiones, en: Decisions}}
unit: application
population: ASY
kind: flow
counts: {counts}
at: decided
dimensions: [state, sex]
additive: {{time: {adds}, place: {adds}, population: {adds}}}
quality: {quality}
"""


def indicator(rules: str, counts: str = "cases") -> Indicator:
    more = "between: {from: applied, to: decided}\n" if counts == "median" else ""
    adds = "no" if counts == "median" else "yes"
    return read((FILE.format(quality=rules, counts=counts, adds=adds) + more).encode(), "a.yaml")


def decided(n: int, on: date = SPAN.first, **other: Any) -> list[dict[str, Any]]:
    row = waiting(stage="granted", outcome="recognised", applied=on - timedelta(100), decided=on, recorded=on)
    return [{**row, "case_id": k, **other} for k in range(n)]


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with engine(1) as db:
        yield db


def notes(db: duckdb.DuckDBPyConnection, i: Indicator, rows: list[dict[str, Any]]) -> list[Note]:
    return judged(db, put(db, rows, []), [i], SPAN).get("MEX", {}).get(i.code, [])


def test_members_that_are_not_known_are_counted_against_what_the_file_asks(
    db: duckdb.DuckDBPyConnection,
) -> None:
    i = indicator("{known: {sex: 90}}")
    [held] = notes(db, i, decided(9) + decided(1, sex="_U"))
    [failed] = notes(db, i, decided(8) + decided(1, sex="_U") + decided(1, sex="_L"))
    assert (held.met, held.found) == (True, 90)
    assert (failed.rule, failed.about, failed.bound, failed.met, failed.found) == (
        "known",
        "sex",
        90,
        False,
        80,
    )
    assert not blocked([failed])  # it warns


def test_decisions_before_their_application_or_without_one_are_out_of_order(
    db: duckdb.DuckDBPyConnection,
) -> None:
    i = indicator("{ordered: 99, blocks: [ordered]}")
    wrong = decided(1, applied=SPAN.first + timedelta(1)) + decided(1, applied=None)
    assert not blocked(notes(db, i, decided(200) + wrong))
    assert blocked(notes(db, i, decided(100) + wrong))


def test_a_day_later_than_its_recording_is_not_plausible(db: duckdb.DuckDBPyConnection) -> None:
    i = indicator("{past: 100, blocks: [past]}")
    assert not blocked(notes(db, i, decided(3)))
    assert blocked(notes(db, i, decided(2) + decided(1, recorded=SPAN.first - timedelta(1))))


def test_a_jump_against_the_period_before_is_told_where_that_was_not_small(
    db: duckdb.DuckDBPyConnection,
) -> None:
    i, before = indicator("{jump: 50}"), SPAN.first - timedelta(1)
    [rose] = notes(db, i, decided(61) + decided(40, before))
    [steady] = notes(db, i, decided(60) + decided(40, before))
    [few] = notes(db, i, decided(61) + decided(quality.STEADY - 1, before))
    assert (rose.met, steady.met, few.met) == (False, True, None)


def test_a_quantile_of_few_rows_says_little(db: duckdb.DuckDBPyConnection) -> None:
    i = indicator("{least: 5}", "median")
    assert [n.met for n in notes(db, i, decided(4))] == [False]
    assert [n.met for n in notes(db, i, decided(5))] == [True]


def test_what_anybody_may_read_says_which_rules_hold_and_no_number_of_people(
    db: duckdb.DuckDBPyConnection,
) -> None:
    [failed] = notes(db, indicator("{known: {sex: 90}}"), decided(8) + decided(2, sex="_U"))
    assert failed.found == 80
    assert quality.note(failed.told()).found is None
    assert set(failed.told()) == {"rule", "about", "bound", "met", "blocks"}


@pytest.mark.parametrize(
    ("rules", "counts", "key"),
    [
        ("{blocks: [past]}", "cases", "blocks_nothing"),
        ("{past: 100, blocks: [pasd]}", "cases", "no_such_near"),
        ("{past: 101}", "cases", "number"),
        ("{jump: no}", "cases", "number"),
        ("{jump: 50}", "median", "not_with"),
        ("{known: {sex: 0}}", "cases", "number"),
        ("{sorted: 90}", "cases", "unknown_near"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told_with_its_line(rules: str, counts: str, key: str) -> None:
    with pytest.raises(Faults) as told:
        indicator(rules, counts)
    assert [(f.line, f.key) for f in told.value.faults] == [(11, key)]
    assert all(f.say(lang) for f in told.value.faults for lang in ("es", "en"))
