"""Reviewing as people do it: asked, answered, sent back, changed, contradicted, approved twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.people import DESK, PHONE, whole
from tests.browser.seed_reviewing import BODIES
from tests.browser.seeded import page_of, seeded

pytestmark = pytest.mark.browser
#: Each journey in a State of its own, so that none meets another's work.
JOURNEYS = [("HND", "es", DESK), ("CRI", "es", PHONE), ("GTM", "en", DESK), ("PAN", "en", PHONE)]
WORDS = {"es": "Una contradicción espera respuesta", "en": "A contradiction waits for an answer"}


class House:
    """A server with a round that was handed over, and people who are signed in."""

    def __init__(self, address: str, seeded: dict[str, Any], browser: Browser) -> None:
        self.address, self.seeded, self.browser = address, seeded, browser
        self.open: list[BrowserContext] = []

    def page(self, who: str, size: dict[str, int] = DESK, *, scripts: bool = True) -> Page:
        page = page_of((self.address, self.seeded["sessions"]), self.browser, who, size, scripts=scripts)
        self.open.append(page.context)
        return page

    def at(self, path: str, lang: str) -> str:
        return f"{self.address}/{lang}/rounds/2025/{path}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, Any]]]:
    with seeded(tmp_path_factory.mktemp("home"), "seed_reviewing.py") as told:
        yield told


@pytest.fixture
def house(served: tuple[str, dict[str, Any]], browser: Browser) -> Iterator[House]:
    made = House(*served, browser)
    yield made
    for context in made.open:
        context.close()


def ask(house: House, approver: Page, clerk: Page, state: str, lang: str) -> None:
    """The approver finds the State's work on the round's page and asks; the institution is told, and answers."""
    approver.goto(house.at("", lang))
    approver.click(f"a[href$='/review/{state}/']")
    expect(approver.locator("article.block")).to_have_count(2)
    whole(approver)
    approver.click(f"#{state.lower()}-001 a.open")
    whole(approver)
    approver.fill("#f-question", "¿Es todo el año?" if lang == "es" else "Is it the whole year?")
    approver.click("#form-question button")
    expect(approver.locator("#done")).to_be_visible()
    clerk.goto(f"{house.address}/{lang}/notices/")
    clerk.click(".told-what a")
    expect(clerk.locator(".remark-question")).to_have_count(1)
    whole(clerk)
    clerk.fill(".remark-question textarea", "Sí." if lang == "es" else "Yes.")
    clerk.click(".remark-question form:not(.settle) button")
    expect(clerk.locator(".remark-answer")).to_have_count(1)
    approver.reload()
    approver.click("form.settle button")
    expect(approver.locator("form.settle")).to_have_count(0)


def send_one_part_back(approver: Page, lang: str) -> None:
    approver.click("#send-back summary")
    for box in approver.locator("#send-back input[type=checkbox]").all():
        label = approver.locator(f"label[for='{box.get_attribute('id')}']").inner_text()
        box.set_checked("60" in label)
    approver.fill("#f-send-back", "¿No son 59?" if lang == "es" else "Is it not 59?")
    whole(approver)
    approver.click("#send-back button[type=submit]")
    expect(approver.locator("#done")).to_be_visible()


def change_and_hand_over(house: House, clerk: Page, state: str, lang: str) -> None:
    """Where one enters, the message stands; what comes back is 59."""
    clerk.goto(house.at(f"enter/{BODIES[state]}/{state.lower()}-001/", lang))
    expect(clerk.locator("main")).to_contain_text("59?")
    clerk.locator("main input[inputmode=decimal]").first.fill("59")
    clerk.click("main form.ask-form button[type=submit]:not(.unseen) >> nth=0")
    clerk.goto(house.at(f"enter/{BODIES[state]}/submit/", lang))
    clerk.click("main form button[type=submit]")
    whole(clerk)


def answer_the_contradiction(approver: Page, lang: str) -> None:
    approver.click(".flag-mark >> nth=0")
    whole(approver)
    approver.check("#k-explained")
    approver.fill("#f-reason_es", "Una persona no dio su sexo.")
    approver.fill("#f-reason_en", "No.")
    approver.click("main form button[type=submit]")
    expect(approver.locator("#faults a")).to_have_attribute("href", "#f-reason_en")
    whole(approver)
    approver.fill("#f-reason_en", "One person did not give their sex.")
    approver.click("main form button[type=submit]")
    expect(approver.locator("#done")).to_be_visible()
    whole(approver)


@pytest.mark.parametrize(("state", "lang", "size"), JOURNEYS, ids=[f"{s}-{x}" for s, x, _ in JOURNEYS])
def test_from_a_question_to_two_approvals(house: House, state: str, lang: str, size: dict[str, int]) -> None:
    approver = house.page(f"approver-{state.lower()}", size)
    clerk = house.page(f"clerk-{state.lower()}", size)
    review = house.at(f"review/{state}/", lang)
    ask(house, approver, clerk, state, lang)
    send_one_part_back(approver, lang)
    change_and_hand_over(house, clerk, state, lang)

    # 59 and 40 are not 100: the summary names what stays out, and the way on is to answer it.
    approver.goto(review)
    approver.click("main p > a.button")
    whole(approver)
    expect(approver.locator("main")).to_contain_text(WORDS[lang])
    approver.click("main form button[type=submit]")
    expect(approver.locator("#done")).to_contain_text("3")
    answer_the_contradiction(approver, lang)
    approver.goto(review)
    approver.click("article.block button.approve")
    expect(approver.locator("#done")).to_contain_text("3")

    # Then the region, which had seen nothing of it before.
    region = house.page("secretary", size)
    region.goto(house.at("review/", lang))
    whole(region)
    region.click(f"main a[href$='/review/{state}/']")
    whole(region)
    region.click("main p > a.button")
    region.click("main form button[type=submit]")
    expect(region.locator("#done")).to_contain_text("6")
    region.goto(house.at(f"review/cell/{house.seeded['cells'][state]}/", lang))
    expect(region.locator(".status-region-approved").first).to_be_visible()
    whole(region)


def test_inside_the_list_keys_lead_from_one_thing_to_the_next(house: House) -> None:
    page = house.page("approver-hnd")
    page.goto(house.at("review/HND/?show=all", "en"))
    page.keyboard.press("j")  # outside the list it does nothing
    expect(page.locator("article.block:focus")).to_have_count(0)
    page.locator("article.block").first.focus()
    page.keyboard.press("j")
    expect(page.locator("article.block").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("article.block").first).to_be_focused()
    page.keyboard.press("s")
    page.wait_for_url("**/review/cell/**")


def test_without_javascript_all_of_it_is_there(house: House) -> None:
    page = house.page("approver-cri", scripts=False)
    page.goto(house.at("review/CRI/?show=all", "es"))
    expect(page.locator("article.block")).to_have_count(2)
    expect(page.locator(".keys")).to_be_hidden()
    page.click("article.block a.open >> nth=0")
    page.fill("#f-comment", "Visto.")
    page.click("#form-comment button")
    expect(page.locator(".remark-comment")).to_contain_text("Visto.")


def test_why_something_cannot_be_done_is_said_with_who_can(house: House) -> None:
    page = house.page("secretary")
    page.goto(house.at("review/MEX/", "en"))
    expect(page.locator("main")).to_contain_text("Those who may approve here: Secretary.")
    clerk = house.page("clerk-hnd")
    assert clerk.goto(house.at("review/HND/", "en")).status == 403  # type: ignore[union-attr]
    expect(clerk.locator("main")).to_contain_text("State approver")
    whole(clerk)
