"""The instruments as people read them: by paragraph, by whom they address, with what came of each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from tests.planning.instruments_world import MINE, alone

from mirps.planning.instruments import api as instruments
from mirps.planning.instruments.api import Follow
from mirps.planning.records import api as records
from mirps.planning.records.api import Act

AT = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def facts(loaded: None, tmp_path: Path) -> None:
    """The instruments and documents of the sources."""
    records.load(alone(tmp_path, *MINE), by="tests", at=AT)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_list_leads_to_every_instrument(facts: None, client: Client, lang: str) -> None:
    page = client.get(f"/{lang}/planning/instruments/").content.decode()
    for code in ("belize-city", "charter", "grf-2023-asylum", "ag-res-3028", "los-angeles", "chile-plan"):
        assert f'href="/{lang}/planning/instrument/{code}/"' in page


def test_a_date_that_no_document_gives_is_told_as_inferred(facts: None, client: Client) -> None:
    page = client.get("/en/planning/instruments/").content.decode()
    assert "2021 (inferred; no document gives it)" in page
    assert "December 2023 (from a source outside the documents)" in page


def test_the_declaration_is_read_point_by_point(facts: None, client: Client) -> None:
    page = client.get("/es/planning/instrument/belize-city/").content.decode()
    assert page.count('<li class="point"') == 35
    assert "Reunión técnica anual de las CONARE" in page
    assert "Declarativo" in page


def test_what_nothing_follows_says_so_and_what_would_help(facts: None, client: Client) -> None:
    page = client.get("/en/planning/instrument/belize-city/").content.decode()
    assert "Nothing follows it yet" in page
    assert "is lacking" in page


def test_a_point_shows_the_figures_of_the_ledger_that_follow_it(facts: None, client: Client) -> None:
    page = client.get("/en/planning/instrument/belize-city/").content.decode()
    assert "People placed in work" in page
    assert 'href="/en/figure/' in page


def test_what_names_a_point_is_shown_with_it_once_it_is_in_force(facts: None, client: Client) -> None:
    point = "paragraph/belize-city.8"
    words = {
        "title": {"es": "Reunión de 2025", "en": "Meeting of 2025"},
        "sort": "workplan",
        "commitments": [point],
    }
    made = records.save(kind="plan", code="conare-2025", base=0, by="ana", at=AT, data=words)
    assert "Meeting of 2025" not in client.get("/en/planning/instrument/belize-city/").content.decode()
    made = records.step(key=made.key, act=Act.SUBMIT, by="ana", at=AT, base=made.number)
    records.step(key=made.key, act=Act.PUBLISH, by="luis", at=AT, base=made.number)
    found = instruments.instrument("instrument/belize-city")
    assert found is not None
    assert next(p for p in found.paragraphs if p.key == point).follow is Follow.FOLLOWED
    assert "Meeting of 2025" in client.get("/en/planning/instrument/belize-city/").content.decode()


def test_by_actor_a_state_finds_what_falls_to_it_alone_and_with_the_others(
    facts: None, client: Client
) -> None:
    page = client.get("/en/planning/instruments/", {"actor": "state:HND"}).content.decode()
    assert "Internal displacement" in page
    assert "National Action Plans" in page
    other = client.get("/en/planning/instruments/", {"actor": "state:BLZ"}).content.decode()
    assert 'href="/en/planning/instrument/belize-city/#p-9"' not in other


def test_an_actor_that_nobody_knows_leaves_the_list_as_it_is(facts: None, client: Client) -> None:
    page = client.get("/en/planning/instruments/", {"actor": 'body:"><script>'})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


def test_the_list_costs_the_same_however_many_instruments_there_are(
    facts: None, client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get("/en/planning/instruments/")


def test_without_facts_the_list_says_what_it_would_hold(loaded: None, client: Client) -> None:
    page = client.get("/es/planning/instruments/").content.decode()
    assert "Lo que los Estados del MIRPS han acordado" in page
    assert "empty" in page
