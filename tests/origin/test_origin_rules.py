"""What a source on a country of origin must be, and how a citation stands in an event. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.casework.origin import rules
from mirps.casework.origin.rules import Said
from mirps.casework.origin.topics import topics
from mirps.casework.procedures.citing import CITED, Citation, citations, is_cited

ON = date(2026, 3, 4)
GOOD = Said("A title", "A publisher", "HND", date(2025, 6, 1), "https://example.org/report", "en", ("gangs",))
CITATION = Citation(
    "0195f000-0000-7000-8000-000000000001",
    1,
    "A title",
    "A publisher",
    "HND",
    "2025-06-01",
    "https://example.org/",
)


def faults(said: Said) -> dict[str, str]:
    return rules.faults(said, on=ON, countries=("HND",), languages=("es", "en"), topics=topics())


def test_a_source_with_all_that_it_needs_has_no_fault() -> None:
    assert faults(GOOD) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"publisher": "two\nlines"}, "publisher"),
        ({"country": "XYZ"}, "country"),
        ({"published": None}, "published"),
        ({"published": date(2026, 3, 5)}, "published"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"language": "tlh"}, "language"),
        ({"topics": ("gangs", "nothing")}, "topics"),
    ],
)
def test_each_thing_that_is_wrong_is_told_at_its_field(change: dict[str, object], field: str) -> None:
    assert list(faults(replace(GOOD, **change))) == [field]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    [
        "", "example.org", "//example.org/a", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd",
        "ftp://example.org/a", "https://", "https://user:secret@example.org/", "https://example.org/a b",
        "https://example.org/\n", "https://example.org\\@evil.test/", "https://[::1", "https://example.org:x/",
        "https://localhost/", "https://example.org/" + "a" * 500,
    ],
)  # fmt: skip
def test_only_a_page_of_the_web_is_an_address(address: str) -> None:
    assert not rules.is_address(address)


@given(st.text(max_size=60))
def test_whatever_is_taken_as_an_address_begins_as_one_of_the_web(text: str) -> None:
    if rules.is_address(text):
        assert text.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("published", "old"),
    [
        (date(2024, 3, 4), False),
        (date(2024, 3, 3), True),
        (date(2020, 2, 29), True),
        (ON, False),
    ],
)
def test_a_source_is_old_after_two_years(published: date, old: bool) -> None:
    assert rules.outdated(published, ON) is old


def test_a_citation_comes_back_from_an_event_as_it_went_in() -> None:
    assert citations({CITED: [CITATION.told()]}) == (CITATION,)
    assert citations({}) == ()


@pytest.mark.parametrize(
    "told",
    [
        {"passage": "x" * 301}, {"title": ""}, {"version": "1"}, {"version": True}, {"source": "none"}, {"more": "x"},
        {"published": "soon"}, {"use": "x" * 10_000}, {"address": "javascript:alert(1)"},
    ],
)  # fmt: skip
def test_what_is_no_citation_does_not_stand_in_an_event(told: dict[str, object]) -> None:
    assert not is_cited([CITATION.told() | told])
    assert not is_cited([])
    assert not is_cited([CITATION.told()] * 21)


def test_every_topic_has_both_languages() -> None:
    assert all(t.es and t.en and t.es != t.en for t in topics().values())
