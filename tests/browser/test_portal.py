"""The portal as people meet it: in a browser, on a phone, by keyboard, without JavaScript."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from tests.browser.people import faults_of

pytestmark = pytest.mark.browser

PATHS = [
    "",
    "state/HND/",
    "state/MEX/",
    "measures/",
    "measure/population.stock/",
    "figure/ar24-hnd-010/",
    "sources/",
    "source/MY24/",
    "contradictions/",
    "reports/",
    "report/annual-2024/",
    "downloads/",
    "search/?q=refugiados",
    "check/",
    "about/",
    "sign-in/",
    "not-there/",
]
WITH_MAP = ("", "state/HND/", "state/MEX/", "report/annual-2024/")


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(site: str, desk: Page, lang: str, path: str) -> None:
    desk.goto(f"{site}/{lang}/{path}")
    assert faults_of(desk) == []


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_on_a_phone_and_nothing_is_wider_than_it(
    site: str, phone: Page, lang: str, path: str
) -> None:
    phone.goto(f"{site}/{lang}/{path}")
    assert faults_of(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_finding_is_clean_for_who_reads_and_for_who_answers(site: str, desk: Page) -> None:
    desk.goto(f"{site}/en/contradictions/?state=HND")
    desk.click(".doubt a")
    finding = desk.url
    assert faults_of(desk) == []
    desk.goto(f"{site}/en/sign-in/?next={urlsplit(finding).path}")
    desk.fill("#username", "demo-hnd")
    desk.fill("#password", "mirps-demo-only")
    desk.click("main button[type=submit]")
    assert desk.url == finding
    assert faults_of(desk) == []
    desk.check("#k-explained")
    desk.fill("#reason_es", "Diez personas no dieron su edad.")
    desk.fill("#reason_en", "Ten people did not give their age.")
    desk.click("main form button[type=submit]")
    assert desk.locator("[role=status]").is_visible()
    assert "Ten people did not give their age." in desk.inner_text("main")
    assert faults_of(desk) == []


@pytest.mark.parametrize("path", PATHS[:-1])
def test_a_first_visit_is_light_and_asks_no_other_host(site: str, browser: object, path: str) -> None:
    context = browser.new_context()  # type: ignore[attr-defined]
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    weights: list[float] = []
    hosts: set[str] = set()
    wire.on("Network.loadingFinished", lambda e: weights.append(e["encodedDataLength"]))
    wire.on("Network.requestWillBeSent", lambda e: hosts.add(urlsplit(e["request"]["url"]).netloc))
    page.goto(f"{site}/es/{path}", wait_until="networkidle")
    context.close()
    most = 350 if path in WITH_MAP else 150
    assert sum(weights) <= most * 1024, f"{sum(weights) / 1024:.0f} KB"
    assert hosts - {""} == {urlsplit(site).netloc}


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", PATHS[:-1])
def test_every_page_reads_without_javascript(site: str, plain: Page, lang: str, path: str) -> None:
    plain.goto(f"{site}/{lang}/{path}")
    assert plain.locator("h1").count() == 1
    assert len(plain.inner_text("main")) > 100


def test_the_policy_blocks_nothing_of_ours(site: str, desk: Page) -> None:
    said: list[str] = []
    desk.on("console", lambda m: said.append(m.text))
    for path in PATHS[:-1]:
        desk.goto(f"{site}/es/{path}")
    assert said == []


def test_a_reader_goes_by_keyboard_from_the_start_to_the_sentence(site: str, desk: Page) -> None:
    desk.goto(f"{site}/es/")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.className") == "skip"
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.id") == "main"
    for _ in range(12):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.className") == "num":
            break
    outline = desk.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "the focus is seen"
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/figure/**")
    assert desk.locator(".whence q").inner_text()


def test_search_finds_meteti_typed_without_its_accent(site: str, plain: Page) -> None:
    plain.goto(f"{site}/es/")
    plain.fill("#q", "Meteti")
    plain.keyboard.press("Enter")
    assert "Metetí" in plain.inner_text("#g-places >> xpath=..")


def test_the_readers_country_changes_the_numbers_without_javascript(site: str, plain: Page) -> None:
    plain.goto(f"{site}/es/figure/ar24-cri-001/")
    assert "226,029" in plain.inner_text("h1")
    plain.select_option("#country", "CRI")
    plain.click(".foot button[type=submit]")
    assert "226\u00a0029" in plain.inner_text("h1")


@pytest.mark.parametrize("path", PATHS[:-1])
def test_what_is_touched_is_large_enough(site: str, phone: Page, path: str) -> None:
    """WCAG 2.2, 2.5.8: 24 px each way, except for links within a sentence and in drawings."""
    phone.goto(f"{site}/es/{path}")
    small = phone.evaluate(
        """() => [...document.querySelectorAll('nav a, button, select, summary, input:not([type=hidden])')]
            .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
            .filter(([, r]) => r.width && r.height && (r.height < 23.5 || r.width < 23.5))
            .filter(([h]) => !h.includes('report-'))
            .map(([h, r]) => h + ' ' + Math.round(r.height))"""
    )
    assert small == []


def test_a_figure_prints_without_its_navigation(site: str, desk: Page) -> None:
    desk.goto(f"{site}/es/figure/ar24-hnd-010/")
    desk.emulate_media(media="print")
    assert not desk.locator(".sections").is_visible()
    assert desk.locator("h1").is_visible()
