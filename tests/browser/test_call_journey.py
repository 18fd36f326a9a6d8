"""A call from opening to a signed agreement, with a recusal, as its people do it in their browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.people import DESK, PATIENCE, PHONE, screen, scripts_hold, sign_in, whole
from tests.product import demo_environment, seed, serving

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).with_name("seed_call.py")
WAYS = [("es", PHONE), ("en", DESK)]
SAYS = {
    "es": {
        "lacks": "Para entregarla falta", "in": "La propuesta está entregada", "reserve": "En reserva",
        "aside": "No se le muestran por recusación: 1", "blind": "Lectura a ciegas", "selected": "Elegida",
        "known": "Todas las calificaciones entraron", "signed": "Firmado por las dos partes",
        "recused": "Declaró un vínculo",
    },
    "en": {
        "lacks": "Missing before it can be handed in", "in": "The proposal is handed in", "reserve": "In reserve",
        "aside": "Not shown to you because of a recusal: 1", "blind": "Blind reading", "selected": "Selected",
        "known": "All scores are in", "signed": "Signed by both sides", "recused": "Declared a tie",
    },
}  # fmt: skip
READERS = ("demo-csan-1", "demo-csan-2", "demo-csan-3")
GTM, HND = "demo-applicant-gtm", "demo-applicant-hnd"


class Demo:
    """The demo served, and a browser for each of its people."""

    def __init__(self, address: str, env: dict[str, str], browser: Browser) -> None:
        self.address, self.env, self.browser = address, env, browser
        self.contexts: dict[tuple[str, str], BrowserContext] = {}

    def page(self, name: str, lang: str, size: dict[str, int]) -> Page:
        key = (name, lang)
        if key not in self.contexts:
            context = self.browser.new_context(base_url=self.address, **screen(size))
            context.set_default_timeout(PATIENCE)
            sign_in(scripts_hold(context.new_page()), self.address, lang, name)
            self.contexts[key] = context
        return self.contexts[key].pages[0]

    def time_passes(self, code: str) -> None:
        seed(self.env, SCRIPT, "close", code)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Demo]:
    env = demo_environment(tmp_path_factory.mktemp("home"))
    seed(env, SCRIPT, *(f"journey-{lang}" for lang, _ in WAYS))
    with serving(env) as address:
        made = Demo(address, env, browser)
        yield made
        for context in made.contexts.values():
            context.close()


class Way:
    """One language on one size of screen, in one call."""

    def __init__(self, demo: Demo, lang: str, size: dict[str, int]) -> None:
        self.demo, self.lang, self.size, self.code = demo, lang, size, f"journey-{lang}"
        self.says = SAYS[lang]

    def at(self, name: str, part: str = "") -> Page:
        page = self.demo.page(name, self.lang, self.size)
        page.goto(f"/{self.lang}/planning/calls/{self.code}/{part}")
        whole(page)
        return page

    def by(self, name: str) -> Page:
        """The page that somebody last stood at."""
        return self.demo.page(name, self.lang, self.size)


@pytest.mark.parametrize(("lang", "size"), WAYS, ids=["es-phone", "en-desk"])
def test_from_opening_to_a_signed_agreement_with_a_recusal(
    demo: Demo, lang: str, size: dict[str, int]
) -> None:
    w = Way(demo, lang, size)
    is_opened(w)
    asks_and_is_answered(w)
    applies_incomplete_first(w, GTM, "60000")
    applies(w, HND, "120000")
    demo.time_passes(w.code)
    declare_ties(w)
    is_checked_and_recused(w)
    reads_blind(w)
    discusses_and_decides(w)
    is_told(w)
    is_signed_and_becomes_a_project(w)


def is_opened(w: Way) -> None:
    page = w.at("demo-secretariat", "run/")
    page.locator("form:has(input[value=open]) button").click()
    expect(page.locator("[role=status].ok")).to_be_visible()
    whole(page)


def asks_and_is_answered(w: Way) -> None:
    page = w.at(HND)
    page.fill("#f-text", "¿Se puede pagar alquiler?")
    page.locator("form:has(#f-text) button").click()
    expect(page.locator(".asked dt")).to_contain_text("alquiler")
    whole(page)
    run = w.at("demo-secretariat", "run/")
    form = run.locator("form:has(input[value=answer])")
    words = {
        "question-es": "¿Alquiler?",
        "question-en": "Rent?",
        "answer-es": "Sí, un año.",
        "answer-en": "Yes, a year.",
    }
    for name, text in words.items():
        form.locator(f"textarea[name={name}]").fill(text)
    form.locator("button").click()
    expect(run.locator("[role=status].ok")).to_be_visible()
    shown = w.at(GTM)
    expect(shown.locator(".asked dd")).to_contain_text("año" if w.lang == "es" else "year")


def begins(w: Way, name: str) -> Page:
    page = w.at(name, "apply/")
    page.locator("form:has([name=institution]) button[type=submit]").click()
    page.wait_for_url("**/write/")
    whole(page)
    return page


def writes(page: Page, amount: str, place: str) -> None:
    for name, text in {
        "title-es": "Trabajo y escuela", "title-en": "Work and school", "summary": "Un proyecto corto.",
        "months": "12",
        "answer-problem": f"Muchas personas en {place} no encuentran trabajo.", "answer-people": "400",
        "answer-work": "Cursos y ferias.", "answer-lasting": "Con presupuesto propio.",
        "answer-contact": "Rosa Ejemplo",
        "what-0": "Cursos", "amount-0": amount, "what-1": "Salas", "amount-1": "30000",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", text)
    page.select_option("[name=payer-1]", "own")
    page.check("[name^=confirmed-]")
    page.locator("form.proposal-form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/proposals/[^/]+/\?kept=1"))


def attaches(page: Page) -> None:
    form = page.locator("form:has(input[name=document][value=letter])")
    form.locator("input[type=file]").set_input_files(
        {"name": "carta.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n% letter\n"}
    )
    form.locator("button").click()
    expect(page.locator("[role=status].ok")).to_be_visible()


def hands_in(w: Way, page: Page) -> None:
    page.locator("button[value=submit]").click()
    expect(page.locator("[role=status].ok")).to_contain_text(w.says["in"])
    whole(page)


def applies_incomplete_first(w: Way, name: str, amount: str) -> None:
    page = begins(w, name)
    page.fill("[name=title-es]", "Trabajo")
    page.locator("form.proposal-form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/proposals/[^/]+/\?kept=1"))
    expect(page.locator("#lacks")).to_contain_text(w.says["lacks"])
    whole(page)
    page.locator("button[value=submit]").click()  # it is not taken, and says all that is missing
    expect(page.locator("#faults")).to_be_visible()
    assert page.locator("#faults li").count() >= 8
    whole(page)
    page.locator(".lacks a").first.click()  # and leads there
    page.wait_for_url("**/write/**")
    whole(page)
    writes(page, amount, "Guatemala")
    expect(page.locator(".note").filter(has_text="Guatemala")).to_be_visible()  # it names whose it is
    attaches(page)
    hands_in(w, page)


def applies(w: Way, name: str, amount: str) -> None:
    page = begins(w, name)
    writes(page, amount, "Honduras")
    attaches(page)
    hands_in(w, page)


def declare_ties(w: Way) -> None:
    for name in READERS:
        page = w.at(name, "interests/")
        page.locator("main form button[type=submit]").click()
        expect(page.locator("#faults")).to_be_visible()
        if name == READERS[2]:
            page.check("#s-GTM")
        page.check("#f-sure")
        page.locator("main form button[type=submit]").click()
        expect(page.locator("[role=status].ok")).to_be_visible()


def is_checked_and_recused(w: Way) -> None:
    page = w.at("demo-secretariat", "run/")
    for _ in range(2):
        page.locator(
            ".proposals form:has(input[name=eligible][value=yes]):has(button:not(.quiet)) button"
        ).first.click()
        expect(page.locator("[role=status].ok")).to_be_visible()
    expect(page.locator("#h-recusals ~ ul .task")).to_have_count(1)
    expect(page.locator("#h-recusals ~ ul")).to_contain_text(w.says["recused"])
    page.locator("form:has(input[name=confirm][value=yes]) button").click()
    expect(page.locator("[role=status].ok")).to_be_visible()
    whole(page)
    page.locator("form:has(input[value=start]) button").click()
    expect(page.locator("[role=status].ok")).to_be_visible()
    whole(page)


def reads_blind(w: Way) -> None:
    page = w.at(READERS[2], "reading/")
    expect(page.locator(".note")).to_contain_text(w.says["aside"])
    expect(page.locator(".task")).to_have_count(1)
    for name in READERS:
        page = w.at(name, "reading/")
        expect(page.locator(".lead")).to_contain_text(w.says["blind"])
        assert not re.search("Guatemala|IGM|DIPPDIV|Honduras", page.inner_text("main"))
        letters = [a.inner_text()[:40] for a in page.locator(".task h2 a").all()]
        for _ in letters:
            w.at(name, "reading/").locator(".task:not(.task-done) h2 a").first.click()
            page.wait_for_url(re.compile(r"/reading/[A-Z]/"))
            whole(page)
            text = page.inner_text("main")
            assert "▇▇▇" in text
            assert not re.search("Guatemala|Honduras|IGM|DIPPDIV|Rosa", text)
            scores(page, name)


def scores(page: Page, name: str) -> None:
    """The dearer proposal is scored higher by everybody, so that the money does not reach the second."""
    dear = "120" in page.inner_text("dl.facts")
    for field in page.locator("[name^=score-]").all():
        field.fill("5" if dear else "3" if name == READERS[0] else "4")
    page.fill("[name=comment]", f"Leída con atención por {name}.")
    page.locator("button[value=final]").click()
    expect(page.locator("[role=status].ok")).to_be_visible()


def discusses_and_decides(w: Way) -> None:
    page = w.at(READERS[0], "reading/")
    expect(page.locator(".lead")).to_contain_text(w.says["known"])
    ranking = w.at(READERS[0], "ranking/")
    expect(ranking.locator("table.ranking tbody tr")).to_have_count(2)
    expect(w.at(READERS[2], "ranking/").locator("table.ranking tbody tr")).to_have_count(1)
    w.at(READERS[0], "ranking/")
    hrefs = [a.get_attribute("href") for a in ranking.locator("table.ranking tbody th a").all()]
    for n, href in enumerate(hrefs):
        page = w.by(READERS[0])
        page.goto(str(href))
        page.fill("[name=reason-es]", "Razones del comité para quien presenta.")
        page.fill("[name=reason-en]", "Reasons of the committee for the applicant.")
        if n == 1:  # the ranking leads to selecting both; the committee keeps one in reserve and must say why
            page.select_option("#f-outcome", "reserve")
            page.locator("form:has(#f-outcome) button[type=submit]").click()
            expect(page.locator("#faults")).to_be_visible()
            page.fill("#f-departs", "Se espera otra fuente de dinero.")
        page.locator("form:has(#f-outcome) button[type=submit]").click()
        expect(page.locator("#decision ~ .result")).to_be_visible()
        whole(page)
        other = w.by(READERS[1])
        other.goto(str(href))
        other.locator("form:has(input[name=agrees][value=yes]) button").click()
        expect(other.locator("[role=status].ok")).to_be_visible()
        whole(other)


def is_told(w: Way) -> None:
    page = w.at("demo-secretariat", "run/")
    page.locator("form:has(input[value=tell]) button").click()
    expect(page.locator("[role=status].ok")).to_be_visible()
    whole(page)
    for name, outcome in ((HND, "selected"), (GTM, "reserve")):
        mine = w.by(name)
        mine.goto(f"/{w.lang}/notices/")
        expect(mine.locator("main")).to_contain_text("demostración" if w.lang == "es" else "Demonstration")
        w.at(name).locator(".here a[href*='/planning/proposals/']").click()
        expect(mine.locator(".result")).to_contain_text(w.says[outcome])
        expect(mine.locator(".result")).to_contain_text("Razones del" if w.lang == "es" else "Reasons of")
        whole(mine)
    everybody = w.demo.browser.new_context(viewport=w.size, base_url=w.demo.address)  # type: ignore[arg-type]
    shown = everybody.new_page()
    shown.goto(f"/{w.lang}/planning/calls/{w.code}/")
    expect(shown.locator("#h-awards ~ ul .task")).to_have_count(1)
    whole(shown)
    everybody.close()


def is_signed_and_becomes_a_project(w: Way) -> None:
    page = w.at("demo-secretariat", "run/")
    page.locator("#h-agreements ~ ul a").click()
    page.wait_for_url("**/agreement/")
    whole(page)
    for name, text in {"starts": "2027-01-01", "ends": "2027-12-31", "due-0": "2027-01-15", "due-1": "2027-07-15",
                       "condition-es-0": "Firma", "condition-en-0": "Signature"}.items():  # fmt: skip
        page.fill(f"[name={name}]", text)
    page.fill("[name=amount-0]", "70000")
    page.fill("[name=amount-1]", "40000")
    page.locator("form:has(input[value=write]) button").click()
    expect(page.locator("#faults")).to_be_visible()  # they do not add up
    whole(page)
    page.fill("[name=amount-1]", "50000")
    page.locator("form:has(input[value=write]) button").click()
    expect(page.locator("[role=status].ok")).to_be_visible()
    assert page.locator("form:has(input[value=sign])").count() == 0  # who wrote it does not sign for the fund
    address = page.url.partition("?")[0]
    for name in ("demo-approver", HND):
        signer = w.by(name)
        signer.goto(address)
        signer.locator("form:has(input[value=sign]) button").click()
        expect(signer.locator("[role=status].ok").first).to_be_visible()
        whole(signer)
    signer = w.by(HND)
    expect(signer.locator("main")).to_contain_text(w.says["signed"])
    signer.locator("[role=status] a[href*='/planning/']").click()
    expect(signer.locator("h1")).to_contain_text("Trabajo y escuela" if w.lang == "es" else "Work and school")
