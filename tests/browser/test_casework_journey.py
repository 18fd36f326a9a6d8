"""Officers carry cases: triage explains itself, two missed signatures lead to a closing that a person confirms and
another reopens, a decision is made; a procedure that nobody foresaw is written, signed by two and followed."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.people import DESK, PHONE, entering, whole

pytestmark = pytest.mark.browser
STORM = Path(__file__).parents[1] / "casework_pages" / "storm-permit.yaml"
WORDS = {
    "es": {"triage": "La tabla propone", "closed": "Abandono", "reopened": "Registrado.", "granted": "Con protección",
           "remedy": "Reabrir", "notice": "Aviso de cierre", "opened": "Caso abierto.", "mended": "Corregido."},
    "en": {"triage": "The table proposes", "closed": "Abandoned", "reopened": "Recorded.", "granted": "Protected",
           "remedy": "Reopen", "notice": "Notice of closing", "opened": "Case opened.", "mended": "Corrected."},
}  # fmt: skip
BOTH = pytest.mark.parametrize(("lang", "size"), [("es", DESK), ("en", PHONE)])
Size = dict[str, int]


def first_of(page: Page, lang: str, asked: str) -> str:
    """The address of the first case of a list."""
    page.goto(f"/{lang}/cases/?{asked}")
    whole(page)
    return str(page.locator(".cases tbody th a").first.get_attribute("href"))


def does(page: Page, case: str, act: str, *, reason: str = "", sure: bool = False) -> None:
    """Press an act on the case's page, fill its reason, send it; `sure`: look at it once more before."""
    page.goto(case)
    page.locator(f".acts-now a[href$='/do/{act}/']").click()
    whole(page)
    if reason:
        page.fill("#f-reason", reason)
    page.locator("form.one-act button").last.click()
    if sure:
        whole(page)
        page.locator("main form button").click()
    expect(page.locator(".alert.ok")).to_be_visible()


@BOTH
def test_triage_explains_itself(browser: Browser, site: str, lang: str, size: Size) -> None:
    with entering(browser, site) as enter:
        page = enter(lang, "demo-mex-protection", size=size, scripts=True)
        case = first_of(page, lang, "view=all&procedure=mex_asylum&stage=triage")
        page.goto(case)
        whole(page)
        if (
            page.locator(".acts-now a[href$='/do/profile/']").count()
            and not page.locator("tr.agreed").count()
        ):
            page.locator(".acts-now a[href$='/do/profile/']").click()
            for name in ("lone_child", "urgent", "joined"):
                page.locator(f"input[name='f.{name}'][value='no']").check()
            page.locator("form.one-act button").last.click()
        expect(page.locator("#h-triage + p")).to_contain_text(WORDS[lang]["triage"])
        expect(page.locator("tr.agreed")).to_have_count(1)
        whole(page)
        page.locator(".acts-now a[href$='/do/assign_modality/']").click()
        expect(page.locator("input[name='f.modality']:checked")).to_have_count(1)  # as the table proposes
        whole(page)


@BOTH
def test_two_missed_signatures_lead_to_a_closing_that_a_person_confirms_and_can_be_undone(
    browser: Browser, site: str, lang: str, size: Size
) -> None:
    says = WORDS[lang]
    with entering(browser, site) as enter:
        page = enter(lang, "demo-mex-coordinator", size=size, scripts=True)
        case = first_of(page, lang, "view=missed&procedure=mex_asylum")
        page.goto(case)
        whole(page)
        expect(page.locator("a[href$='/do/abandon/']").first).to_be_visible()  # proposed, not done
        page.locator(".alert a[href$='/do/abandon/']").click()
        page.locator("form.one-act button").last.click()  # without the ground or a reason
        expect(page.locator("#faults li")).to_have_count(2)
        whole(page)
        page.locator("input[name='f.ground'][value='signatures']").check()
        page.fill("#f-reason", "Faltó dos semanas. / Two weeks were missed.")
        page.locator("form.one-act button").last.click()
        expect(page.locator("#h-person ~ p").first).to_contain_text(says["notice"])
        expect(page.locator("#h-person ~ ul")).to_contain_text(says["remedy"])
        whole(page)
        page.locator("main form button").click()
        expect(page.locator(".case-head")).to_contain_text(says["closed"])
        whole(page)
        does(page, case, "reopen", reason="Estuvo en el hospital. / Was in hospital.")
        expect(page.locator(".case-head")).not_to_contain_text(says["closed"])
        expect(page.locator(".events li").first).to_contain_text(says["remedy"])
        whole(page)


