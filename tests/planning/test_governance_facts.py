"""What the five documents say of bodies and who heads them, each row with the words that say it."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from tests.data.reading import one_line, places

from mirps.base.codelists import api as codelists
from mirps.planning.records import kinds, values

FOLDER = codelists.data_folder() / "planning"
STATES = {"BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN"}
TABLES = ("member-state", "body", "term")


@cache
def rows(kind: str) -> list[dict[str, str]]:
    with (FOLDER / "facts" / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def of_kind() -> dict[str, kinds.Kind]:
    return kinds.read(FOLDER / "kinds")


@pytest.fixture(scope="module")
def texts(sources: Path) -> dict[str, str]:
    """Each document's text on one line, by its code."""
    documents = codelists.documents()
    return {c: one_line((sources / d["file"]).read_text(encoding="utf-8")) for c, d in documents.items()}


def _known(code_list: str, code: str) -> bool:
    lists = {
        "states": codelists.states(),
        "institutions": codelists.institutions(),
        "documents": codelists.documents(),
    }
    return code in lists[code_list]


@pytest.mark.parametrize("kind", TABLES)
def test_every_row_is_a_record_without_fault_in_both_languages(kind: str) -> None:
    keys = {f"{k}/{row['code']}" for k in TABLES for row in rows(k)}
    known = values.Known(code=_known, key=keys.__contains__, measure=lambda _: False)
    for row in rows(kind):
        data, faults = values.read(of_kind()[kind], row, known)
        assert not faults, (row["code"], faults)
        assert not values.missing(of_kind()[kind], data), row["code"]
        assert row.get("parent", "") in {"", *keys}


@pytest.mark.parametrize("kind", TABLES)
def test_every_row_quotes_its_documents_in_few_words(kind: str, texts: dict[str, str]) -> None:
    for row in rows(kind):
        cited = [line.split(" | ") for line in row["source"].split("\n")]
        assert cited, row["code"]
        for document, locator, fragment in cited:
            assert places(one_line(fragment), texts[document]), (row["code"], fragment)
            assert len(fragment.split()) <= 8, (row["code"], fragment)
            assert locator


def test_a_body_stands_under_one_that_there_is_and_is_named_once() -> None:
    bodies = rows("body")
    codes = [b["code"] for b in bodies]
    assert len(set(codes)) == len(codes)
    shorts = [b["short"] for b in bodies if b["short"]]
    assert len(set(shorts)) == len(shorts)
    assert {b["within"].removeprefix("body/") for b in bodies if b["within"]} <= set(codes)


def test_each_state_has_joined_and_presided_once_and_has_a_national_team() -> None:
    assert {m["member"] for m in rows("member-state")} == STATES
    turns = {r["number"]: r["member"] for r in rows("term") if r["parent"] == "body/presidency"}
    assert list(turns) == [str(n) for n in range(1, 8)]
    assert set(turns.values()) == STATES
    assert {b["state"] for b in rows("body") if b["type"] == "national-team"} == STATES


def test_the_four_teams_keep_their_earlier_names_and_led_in_2024() -> None:
    teams = [b for b in rows("body") if b["type"] == "team"]
    assert {b["short"] for b in teams} == {"RACP", "ID", "LG", "JL"}
    assert all(b["names"].startswith("Grupo de Trabajo") for b in teams)
    for team in teams:
        leads = [
            r
            for r in rows("term")
            if r["parent"] == f"body/{team['code']}" and r["role"] in {"lead", "co-lead"}
        ]
        assert any(r["year"] == "2024" or r["held"] == "2024" for r in leads), team["code"]


def test_seventeen_local_governments_of_five_states_form_their_team() -> None:
    members = [r for r in rows("term") if r["parent"] == "body/lg" and r["role"] == "member"]
    assert Counter(r["member"] for r in members) == {"BLZ": 2, "GTM": 8, "HND": 3, "PAN": 2, "MEX": 2}


def test_the_fourteen_members_of_the_platform_hold_its_chairs() -> None:
    terms = [r for r in rows("term") if r["parent"] == "body/platform"]
    members = {r["institution"] for r in terms if r["role"] == "member"}
    chairs = [r["institution"] for r in sorted(terms, key=lambda r: r["number"]) if r["role"] == "chair"]
    assert len(members) == 14
    assert set(chairs) <= members
    assert chairs == ["ESP.GOV", "CAN.GOV", "USA.GOV", "COL.GOV"]


def test_a_term_that_is_inferred_says_from_what() -> None:
    for row in rows("term"):
        assert row["role"]
        assert row["institution"] or row["member"] or row["holder.es"], row["code"]
        if row["basis"] == "inferred":
            assert row["note.es"], row["code"]
            assert row["note.en"], row["code"]
