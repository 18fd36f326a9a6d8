"""Writing a section in a browser: a figure by search, a number underlined, a translation, what changed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.people import sign_in, whole

pytestmark = pytest.mark.browser

#: (language of the pages, account, State): each journey writes in a State of its own.
ON_A_DESK = [("es", "demo-hnd", "HND"), ("en", "demo-blz", "BLZ")]
ON_A_PHONE = [("es", "demo-gtm", "GTM"), ("en", "demo-pan", "PAN")]
SAVED = re.compile(r"^(Guardado|Saved)\.")


def opened(
    page: Page, site: str, lang: str, who: str, state: str, of: str = "es", code: str = "context"
) -> str:
    address = f"/{lang}/rounds/2025/write/{state}/{code}/?lang={of}"
    sign_in(page, site, lang, who, address)
    page.goto(f"{site}{address}")
    return address


def press_save(page: Page) -> None:
    page.click("button[value=save]")
    page.wait_for_url("**kept=1")


def journey(page: Page, site: str, lang: str, who: str, state: str) -> None:
    address = opened(page, site, lang, who, state)
    whole(page)
    # Two brackets lead to the search; the keyboard chooses; the figure stands in the text.
    page.locator("#f-text").press_sequentially("Llegaron [[")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#q").press_sequentially("solicitud")
    expect(page.locator("#q-list [role=option]").first).to_be_visible()
    whole(page)
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#q", "aria-activedescendant") == "q-option-0"
    page.keyboard.press("Enter")
    expect(page.locator("#f-text")).to_be_focused()
    typed = page.input_value("#f-text")
    assert re.fullmatch(r"Llegaron \[\[[\w.-]+\]\]", typed)
    figure = typed.removeprefix("Llegaron ")
    # A number that is typed is underlined, and listed with the way to it.
    page.keyboard.type(" y 98,765 más.")
    expect(page.locator(".write-under mark")).to_have_text("98,765")
    expect(page.locator("#spot-list li")).to_have_count(1)
    expect(page.locator("#preview .bound")).to_have_count(1)
    page.click("#spot-list button >> nth=0")
    assert page.evaluate("getSelection().toString()") == "98,765"
    expect(page.locator("#write-saved")).to_have_text(SAVED, timeout=15_000)
    whole(page)
    page.goto(f"{site}{address}")
    assert page.input_value("#f-text") == f"Llegaron {figure} y 98,765 más."
    page.fill("#f-text", f"Llegaron {figure} personas. Fueron muchas.")
    expect(page.locator("#spot-list li")).to_have_count(0)
    press_save(page)
    # The translation, then a change of the original: the translation shows what changed.
    page.goto(f"{site}{address.replace('lang=es', 'lang=en')}")
    page.fill("#f-text", f"{figure} people came. They were many.")
    press_save(page)
    page.goto(f"{site}{address}")
    page.fill("#f-text", f"Llegaron {figure} personas. Fueron pocas.")
    press_save(page)
    page.goto(f"{site}{address.replace('lang=es', 'lang=en')}")
    whole(page)
    assert "muchas" in page.inner_text(".write-changes del")
    assert "pocas" in page.inner_text(".write-changes ins")
    page.click("button[value=reread]")
    page.wait_for_url("**kept=1")
    assert page.locator(".write-changes").count() == 0
    whole(page)


@pytest.mark.parametrize(("lang", "who", "state"), ON_A_DESK)
def test_a_section_is_written_and_translated_on_a_desk(
    site: str, desk: Page, lang: str, who: str, state: str
) -> None:
    journey(desk, site, lang, who, state)
    assert desk.locator("#beside").is_visible(), "the other language stands beside"
    for path in ("", "context/history/", "stories/", "stories/consents/"):
        desk.goto(f"{site}/{lang}/rounds/2025/write/{state}/{path}")
        whole(desk)


@pytest.mark.parametrize(("lang", "who", "state"), ON_A_PHONE)
def test_a_section_is_written_and_translated_on_a_phone(
    site: str, phone: Page, lang: str, who: str, state: str
) -> None:
    journey(phone, site, lang, who, state)
    assert not phone.locator("#beside").is_visible(), "one language at a time"
    phone.click(".write-to-beside a")
    assert phone.locator("#beside").is_visible()
    assert not phone.locator("#f-text").is_visible()
    whole(phone)
    phone.click(".write-back a")
    assert phone.locator("#f-text").is_visible()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_without_javascript_a_typed_number_becomes_its_figure(site: str, plain: Page, lang: str) -> None:
    opened(plain, site, lang, "demo-cri", "CRI", code="progress")
    plain.fill("#f-text", "Hubo 12 centros.")
    press_save(plain)
    plain.click("button[name=bind] >> nth=0")
    plain.wait_for_url("**kept=1")
    assert re.fullmatch(r"Hubo \[\[[\w.-]+\]\] centros\.", plain.input_value("#f-text"))
    plain.fill("#q", "asylum applications")
    plain.click("button[value=find]")
    assert plain.locator("#found li").count() > 0
    assert "Hubo" in plain.input_value("#f-text")


def test_a_text_typed_without_a_line_is_kept_and_saved_when_it_is_back(site: str, desk: Page) -> None:
    opened(desk, site, "es", "demo-mex", "MEX")
    desk.context.set_offline(True)
    desk.fill("#f-text", "Escrito sin conexión.")
    expect(desk.locator("#write-saved")).to_contain_text("Sin conexión", timeout=15_000)
    assert "sin conexión" in str(desk.evaluate("Object.values(localStorage).join()"))
    desk.context.set_offline(False)
    desk.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.locator("#write-saved")).to_have_text(SAVED, timeout=20_000)
    assert desk.evaluate("localStorage.length") == 0


def test_a_text_that_was_never_saved_is_offered_back(site: str, desk: Page) -> None:
    address = opened(desk, site, "es", "demo-slv", "SLV")
    desk.route("**/write/SLV/context/", lambda route: route.abort())
    desk.fill("#f-text", "Casi perdido.")
    desk.wait_for_timeout(600)
    desk.on("dialog", lambda d: d.accept())
    desk.unroute("**/write/SLV/context/")
    desk.goto(f"{site}{address}")
    expect(desk.locator(".restore")).to_be_visible()
    whole(desk)
    desk.click("[data-restore]")
    assert desk.input_value("#f-text") == "Casi perdido."
    expect(desk.locator("#write-saved")).to_have_text(SAVED, timeout=15_000)


def test_two_who_write_at_once_see_each_other_and_choose(site: str, desk: Page, plain: Page) -> None:
    opened(desk, site, "es", "demo-hnd", "HND", code="challenges")
    opened(plain, site, "es", "demo-secretariat", "HND", code="challenges")
    plain.fill("#f-text", "Lo de la Secretaría.")
    press_save(plain)
    desk.fill("#f-text", "Lo de Honduras.")
    expect(desk.locator("#write-saved")).to_contain_text("Severo", timeout=15_000)
    desk.click("button[value=save]")
    expect(desk.locator("#met")).to_be_visible()
    assert desk.inner_text(".met pre") == "Lo de la Secretaría."
    assert desk.input_value("#f-text") == "Lo de Honduras."
    whole(desk)
    press_save(desk)
    assert desk.input_value("#f-text") == "Lo de Honduras."
    desk.goto(f"{site}/es/rounds/2025/write/HND/challenges/history/")
    assert "Lo de la Secretaría." in str(desk.text_content("main"))
