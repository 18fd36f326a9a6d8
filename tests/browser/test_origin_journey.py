"""In the browser: a source is kept and cited by an opinion, on a phone; axe on every page, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from tests.browser.people import sign_in, whole

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_source_is_kept_and_cited_by_an_opinion_on_a_phone(site: str, phone: Page) -> None:
    page = phone
    sign_in(page, site, "es", "demo-mex-coordinator")
    page.goto(f"{site}/es/cases/origin/")
    whole(page)
    page.get_by_role("link", name="Añadir una fuente").click()
    whole(page)
    page.get_by_label("Título").fill("Publicación inventada para una prueba")
    page.get_by_label("Quién la publica").fill("Nadie")
    page.get_by_label("País de origen").fill("Honduras")
    page.get_by_label("Fecha de publicación").fill("2025-06-01")
    page.get_by_label("Dirección en la web").fill("https://example.org/a")
    page.get_by_label("Maras").check()
    page.get_by_role("button", name="Guardar la fuente").click()
    assert page.get_by_role("status").inner_text() == "La fuente quedó guardada."
    whole(page)
    page.goto(f"{site}/en/cases/origin/")
    whole(page)
    page.goto(f"{site}/es/cases/?view=all&stage=assessment&procedure=mex_asylum")
    number = page.locator("table.cases tbody th code").first.inner_text()
    page.goto(f"{site}/es/cases/{number}/do/give_opinion/")
    page.get_by_label("Ver fuentes de otro país").fill("Honduras")
    page.get_by_role("button", name="Buscar").click()
    page.get_by_label("Publicación inventada para una prueba").first.check()
    whole(page)
