"""From a contradiction to a correcting figure to its erratum, in both languages, on a desk and a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from tests.browser.people import faults_of, fits, sign_in

pytestmark = pytest.mark.browser

#: (language, figure, its right value as that reader types it, words of the preview, words of the erratum)
JOURNEYS = [
    ("es", "ar24-cri-001", "234,430", "Quedaría resuelto", "Vale ahora"),
    ("en", "ar24-hnd-010", "322", "Would be settled", "Now stands"),
]
WHO = {"ar24-cri-001": "demo-cri", "ar24-hnd-010": "demo-hnd"}


def fill(page: Page, value: str) -> None:
    page.fill("#value", value)
    page.fill("#locator", "Oficio 12, 3 de marzo de 2025")
    page.fill("#reason_es", "Es la suma de las partes que da la fuente.")
    page.fill("#reason_en", "It is the sum of the parts that the source gives.")


@pytest.mark.parametrize(("lang", "figure", "value", "settled", "stands"), JOURNEYS)
def test_from_a_contradiction_to_its_erratum(
    site: str, desk: Page, lang: str, figure: str, value: str, settled: str, stands: str
) -> None:
    desk.goto(f"{site}/{lang}/figure/{figure}/")
    desk.click("#checks ~ .doubts a >> nth=0")
    finding = desk.url.removeprefix(site)
    sign_in(desk, site, lang, WHO[figure], finding)
    desk.click(f"a[href*='/figure/{figure}/correct/']")
    assert faults_of(desk) == []
    fill(desk, "234.4")
    desk.fill("#reason_en", "short")
    desk.click("button[value=preview]")
    assert desk.locator("#faults").is_visible()
    assert desk.input_value("#reason_en") == "short"
    assert faults_of(desk) == []
    desk.click("#faults a >> nth=0")
    assert desk.evaluate("location.hash") == "#value"
    fill(desk, value)
    desk.click("button[value=preview]")
    assert settled in desk.inner_text("main")
    assert faults_of(desk) == []
    desk.click("button[value=change]")
    assert desk.input_value("#value") == value, "what was written is still there"
    desk.click("button[value=preview]")
    desk.click("button[value=confirm]")
    desk.wait_for_url("**/erratum/2024/**")
    assert stands in desk.inner_text("main")
    assert desk.locator("[role=status]").is_visible()
    assert faults_of(desk) == []
    told = {
        "errata/": "Erratum E",
        finding[4:]: f"{figure}-r2",
        f"figure/{figure}/": "Erratum E",
        f"figure/{figure}-r2/": "Erratum E",
    }
    for path, words in told.items():
        desk.goto(f"{site}/{lang}/{path}")
        assert words in desk.inner_text("main"), path
        assert faults_of(desk) == [], path


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_same_on_a_phone(site: str, phone: Page, lang: str) -> None:
    figure = {"es": "ar24-cri-018", "en": "ar24-cri-015"}[lang]
    sign_in(phone, site, lang, "demo-cri", f"/{lang}/figure/{figure}/correct/")
    assert faults_of(phone) == []
    assert fits(phone)
    fill(phone, "no es un número")
    phone.tap("button[value=preview]")
    phone.wait_for_selector("#value-fault")
    assert faults_of(phone) == []
    fill(phone, "777")
    phone.tap("button[value=preview]")
    phone.wait_for_selector("button[value=confirm]")
    assert faults_of(phone) == []
    assert fits(phone)
    small = phone.evaluate(
        "() => [...document.querySelectorAll('main button')].filter(b => b.getBoundingClientRect().height < 24)"
    )
    assert small == []
    phone.tap("button[value=confirm]")
    phone.wait_for_url("**/erratum/2024/**")
    assert "777" in phone.inner_text("main")
    assert faults_of(phone) == []
    assert fits(phone)
    phone.goto(f"{site}/{lang}/errata/")
    assert faults_of(phone) == []
    assert fits(phone)


def test_it_works_without_javascript_and_who_comes_second_keeps_their_words(
    site: str, plain: Page, desk: Page
) -> None:
    figure = "ar24-hnd-001"
    for page, user in ((plain, "demo-hnd"), (desk, "demo-secretariat")):
        sign_in(page, site, "en", user, f"/en/figure/{figure}/correct/")
    fill(plain, "111")
    plain.click("button[value=preview]")
    fill(desk, "222")
    desk.click("button[value=preview]")
    desk.click("button[value=confirm]")
    desk.wait_for_url("**/erratum/2024/**")
    plain.click("button[value=confirm]")
    told = plain.inner_text("main")
    assert "222" in told
    assert plain.input_value("#value") == "111"
    assert faults_of(desk) == []
    plain.click("button[value=preview]")
    plain.click("button[value=confirm]")
    assert "111" in plain.inner_text("main")
    assert "222" in plain.inner_text("main")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_who_may_not_is_told_why(site: str, desk: Page, lang: str) -> None:
    desk.goto(f"{site}/{lang}/figure/ar24-mex-002/correct/")
    assert desk.locator("textarea").count() == 0
    assert faults_of(desk) == []
    sign_in(desk, site, lang, "demo-hnd", f"/{lang}/figure/ar24-mex-002/correct/")
    assert desk.locator("textarea").count() == 0
    assert faults_of(desk) == []
