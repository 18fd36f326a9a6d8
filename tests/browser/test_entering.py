"""Entering values as people do it: on a phone, on a desk, two at once, with the line cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.people import DESK, PHONE, faults_of, screen, scripts_hold, whole
from tests.product import own_tables, seed, serving

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)  # two cores that build and test other things too


class Office:
    """A server with a small round, and people who are signed in."""

    def __init__(self, address: str, sessions: dict[str, str], browser: Browser) -> None:
        self.address, self.sessions, self.browser = address, sessions, browser
        self.open: list[BrowserContext] = []

    def page(self, who: str, size: dict[str, int] = DESK, **options: Any) -> Page:
        context = self.browser.new_context(
            permissions=["clipboard-read", "clipboard-write"], **screen(size), **options
        )
        context.add_cookies([{"name": "sessionid", "value": self.sessions[who], "url": self.address}])
        self.open.append(context)
        return scripts_hold(context.new_page())

    def at(self, path: str, lang: str = "es", institution: str = "HND.INM") -> str:
        return f"{self.address}/{lang}/rounds/2025/enter/{institution}/{path}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    env = own_tables(tmp_path_factory.mktemp("home"))
    seeded = seed(env, Path(__file__).with_name("seed_entering.py"))
    with serving(env) as address:
        yield address, json.loads(seeded)


@pytest.fixture
def office(served: tuple[str, dict[str, str]], browser: Browser) -> Iterator[Office]:
    made = Office(*served, browser)
    yield made
    for context in made.open:
        context.close()


def cell(page: Page, row: str, column: int) -> object:
    """An input of the grid: the row of an ask, the column counted from the total."""
    return page.locator(f"tr[data-ask={row}] td").nth(1 + column).locator("input[data-cell]")


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", ["", "hnd-inm-001/", "grid/", "submit/", "files/"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing(office: Office, lang: str, path: str, size: dict[str, int]) -> None:
    page = office.page("ana", size)
    page.goto(office.at(path, lang))
    whole(page)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_on_a_phone_one_thing_after_the_other(office: Office, lang: str) -> None:
    page = office.page("tica", PHONE)
    page.goto(office.at("", lang, "CRI.DGME"))
    page.click(".actions .button")
    # Costa Rica writes 226 029 in Spanish; in English it reads as most of the world's English does.
    own, other, sign = ("226 029", "226,029", "\u00a0") if lang == "es" else ("226,029", "226 029", ",")
    total = page.locator("input[data-cell]").first
    total.fill(other)
    page.click("button[value=next]:not(.unseen)")
    assert page.locator("#faults").is_visible()
    assert total.input_value() == other
    assert faults_of(page) == []
    total.fill(own)
    women = page.locator("input[data-cell]").nth(1)
    women.fill("300000")
    expect(page.locator("[data-together]")).to_contain_text(f"300{sign}000")
    assert page.evaluate("document.activeElement.id") == women.get_attribute("id")
    women.fill("100000")
    expect(page.locator("[data-together]")).to_be_empty()
    page.click("button[value=next]:not(.unseen)")
    expect(page.locator("[role=status].ok")).to_be_visible()
    page.goto(office.at("cri-dgme-001/", lang, "CRI.DGME"))
    assert page.locator("input[data-cell]").first.input_value() == f"226{sign}029"


def test_without_javascript_the_form_and_the_table_save(office: Office) -> None:
    page = office.page("sedh", java_script_enabled=False)
    page.goto(office.at("hnd-sedh-001/", "en", "HND.SEDH"))
    page.locator("input[data-cell]").first.fill("12")
    page.click("button[value=stay]")
    assert page.locator("[role=status].ok").is_visible()
    page.goto(office.at("grid/", "en", "HND.SEDH"))
    inputs = page.locator("#grid input[data-cell]")
    assert inputs.first.input_value() == "12"
    inputs.nth(1).fill("seven")
    page.click("button[data-plain]")
    assert "is not a number" in page.inner_text("#faults")
    assert inputs.nth(1).input_value() == "seven"
    inputs.nth(1).fill("7")
    page.click("button[data-plain]")
    assert page.locator("[role=status].ok").is_visible()
    assert inputs.nth(1).input_value() == "7"


def test_the_grid_goes_by_keyboard_and_saves_each_cell(office: Office) -> None:
    page = office.page("ana")
    page.goto(office.at("grid/", "en"))
    first = cell(page, "hnd-inm-001", 0)
    first.focus()
    page.keyboard.type("1234")
    page.keyboard.press("Enter")
    assert page.evaluate(
        "document.activeElement === document.querySelector('tr[data-ask=hnd-inm-002] input')"
    )
    expect(first).to_have_value("1,234")
    page.keyboard.type("55")
    page.keyboard.press("Tab")
    page.keyboard.type("20")
    page.keyboard.press("ArrowLeft")  # inside the cell: the caret moves, the cell stays
    page.keyboard.press("Enter")
    expect(cell(page, "hnd-inm-002", 1)).to_have_value("20")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F2")
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    expect(cell(page, "hnd-inm-002", 1)).to_have_value("20")
    expect(page.locator("[data-state]")).to_have_text("Everything is saved.")
    page.keyboard.press("Tab")  # Escape and then Tab leaves
    assert page.evaluate("!document.activeElement.dataset.cell")
    page.reload()
    assert first.input_value() == "1,234"
    assert cell(page, "hnd-inm-002", 0).input_value() == "55"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_block_from_a_spreadsheet_is_looked_at_before_it_is_taken(office: Office, lang: str) -> None:
    page = office.page("luis")
    page.goto(office.at("grid/", lang))
    block = "2,000\t900\t1.100,5\r\n60\tno se recoge\t\r\n"
    page.evaluate("text => navigator.clipboard.writeText(text)", block)
    cell(page, "hnd-inm-001", 0).focus()
    page.keyboard.press("Control+v")
    dialog = page.locator("#paste")
    expect(dialog).to_be_visible()
    expect(dialog.locator("tr.bad")).to_have_count(1)
    expect(dialog.locator("tr.bad")).to_contain_text("1,100.5")
    assert faults_of(page) == []
    dialog.locator("[data-take]").click()
    expect(page.locator("[data-state]")).to_have_attribute("data-kind", "ok")
    page.reload()
    assert cell(page, "hnd-inm-001", 0).input_value() == "2,000"
    assert cell(page, "hnd-inm-001", 1).input_value() == "900"
    assert cell(page, "hnd-inm-002", 1).input_value() == {"es": "no se recoge", "en": "not collected"}[lang]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_two_people_on_one_cell_of_the_grid_choose(office: Office, lang: str) -> None:
    ana, luis = office.page("ana"), office.page("luis")
    for page in (ana, luis):
        page.goto(office.at("grid/", lang))
    theirs, mine = ("310", "320") if lang == "es" else ("410", "420")
    for page, value in ((ana, theirs), (luis, mine)):
        cell(page, "hnd-inm-003", 0).focus()
        page.keyboard.type(value)
        page.keyboard.press("Enter")
        if page is ana:
            expect(page.locator("[data-state]")).to_have_attribute("data-kind", "ok")
    dialog = luis.locator("#met")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Ana")
    expect(dialog.locator("[data-theirs]")).to_have_text(theirs)
    expect(dialog.locator("[data-mine]")).to_have_text(mine)
    assert faults_of(luis) == []
    dialog.locator("[data-write]").click()
    expect(luis.locator("[data-state]")).to_have_attribute("data-kind", "ok")
    ana.reload()
    assert cell(ana, "hnd-inm-003", 0).input_value() == mine
    number = cell(ana, "hnd-inm-003", 0).get_attribute("data-cell")
    ana.goto(office.at(f"cell/{number}/", lang))
    assert {theirs, mine} <= set(re.findall(r"\d+", ana.inner_text(".history")))
    assert faults_of(ana) == []


@pytest.mark.parametrize("lang", ["es", "en"])
def test_two_people_on_one_value_of_the_form_choose(office: Office, lang: str) -> None:
    ana, luis = office.page("ana", PHONE), office.page("luis", PHONE)
    value = {"es": ("71", "72"), "en": ("81", "82")}[lang]
    for page in (ana, luis):
        page.goto(office.at("hnd-inm-001/", lang))
        page.locator("input[data-cell]").nth(3).fill(value[page is luis])
    ana.click("button[value=stay]")
    luis.click("button[value=stay]")
    assert "/met/" in luis.url
    assert faults_of(luis) == []
    assert "Ana" in luis.inner_text(".versus")
    luis.check("#c-theirs")
    luis.click("main form button[type=submit]")
    assert luis.locator("input[data-cell]").nth(3).input_value() == value[0]


def test_what_is_typed_while_the_line_is_cut_is_kept_and_sent_later(office: Office) -> None:
    page = office.page("ana")
    page.goto(office.at("grid/", "en"))
    page.context.set_offline(True)
    box = cell(page, "hnd-inm-001", 4)
    box.focus()
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("No connection")
    assert box.evaluate("i => i.closest('td').classList.contains('unsaved')")
    box.focus()
    page.keyboard.type("18")
    page.keyboard.press("Enter")
    assert "18" in page.evaluate("JSON.stringify(sessionStorage)")
    page.context.set_offline(False)
    expect(page.locator("[data-state]")).to_have_text("Everything is saved.")
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    assert box.input_value() == "18"


def test_what_was_not_saved_comes_back_when_the_page_does(office: Office) -> None:
    page = office.page("ana")
    page.goto(office.at("grid/", "en"))
    page.route("**/save/", lambda route: route.abort())
    box = cell(page, "hnd-inm-001", 5)
    box.focus()
    page.keyboard.type("23")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("No connection")
    page.unroute("**/save/")
    page.on("dialog", lambda d: d.accept())  # leaving warns
    page.route("**/save/", lambda route: route.abort())
    page.reload()
    assert box.input_value() == "23"
    page.unroute("**/save/")
    expect(page.locator("[data-state]")).to_have_text("Everything is saved.")


def test_an_answer_that_was_lost_makes_no_second_statement_and_no_conflict_with_oneself(
    office: Office,
) -> None:
    page = office.page("ana")
    page.goto(office.at("grid/", "en"))
    lost: list[int] = []

    def lose(route: object) -> None:
        if lost:
            route.continue_()  # type: ignore[attr-defined]
        else:
            lost.append(route.fetch().status)  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]

    page.route("**/save/", lose)
    box = cell(page, "hnd-inm-001", 6)
    box.focus()
    page.keyboard.type("31")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("No connection")
    box.focus()
    page.keyboard.type("32")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_have_text("Everything is saved.")
    assert lost == [200]
    page.goto(office.at(f"cell/{box.get_attribute('data-cell')}/", "en"))
    assert page.locator(".history li").count() == 2


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_file_is_added_and_its_content_counts_not_its_name(
    office: Office, lang: str, tmp_path: Path
) -> None:
    page = office.page("ana")
    page.goto(office.at("files/", lang))
    wrong = tmp_path / "report.pdf"
    wrong.write_bytes(b"MZ\x90\x00not a pdf")
    page.set_input_files("#file", wrong)
    page.click("section form button[type=submit]")
    assert page.locator("[role=alert]").is_visible()
    assert faults_of(page) == []
    right = tmp_path / f"acta-{lang}.pdf"
    right.write_bytes(b"%PDF-1.7\n" + lang.encode())
    page.set_input_files("#file", right)
    page.click("section form button[type=submit]")
    with page.expect_download() as got:
        page.click(f"text=acta-{lang}.pdf")
    assert got.value.suggested_filename == f"acta-{lang}.pdf"


def test_from_entering_to_handing_over(office: Office) -> None:
    page = office.page("sedh", PHONE)
    page.goto(office.at("hnd-sedh-002/", "es", "HND.SEDH"))
    page.locator("input[data-cell]").first.fill("40")
    page.click("button[value=list]")
    page.click("a[href$='/submit/']")
    assert "Rosa" in page.inner_text("main")
    assert faults_of(page) == []
    page.click("main form button[type=submit]")
    assert page.locator("[role=status].ok").is_visible()
    page.goto(office.at("hnd-sedh-002/", "es", "HND.SEDH"))
    assert "entregó" in page.inner_text("main")
    assert faults_of(page) == []


def test_the_form_stays_while_the_line_is_cut(office: Office) -> None:
    page = office.page("tica", PHONE)
    page.goto(office.at("cri-dgme-001/", "es", "CRI.DGME"))
    page.context.set_offline(True)
    page.locator("input[data-cell]").nth(2).fill("9")
    page.click("button[value=stay]")
    expect(page.locator("[data-offline]")).to_contain_text("No hay conexión")
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_empty()
    page.click("button[value=stay]")
    assert page.locator("input[data-cell]").nth(2).input_value() == "9"
    assert page.locator("[role=status].ok").is_visible()


def test_a_session_that_ended_loses_nothing(office: Office) -> None:
    page = office.page("ana")
    page.goto(office.at("grid/", "en"))
    cookies = page.context.cookies()
    page.context.clear_cookies()
    box = cell(page, "hnd-inm-002", 2)
    box.focus()
    page.keyboard.type("61")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("Your session has ended")
    page.context.add_cookies(cookies)
    expect(page.locator("[data-state]")).to_have_text("Everything is saved.")
    page.reload()
    assert box.input_value() == "61"


def test_one_cell_that_is_no_longer_asked_holds_nothing_else_up(office: Office) -> None:
    page = office.page("ana")
    page.goto(office.at("grid/", "es"))
    page.route(
        "**/save/",
        lambda route: route.fulfill(status=400, json={"why": "ya no se pide"})
        if '"text":"404"' in (route.request.post_data or "") else route.continue_(),
    )  # fmt: skip
    page.context.set_offline(True)
    for column, value in ((3, "404"), (0, "77")):
        cell(page, "hnd-inm-002", column).focus()
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    page.context.set_offline(False)
    expect(page.locator("[data-state]")).to_contain_text("Con error, sin guardar: 1")
    expect(page.locator("td.bad")).to_have_count(1)
    expect(page.locator("td.unsaved")).to_have_count(0)
    other = office.page("luis")
    other.goto(office.at("grid/", "es"))
    assert cell(other, "hnd-inm-002", 0).input_value() == "77"
