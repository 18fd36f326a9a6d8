"""Subscribing to the calendar; entering a meeting with its agenda and an agreement, seeing it late, marking it
done: on a desk and a phone, in both languages, with and without JavaScript."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from datetime import date

import pytest
import vobject
from playwright.sync_api import Page
from tests.browser.people import sign_in, whole

pytestmark = pytest.mark.browser
PATHS = (
    "planning/calendar/?year=2024", "planning/calendar/?month=2024-09", "planning/event/rapporteur-chat/",
    "planning/event/annual-meeting-6/", "planning/agreements/", "planning/agreement/conare-yearly/",
    "planning/calendar/subscribe/",
)  # fmt: skip
WORDS = {
    "es": {"meeting": "Sesión del equipo", "item": "Apertura", "agreed": "Enviar el plan", "late": "atrasado:",
           "done": "cumplido", "told": "Se envió", "copied": "Copiado", "doubt": "La fecha está en duda"},
    "en": {"meeting": "Session of the team", "item": "Opening", "agreed": "Send the plan", "late": "late:",
           "done": "done", "told": "It was sent", "copied": "Copied", "doubt": "The date is in doubt"},
}  # fmt: skip


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        content: bytes = answer.read()
    return content


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
@pytest.mark.parametrize("device", ["desk", "phone"])
def test_somebody_finds_their_work_and_begins_a_meeting_from_it(
    site: str, lang: str, device: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(device)
    sign_in(page, site, lang, "demo-lead-id", f"/{lang}/planning/mine/")
    whole(page)
    assert page.locator("section[aria-labelledby=agreements] tbody tr").count() >= 1
    page.click(f"section[aria-labelledby=begin] a[href='/{lang}/planning/event-new/']")
    whole(page)
    row = page.locator(".row-agenda").nth(1)
    number = row.get_attribute("aria-label")
    assert number is not None
    assert all(number in words for words in row.locator("label").all_text_contents()), "cells name their row"


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("device", ["desk", "phone"])
def test_anybody_subscribes_by_an_address_that_calendar_programs_take(
    site: str, lang: str, device: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(device)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.goto(f"{site}/{lang}/planning/calendar/")
    page.click(f"a[href='/{lang}/planning/calendar/subscribe/']")
    whole(page)
    address = page.input_value("#feed-all")
    assert address == f"{site}/{lang}/planning/calendar/mirps.ics"
    opens = page.locator("section[aria-labelledby=public] a.button").get_attribute("href")
    assert opens == address.replace("http://", "webcal://")
    page.click("button[data-copy=feed-all]")
    page.wait_for_selector(f"button[data-copy=feed-all]:has-text('{WORDS[lang]['copied']}')")
    assert page.evaluate("navigator.clipboard.readText()") == address
    read = vobject.readOne(fetched(address).decode())
    days = {e.summary.value: e.dtstart.value for e in read.vevent_list}
    assert days["VII Reunión Anual" if lang == "es" else "VII Annual Meeting"] == date(2024, 12, 5)


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("device", ["desk", "phone"])
def test_a_meeting_is_entered_its_agreement_goes_late_and_is_marked_done(
    site: str, lang: str, device: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(device)
    words = WORDS[lang]
    name = f"{words['meeting']} ({device})"
    sign_in(page, site, lang, "demo-secretariat", f"/{lang}/planning/calendar/")
    page.click(f"a[href='/{lang}/planning/event-new/']")
    whole(page)
    for other in ("es", "en"):
        page.fill(f"[name='title.{other}']", f"{WORDS[other]['meeting']} ({device})")
        page.fill(f"[name='agenda.0.{other}']", WORDS[other]["item"])
    page.select_option("[name=sort]", "session")
    page.fill("[name=starts]", "2026-01-20")
    page.fill("[name='from']", "09:00")
    page.select_option("[name=audience]", "members")
    page.fill("[name='participants.0.country']", "HND")
    page.select_option("[name='participants.0.presence']", "attended")
    page.keyboard.press("Tab")
    page.click("form.event-form > button[type=submit]:not(.unseen)")
    page.wait_for_selector(f"h1:has-text('{name}')")
    whole(page)
    assert words["item"] in page.inner_text("main")
    meeting = page.url
    page.click("a[href$='/new/agreement/']")
    for other in ("es", "en"):
        page.fill(f"[name='title.{other}']", f"{WORDS[other]['agreed']} ({device}, {lang})")
    page.check("[name=states][value=HND]")
    page.fill("[name=due]", "2026-02")
    page.click("main form button[type=submit]")
    page.wait_for_url(f"{meeting}#agreements")
    assert words["late"] in page.inner_text("#agreements ~ div")
    whole(page)
    _told_done(page, site, lang, f"{words['agreed']} ({device}, {lang})")


def _told_done(page: Page, site: str, lang: str, agreed: str) -> None:
    """The State that sees to it finds it among its own, late, and tells that it is done."""
    words = WORDS[lang]
    page.context.clear_cookies()
    sign_in(page, site, lang, "demo-hnd", f"/{lang}/planning/calendar/")
    assert page.locator(".alert[role=status] li").count() >= 1
    page.goto(f"{site}/{lang}/planning/agreements/?way=mine")
    whole(page)
    page.click(f"a:has-text('{agreed}')")
    assert words["late"] in page.inner_text(".facts")
    page.check("#r-done")
    page.fill(f"[name='said.{lang}']", words["told"])
    page.click(
        "main form.form button[type=submit]:has-text('seguimiento'), main form.form button:has-text('follow-up')"
    )
    page.wait_for_url(re.compile(r".*\?kept=1.*"))
    assert words["done"] in page.inner_text(".facts")
    assert words["told"] in page.inner_text(".course-of")
    whole(page)
    page.goto(f"{site}/{lang}/planning/agreements/?way=late")
    assert agreed not in page.inner_text("main")


def test_a_private_address_is_made_once_and_revoked_without_javascript(site: str, plain: Page) -> None:
    sign_in(plain, site, "es", "demo-member-jl", "/es/planning/calendar/subscribe/")
    plain.click("button[name=make]")
    address = plain.input_value("#feed-own")
    assert re.fullmatch(rf"{site}/es/planning/calendar/private/[\w-]{{43}}\.ics", address)
    assert b"BEGIN:VCALENDAR" in fetched(address)
    plain.goto(f"{site}/es/planning/calendar/subscribe/")
    assert plain.locator("#feed-own").count() == 0
    plain.click("button[name=revoke]")
    assert "quedó anulada" in plain.inner_text("main")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetched(address)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_date_in_doubt_says_so_and_names_the_other(site: str, plain: Page, lang: str) -> None:
    plain.goto(f"{site}/{lang}/planning/calendar/?month=2024-09")
    plain.click(".sheet a >> nth=0")
    told = plain.inner_text("main")
    assert WORDS[lang]["doubt"] in told
    assert ("10 de septiembre de 2024" if lang == "es" else "10 September 2024") in told


def test_a_month_is_kept_on_paper_without_its_buttons(site: str, desk: Page) -> None:
    desk.goto(f"{site}/es/planning/calendar/?month=2024-09")
    desk.emulate_media(media="print")
    assert not desk.locator(".filters").is_visible()
    assert not desk.locator(".views").is_visible()
    assert desk.locator(".sheet").is_visible()
