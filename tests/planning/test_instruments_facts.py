"""What the documents say of instruments: whole, cited, and in our own words."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.planning.instruments_world import MINE, alone, facts_folder

from mirps.base.codelists import api as codelists
from mirps.planning.records import api as records
from mirps.planning.records.loading import Fact
from mirps.planning.records.loading import read as read_facts


@pytest.fixture
def facts(db: None, tmp_path: Path) -> dict[str, Fact]:
    """The facts of this area alone, proved, by key."""
    return {f.key: f for f in read_facts(alone(tmp_path, *MINE))}


def test_the_belize_city_declaration_stands_whole(facts: dict[str, Fact]) -> None:
    points = [f for f in facts.values() if f.parent == "instrument/belize-city"]
    agreed = [f.data["number"] for f in points if f.data["part"] == "agreed"]
    preamble = [f.data["number"] for f in points if f.data["part"] == "preamble"]
    assert agreed == [str(n) for n in range(1, 21)]
    assert preamble == [str(n) for n in range(1, 16)]


def test_the_last_six_points_are_declaratory_and_the_first_fourteen_are_not(facts: dict[str, Fact]) -> None:
    natures = [facts[f"paragraph/belize-city.{n}"].data["nature"] for n in range(1, 21)]
    assert natures == ["commitment"] * 14 + ["declaratory"] * 6


def test_each_commitment_of_the_declaration_says_whom_it_addresses_and_what_would_show_it(
    facts: dict[str, Fact],
) -> None:
    for n in range(1, 15):
        d = facts[f"paragraph/belize-city.{n}"].data
        assert {"states", "institutions", "bodies"} & set(d), n
        assert d["trackable"]["es"], n
        assert d["named"] == ("named" if n in (2, 3, 5, 8, 9, 13, 14) else "default"), n


def test_what_is_known_from_outside_the_documents_says_so(facts: dict[str, Fact]) -> None:
    pledges = [
        f for f in facts.values() if f.key.startswith("instrument/grf-2023-") and f.code != "grf-2023-usa"
    ]
    assert len(pledges) == 4
    for f in pledges:
        assert f.data["basis"] == "outside"
        assert f.data["held"] == "named"
        assert any(s.get("locator", "").startswith("https://") for s in f.data["source"])
        assert "fuera de ellos" in f.data["note"]["es"]


def test_a_year_that_no_document_gives_is_marked_as_inferred(facts: dict[str, Fact]) -> None:
    for code, year in (
        ("mexico-city", "2019"),
        ("san-salvador", "2020"),
        ("antigua", "2021"),
        ("tegucigalpa", "2022"),
    ):
        d = facts[f"instrument/{code}"].data
        assert (d["adopted"], d["basis"]) == (year, "inferred")
        assert "no da el año" in d["note"]["es"]


def test_every_fact_is_cited_by_a_fragment_that_stands_in_its_document(
    facts: dict[str, Fact], sources: Path
) -> None:
    texts = {
        code: " ".join((sources / row["file"]).read_text(encoding="utf-8").split())
        for code, row in codelists.documents().items()
        if row["file"]
    }
    for f in facts.values():
        assert any(s.get("document") for s in f.data["source"]), f.key
        for s in f.data["source"]:
            fragment = " ".join(s.get("fragment", "").split())
            assert len(fragment.split()) <= 8, f.key
            if fragment:
                assert fragment in texts[s["document"]], f"{f.key}: {fragment}"


def test_no_sentence_of_a_source_is_copied(facts: dict[str, Fact], sources: Path) -> None:
    """Nine words in a row that a document has too would be its sentence, not ours."""
    grams: set[tuple[str, ...]] = set()
    for path in sources.glob("*.txt"):
        words = _words(path.read_text(encoding="utf-8"))
        grams |= {tuple(words[i : i + 9]) for i in range(len(words) - 8)}
    for f in facts.values():
        for field in ("summary", "trackable", "support", "note"):
            words = _words(f.data.get(field, {}).get("en", ""))
            copied = [words[i : i + 9] for i in range(len(words) - 8) if tuple(words[i : i + 9]) in grams]
            assert not copied, f"{f.key} {field}: {' '.join(copied[0])}"


def _words(text: str) -> list[str]:
    return ["".join(c for c in w if c.isalnum()) for w in text.casefold().split()]


def test_each_source_document_of_the_ledger_is_in_the_library(facts: dict[str, Fact]) -> None:
    held = {f.data.get("ledger") for f in facts.values() if f.kind == "document"}
    assert set(codelists.documents()) <= held


def test_the_facts_of_this_area_have_every_column_they_use_and_no_other() -> None:
    for kind in MINE:
        with (facts_folder() / f"{kind}.csv").open(encoding="utf-8", newline="") as f:
            columns = next(csv.reader(f))
        known = set(records.columns(records.kinds()[kind])) | {
            "code",
            "parent",
            "place",
            "state",
            "body",
            "known",
            "audience",
        }
        assert set(columns) <= known


def test_all_facts_of_planning_load_with_what_paragraphs_name(planned: None) -> None:
    """What follows a paragraph is there, whoever's it is."""
    point = records.get("paragraph/belize-city.8")
    assert "event/conare-meeting" in point.public["tracked-by"]  # type: ignore[index]
    assert "plan" in {r.kind for r in records.naming("paragraph/grf-2023-asylum.1")}
