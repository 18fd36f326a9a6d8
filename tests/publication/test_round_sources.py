"""Wherever a figure that an institution entered is shown, its source is that institution in the round."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.publication.test_round_report import PUBLISHED, answered, clock, published, worked
from tests.rounds.conftest import NOW, cell, write

from mirps.evidence.entries import api as entries
from mirps.evidence.rounds.api import Step

__all__ = ["clock", "worked"]
pytestmark = pytest.mark.django_db
WHO = {
    "es": "Instituto Nacional de Migración (HND), ronda 2025",
    "en": "National Migration Institute (HND), round 2025",
}
ID = "r2025-hnd-inm-001"
CORRECTED = ("Correction recorded", "Corrección anotada")


@pytest.fixture
def read(worked: None, client: Client, clock: Callable[[datetime], None]) -> Callable[[str], str]:
    answered()
    published()
    clock(PUBLISHED + timedelta(days=1))
    return lambda address: client.get(address).text


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_page_of_a_figure_and_its_citation_name_the_institution_and_the_round(
    read: Callable[[str], str], lang: str
) -> None:
    text = read(f"/{lang}/figure/{ID}/")
    cited = text.partition('class="cite"')[2]
    assert WHO[lang] in text
    assert f": {WHO[lang]}." in cited
    assert not any(words in text for words in CORRECTED)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_lists_and_search_name_the_round_beside_the_institution(
    read: Callable[[str], str], lang: str
) -> None:
    said = {"es": "Ronda 2025", "en": "Round 2025"}[lang]
    for address in (f"/{lang}/state/HND/", f"/{lang}/search/?q=41000"):
        assert said in read(address), address


def test_exports_and_the_api_name_them_too(read: Callable[[str], str], client: Client) -> None:
    said = b"".join(client.get("/api/v1/rounds/2025/figures.csv?lang=en").streaming_content).decode(
        "utf-8-sig"
    )  # type: ignore[attr-defined]
    rows = {r["id"]: r for r in csv.DictReader(io.StringIO(said))}
    assert rows[ID]["document"] == ""
    assert rows[ID]["document_label"] == WHO["en"]
    assert rows[ID]["source"] == "HND.INM"
    told = client.get(f"/api/v1/figures/{ID}?lang=es").json()["figure"]
    assert (told["document"], told["document_label"]) == (None, WHO["es"])


def test_what_reviewers_wrote_before_publication_stays_inside(
    worked: None, client: Client, clock: Callable[[datetime], None]
) -> None:
    c = cell("hnd-inm-001")
    write(c, 7)
    day = timedelta(days=1)
    for step, who, why in (
        (Step.SUBMIT, "clerk", ""), (Step.SEND_BACK, "focal", "Is this really the whole year?"),
        (Step.SUBMIT, "clerk", ""),
    ):  # fmt: skip
        entries.take(cells=[c.pk], step=step, by=who, role="any", at=NOW + day / 10, reason=why)
    for n, (step, who) in enumerate(((Step.APPROVE_STATE, "focal"), (Step.APPROVE_REGION, "region"))):
        entries.take(cells=[c.pk], step=step, by=who, role="any", at=NOW + day * (n + 1))
    published()
    clock(PUBLISHED + day)
    text = client.get(f"/en/figure/{ID}/").text
    assert "whole year" not in text
    assert "Returned" not in text
    assert "Published." in text
