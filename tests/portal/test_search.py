"""Search finds what people type, in either language, with or without accents."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from mirps.sharing.portal.search import asked, forms, terms


def found(client: Client, lang: str, query: str) -> dict[str, list[str]]:
    """Addresses of what was found, by group."""
    page = client.get(f"/{lang}/search/", {"q": query}).content.decode()
    groups = {}
    for kind, inner in re.findall(r'id="g-(\w+)">(.*?)</section>', page, re.DOTALL):
        groups[kind] = re.findall(r'<li><a href="([^"]+)"', inner)
    return groups


@pytest.mark.parametrize("lang", ["es", "en"])
def test_refugiados_finds_refugees_in_both_languages(loaded: None, client: Client, lang: str) -> None:
    spanish, english = found(client, lang, "refugiados"), found(client, lang, "refugees")
    assert f"/{lang}/measure/asylum.recognised/" in spanish["measures"]
    assert f"/{lang}/measure/asylum.recognised/" in english["measures"]
    assert spanish["figures"]


@pytest.mark.parametrize("query", ["Metetí", "meteti", "METETI", "Metet\u0069\u0301"])
def test_meteti_is_found_without_its_accent(loaded: None, client: Client, query: str) -> None:
    assert "/es/state/PAN/#place-meteti" in found(client, "es", query)["places"]


def test_costa_rica_asylum_finds_figures_about_that_state(loaded: None, client: Client) -> None:
    figures = found(client, "en", "Costa Rica asylum")["figures"]
    assert len(figures) > 5
    own = [f for f in figures if "-cri-" in f]
    assert len(own) >= len(figures) - 2, "others may speak of asylum in Costa Rica in their words"


def test_an_acronym_finds_the_institution_of_each_state(loaded: None, client: Client) -> None:
    bodies = found(client, "es", "INM")["institutions"]
    assert any("HND" in b for b in bodies)
    assert any("MEX" in b for b in bodies)


def test_every_kind_of_thing_is_found_by_its_name(loaded: None, client: Client) -> None:
    for query, kind, address in (
        ("Guatemala", "states", "/en/state/GTM/"),
        ("work permits", "measures", "/en/measure/permits.work/"),
        ("annual report", "documents", "/en/source/AR24/"),
        ("annual report", "reports", "/en/report/annual-2024/"),
        ("ar24-hnd-010", "figures", "/en/figure/ar24-hnd-010/"),
        ("226,029", "figures", "/en/figure/ar24-cri-001/"),
        ("226029", "figures", "/en/figure/ar24-cri-001/"),
    ):
        assert address in found(client, "en", query)[kind], query


def test_the_beginning_of_a_word_is_enough(loaded: None, client: Client) -> None:
    assert "/es/state/HND/" in found(client, "es", "Hondur")["states"]


def test_nothing_found_says_what_to_try(loaded: None, client: Client) -> None:
    page = client.get("/es/search/", {"q": "zzzz"}).content.decode()
    assert "Nada coincide" in page


def test_when_nothing_has_every_word_the_nearest_is_shown_and_said_so(loaded: None, client: Client) -> None:
    page = client.get("/en/search/", {"q": "Honduras zzzz"}).content.decode()
    assert "Nothing has all the words" in page
    assert "/en/state/HND/" in page


def test_what_was_typed_is_shown_but_never_run(loaded: None, client: Client) -> None:
    page = client.get("/en/search/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>" not in page


@given(st.text(max_size=300))
def test_any_text_can_be_asked(text: str) -> None:
    for word in asked(text):
        assert word in forms(word)


@given(st.text(max_size=80))
def test_case_never_matters(text: str) -> None:
    assert terms(text.casefold()) == terms(text)
