"""In the browser: an interview with an interpreter is booked with the reasons before one's eyes, on a phone too; a
commission of El Salvador sits, votes and recognises. Both languages, axe on every page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page
from tests.browser.people import sign_in, whole

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def walk(page: Page, *addresses: str) -> None:
    """Every page whole, in the other language too."""
    for address in addresses:
        page.goto(address)
        whole(page)
        page.goto(address.replace("/es/", "/en/"))
        whole(page)


def test_an_interview_is_booked_with_an_interpreter_and_its_reasons_without_a_script(
    site: str, plain: Page, phone: Page
) -> None:
    page = plain
    sign_in(page, site, "es", "demo-mex-coordinator")
    page.goto(f"{site}/es/cases/?view=all&stage=interview&procedure=mex_asylum")
    number = page.locator("table.cases tbody th code").first.inner_text()
    page.goto(f"{site}/es/cases/{number}/appointment/")
    page.get_by_label("Idioma de quien interprete").select_option("ht")
    page.get_by_label("La persona prefiere que interprete").select_option("F")
    page.get_by_role("button", name="Buscar horarios").click()
    assert "Es lo que la persona pidió." in page.content()
    whole_without_script(page)
    page.get_by_role("button", name="Dar la cita").click()
    assert page.get_by_role("status").inner_text() == "La cita quedó dada."
    booked = page.url.partition("?")[0]
    sign_in(phone, site, "es", "demo-mex-coordinator")
    walk(
        phone, booked, f"{site}/es/cases/{number}/appointment/", f"{site}/es/cases/{number}/appointments/",
        f"{site}/es/appointments/", f"{site}/es/appointments/office/", f"{site}/es/interpreters/",
        f"{site}/es/interpreters/orders/", f"{site}/es/interpreters/report/", f"{booked}move/",
    )  # fmt: skip
    phone.goto(f"{site}/es/interpreters/")
    phone.locator("main ul.plain-list a").first.click()
    whole(phone)


def whole_without_script(page: Page) -> None:
    assert page.locator("h1").count() == 1


def test_a_commission_sits_votes_and_a_person_does_what_was_carried(
    site: str, desk: Page, phone: Page
) -> None:
    page = desk
    sign_in(page, site, "es", "demo-slv-secretary")
    walk(page, f"{site}/es/sessions/", f"{site}/es/sessions/bodies/slv_coder/")
    page.goto(f"{site}/es/sessions/")
    page.locator("main ul.plain-list a").first.click()
    session = page.url
    for box in page.locator("input[name=member]").all():
        box.check()
    page.get_by_role("button", name="Anotar quién está").click()
    assert "Hay quórum" in page.content()
    whole(page)
    page.locator("main ol.plain-list a").first.click()
    item = page.url
    page.get_by_label("Qué se somete").select_option(label="Reconocer")
    page.get_by_role("button", name="Someter a votación").click()
    whole(page)
    for n, member in enumerate(("demo-slv-member", "demo-slv-member-2", "demo-slv-member-3")):
        phone.context.clear_cookies()
        sign_in(phone, site, "es", member)
        phone.goto(item)
        if n == 0:
            whole(phone)
        phone.get_by_label("A favor").check()
        phone.get_by_role("button", name="Votar", exact=True).click()
    page.goto(item)
    page.get_by_role("button", name="Cerrar y contar").click()
    phone.context.clear_cookies()
    sign_in(phone, site, "es", "demo-slv-member")
    phone.goto(item)
    phone.get_by_role("button", name="Confirmar el resultado").click()
    page.goto(item)
    page.get_by_label(re.compile("Motivo que recibirá")).fill("Temor fundado por su opinión política")
    page.get_by_role("button", name=re.compile("Hacerlo en el caso")).click()
    assert "Hecho en el caso" in page.content()
    walk(page, item, session)
