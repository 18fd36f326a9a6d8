"""Reading a declaration point by point, finding anything by one search, and a newsletter from its proposal to
the mail and out again: on a desk and a phone, in both languages, with and without JavaScript."""

from __future__ import annotations

import re
import time
import urllib.request
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page
from tests.browser.people import sign_in, whole

pytestmark = pytest.mark.browser
PATHS = (
    "planning/instruments/", "planning/instruments/?actor=state:HND", "planning/instrument/belize-city/",
    "planning/library/", "planning/newsletters/", "search/?q=belize+city+declaration",
)  # fmt: skip


def mails(site: str, subject: str) -> list[str]:
    """The bodies of the mails of the demo with that subject, the latest first."""

    def fetched(path: str) -> str:
        with urllib.request.urlopen(f"{site}{path}", timeout=10) as answer:
            content: bytes = answer.read()
        return content.decode()

    listed = re.findall(r'href="(/es/demo-mail/\w+/)"[^>]*>([^<]*)<', fetched("/es/demo-mail/"))
    return [fetched(path) for path, title in listed if subject in title]


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("device", ["desk", "phone"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_whole(
    site: str, lang: str, device: str, path: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(device)
    page.goto(f"{site}/{lang}/{path}")
    whole(page)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_presidency_finds_what_is_asked_of_it_and_what_came_of_a_point(
    site: str, lang: str, plain: Page
) -> None:
    plain.goto(f"{site}/{lang}/planning/instruments/")
    plain.select_option("#actor", "body:presidency")
    plain.click("main form.filters button")
    plain.click("a[href$='/belize-city/#p-8']")
    point = plain.locator("#p-8")
    assert point.locator("a[href$='/conare-meeting/']").count() == 1
    point.locator("a[href$='/conare-meeting/']").click()
    assert "CONARE" in plain.inner_text("h1")


@pytest.mark.parametrize(("lang", "words", "title"), [
    ("es", "declaracion ciudad belice", "Declaración de la Ciudad de Belice"),
    ("en", "declaración belice", "Belize City Declaration"),
    ("es", "belize city declaration", "Declaración de la Ciudad de Belice"),
])  # fmt: skip
def test_one_search_finds_an_instrument_in_either_language_without_accents(
    site: str, phone: Page, lang: str, words: str, title: str
) -> None:
    phone.goto(f"{site}/{lang}/search/")
    phone.fill("main input[type=search]", words)
    phone.click("main form button[type=submit]")
    phone.click(f"main a:text-is('{title}') >> nth=0")
    assert title in phone.inner_text("h1")


def asks_for_it(site: str, plain: Page) -> None:
    """Somebody without an account asks for the newsletter and confirms."""
    plain.goto(f"{site}/es/planning/newsletters/")
    plain.fill("#address", "rosa.journey@example.org")
    plain.click("form.subscribe button")
    assert "Le hemos escrito" in plain.inner_text("main")
    confirm = re.search(r"(/es/planning/newsletters/confirm/[^/\s\"<]+/)", mails(site, "Confirme")[0])
    assert confirm
    plain.goto(f"{site}{confirm[1]}")
    plain.click("main form button")
    assert "Confirmado" in plain.inner_text("main")


def test_a_newsletter_is_proposed_edited_published_by_another_sent_and_left(
    site: str, plain: Page, desk: Page
) -> None:
    asks_for_it(site, plain)
    # An editor proposes one of the last days, and edits it.
    sign_in(desk, site, "es", "demo-secretariat", "/es/planning/newsletters/")
    whole(desk)
    desk.click("section[aria-labelledby=h-propose] button")
    desk.wait_for_url("**/edit/")
    proposed = desk.input_value("[name='text.es']")
    assert "## " in proposed
    mark = datetime.now(UTC).strftime("%H%M%S").translate(str.maketrans("0123456789", "abcdefghij"))
    desk.fill("[name='title.es']", f"Boletín de prueba {mark}")
    desk.fill("[name='title.en']", f"Trial newsletter {mark}")
    desk.fill("[name='text.es']", "Se publicó el informe. Van 320 personas.")
    desk.fill("[name='text.en']", "The report was published. There are 320 people.")
    desk.click("main form.record-form button[type=submit]")
    desk.wait_for_url("**/planning/newsletter/*/")
    assert "números sin cifra" in desk.inner_text("main")
    desk.click("section[aria-labelledby=h-steps] a.button")
    desk.fill("[name='text.es']", "Se publicó el informe. Van [[ar24-mex-001]].")
    desk.fill("[name='text.en']", "The report was published. There are [[ar24-mex-001]].")
    desk.click("main form.record-form button[type=submit]")
    desk.wait_for_url("**/planning/newsletter/*/")
    whole(desk)
    here = desk.url.removeprefix(f"{site}/es/")
    desk.click("form.step:has(input[value=submit]) button")
    assert desk.locator("form.step:has(input[value=publish])").count() == 0, (
        "nobody publishes their own words"
    )
    # Another publishes it and sends it.
    desk.context.clear_cookies()
    sign_in(desk, site, "es", "demo-approver", f"/es/{here}")
    desk.click("form.step:has(input[value=publish]) button")
    desk.goto(f"{site}/es/{here}")
    desk.click("section[aria-labelledby=h-post] button")
    desk.wait_for_url("**?sent=*")
    plain.goto(f"{site}/en/{here}")
    assert plain.locator("main a.num").count() == 1
    # The mail comes with the next pass, and one click in it ends it.
    for _ in range(90):
        if found := mails(site, f"Boletín de prueba {mark}"):
            break
        time.sleep(1)
    else:
        pytest.fail("the newsletter was not mailed in a minute and a half")
    leave = re.search(r"(/es/planning/newsletters/leave/[^/\s\"<]+/)", found[0])
    assert leave
    desk.goto(f"{site}{leave[1]}")
    whole(desk)
    plain.goto(f"{site}{leave[1]}")
    plain.click("main form button")
    assert "borrada" in plain.inner_text("main")
