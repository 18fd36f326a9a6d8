"""The 2025 round run by the demo's people from its invitation to an erratum, with nothing outside the product.

A ministry fills its workbook in offline, uploads it with four mistakes and mends them; a focal point
compiles; a reviewer sends one figure back; the presidency publishes under embargo; an erratum follows.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.people import DESK, PHONE, screen, scripts_hold, sign_in, whole
from tests.browser.test_corrections import fill as fill_correction
from tests.browser.test_workbook import WORDS, fill, press, upload
from tests.product import demo_environment, seed, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BODY = "HND.DIPPDIV"
FIGURE = "r2025-hnd-dippdiv-002"
OTHERS = ("BLZ", "CRI", "SLV", "GTM", "MEX", "PAN")
expect.set_options(timeout=30_000)


class Demo:
    """The product as the demo sets it up, and its people signed in, each on a page of their own."""

    def __init__(
        self, address: str, seeded: dict[str, Any], browser: Browser, lang: str, size: dict[str, int]
    ):
        self.address, self.seeded, self.browser, self.lang, self.size = address, seeded, browser, lang, size
        self.held: dict[str, Page] = {}
        self.contexts: list[BrowserContext] = []

    def of(self, who: str) -> Page:
        if who not in self.held:
            context = self.browser.new_context(**screen(self.size))
            self.contexts.append(context)
            self.held[who] = page = scripts_hold(context.new_page())
            sign_in(page, self.address, self.lang, who, f"/{self.lang}/rounds/")
        return self.held[who]

    def at(self, path: str) -> str:
        return f"{self.address}/{self.lang}/rounds/2025/{path}"

    def open(self, who: str, path: str) -> Page:
        page = self.of(who)
        answer = page.goto(self.at(path))
        assert answer is not None
        assert answer.status == 200, (who, path)
        whole(page)
        return page

    def public(self, path: str) -> int:
        """What somebody not signed in is answered."""
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as e:
            return e.code


@pytest.fixture(params=[("es", PHONE), ("en", DESK), ("es", DESK), ("en", PHONE)],
                ids=["es-phone", "en-desk", "es-desk", "en-phone"])  # fmt: skip
def demo(request: pytest.FixtureRequest, tmp_path: Path, browser: Browser) -> Iterator[Demo]:
    env = demo_environment(tmp_path / "home")
    seeded = seed(env, Path(__file__).with_name("seed_journey.py"))
    with serving(env) as address:
        made = Demo(address, json.loads(seeded), browser, *request.param)
        yield made
        for context in made.contexts:
            context.close()


def test_from_invitation_to_erratum(demo: Demo, tmp_path: Path) -> None:
    is_invited_and_fills_its_workbook(demo, tmp_path)
    hands_over(demo)
    compiles_and_approves(demo)
    one_figure_goes_back_and_comes_again(demo)
    approves_for_the_region_and_closes(demo)
    publishes_under_embargo(demo)
    lifts_the_embargo(demo)
    an_erratum_follows(demo)


def is_invited_and_fills_its_workbook(demo: Demo, tmp_path: Path) -> None:
    """Told that the round is open; the workbook comes, goes and comes back with four mistakes, mended then."""
    page, say = demo.of("demo-hnd-dippdiv"), WORDS[demo.lang]
    page.goto(f"{demo.address}/{demo.lang}/notices/")
    whole(page)
    press(page, ".told-what a >> nth=0")
    assert "/rounds/2025/" in page.url
    whole(page)
    address = demo.at(f"workbook/{BODY}/")
    page.goto(address)
    with page.expect_download() as got:
        page.click(f"text={say['get']}")
    path = tmp_path / got.value.suggested_filename
    got.value.save_as(path)
    right = {k: v for k, v in demo.seeded["values"].items() if v is not None} | {"hnd-dippdiv-001": 322}
    wrong: dict[str, object] = {
        "hnd-dippdiv-001": "trescientos", "hnd-dippdiv-002": -93, "hnd-dippdiv-003": 15.5,
        "hnd-dippdiv-004": date(2025, 2, 1),
    }  # fmt: skip
    fill(path, {**right, **wrong})
    upload(page, address, path)
    assert page.locator("table.faults tbody tr").count() == 4
    whole(page)
    press(page, "button[value=none]")
    fill(path, dict(right))
    upload(page, address, path)
    assert page.locator("table.faults").count() == 0
    whole(page)
    press(page, "button[value=all]")
    expect(page.locator("[role=status]").first).to_contain_text(str(len(right)))
    upload(page, address, path)
    assert say["again"] in page.inner_text("[role=status]")


def hands_over(demo: Demo) -> None:
    page = demo.open("demo-hnd-dippdiv", f"enter/{BODY}/submit/")
    press(page, "main form button[type=submit]")
    assert "sent=" in page.url
    whole(page)


def approve_all(demo: Demo, who: str) -> None:
    page = demo.open(who, "review/HND/")
    press(page, "main p > a.button")
    whole(page)
    press(page, "main form.actions button[type=submit]")
    expect(page.locator("#done")).to_be_visible()


def compiles_and_approves(demo: Demo) -> None:
    """The focal point sees how far the State is; the State's approver answers for it."""
    watch = demo.open("demo-hnd", "watch/")
    expect(watch.locator("#s-HND")).to_be_visible()
    assert watch.locator("#s-CRI").count() == 0
    demo.open("demo-hnd", "watch/remind/?state=HND")
    demo.open("demo-hnd", "review/HND/?show=all")
    approve_all(demo, "demo-hnd-approver")


