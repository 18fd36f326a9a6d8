"""A project followed from what documents say of it to a payment that is late, met with evidence and paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.people import DESK, sign_in, whole
from tests.days import today

pytestmark = pytest.mark.browser
PATHS = (
    "projects/", "projects/?on=2024-01-24", "projects/documents/", "projects/fund-slv/", "projects/gpip-hnd/",
    "projects/gpip-slv/documents/AR24/",
)  # fmt: skip
WORDS = {
    "es": {"add": "Agregar un desembolso", "save": "Guardar", "submit": "Presentar para revisión",
           "publish": "Publicar", "unmet": "Condición sin cumplir", "fund": "fund-hnd", "state": "hnd",
           "computed": "40 %", "evidence": "lleva su evidencia", "edit": "Editar"},
    "en": {"add": "Add a disbursement", "save": "Save", "submit": "Submit for review",
           "publish": "Publish", "unmet": "Condition not met", "fund": "fund-gtm", "state": "gtm",
           "computed": "40%", "evidence": "bears its evidence", "edit": "Edit"},
}  # fmt: skip


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_whole_on_a_desk_and_on_a_phone(
    site: str, desk: Page, phone: Page, lang: str, path: str
) -> None:
    for page in (desk, phone):
        page.goto(f"{site}/{lang}/planning/{path}")
        whole(page)


def test_a_reader_goes_from_the_portfolio_to_what_one_document_says_without_javascript(
    site: str, plain: Page
) -> None:
    plain.goto(f"{site}/es/planning/")
    plain.get_by_role("link", name="Proyectos", exact=True).first.click()
    plain.get_by_role("link", name="24 de enero de 2024").click()
    expect(plain.get_by_role("status")).to_contain_text("Los proyectos como se conocían el")
    assert "Presencia fronteriza" not in plain.locator("main").inner_text()
    plain.get_by_role("link", name="Ver lo de hoy").click()
    plain.get_by_role("link", name="Ver lo que dice cada documento, lado a lado").click()
    row = plain.get_by_role("row", name="México")
    expect(row.first).to_contain_text("No lo nombra")
    row.first.get_by_role("link", name="Propuesta presentada").click()
    expect(plain.locator("h1")).to_contain_text("Informe de la VI Reunión Anual")


class Office:
    """People of one State at work, each in a browser of their own."""

    def __init__(self, site: str, browser: Browser, lang: str) -> None:
        self.site, self.browser, self.lang, self.words = site, browser, lang, WORDS[lang]
        self.pages: dict[str, Page] = {}

    def of(self, who: str) -> Page:
        if who not in self.pages:
            self.pages[who] = page = self.browser.new_context(viewport=DESK).new_page()
            sign_in(page, self.site, self.lang, who, f"/{self.lang}/planning/")
        return self.pages[who]

    def published(self, by: str, address: str) -> None:
        page = self.of(by)
        page.goto(self.site + address)
        page.get_by_role("button", name=self.words["publish"], exact=True).click()
        expect(page.get_by_role("button", name=self.words["publish"], exact=True)).to_have_count(0)

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_payment_is_planned_goes_late_and_is_met_with_evidence_and_paid(
    site: str, browser: Browser, lang: str
) -> None:
    office = Office(site, browser, lang)
    words, code = office.words, office.words["fund"]
    writer, approver = f"demo-{words['state']}", f"demo-{words['state']}-approver"
    page = office.of(writer)
    project = f"/{lang}/planning/projects/{code}/"
    # The amount of the agreement, which no document gives.
    page.goto(f"{site}/{lang}/planning/record/project/{code}/edit/")
    page.fill("[name='agreed.amount']", "1000")
    page.fill("[name='agreed.currency']", "USD")
    page.get_by_role("button", name=words["save"], exact=True).first.click()
    page.get_by_role("button", name=words["submit"]).click()
    office.published(approver, project)
    # A payment that was due yesterday, on a condition.
    page.goto(site + project)
    page.get_by_role("link", name=words["add"]).click()
    whole(page)
    yesterday = today() - timedelta(days=1)
    for name, value in (
        ("title.es", "Primer pago"), ("title.en", "First payment"), ("due", yesterday.isoformat()),
        ("amount.amount", "400"), ("amount.currency", "USD"), ("condition.es", "Informe aprobado"),
        ("condition.en", "Report approved"),
    ):  # fmt: skip
        page.fill(f"[name='{name}']", value)
    page.fill("#f-code", f"{code}-1")
    page.get_by_role("button", name=words["save"], exact=True).first.click()
    page.get_by_role("button", name=words["submit"]).click()
    disbursement = f"/{lang}/planning/record/disbursement/{code}-1/"
    office.published(approver, disbursement)
    page.goto(site + project)
    expect(page.locator(".alert").first).to_contain_text(words["unmet"])
    whole(page)
    # Met without evidence is refused; with it, it is paid and the share is computed.
    page.goto(f"{site}{disbursement}edit/")
    page.fill("[name='met']", yesterday.isoformat())
    page.fill("[name='paid']", today().isoformat())
    page.get_by_role("button", name=words["save"], exact=True).first.click()
    page.get_by_role("button", name=words["submit"]).click()
    expect(page.get_by_role("alert")).to_contain_text(words["evidence"])
    whole(page)
    page.goto(f"{site}{disbursement}edit/")
    page.fill("[name='evidence']", "Informe | https://example.org/informe.pdf")
    page.get_by_role("button", name=words["save"], exact=True).first.click()
    page.get_by_role("button", name=words["submit"]).click()
    office.published(approver, disbursement)
    page.goto(site + project)
    expect(page.locator("#execution").locator("xpath=..")).to_contain_text(words["computed"])
    assert words["unmet"] not in page.locator("main").inner_text()
    office.close()
