"""In the browser: a room out of use, the appointments that are then to be moved, and a supplier of interpreters; in
both languages, at a desk and on a phone, with axe on every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from tests.browser.people import sign_in, whole

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_room_out_of_use_proposes_what_is_to_be_moved(site: str, desk: Page, phone: Page) -> None:
    sign_in(desk, site, "es", "demo-slv-coordinator")
    desk.goto(f"{site}/es/appointments/office/")
    room = desk.locator("main a[href*='/rooms/']").first.get_attribute("href") or ""
    desk.goto(f"{site}{room}")
    form = desk.locator("form", has=desk.locator("[name=ends]")).first
    form.locator("[name=starts]").fill("2026-01-01")
    form.locator("[name=ends]").fill("2030-12-31")
    form.locator("[name=reason]").fill("Goteras en el techo")
    form.locator("button[name=do], button[type=submit], button").first.click()
    assert "Goteras en el techo" in desk.content()
    desk.goto(f"{site}/es/interpreters/")
    supplier = desk.locator("main a[href*='/suppliers/']").first.get_attribute("href") or ""
    sign_in(phone, site, "es", "demo-slv-coordinator")
    for page in (desk, phone):
        for where in (room, "/es/appointments/moves/", supplier):
            for address in (where, where.replace("/es/", "/en/")):
                page.goto(f"{site}{address}")
                whole(page)
    desk.goto(f"{site}/es/appointments/moves/")
    assert desk.locator("main ul.plain-list > li").count() > 0
