"""The calendar of 2023 and 2024 as the five documents tell it, each line with its place in one."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from tests.data.reading import one_line, places

from mirps.base.codelists import api as codelists
from mirps.planning.meetings.rules import Span, last_day

FOLDER = codelists.data_folder() / "planning" / "facts"
KINDS = ("event", "agreement", "minutes")


@cache
def rows(kind: str) -> list[dict[str, str]]:
    with (FOLDER / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def texts(sources: Path) -> dict[str, str]:
    """Each document on one line, by code."""
    known = codelists.documents()
    return {code: one_line((sources / d["file"]).read_text(encoding="utf-8")) for code, d in known.items()}


def cited(row: dict[str, str]) -> list[tuple[str, str, str]]:
    """(document, locator, fragment) of a row's sources and of the other dates that it gives."""
    found = [tuple(p.strip() for p in line.split("|")) for line in row["source"].split("\n")]
    others = [[p.strip() for p in line.split("|")] for line in row.get("dates", "").split("\n") if line]
    return [(s[0], s[1], s[2]) for s in found] + [(o[2], o[3], o[4]) for o in others]


@pytest.mark.parametrize("kind", KINDS)
def test_each_fact_quotes_its_document(kind: str, texts: dict[str, str]) -> None:
    for row in rows(kind):
        for document, locator, fragment in cited(row):
            assert places(one_line(fragment), texts[document]), (row["code"], fragment)
            assert len(fragment.split()) <= 8, (row["code"], fragment)
            assert locator, row["code"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_fact_speaks_both_languages(kind: str) -> None:
    for row in rows(kind):
        for column in row:
            if column.endswith(".es"):
                assert bool(row[column]) == bool(row[f"{column[:-3]}.en"]), (row["code"], column)


def test_where_a_document_gives_two_days_both_are_kept() -> None:
    chat = next(r for r in rows("event") if r["code"] == "rapporteur-chat")
    assert chat["starts"] == "2024-09-11"
    assert chat["dates"].startswith("2024-09-10 |  | AR24 |")
    issued = next(r for r in rows("event") if r["code"] == "decree-44501-issued")
    assert issued["starts"] == "2024"
    assert [line[:7] for line in issued["dates"].split("\n")] == ["2024-05", "2024-06"]


def test_the_sunday_of_july_is_kept_with_its_doubt() -> None:
    consultation = next(r for r in rows("event") if r["code"] == "disasters-consultation")
    assert last_day(consultation["starts"]).weekday() == 6
    assert consultation["doubt.es"]
    assert consultation["doubt.en"]


def test_what_one_document_planned_and_a_later_one_tells_are_both_kept() -> None:
    said = defaultdict(list)
    for row in rows("event"):
        said[row["code"]].append((row["starts"], row["standing"]))
    assert said["annual-meeting-6"] == [("2023", "planned"), ("2024-01-24", "held")]
    assert said["annual-meeting-7"] == [("2024-12", "planned"), ("2024-12-05", "held")]


def test_no_event_ends_before_it_begins() -> None:
    for row in rows("event"):
        assert Span(row["starts"], row["ends"]).until == (row["ends"] or row["starts"]), row["code"]


def test_an_agreement_stands_under_an_event_and_names_nobody_whom_its_document_does_not() -> None:
    events = {f"event/{r['code']}" for r in rows("event")}
    for row in rows("agreement"):
        assert row["parent"] in events, row["code"]
    nobody = [r["code"] for r in rows("agreement") if not (r["bodies"] or r["institutions"])]
    assert nobody == ["local-approach"]
