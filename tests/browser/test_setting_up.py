"""A round set up from the last one as the Secretariat does it: asked, dated, staffed, opened, closed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.people import DESK, PHONE, entering, whole
from tests.product import own_demo, serving

pytestmark = pytest.mark.browser
DATES = {
    "entry": "2026-11-30",
    "state": "2026-12-10",
    "region": "2026-12-20",
    "publication": "2027-01-15",
}
WORDS = {
    "es": {"missing": "Faltan", "ready": "Las cuatro fechas están fijadas", "why": "Por qué"},
    "en": {"missing": "Missing", "ready": "All four dates are set", "why": "Why"},
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo of its own: rounds are opened in it, and everyone is told."""
    with serving(own_demo(tmp_path_factory.mktemp("home"))) as address:
        yield address


@pytest.fixture
def secretariat(served: str, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with entering(browser, served) as enter:
        yield enter("en", "demo-secretariat", scripts=True, size=request.node.callspec.params["size"])


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_round_is_set_up_from_the_last(secretariat: Page, lang: str, size: dict[str, int]) -> None:
    page, words = secretariat, WORDS[lang]
    code = f"2026-{lang}-{size['width']}"
    made(page, lang, code)
    whole(page)
    # What 2025 asks is proposed, though nobody has answered it yet.
    assert numbers(page.locator(".lead").inner_text()) == [215, 0, 0]
    expect(page.locator(".sums .no")).to_contain_text([words["missing"]])
    dated(page, lang, code)
    expect(page.locator(".sums")).to_contain_text(words["ready"])
    page.locator("main").get_by_role("link", name=re.compile("bligat|Población|Population")).first.click()
    page.wait_for_url("**/setup/ask/**")
    whole(page)
    asked_anew(page, words)
    page.goto(f"/{lang}/rounds/{code}/setup/people/")
    whole(page)
    assert page.locator("main table").count() == 7
    opened_and_closed(page, lang, code)


def made(page: Page, lang: str, code: str) -> None:
    page.goto(f"/{lang}/rounds/")
    whole(page)
    page.click("main a.button")
    page.wait_for_url("**/rounds/new/")
    whole(page)
    assert page.input_value("#f-starts").endswith("-01-01")  # the year after the last round
    page.fill("#f-code", "2026 A")
    page.click("main form.form button[type=submit]")
    expect(page.locator("#faults")).to_be_visible()
    whole(page)
    page.fill("#f-code", code)
    page.select_option("#f-previous", "2025")
    page.click("main form.form button[type=submit]")
    page.wait_for_url(f"**/rounds/{code}/setup/")


def dated(page: Page, lang: str, code: str) -> None:
    page.locator(".sums .no a").first.click()
    for step, day in DATES.items():
        page.select_option("#f-step", step)
        page.fill("#f-due", day)
        page.click("main form.form button[type=submit]")
        expect(page.locator("[role=status].ok")).to_be_visible()
    whole(page)
    assert "demo-secretariat" not in page.inner_text("main")
    page.goto(f"/{lang}/rounds/{code}/setup/")


def asked_anew(page: Page, words: dict[str, str]) -> None:
    """What counts otherwise says so in both languages before it is kept."""
    page.select_option("#f-change", "changed")
    page.click("main form.form button[type=submit] >> nth=0")
    expect(page.locator("#faults")).to_be_visible()
    whole(page)
    page.fill("#f-change_es", "Se cuenta por familia.")
    page.fill("#f-change_en", "Counted by family.")
    page.click("main form.form button[type=submit] >> nth=0")
    expect(page.locator("[role=status].ok")).to_be_visible()
    assert numbers(page.locator(".lead").inner_text())[1] == 1


def opened_and_closed(page: Page, lang: str, code: str) -> None:
    page.goto(f"/{lang}/rounds/{code}/")
    whole(page)
    page.locator(".task a").click()  # the one thing to do while a round is prepared
    page.locator("form:has(input[name=to][value=open]) button").click()
    expect(page.locator("[role=status].ok")).to_be_visible()
    whole(page)
    page.goto(f"/{lang}/rounds/{code}/")
    expect(page.locator(".task-row")).to_have_count(15)
    assert "demo-secretariat" not in page.inner_text("main")
    assert page.locator(".happened li").count() >= 6
    whole(page)
    page.goto(f"/{lang}/rounds/{code}/setup/")
    close = page.locator("form:has(input[name=to][value=closed]) button")
    expect(close).to_be_hidden()  # a slip of the finger closes nothing
    page.locator(".turn summary").click()
    close.click()
    expect(page.locator("[role=status].ok")).to_be_visible()
    whole(page)
    page.goto(f"/{lang}/rounds/{code}/")
    expect(page.locator(".task-row a").first).to_have_attribute("href", f"/{lang}/rounds/{code}/publish/")
