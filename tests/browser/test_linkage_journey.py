"""Two persons of a State put down and sign an agreement on counting, on a phone and a desk; a count is read; axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.people import DESK, PHONE, whole
from tests.browser.seeded import Served, page_of, seeded

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with seeded(tmp_path_factory.mktemp("home"), "seed_linkage.py", {"MIRPS_NODE": "MEX"}) as told:
        yield told


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_agreements_of_every_stage_and_a_count_fit_and_can_be_used_by_everyone(
    served: Served, browser: Browser, lang: str, size: dict[str, int]
) -> None:
    page = page_of(served, browser, "ana", size)
    page.goto(f"/{lang}/linkage/")
    whole(page)
    links = page.locator("main .documents a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(links) >= 5  # four agreements, and a count
    for where in [f"/{lang}/linkage/new/", *links]:
        page.goto(where)
        for summary in page.locator("main summary").all():
            summary.click()
        whole(page)
    page.context.close()


def test_an_agreement_is_put_down_and_signed_by_two_without_scripts(served: Served, browser: Browser) -> None:
    ana = page_of(served, browser, "ana", PHONE, scripts=False)
    ana.goto("/es/rounds/")
    ana.get_by_role("link", name="Recuentos con otros Estados").click()
    ana.get_by_role("link", name="Proponer un acuerdo").click()
    ana.get_by_label("Con qué Estado").select_option("HND")
    ana.get_by_label("Para qué se cuenta").fill("Abrir escuelas donde hacen falta.")
    ana.get_by_label("Base legal").fill("Convenio de 2025, artículo 7")
    ana.get_by_label("Último día").fill("2020-01-01")
    ana.get_by_role("button", name="Proponer").click()
    expect(ana.get_by_role("alert")).to_contain_text("ya pasó")
    assert ana.get_by_label("Base legal").input_value() == "Convenio de 2025, artículo 7"
    ana.get_by_label("Último día").fill("2090-12-31")
    ana.get_by_role("button", name="Proponer").click()
    expect(ana.get_by_role("status")).to_contain_text("Propuesto")
    ana.get_by_label("He leído los términos").check()
    ana.get_by_role("button", name="Firmar", exact=True).click()
    expect(ana.get_by_role("status")).to_contain_text("Falta otra persona")
    luis = page_of(served, browser, "luis", DESK, scripts=False)
    luis.goto(ana.url.split("?")[0].replace("/es/", "/en/"))
    luis.get_by_label("I have read the terms").check()
    luis.get_by_role("button", name="Sign", exact=True).click()
    expect(luis.get_by_role("status")).to_contain_text("set this State’s seal")
    luis.locator("summary", has_text="Decline").click()
    luis.get_by_label("Why").fill("The ministry asks for another purpose.")
    luis.get_by_role("button", name="Decline it").click()
    expect(luis.get_by_role("status")).to_contain_text("Declined")
    expect(luis.locator("main")).to_contain_text("Luis Ruiz")
    for page in (ana, luis):
        page.context.close()


def test_a_count_is_read_by_keyboard_from_the_list(served: Served, browser: Browser) -> None:
    page = page_of(served, browser, "luis", DESK)
    page.goto("/en/linkage/")
    page.get_by_role("link", name="See the count").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Mexico and Honduras, July to September 2026")
    expect(page.locator("main")).to_contain_text("People counted in both registers: 1,386.")
    expect(page.get_by_role("row", name="60 years or more")).to_contain_text("suppressed")
    assert "Ruiz" not in page.locator("main").inner_text()  # of nobody is there a name
    page.context.close()
