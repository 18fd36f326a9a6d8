"""A theory of change is drawn by keyboard and without JavaScript, published by somebody else, and read on a phone;
a commitment is given a cost and its gap is seen in another currency."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.people import Enter, entering, whole

pytestmark = pytest.mark.browser
PATHS = (
    "results/", "framework/asylum-systems/", "framework/labour-integration/", "indicator/as.recognised/",
    "indicator/li.insured/", "indicator/as.referral/", "indicator/as.meeting/", "quantification/",
    "quantification/?by=state&currency=HNL", "rate/hnl-usd-my24/", "cost/hnd-idp-fund/",
    "record/framework-node/li.outcome.work/",
)  # fmt: skip


@pytest.fixture
def enter(site: str, browser: Browser) -> Iterator[Enter]:
    with entering(browser, site) as enter:
        yield enter


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_whole_on_a_desk_and_on_a_phone(
    site: str, desk: Page, phone: Page, lang: str, path: str
) -> None:
    for page in (desk, phone):
        page.goto(f"{site}/{lang}/planning/{path}")
        whole(page)


def test_a_theory_is_shown_as_the_drawing_that_fits_and_always_as_a_list(
    site: str, desk: Page, phone: Page
) -> None:
    for page, fits, other in (
        (desk, ".theory-wide", ".theory-slim"),
        (phone, ".theory-slim", ".theory-wide"),
    ):
        page.goto(f"{site}/es/planning/framework/asylum-systems/")
        expect(page.locator(fits)).to_be_visible()
        expect(page.locator(other)).to_be_hidden()
        expect(page.locator(".boxes > li")).to_have_count(18)
    phone.locator(".theory-slim a").first.focus()
    phone.keyboard.press("Enter")
    assert re.search(r"#b-as-impact$", phone.url), "a box leads to its place in the list"


def add(page: Page, level: str, es: str, en: str, to: str = "") -> None:
    page.select_option("#a-level", level)
    page.fill("#a-es", es)
    page.fill("#a-en", en)
    if to:
        page.select_option("#a-to", label=to)
    page.click(".box-form button")


def box(page: Page, title: str) -> object:
    return page.locator(".box-edit").filter(has=page.locator(".box-title", has_text=title))


def test_a_theory_is_drawn_sent_published_and_read(site: str, enter: Enter, phone: Page) -> None:
    page = enter("es", "demo-secretariat")
    page.goto("/es/planning/new/framework/")
    page.fill('[name="title.es"]', "Agua segura")
    page.fill('[name="title.en"]', "Safe water")
    page.fill("#f-code", "safe-water")
    page.click(".record-form > button")
    expect(page.get_by_text("Este marco todavía no tiene partes.")).to_be_visible()
    page.get_by_role("link", name="Editar la teoría del cambio").click()
    add(page, "impact", "Las familias viven sanas", "Families live in health")
    add(page, "outcome", "El agua es segura", "Water is safe", "Las familias viven sanas")
    add(page, "output", "Hay pozos", "There are wells")
    expect(page.locator("#loose ~ ul")).to_contain_text("Hay pozos: no conduce a ningún resultado")
    wells = page.locator(".box-edit", has=page.locator(".box-title", has_text="Hay pozos"))
    wells.get_by_role("combobox").select_option(label="Resultado: El agua es segura")
    wells.get_by_role("button", name="Poner flecha").click()
    expect(page.get_by_role("status")).to_contain_text("La flecha está puesta")
    expect(page.locator(".theory-wide svg")).to_contain_text("Hay pozos")
    add(page, "activity", "", "")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Enviar todo a revisión").click()
    expect(page.get_by_text("Enviados y sin publicar: 4.")).to_be_visible()
    page.get_by_role("button", name="Publicar todo lo enviado").click()
    expect(page.get_by_text("Enviados y sin publicar: 4.")).to_be_visible()
    assert phone.goto(f"{site}/en/planning/framework/safe-water/").status == 404  # type: ignore[union-attr]

    other = enter("en", "demo-approver")
    other.goto("/en/planning/framework/safe-water/draw/")
    other.get_by_role("button", name="Publish all that was sent").click()
    expect(other.get_by_text("Sent and not published: 0.")).to_be_visible()
    phone.goto(f"{site}/en/planning/framework/safe-water/")
    expect(phone.locator(".theory-slim")).to_contain_text("There are wells")
    wells_en = phone.locator(".boxes > li", has=phone.locator(".box-title", has_text="There are wells"))
    expect(wells_en.locator("dd").first).to_have_text("Water is safe")
    whole(phone)


def test_a_box_is_moved_by_keys_alone_and_the_focus_stays_with_it(enter: Enter) -> None:
    page = enter("es", "demo-secretariat", scripts=True)
    page.goto("/es/planning/framework/labour-integration/draw/")
    titles = page.locator(".level-activity .box-title a")
    before = titles.all_inner_texts()
    page.locator(".level-activity > li").nth(1).get_by_role("link", name="Cambiar el texto").focus()
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    assert titles.all_inner_texts()[:2] == [before[1], before[0]]
    assert page.evaluate("document.activeElement.querySelector('.box-title a').textContent") == before[1]
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowDown")
    assert titles.all_inner_texts() == before
    whole(page)


def test_a_baseline_is_chosen_among_the_figures_and_its_value_is_the_ledgers(enter: Enter) -> None:
    page = enter("en", "demo-secretariat", scripts=True)
    page.goto("/en/planning/indicator/li.vacancies/")
    page.get_by_text("Set the baseline of Costa Rica").click()
    page.locator("#c-CRI form button").click()
    expect(page.locator("#c-CRI")).to_contain_text("There is only the baseline, 1,797 vacancies")
    whole(page)


def test_a_cost_is_noted_and_its_gap_is_read_in_two_currencies(site: str, enter: Enter, plain: Page) -> None:
    page = enter("es", "demo-hnd")
    page.goto("/es/planning/quantification/")
    page.get_by_role("link", name="Anotar un costo").click()
    page.fill('[name="title.es"]', "Albergues")
    page.fill('[name="title.en"]', "Shelters")
    page.fill('[name="starts"]', "2024")
    page.fill('[name="need.amount"]', "300,000,000")
    page.fill('[name="need.currency"]', "HNL")
    page.fill('[name="contributions"]', "contribution/hnd-displacement-fund")
    page.fill("#f-code", "hnd-shelters")
    page.click(".record-form > button")
    page.get_by_role("button", name="Presentar para revisión").click()
    reviewer = enter("es", "demo-hnd-approver")
    reviewer.goto("/es/planning/cost/hnd-shelters/")
    reviewer.get_by_role("button", name="Publicar").click()
    plain.goto(f"{site}/en/planning/quantification/?state=HND&currency=HNL")
    expect(plain.locator(".gap-sum")).to_contain_text("HNL\u00a0300,000,000")
    expect(plain.locator(".gap-sum div").last).to_contain_text("HNL\u00a0150,000,000")
    plain.select_option("#q-currency", "USD")
    plain.get_by_role("button", name="Show").click()
    expect(plain.locator(".gap-sum div").last).to_contain_text("USD\u00a06,055,348")
    with plain.expect_download() as got:
        plain.get_by_role("link", name="Download as XLSX").click()
    assert got.value.suggested_filename == "mirps-quantification-USD.xlsx"
