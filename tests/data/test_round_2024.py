"""The 2024 round holds every numeric figure of the five sources, and each can be checked in a minute."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from tests.data.reading import one_line, places, tokens, values

from mirps.base.codelists import api as codelists
from mirps.evidence.figures.rules import Figure, faults
from mirps.evidence.figures.vocabulary import measures, read_own_round

FOLDER = codelists.data_folder() / "rounds" / "2024"

#: Fragments that state their value in words that no parser should guess, and how each is read.
IN_OTHER_WORDS = {
    "ar24-blz-001": "'several hundreds' is read as at least two hundred",
    "ar24-world-001": "'doubling' is a growth of 100 per cent",
    "ar24-pan-016": "a 'decade' is ten years",
    "viam-cri-005": "'third-highest' is the third place",
}
#: Why a number in a source is not a figure.
NOT_FIGURES = {
    "page": "page number",
    "list_number": "number of an item, an objective or a point",
    "footnote": "number of a footnote",
    "date": "day, month or year of a date",
    "year": "a year as such",
    "period": "words for a period, which the figure of the sentence carries",
    "name": "part of a name: a decree, a resolution, a process, a telephone line",
    "ordinal": "place in a series: an anniversary, a session",
    "address": "part of a web address",
    "vague": "'several' or 'decades', with no number in it",
    "phrase": "a turn of phrase, not a count of anything reported",
    "image": "lettering inside a photograph",
}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def figures() -> dict[str, Figure]:
    return {f.id: f for f in read_own_round("2024").figures}


def test_the_documents_are_those_that_were_read(sources: Path) -> None:
    for row in codelists.documents().values():
        assert hashlib.sha256((sources / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["code"]


def test_each_fragment_stands_once_in_its_source(texts: dict[str, str]) -> None:
    astray = {
        f.id: len(found)
        for f in figures().values()
        if len(found := places(one_line(f.fragment), texts[f.document])) != 1
    }
    assert astray == {}


def test_a_fragment_has_at_most_eight_words() -> None:
    assert [f.id for f in figures().values() if not 1 <= len(f.fragment.split()) <= 8] == []


def test_each_fragment_carries_its_value() -> None:
    silent = [
        f.id
        for f in figures().values()
        if f.value is not None and abs(f.value) not in values(f.fragment) and f.id not in IN_OTHER_WORDS
    ]
    assert silent == []


def test_the_exceptions_are_still_needed() -> None:
    held = figures()
    assert [i for i in IN_OTHER_WORDS if abs(held[i].value or Decimal(0)) in values(held[i].fragment)] == []


@pytest.fixture(scope="session")
def stated(texts: dict[str, str]) -> dict[str, set[tuple[int, int]]]:
    """Where in each document figures are stated."""
    found: dict[str, set[tuple[int, int]]] = {code: set() for code in texts}
    for f in figures().values():
        found[f.document].update(places(one_line(f.fragment), texts[f.document]))
    return found


def within(spans: set[tuple[int, int]], start: int, end: int) -> bool:
    return any(a <= start and end <= b for a, b in spans)


def test_every_number_of_the_sources_is_a_figure_or_is_listed_as_none(
    texts: dict[str, str], stated: dict[str, set[tuple[int, int]]]
) -> None:
    spans = {code: set(found) for code, found in stated.items()}
    for row in rows("not_figures.csv"):
        spans[row["document"]].update(places(row["fragment"], texts[row["document"]]))
    lost = [
        f"{code}: {text[max(0, t.start - 40) : t.end + 30]}"
        for code, text in texts.items()
        for t in tokens(text)
        if not within(spans[code], t.start, t.end)
    ]
    assert lost == []


def test_what_is_listed_as_no_figure_stands_once_in_its_source_and_has_a_reason(
    texts: dict[str, str],
) -> None:
    for row in rows("not_figures.csv"):
        assert row["reason"] in NOT_FIGURES, row
        assert len(places(row["fragment"], texts[row["document"]])) == 1, row
        assert len(row["fragment"].split()) <= 8, row


def test_nothing_is_listed_as_no_figure_that_a_figure_states(
    texts: dict[str, str], stated: dict[str, set[tuple[int, int]]]
) -> None:
    numbers = {code: tokens(text) for code, text in texts.items()}
    for row in rows("not_figures.csv"):
        code = row["document"]
        for start, end in places(row["fragment"], texts[code]):
            inside = [t for t in numbers[code] if start <= t.start and t.end <= end]
            assert inside, row
            assert not any(within(stated[code], t.start, t.end) for t in inside), row


def test_a_figure_says_when_or_says_that_the_text_does_not() -> None:
    undated = [f for f in figures().values() if f.when is None and f.period_start is None]
    assert [f.id for f in undated if not f.note_en and f.sector not in {"stories", "planning"}] == []


def test_a_figure_is_fit_for_the_ledger() -> None:
    assert {f.id: found for f in figures().values() if (found := faults(f))} == {}


def texts_for_people() -> Iterator[tuple[str, str, str]]:
    for f in figures().values():
        yield f.id, f.note_es, f.note_en
    for name, key, es, en in (
        ("relations.csv", "id", "note_es", "note_en"),
        ("dates.csv", "id", "note_es", "note_en"),
        ("dates.csv", "id", "subject_es", "subject_en"),
        ("answers.csv", "finding", "reason_es", "reason_en"),
    ):
        for row in rows(name):
            yield row[key], row[es], row[en]
    for m in measures().values():
        yield m.code, m.name_es, m.name_en
        yield m.code, m.definition_es, m.definition_en


def test_every_note_stands_in_both_languages() -> None:
    assert [code for code, es, en in texts_for_people() if bool(es.strip()) != bool(en.strip())] == []


def test_ids_tell_the_document_and_the_place() -> None:
    for f in figures().values():
        assert f.id.startswith(f"{f.document}-{f.state}-".lower()), f.id


def test_every_document_and_every_state_has_figures() -> None:
    assert set(Counter(f.document for f in figures().values())) == {"AR24", "MY24", "VIAM", "RAP23"}
    states = {c.code for c in codelists.states().values() if c.extra["kind"] == "state"}
    assert states <= {f.state for f in figures().values()}


def test_a_story_names_nobody() -> None:
    stories = [f for f in figures().values() if f.sector == "stories"]
    assert stories
    assert [
        f.id for f in stories if "Johan" in f.note_en + f.universe or "Hermelinda" in f.note_en + f.universe
    ] == []


def test_relations_speak_of_figures_that_are_there() -> None:
    kinds = {"sum", "product", "share", "same", "count", "at_most", "difference", "ratio"}
    for relation in read_own_round("2024").relations:
        assert relation.kind in kinds, relation.id
        assert {relation.left, *relation.right} <= set(figures()), relation.id


def test_contradictory_dates_are_quoted_from_their_sources(texts: dict[str, str]) -> None:
    kinds = {"dates_differ", "periods_differ", "date_doubtful"}
    for row in rows("dates.csv"):
        assert row["kind"] in kinds, row["id"]
        for end in "ab":
            if row[f"fragment_{end}"]:
                assert places(one_line(row[f"fragment_{end}"]), texts[row[f"document_{end}"]]), row["id"]
                assert len(row[f"fragment_{end}"].split()) <= 8, row["id"]


def test_answers_are_proposals_with_reasons() -> None:
    for row in rows("answers.csv"):
        assert row["kind"] in {"explained", "acknowledged"}, row["finding"]
        assert (row["role"] == "secretariat") == (row["kind"] == "acknowledged"), row["finding"]
        assert min(len(row["reason_es"]), len(row["reason_en"])) > 40, row["finding"]
