"""A registration officer searches, registers a family of five by keyboard alone, corrects a date, parts the group."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.people import PATIENCE, scripts_hold, sign_in, whole

pytestmark = pytest.mark.browser
#: Given names, surnames, day, month and year of birth, sex (its place in the list), letters of the role.
FAMILY = {
    "es": (
        ("Yamileth", "Orellana Tróchez", "4", "5", "1987", 0, ""),
        ("Wilfredo", "Tábora", "1", "1", "1984", 1, "Pareja"),
        ("Keila Sofía", "Tábora Orellana", "17", "9", "2012", 0, "Hija"),
        ("Axel", "Tábora Orellana", "30", "11", "2016", 1, "Hija"),
        ("Dominga", "Tróchez", "", "", "1955", 0, "Madre"),
    ),
    "en": (
        ("Norma", "Castellón Ruano", "12", "3", "1990", 0, ""),
        ("Abner", "Ñurinda", "8", "8", "1988", 1, "Partner"),
        ("Leticia", "Ñurinda Castellón", "2", "2", "2014", 0, "Child"),
        ("Saúl", "Ñurinda Castellón", "25", "12", "2018", 1, "Child"),
        ("Petrona", "Ruano", "", "", "1960", 0, "Parent"),
    ),
}
WORDS = {
    "es": {"who": "demo-mex-tapachula", "nobody": "Nadie así", "done": "Registrado.", "corrected": "Corregido.",
           "country": "Honduras", "split": "El grupo se dividió", "found": "coincide", "search": "orelana"},
    "en": {"who": "demo-mex-tenosique", "nobody": "Nobody like that", "done": "Registered.", "corrected": "Corrected.",
           "country": "Nicaragua", "split": "The group split", "found": "fits well", "search": "castelon"},
}  # fmt: skip


def tab_to(page: Page, what: str) -> None:
    """Press Tab until the focus stands on what the selector names: nobody's hand leaves the keyboard."""
    for _ in range(90):
        if page.evaluate("s => document.activeElement?.matches(s)", what):  # none while a page is coming
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{what} is not reached by Tab")


def typed(page: Page, name: str, text: str) -> None:
    tab_to(page, f"[name='{name}']")
    page.keyboard.type(text)


def chosen(page: Page, name: str, nth: int) -> None:
    """The nth of a group of radio buttons, by Space and the arrows."""
    tab_to(page, f"[name='{name}']")
    page.keyboard.press("Space")
    for _ in range(nth):
        page.keyboard.press("ArrowDown")


def person(
    page: Page, n: int, one: tuple[str, str, str, str, str, int, str], country: str, *, first: bool
) -> None:
    given, surnames, day, month, year, sex, role = one
    at = f"p{n}"
    if role:
        typed(page, f"{at}.role", role)
    if not first:  # the first bears the name that was searched for
        typed(page, f"{at}.name.0.given", given)
        typed(page, f"{at}.name.0.surnames", surnames)
    for part, text in (("d", day), ("m", month), ("y", year)):
        typed(page, f"{at}.birth.0.date.{part}", text)
    chosen(page, f"{at}.sex.0.sex", sex)
    typed(page, f"{at}.nationality.0.country", country)
    chosen(page, f"{at}.consent-registration.0.given", 0)
    chosen(page, f"{at}.consent-registration.0.how", 1)


def registered(page: Page, site: str, lang: str) -> None:
    """From the search to the group, by keyboard alone."""
    says, people = WORDS[lang], FAMILY[lang]
    page.goto(f"{site}/{lang}/people/")
    whole(page)
    page.keyboard.type(f"{people[0][0]} {people[0][1]}")  # the box has the focus
    page.keyboard.press("Enter")
    expect(page.locator("#h-found")).to_contain_text(says["nobody"])
    whole(page)
    tab_to(page, ".begin button")
    page.keyboard.press("Enter")
    expect(page.locator("[data-family]")).to_be_visible()
    whole(page)
    for n, one in enumerate(people):
        if n:
            tab_to(page, "[data-another]")
            page.keyboard.press("Enter")
        person(page, n, one, says["country"], first=n == 0)
    whole(page)
    tab_to(page, "button[value=keep]")
    page.keyboard.press("Enter")
    expect(page.locator(".alert.ok").first).to_contain_text(says["done"])
    expect(page.locator(".people-table tbody tr")).to_have_count(5)
    whole(page)


@pytest.mark.parametrize(("lang", "screen"), [("es", "desk"), ("en", "phone")])
def test_a_family_of_five_is_registered_by_keyboard_and_lives_on(
    site: str, request: pytest.FixtureRequest, lang: str, screen: str
) -> None:
    page: Page = scripts_hold(request.getfixturevalue(screen))
    page.set_default_timeout(PATIENCE)
    says, people = WORDS[lang], FAMILY[lang]
    sign_in(page, site, lang, says["who"])
    registered(page, site, lang)
    group = page.url.partition("?")[0]
    _corrected(page, says)
    _found_again(page, site, lang)
    _split(page, group, lang)
    page.goto(f"{group}cards/")
    whole(page)
    for where in ("work/", "seat/"):
        page.goto(f"{site}/{lang}/people/{where}")
        whole(page)
    expect(page.locator("main")).not_to_contain_text(people[0][0])


