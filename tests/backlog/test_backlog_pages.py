"""The planner's page answers, cites, refuses with why, and fits on one page of paper."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from pypdf import PdfReader

from mirps.web import pagecache

LANGUAGES = pytest.mark.parametrize("lang", ["es", "en"])
SAID = {"es": "no baja a 19,500 en 15 años", "en": "does not fall to 19,500 within 15 years"}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    pagecache.pages.clear()
    cache.clear()


def body(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


@LANGUAGES
def test_the_first_page_says_when_and_cites_document_and_place(
    loaded: None, client: Client, lang: str
) -> None:
    page = body(client, f"/{lang}/backlog/")
    assert SAID[lang] in page.replace("\u00a0", " ")
    assert f'href="/{lang}/figure/my24-cri-006/"' in page
    assert "Modernization of the Costa Rican asylum system" in page
    assert page.count("<svg") >= 2
    assert page.count('type="number"') == page.count('data-slider="')


def test_what_is_typed_is_answered_and_the_link_says_all(loaded: None, client: Client) -> None:
    page = body(client, "/en/backlog/?state=CRI&teams=30&inflow_low=300&inflow_high=350&what_teams=5")
    assert "As it is, the pending falls to" in page
    assert "With 5 more teams, it is reached" in page
    assert 'value="30"' in page
    assert "/en/backlog/brief.pdf?state=CRI&amp;teams=30" in page
    assert "/es/backlog/?state=CRI&amp;teams=30" in page


def test_decisions_that_are_too_few_are_named_as_the_narrowest_step(loaded: None, client: Client) -> None:
    assert "The narrowest step is decisions" in body(client, "/en/backlog/?teams=30&decisions=300")


@LANGUAGES
def test_what_cannot_be_is_refused_beside_its_field(loaded: None, client: Client, lang: str) -> None:
    page = body(client, f"/{lang}/backlog/?teams=%3Cimg+src%3Dx%3E&worked=90", 422)
    assert 'href="#f-teams"' in page
    assert 'id="w-worked"' in page
    assert page.count('aria-invalid="true"') == 2
    assert "<img src=x" not in page
    assert body(client, f"/{lang}/backlog/brief.pdf?worked=90", 422)


def test_a_state_of_which_nothing_is_published_begins_with_assumptions_and_says_so(
    loaded: None, client: Client
) -> None:
    page = body(client, "/en/backlog/?state=none")
    assert "Published." not in page
    assert "by way of example" in page


def test_who_asks_too_often_is_asked_to_wait(
    loaded: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mirps.web.pages.backlog.MOST_A_MINUTE", 1)
    body(client, "/en/backlog/?teams=11")
    answer = client.get("/en/backlog/?teams=12")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


@LANGUAGES
@pytest.mark.parametrize(
    "query", ["", "?teams=30&inflow_low=300&inflow_high=350&decisions=900&review=20&reviews=50"]
)
def test_the_brief_is_one_page_in_either_language(
    loaded: None, client: Client, lang: str, query: str
) -> None:
    answer = client.get(f"/{lang}/backlog/brief.pdf{query}")
    paper = PdfReader(BytesIO(answer.content))
    assert len(paper.pages) == 1
    said = " ".join(paper.pages[0].extract_text().split())
    assert {"es": "Una solicitud nunca se cierra sola", "en": "No claim closes by itself"}[lang] in said
    assert "MY24" in said
    assert paper.trailer["/Root"]["/Lang"] == lang  # type: ignore[index]
