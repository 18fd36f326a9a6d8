"""A team writes its workplan, sees it go late, says how it goes, and follows a pledge to its result."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.people import sign_in, whole
from tests.days import today

pytestmark = pytest.mark.browser
WORDS = {
    "es": {
        "late": "nadie ha dicho que lo esté", "done": "Terminada, según lo dicho", "copied": "Partes copiadas: 6.",
        "gap": "Ningún dinero está ligado.", "red": "Rojo",
    },
    "en": {
        "late": "nobody has said that it is done", "done": "Done, as stated", "copied": "Parts copied: 6.",
        "gap": "No money is linked.", "red": "Red",
    },
}  # fmt: skip


def enter(page: Page, site: str, lang: str, who: str) -> None:
    sign_in(page, site, lang, who, f"/{lang}/planning/plans/")


@pytest.mark.parametrize(("lang", "screen"), [("es", "phone"), ("en", "desk")])
def test_a_workplan_is_written_and_goes_late(
    site: str, request: pytest.FixtureRequest, browser: Browser, lang: str, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    plan = f"{site}/{lang}/planning/plan/wp-jl-{lang}"
    enter(page, site, lang, "demo-member-jl")
    whole(page)
    _copied(page, f"{site}/{lang}/planning/plan/wp-jl-2024/copy/", lang)
    _added(page, lang)
    _outlined(page, plan, lang)
    _late(page, plan, site, lang)
    _stated(page, plan, lang)
    # All of it is handed in; the public knows nothing until somebody else publishes.
    page.goto(f"{plan}/edit/")
    page.click("button[name=act][value=submit]")
    expect(page.locator("h1")).to_be_visible()
    public = browser.new_context()
    assert public.request.get(f"{plan}/").status == 404
    context = browser.new_context()
    lead = context.new_page()
    enter(lead, site, lang, "demo-presidency")
    lead.goto(f"{plan}/edit/")
    lead.click("button[name=act][value=publish]")
    expect(lead.locator("h1")).to_be_visible()
    assert public.request.get(f"{plan}/").status == 200
    context.close()
    public.close()


def _copied(page: Page, address: str, lang: str) -> None:
    """Last year's plan is the start; what it leaves behind is said."""
    page.goto(address)
    whole(page)
    page.fill("#f-code", f"wp-jl-{lang}")
    page.click("main form.form button[type=submit]")
    expect(page.locator(".done")).to_contain_text(WORDS[lang]["copied"])
    whole(page)


def _added(page: Page, lang: str) -> None:
    """A part due yesterday and one in three weeks, by keyboard; the last one is then moved up."""
    for title, day in (("Ayer", today() - timedelta(days=1)), ("Luego", today() + timedelta(days=20))):
        page.check("#at-plan")
        page.focus("#f-title\\.es")
        page.keyboard.type(f"{title} {lang}")
        page.fill("#f-title\\.en", f"{title} {lang}")
        page.fill("#f-due", day.isoformat())
        page.keyboard.press("Enter")
        expect(page.locator(".row:has(input:checked) label")).to_contain_text(f"{title} {lang}")
    before = page.locator(".row label").all_inner_texts()
    page.locator("button[name=do][value=up]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".row:has(input:checked) label")).to_contain_text(f"Luego {lang}")
    after = page.locator(".row label").all_inner_texts()
    assert f"Luego {lang}" in before[-1]
    assert f"Luego {lang}" in after[-2]
    whole(page)


def _outlined(page: Page, plan: str, lang: str) -> None:
    """Lines that cannot be read are named, and nothing of them is kept."""
    page.goto(f"{plan}/outline/")
    whole(page)
    for text, shown in (
        ("Uno | One\n  Dos | Two | 2025-13", "#faults"),
        ("Uno | One\n  Dos | Two | 2090-01", ".done"),
    ):
        page.fill("#f-text", text)
        page.click("main form.form button[type=submit]")
        expect(page.locator(shown)).to_be_visible()
        whole(page)


def _late(page: Page, plan: str, site: str, lang: str) -> None:
    """The plan says what is late and why; the other part will be, if nobody says anything."""
    page.goto(f"{plan}/?show=late")
    whole(page)
    late = page.locator(".part", has_text=f"Ayer {lang}")
    expect(late).to_contain_text(WORDS[lang]["late"])
    expect(late.locator(".light-red")).to_have_text(WORDS[lang]["red"])
    expect(page.locator(".part", has_text=f"Luego {lang}")).to_have_count(0)
    page.goto(f"{plan}/?show=late&on={today() + timedelta(days=30)}")
    expect(page.locator(".part", has_text=f"Luego {lang}")).to_contain_text(WORDS[lang]["late"])
    page.goto(f"{site}/{lang}/planning/plans/late/?who=JL")
    expect(page.locator(".part", has_text=f"Ayer {lang}")).to_be_visible()
    whole(page)


def _stated(page: Page, plan: str, lang: str) -> None:
    """It is said to be done where it is shown as late, and the light says so."""
    page.goto(f"{plan}/?show=late")
    page.locator(".part", has_text=f"Ayer {lang}").locator("a").first.click()
    whole(page)
    page.select_option("#f-stage", "done")
    page.click(".state-it button[type=submit]")
    expect(page.locator(".verdict")).to_contain_text(WORDS[lang]["done"])
    whole(page)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_pledge_is_followed_to_its_result_and_back(site: str, phone: Page, lang: str) -> None:
    phone.goto(f"{site}/{lang}/planning/thread/paragraph/grf-2023-asylum.1/")
    whole(phone)
    expect(phone.locator(".strands")).to_contain_text("2024")
    expect(phone.locator(".alert")).to_contain_text(WORDS[lang]["gap"])
    phone.locator("a[href*='/planning/record/progress/wp-racp-2024.1']").first.click()
    phone.goto(f"{site}/{lang}/planning/thread/progress/wp-racp-2024.1.ar24/")
    whole(phone)
    expect(phone.locator("a[href$='/instrument/grf-2023-asylum/']")).to_be_visible()


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_pages_of_plans_are_for_everyone(
    site: str, request: pytest.FixtureRequest, lang: str, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    for path in (
        "plans/", "plan/rap-2023/?part=all", "plan/cri-asylum-2024/", "plan/blz-nap-2024-2026/",
        "plans/late/?what=money", "plan-part/cri-asylum-2024.2/",
        "plan-part/cri-asylum-2024.8/", "thread/plan/rap-2024/",
    ):  # fmt: skip
        page.goto(f"{site}/{lang}/planning/{path}")
        whole(page)


def test_a_plan_is_worked_on_without_javascript(site: str, plain: Page) -> None:
    enter(plain, site, "es", "demo-lead-racp")
    plain.goto(f"{site}/es/planning/plan/wp-racp-2024/edit/")
    plain.check("#at-wp-racp-2024\\.1")
    plain.click("button[name=do][value=down]")
    expect(plain.locator(".row:has(input:checked) .nr")).to_have_text("2")
    plain.fill("#f-title\\.es", "Sin guion")
    plain.click("button[name=do][value=add]")
    expect(plain.locator(".row label", has_text="Sin guion")).to_be_visible()
