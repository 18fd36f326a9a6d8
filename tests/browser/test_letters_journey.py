"""A certificate read from paper by a browser, with and without a line; a person's window on a phone; the officer's
pages of letters. Both languages, axe."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.people import PATIENCE, entering, scripts_hold, whole
from tests.product import own_tables, seed, serving

pytestmark = pytest.mark.browser
SEED = Path(__file__).with_name("seed_letters.py")
GENUINE = {"es": "El documento es auténtico y vale", "en": "The document is genuine and valid"}
PLANTED = ("Zulmarina", "Quetzaltórrez", "Honduras")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, Any]]]:
    home = tmp_path_factory.mktemp("home")
    env = own_tables(home) | {"PYTHONPATH": str(SEED.parents[2])}
    told = json.loads(seed(env, SEED, str(home)))
    subprocess.run(["pdftoppm", "-r", "110", "-png", told["pdf"], str(home / "paper")], check=True)
    told["photo"] = str(next(home.glob("paper*.png")))
    with serving(env) as address:
        yield address, told


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_letter_is_read_from_its_paper_and_verified_without_a_line(
    node: tuple[str, dict[str, Any]], phone: Page, lang: str
) -> None:
    address, told = node
    page = scripts_hold(phone)
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/{lang}/verify/")
    whole(page)
    page.evaluate(
        """async (scope) => { while (!(await navigator.serviceWorker.getRegistration(scope))?.active)
             await new Promise((done) => setTimeout(done, 100)); }""",
        f"/{lang}/verify/",
    )
    page.set_input_files("#v-file", told["photo"])
    expect(page.locator("#verdict h2")).to_have_text(GENUINE[lang], timeout=PATIENCE)
    expect(page.locator("#verdict")).to_contain_text(told["serial"])
    whole(page)
    page.context.set_offline(True)
    page.goto(f"{address}/{lang}/verify/")
    page.set_input_files("#v-file", told["photo"])
    expect(page.locator("#verdict h2")).to_have_text(GENUINE[lang], timeout=PATIENCE)
    page.locator("details summary").click()
    page.fill("#v-name", "zulmarina quetzaltorrez")
    page.fill("#v-born", "1987-05-04")
    page.fill("#v-control", told["control"])
    page.locator("#verify button:not([type=button])").click()
    same = {"es": "son los firmados", "en": "are those that were signed"}[lang]
    expect(page.locator("#verdict")).to_contain_text(same, timeout=PATIENCE)
    page.fill("#v-name", "Otra Persona")
    page.locator("#verify button:not([type=button])").click()
    expect(page.locator("#verdict.other")).to_be_visible()
    page.context.set_offline(False)


def test_without_a_script_the_pdf_is_sent_and_verified(node: tuple[str, dict[str, Any]], plain: Page) -> None:
    address, told = node
    plain.goto(f"{address}/es/verify/")
    plain.set_input_files("#v-file", told["pdf"])
    plain.locator("#verify button:not([type=button])").click()
    expect(plain.locator("#verdict h2")).to_have_text(GENUINE["es"])
    expect(plain.locator("#verdict")).to_contain_text(told["serial"])


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_person_sees_asks_and_leaves_on_a_phone(
    node: tuple[str, dict[str, Any]], phone: Page, lang: str
) -> None:
    address, told = node
    page = scripts_hold(phone)
    page.goto(f"{address}/{lang}/window/")
    whole(page)
    page.fill("#f-code", told["code"])
    page.fill("#f-secret", "482915")
    page.locator("main form button").click()
    expect(page.locator(".stands")).to_be_visible(timeout=PATIENCE)
    whole(page)
    assert not [p for p in PLANTED if p in page.content()]
    page.goto(f"{address}/{lang}/window/write/question/")
    whole(page)
    page.fill("#f-text", "Soy Zulmarina")
    page.locator("main form button").click()
    expect(page.locator(".alert.ok")).to_be_visible()
    assert not [p for p in PLANTED if p in page.content()]
    for kind in ("complaint", "contact", "consent"):
        page.goto(f"{address}/{lang}/window/write/{kind}/")
        whole(page)
    page.goto(f"{address}/{lang}/window/paper/{told['serial']}/")
    whole(page)
    page.route("https://www.wikipedia.org/**", lambda r: r.fulfill(body="elsewhere"))
    page.locator("#leave").click()
    page.wait_for_url("https://www.wikipedia.org/**", wait_until="commit")
    left = monotonic()
    while True:  # the visit is ended behind the page that is shown instead, as soon as the server hears of it
        page.goto(f"{address}/{lang}/window/")
        if page.locator("#f-code, .stands").first.get_attribute("id") or monotonic() - left > PATIENCE / 1000:
            break
    expect(page.locator("#f-code")).to_be_visible()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_an_officer_has_the_letters_the_texts_and_what_came_in(
    node: tuple[str, dict[str, Any]], browser: Browser, lang: str
) -> None:
    address, told = node
    with entering(browser, address) as enter:
        page = enter(lang, "demo-mex-case", scripts=True)
        for way in (
            f"cases/{told['case']}/letters/",
            f"cases/{told['case']}/letters/{told['serial']}/",
            "cases/window/",
        ):
            page.goto(f"/{lang}/{way}")
            whole(page)
        chief = enter(lang, "demo-mex-coordinator", scripts=True)
        for way in ("cases/texts/", "cases/texts/mex_asylum/constancia/"):
            chief.goto(f"/{lang}/{way}")
            whole(chief)
