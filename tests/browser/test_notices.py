"""Notices as people meet them: on a desk and a phone, in both languages, with and without JavaScript."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from tests.browser.people import sign_in, whole
from tests.product import MIRPS, own_tables, serving

pytestmark = pytest.mark.browser
#: People of this server: one told of much, one of nothing, one whose address was refused.
PEOPLE = """
from datetime import date
from django.utils import timezone
from mirps.base.access.api import User
from mirps.base.notices import api
now = timezone.now()
NAMES = {"what_es": "Solicitudes de la condición de refugiado, por sexo y edad",
         "what_en": "Claims for refugee status, by sex and age"}
for name in ("told", "told-phone", "plain", "nothing", "refused"):
    user = User.objects.create_user(name, password="mirps-demo-only", first_name="Ana", country="HND",
                                    email=f"{name}@example.org")
    if name == "nothing":
        continue
    at = api.About(round="2025", state="HND", institution="HND.INM")
    api.tell(to=[user], kind="reminder", about=at, by="x", at=now, params=NAMES, due=date(2025, 12, 5))
    for n in range(3):
        api.tell(to=[user], kind="comment", about=api.About(round="2025", state="HND", figure="f1"), by="x", at=now,
                 params=NAMES)
    api.tell(to=[user], kind="account.password", about=api.About(), by="x", at=now)
    api.tell(to=[user], kind="erratum", about=api.About(round="2024", state="HND", figure="ar24-hnd-010"),
             by="x", at=now, params={"number": "E1", **NAMES})
    if name == "refused":
        api.Bounce.objects.create(user=user, address=user.email, code=550, at=now)
"""


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server without figures whose people have notices."""
    env = own_tables(tmp_path_factory.mktemp("office"))
    for command in (["manage", "shell", "-v0", "-c", PEOPLE], ["notices", "send"]):
        subprocess.run([MIRPS, *command], env=env, check=True, timeout=120)
    with serving(env) as address:
        yield address


WORDS = {
    "es": ("Fe de erratas E1", "3 veces", "Guardado."),
    "en": ("Erratum E1", "3 times", "Kept."),
}


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("device", ["desk", "phone"])
def test_a_person_reads_and_chooses(
    office: str, lang: str, device: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(device)
    erratum, often, kept = WORDS[lang]
    sign_in(page, office, lang, "told" if device == "desk" else "told-phone", f"/{lang}/notices/")
    whole(page)
    told = page.inner_text("main")
    assert erratum in told
    assert often in told
    before = int(page.inner_text(".told-count b"))
    page.click(".told-new button >> nth=-1")
    assert page.locator("[role=status]").is_visible()
    whole(page)
    left = int(page.inner_text(".told-count b")) if page.locator(".told-count b").count() else 0
    assert left == before - 1
    page.click(f"main a[href='/{lang}/notices/settings/']")
    whole(page)
    page.select_option("#k-comment", "weekly" if lang == "es" else "none")
    page.click("main form.form button")
    assert kept in page.inner_text("main")
    assert page.input_value("#k-comment") == ("weekly" if lang == "es" else "none")
    whole(page)


def test_without_javascript_by_keyboard_a_notice_leads_to_its_page_and_is_read(
    office: str, plain: Page
) -> None:
    sign_in(plain, office, "en", "plain", "/en/notices/")
    before = plain.locator(".told-new").count()
    plain.focus(".told-new a >> text=Erratum E1")
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/erratum/2024/E1/")
    plain.goto(f"{office}/en/notices/?round=2024")
    assert plain.locator(".told-new").count() == 0
    plain.goto(f"{office}/en/notices/")
    assert plain.locator(".told-new").count() == before - 1
    plain.focus("button[value=all]")
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/notices/?marked=1")
    assert plain.locator(".told-new").count() == 0
    assert plain.locator(".told-count b").count() == 0


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("device", ["desk", "phone"])
def test_nothing_told_an_address_refused_and_the_mail_of_the_demo_are_sound_pages(
    office: str, lang: str, device: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(device)
    sign_in(page, office, lang, "nothing", f"/{lang}/notices/")
    assert page.locator(".empty").is_visible()
    whole(page)
    page.goto(f"{office}/{lang}/demo-mail/")
    whole(page)
    page.click(".told-what a >> nth=0")
    assert "Auto-Submitted" in page.inner_text("main")
    whole(page)
    page.context.clear_cookies()
    sign_in(page, office, lang, "refused", f"/{lang}/notices/")
    assert page.locator("[role=alert]").is_visible()
    whole(page)
    page.goto(f"{office}/{lang}/notices/settings/")
    whole(page)