@BOTH
def test_a_decision_is_made_and_notified(browser: Browser, site: str, lang: str, size: Size) -> None:
    with entering(browser, site) as enter:
        head = enter(lang, "demo-mex-coordinator", size=size, scripts=True)
        case = first_of(head, lang, "view=all&procedure=mex_asylum&stage=decision")
        head.goto(case)
        head.locator("details.cannot summary").click()
        whole(head)
        head.locator("section li a[href*='/deadline/']").first.click()
        whole(head)
        does(head, case, "recognise", reason="Se acreditó el temor fundado. / Well-founded fear was shown.")
        officer = enter(lang, "demo-mex-protection", size=size, scripts=True)
        does(officer, case, "notify_grant")
        expect(officer.locator(".case-head")).to_contain_text(WORDS[lang]["granted"])
        whole(officer)


@BOTH
def test_a_supervisor_sees_who_has_how_many_and_hands_over_several(
    browser: Browser, site: str, lang: str, size: Size
) -> None:
    with entering(browser, site) as enter:
        page = enter(lang, "demo-mex-coordinator", size=size, scripts=True)
        page.goto(f"/{lang}/cases/supervise/")
        whole(page)
        page.goto(f"/{lang}/cases/supervise/several/?of=-")
        whole(page)
        page.locator("input[name=case]").nth(0).check()
        page.locator("input[name=case]").nth(1).check()
        page.select_option("#f-to", "demo-mex-protection")
        page.locator("main form button").click()
        expect(page.locator(".alert.ok")).to_contain_text("2")
        page.goto(f"/{lang}/cases/supervise/roles/")
        whole(page)


def test_a_procedure_that_nobody_foresaw_is_written_signed_by_two_and_followed(
    browser: Browser, site: str
) -> None:
    today = datetime.now(ZoneInfo("America/Mexico_City")).date().isoformat()
    text = STORM.read_text(encoding="utf-8").replace("2026-01-01", today)
    with entering(browser, site) as enter:
        one, two = (
            enter("es", "demo-mex-legal", scripts=True),
            enter("en", "demo-mex-legal-2", size=PHONE, scripts=True),
        )
        one.goto("/es/procedure-drafts/")
        whole(one)
        one.locator("details summary").last.click()
        one.fill("#f-text", text.replace("turn: [head]", "turn: [hed]"))
        one.locator("details button").last.click()
        expect(one.locator(".yaml-faults li").first).to_contain_text("hed")  # told with its line and a remedy
        whole(one)
        one.fill("#f-text", text)
        one.locator("button[value=write]").click()
        expect(one.locator("#h-proof + p")).to_contain_text("Probado")
        whole(one)
        one.locator("button[value=sign]").click()
        draft = re.sub(r"^.*?/es/", "/en/", one.url).partition("?")[0]
        two.goto(draft)
        whole(two)
        two.locator("button[value=publish]").click()
        expect(two.locator(".alert.ok").first).to_contain_text("Published")
        two.goto(f"{draft}preview/")
        whole(two)
        _followed(
            enter("es", "demo-mex-coordinator", scripts=True), enter("es", "demo-mex-case", scripts=True)
        )


def _followed(head: Page, officer: Page) -> None:
    """The new procedure's roles are given, and a case is taken through it: no Python, no restart."""
    head.goto("/es/cases/supervise/roles/")
    for role in ("window", "head"):
        head.select_option("#f-user", "demo-mex-case")
        head.select_option("#f-role", f"storm_permit|{role}")
        head.locator("form.filters button").click()
        expect(head.locator(".alert.ok")).to_be_visible()
    officer.goto("/es/cases/?view=all&procedure=mex_asylum")
    officer.goto(str(officer.locator(".cases tbody th a").first.get_attribute("href")))
    officer.locator("#h-people + ul a").first.click()
    officer.locator(".actions a[href$='/cases/']").click()
    whole(officer)
    officer.locator("a[href$='/cases/storm_permit/ask/']").click()
    whole(officer)
    officer.fill("[name='f.storm']", "Nana")
    for part, value in (("d", "3"), ("m", "11"), ("y", "2026")):
        officer.fill(f"[name='f.displaced_on.{part}']", value)
    officer.fill("[name='f.workers']", "2")
    officer.locator("input[name='f.crops'][value='coffee']").check()
    officer.locator("input[name='f.minors'][value='no']").check()
    officer.locator("form.one-act button").last.click()
    expect(officer.locator(".alert.ok")).to_contain_text("Caso abierto.")
    whole(officer)
    case = officer.url.partition("?")[0]
    does(officer, case, "check")
    does(officer, case, "permit")
    expect(officer.locator(".case-head")).to_contain_text("Con permiso")
    whole(officer)


@BOTH
def test_procedures_are_read_by_anybody(browser: Browser, site: str, lang: str, size: Size) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=True, viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    try:
        page.goto(f"/{lang}/state/MEX/")
        page.locator("a.more[href*='/procedures/']").click()
        whole(page)
        for name in ("mex_asylum", "blz_asylum"):
            page.goto(f"/{lang}/procedures/{name}/")
            whole(page)
    finally:
        context.close()