def one_figure_goes_back_and_comes_again(demo: Demo) -> None:
    why = "¿No faltan los de diciembre?" if demo.lang == "es" else "Are those of December not missing?"
    page = demo.open("demo-reviewer", "review/HND/?show=all")
    press(page, "#hnd-dippdiv-002 a.open")
    whole(page)
    page.click("#send-back summary")
    for box in page.locator("#send-back input[type=checkbox]").all():
        box.check()
    page.fill("#f-send-back", why)
    press(page, "#send-back button[type=submit]")
    expect(page.locator("#done")).to_be_visible()

    clerk = demo.of("demo-hnd-dippdiv")
    clerk.goto(f"{demo.address}/{demo.lang}/notices/")
    whole(clerk)
    clerk.goto(demo.at(f"enter/{BODY}/hnd-dippdiv-002/"))
    expect(clerk.locator("main")).to_contain_text(why)
    whole(clerk)
    clerk.locator("main input[inputmode=decimal]").first.fill("95")
    press(clerk, "main form.ask-form button[value=list]")
    hands_over(demo)
    approve_all(demo, "demo-hnd-approver")


def approves_for_the_region_and_closes(demo: Demo) -> None:
    approve_all(demo, "demo-approver")
    page = demo.open("demo-secretariat", "setup/")
    form = page.locator("form:has(input[name=to][value=closed])")
    folded = page.locator("details:not([open]):has(input[name=to][value=closed]) > summary")
    if folded.count():
        folded.click()
    reason = form.locator("[name=reason]")
    if reason.count():
        reason.fill("Todo llegó.")
    with page.expect_navigation():
        form.locator("button[type=submit]").click()


def publishes_under_embargo(demo: Demo) -> None:
    page = demo.open(demo.seeded["presidency"], "publish/")
    for state in OTHERS:
        page.click("section[aria-labelledby=without] details summary")
        page.select_option("#out-state", state)
        page.fill("#out-es", "No entregó a tiempo para esta prueba.")
        page.fill("#out-en", "Did not submit in time for this test.")
        press(page, "section[aria-labelledby=without] details button[type=submit]")
    whole(page)
    assert page.locator("section[aria-labelledby=holds] .doubt").all_inner_texts() == []
    page.click("section[aria-labelledby=go] details summary")
    page.fill("#f-until-HND", (datetime.now(UTC) + timedelta(days=3)).date().isoformat())
    page.check("#f-sure")
    page.set_default_timeout(120_000)
    press(page, "section[aria-labelledby=go] form button[type=submit]")
    assert page.locator("#faults").count() == 0, page.inner_text("main")
    assert "kept=1" in page.url
    whole(page)
    for path in (f"/{demo.lang}/figure/{FIGURE}/", f"/{demo.lang}/figure/{FIGURE}-r2/"):
        assert demo.public(path) == 404, "under embargo"


def lifts_the_embargo(demo: Demo) -> None:
    page = demo.open("demo-hnd-approver", "publish/")
    page.fill("#lift-HND", "Ya se presentó." if demo.lang == "es" else "It was presented.")
    press(page, "form:has(#lift-HND) button[type=submit]")
    whole(page)
    assert demo.public(f"/{demo.lang}/figure/{FIGURE}-r2/") == 200
    visitor = demo.browser.new_context(viewport=demo.size)
    demo.contexts.append(visitor)
    public = visitor.new_page()
    for path in (f"figure/{FIGURE}-r2/", "state/HND/", "news/", "report/round-2025/"):
        answer = public.goto(f"{demo.address}/{demo.lang}/{path}")
        assert answer is not None
        assert answer.status == 200, path
        whole(public)


def an_erratum_follows(demo: Demo) -> None:
    page = demo.of("demo-hnd")
    page.goto(f"{demo.address}/{demo.lang}/figure/{FIGURE}-r2/correct/")
    whole(page)
    fill_correction(page, "97")
    press(page, "button[value=preview]")
    whole(page)
    press(page, "button[value=confirm]")
    page.wait_for_url("**/erratum/2025/**")
    whole(page)
    assert "97" in page.inner_text("main")
    for path in (f"figure/{FIGURE}-r2/", f"figure/{FIGURE}-r3/", "errata/"):
        assert demo.public(f"/{demo.lang}/{path}") == 200, "both versions can be cited"
