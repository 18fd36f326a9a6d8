"""A planner asks when the backlog is cleared: with sliders, without JavaScript, on a phone, and sees what is wrong."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.people import PATIENCE, scripts_hold, whole

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_page_is_whole_on_a_desk_and_on_a_phone(site: str, desk: Page, phone: Page, lang: str) -> None:
    for page in (desk, phone):
        scripts_hold(page)
        for query in ("", "?teams=30&inflow_low=300&inflow_high=400", "?teams=0&simplified_share=200"):
            page.goto(f"{site}/{lang}/backlog/{query}")
            page.locator("input[type=range]").first.wait_for(state="attached")
            page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
            whole(page)


def test_a_slider_changes_the_answer_and_the_link(site: str, desk: Page) -> None:
    scripts_hold(desk)
    desk.goto(f"{site}/en/backlog/")
    said = desk.locator(".backlog-said .lead")
    expect(said).to_contain_text("does not fall to")
    slider = desk.get_by_role("slider", name="Interview teams, slider")
    slider.focus()
    slider.press("End")
    expect(desk.locator("#f-teams")).to_have_value("40")
    expect(said).to_contain_text("the pending falls to", timeout=PATIENCE)
    expect(desk.locator("#told")).to_have_text("Result updated.")
    assert "teams=40" in desk.url
    desk.fill("#f-teams", "-3")
    expect(desk.locator("#found [role=alert]")).to_contain_text(
        "a number between 0.5 and 500", timeout=PATIENCE
    )
    desk.get_by_role("link", name="Español").click()
    expect(desk).to_have_url(re.compile(r"/es/backlog/\?.*teams=-3"))
    expect(desk.locator("#f-teams")).to_have_value("-3")


def test_without_javascript_numbers_are_typed_and_sent(site: str, plain: Page) -> None:
    plain.goto(f"{site}/es/backlog/")
    plain.fill("#f-teams", "40")
    plain.fill("#f-what_teams", "2")
    plain.get_by_role("button", name="Calcular").click()
    expect(plain.locator(".backlog-said")).to_contain_text("Con 2 equipos más se llega")
    expect(plain.locator("#f-teams")).to_have_value("40")
    plain.get_by_role("link", name="Volver a los números iniciales").click()
    expect(plain.locator("#f-teams")).to_have_value("10")
    plain.select_option("#state", "none")
    plain.fill("#f-teams", "0")
    plain.get_by_role("button", name="Calcular").click()
    expect(plain.locator("#found [role=alert]")).to_be_visible()
    plain.locator("#found [role=alert] a").click()
    expect(plain.locator("#f-teams")).to_have_attribute("aria-invalid", "true")


def test_the_way_leads_from_the_figure_to_the_planner_and_back_to_its_source(site: str, phone: Page) -> None:
    phone.goto(f"{site}/es/measure/asylum.pending/")
    phone.get_by_role("link", name="Planificador del rezago").click()
    phone.locator("td.whence-published a").first.click()
    expect(phone).to_have_url(re.compile("my24-cri-006"))
