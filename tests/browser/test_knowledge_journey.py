"""Knowledge as people meet it: a practice proposed and published, a course attended, a certificate verified."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.people import whole
from tests.browser.test_projects_journey import Office
from tests.days import today

pytestmark = pytest.mark.browser
PATHS = (
    "knowledge/", "practices/", "practices/gpip-hnd/", "visits/gtm-slv-cubo-2024/", "learning/",
    "learning/coi-sessions-2024/", "origins/", "certificates/", "certificates/nothing/",
)  # fmt: skip


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_whole_on_a_desk_and_on_a_phone(
    site: str, desk: Page, phone: Page, lang: str, path: str
) -> None:
    for page in (desk, phone):
        page.goto(f"{site}/{lang}/planning/{path}")
        whole(page)


def test_a_practice_is_proposed_reviewed_and_found(site: str, browser: Browser, plain: Page) -> None:
    office = Office(site, browser, "es")
    page = office.of("demo-gtm")
    page.goto(f"{site}/es/planning/practices/")
    page.get_by_role("link", name="Proponer una buena práctica").click()
    page.fill("[name='title.es']", "Ventanilla móvil en frontera")
    page.fill("[name='title.en']", "Mobile desk at the border")
    page.fill("[name='done.es']", "Un bus atiende cada semana.")
    page.fill("[name='done.en']", "A bus attends every week.")
    page.check("[name='states'][value='GTM']")
    page.fill("[name='figures']", "inventada-001")
    page.fill("#f-code", "gtm-ventanilla")
    page.get_by_role("button", name="Guardar", exact=True).first.click()
    page.get_by_role("button", name="Presentar para revisión").click()
    expect(page.get_by_role("alert")).to_contain_text("inventada-001")
    page.goto(f"{site}/es/planning/record/practice/gtm-ventanilla/edit/")
    page.fill("[name='figures']", "ar24-gtm-026")
    page.get_by_role("button", name="Guardar", exact=True).first.click()
    page.get_by_role("button", name="Presentar para revisión").click()
    plain.goto(f"{site}/es/planning/practices/?q=ventanilla")
    assert "Ventanilla" not in plain.locator("ul").all_inner_texts().__str__()
    office.published("demo-gtm-approver", "/es/planning/practices/gtm-ventanilla/")
    plain.goto(f"{site}/en/planning/practices/?q=MOVIL")
    plain.get_by_role("link", name="Mobile desk at the border").click()
    expect(plain.locator("main")).to_contain_text("250")
    office.close()


def test_from_an_announcement_to_a_certificate_that_anybody_verifies(
    site: str, browser: Browser, plain: Page, phone: Page
) -> None:
    office = Office(site, browser, "en")
    page = office.of("demo-gtm")
    page.goto(f"{site}/en/planning/new/course/")
    for name, value in (
        ("title.es", "Registro en frontera"), ("title.en", "Registration at the border"), ("hours", "6"),
        ("opens", (today() - timedelta(days=9)).isoformat()), ("closes", today().isoformat()),
        ("days", f"{(today() - timedelta(days=1)).isoformat()} | Taller\n{today().isoformat()} | Taller"),
        ("attendance", "100"),
    ):  # fmt: skip
        page.fill(f"[name='{name}']", value)
    page.select_option("[name='sort']", "course")
    page.check("[name='certificate']")
    page.fill("#f-code", "gtm-registro")
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_role("button", name="Submit for review").click()
    office.published("demo-gtm-approver", "/en/planning/learning/gtm-registro/")
    learner = office.of("demo-hnd-inm")
    learner.goto(f"{site}/en/planning/learning/gtm-registro/")
    whole(learner)
    learner.fill("#name", "Tania Prueba")
    learner.check("#shown")
    learner.get_by_role("button", name="Enrol").click()
    expect(learner.locator("#mine").locator("xpath=..")).to_contain_text("You are in it, as Tania Prueba.")
    page.goto(f"{site}/en/planning/learning/gtm-registro/people/")
    whole(page)
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Save attendance").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.get_by_role("button", name="Give a certificate to whoever earned it").click()
    expect(page.locator("tbody")).to_contain_text("Has a certificate.")
    learner.goto(f"{site}/en/planning/learning/mine/")
    whole(learner)
    paper = learner.request.get(site + str(learner.get_by_role("link", name="PDF").get_attribute("href")))
    assert paper.body().startswith(b"%PDF")
    verified = str(learner.get_by_role("link", name="The page that verifies it").get_attribute("href"))
    for reader, words in ((plain, "The certificate is genuine."), (phone, "The certificate is genuine.")):
        reader.goto(site + verified)
        expect(reader.locator("main")).to_contain_text(words)
        expect(reader.locator("main")).to_contain_text("Tania Prueba")
    whole(phone)
    phone.goto(site + verified.replace("/en/", "/es/"))
    expect(phone.locator("main")).to_contain_text("El certificado es auténtico.")
    office.close()


def test_sources_that_contradict_each_other_stand_side_by_side_for_whoever_may_read_them(
    site: str, browser: Browser, plain: Page
) -> None:
    office = Office(site, browser, "es")
    page = office.of("demo-gtm")

    def written(kind: str, code: str, parent: str = "", **cells: str) -> None:
        page.goto(f"{site}/es/planning/new/{kind}/" + (f"?parent={parent}" if parent else ""))
        for name, value in cells.items():
            held = page.locator(f"main [name='{name.replace('__', '.').replace('_', '-')}']")
            if held.first.evaluate("e => e.tagName") == "SELECT":
                held.select_option(value)
            else:
                held.fill(value)
        page.fill("#f-code", code)
        page.get_by_role("button", name="Guardar", exact=True).first.click()
        page.get_by_role("button", name="Presentar para revisión").click()
        office.published("demo-gtm-approver", f"/es/planning/record/{kind}/{code}/")

    written("coi-product", "q-demo", title__es="Pregunta de prueba", title__en="Test question", audience="members",
            country="HND", topic="other", question__es="¿Hay registro?",
            question__en="Is there a register?")  # fmt: skip
    for n, (says, reliability) in enumerate((("yes", "unassessed"), ("no", "unassessed"))):
        written("coi-source", f"s-demo-{n}", title__es=f"Fuente {n}", title__en=f"Source {n}", audience="members",
                publisher="Prueba", sort="other", reliability=reliability)  # fmt: skip
        written("coi-statement", f"t-demo-{n}", parent="coi-product/q-demo", title__es=f"Dice {n}",
                title__en=f"Says {n}", audience="members", origin=f"coi-source/s-demo-{n}", says__es=f"Texto {n}",
                says__en=f"Text {n}", answers=says)  # fmt: skip
    reader = office.of("demo-hnd")
    reader.goto(f"{site}/es/planning/origins/")
    reader.get_by_role("link", name="Pregunta de prueba").click()
    expect(reader.locator("main")).to_contain_text("Las fuentes se contradicen.")
    expect(reader.locator(".side")).to_have_count(2)
    whole(reader)
    answer = plain.goto(f"{site}/es/planning/origins/questions/q-demo/")
    assert answer is not None
    assert answer.status == 404
    plain.goto(f"{site}/es/planning/origins/")
    assert "Pregunta de prueba" not in plain.locator("main").inner_text()
    office.close()