def _corrected(page: Page, says: dict[str, str]) -> None:
    """The file is read, a date corrected, and both stand in the history."""
    page.locator(".people-table tbody a").first.click()
    expect(page.locator("#h-who")).to_be_visible()
    whole(page)
    file = page.url
    page.locator("h3:has-text('Nacimiento'), h3:has-text('Birth')").locator("+ ul .trace a").first.click()
    whole(page)
    page.fill("[name='f.date.d']", "6")
    page.keyboard.press("Enter")
    expect(page.locator(".alert.ok")).to_contain_text(says["corrected"])
    page.goto(f"{file}history/")
    expect(page.locator(".fact.gone")).to_have_count(1)
    whole(page)
    page.goto(f"{file}card/")
    expect(page.locator(".id-code svg")).to_be_visible()
    whole(page)
    page.goto(f"{file}say/need/")
    whole(page)


def _found_again(page: Page, site: str, lang: str) -> None:
    """A misspelt surname finds them."""
    given = FAMILY[lang][0][0]
    page.goto(f"{site}/{lang}/people/")
    page.fill("#f-q", f"{given} {WORDS[lang]['search']}")
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_contain_text(given)
    whole(page)


def _split(page: Page, group: str, lang: str) -> None:
    """The partner goes with a child; what is left out is said at its box."""
    partner = " ".join(FAMILY[lang][1][:2])
    page.goto(f"{group}split/")
    whole(page)
    page.click(".keep button")
    expect(page.locator("#faults")).to_be_visible()
    whole(page)
    for one in FAMILY[lang][1:3]:
        page.get_by_label(" ".join(one[:2]), exact=True).check()
    page.select_option("#f-head", label=partner)
    page.click(".keep button")
    expect(page.locator(".alert.ok")).to_contain_text(WORDS[lang]["split"])
    expect(page.locator(".people-table tbody tr")).to_have_count(2)
    assert re.search(r"-G-", page.url)
    whole(page)
    page.goto(group)
    expect(page.locator(".people-table tbody tr")).to_have_count(3)


def test_without_a_script_a_family_of_two_is_registered_too(site: str, plain: Page) -> None:
    plain.set_default_timeout(PATIENCE)
    sign_in(plain, site, "es", "demo-mex-tapachula")
    plain.goto(f"{site}/es/people/")
    plain.fill("#f-q", "Eulalia Zaldívar")
    plain.click(".seek button[type=submit]")
    plain.click(".begin button")
    for n in range(2):
        if n:
            plain.click("[data-another]")
            plain.fill("[name='p1.name.0.given']", "Rolando")
            plain.select_option("[name='p1.role']", "child")
        for part, text in (("d", "3"), ("m", "4"), ("y", str(1980 + 25 * n))):
            plain.fill(f"[name='p{n}.birth.0.date.{part}']", text)
        plain.check(f"[name='p{n}.sex.0.sex'][value=F]")
        plain.fill(f"[name='p{n}.nationality.0.country']", "Guatemala")
        plain.check(f"[name='p{n}.consent-registration.0.given'][value=given]")
    plain.click("button[value=keep]")
    expect(plain.locator(".people-table tbody tr")).to_have_count(2)


def test_a_photo_is_taken_by_the_camera_and_shown_in_the_file(site: str, browser: Browser) -> None:
    """Chromium's made-up camera stands in for the desk's."""
    camera = browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=[*QUIET, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
    )
    try:
        page = scripts_hold(camera.new_page())
        page.set_default_timeout(PATIENCE)
        sign_in(page, site, "en", "demo-blz-benque")
        page.goto(f"{site}/en/people/")
        page.fill("#f-q", "Delfina Tzib")
        page.keyboard.press("Enter")
        page.click(".begin button")
        person(page, 0, ("Delfina", "Tzib", "1", "2", "1999", 0, ""), "Guatemala", first=True)
        page.locator("[data-block='p0.photo'] summary").click()
        button = page.locator(".camera button")
        button.click()
        expect(page.locator(".camera video")).to_be_visible()
        button.click()
        expect(page.locator(".camera canvas")).to_be_visible()
        expect(page.locator("[data-photo]")).to_have_js_property("files.length", 1)
        whole(page)
        page.click("button[value=keep]")
        page.locator(".people-table tbody a").click()
        expect(page.locator("img.photo")).to_be_visible()
        assert page.evaluate("document.querySelector('img.photo').naturalWidth") == 480
        whole(page)
    finally:
        camera.close()
