"""Accounts as people meet them: from the first administrator's link to a session revoked, and a passkey."""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
import subprocess
import sys
import time
from base64 import b32decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.access import directory
from tests.browser.people import DESK, PHONE, faults_of, fits
from tests.product import MIRPS, environment, free_port, serving

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
DIRECTORY = """
- id: hnd
  state: HND
  name: {es: Gobierno de Honduras, en: Government of Honduras}
  issuer: %s
  client_id: mirps
  secret_env: MIRPS_OIDC_HND
  second_factor: theirs
"""
PASS = "una frase larga de paso"


@dataclass
class Installation:
    """A new installation, served, with nobody in it; not a demo."""

    home: Path
    address: str

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [MIRPS, *arguments], env=self.environment, text=True, capture_output=True, timeout=120, check=True
        )
        return done.stdout.strip()

    @property
    def environment(self) -> dict[str, str]:
        port = self.address.rpartition(":")[2]
        return environment(self.home) | {
            "MIRPS_ADDRESS": self.address,
            "PORT": port,
            "MIRPS_OIDC": str(self.home / "oidc.yaml"),
            "MIRPS_OIDC_HND": directory.SECRET,
        }

    def mailed(self, n: int) -> str:
        """The link in the n-th mail that this installation kept."""
        for _ in range(50):
            kept = sorted((self.home / "mail").glob("*"), key=lambda p: p.stat().st_mtime_ns)
            if len(kept) >= n:
                break
            time.sleep(0.1)
        from email import policy
        from email.parser import BytesParser

        told = BytesParser(policy=policy.default).parsebytes(kept[n - 1].read_bytes())
        found = re.search(r"http://localhost:\S+", told.get_body(("plain",)).get_content())
        assert found is not None
        return found[0]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    # Passkeys want a name, and localhost is the one name that needs no certificate.
    made = Installation(tmp_path_factory.mktemp("home"), f"http://localhost:{free_port()}")
    other = free_port()
    (made.home / "oidc.yaml").write_text(DIRECTORY % f"http://127.0.0.1:{other}")
    back = f"{made.address}/account/oidc/hnd/back/"
    government = subprocess.Popen(
        [sys.executable, "-m", "tests.access.directory", str(other), str(made.home), back], cwd=ROOT
    )
    made.run("manage", "migrate", "-v0")
    made.run("manage", "collectstatic", "-v0", "--noinput")
    try:
        with serving(made.environment, host="localhost"):
            yield made
    finally:
        government.terminate()
        government.wait(timeout=60)


@pytest.fixture(scope="module")
def administrator(installation: Installation) -> dict[str, str]:
    """The secret of the first administrator's application, once the link was used (filled by the tests)."""
    who = ("--email", "ana@example.org", "--name", "Ana Ejemplo")
    return {"link": installation.run("people", "first-administrator", *who)}


def code_of(secret: str, at: float | None = None) -> str:
    """What an application shows for this key: RFC 6238, written here from the standard."""
    counter = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return str((struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000).zfill(6)


def clean(page: Page) -> None:
    assert faults_of(page) == [], page.url
    assert fits(page), page.url


def set_password(page: Page, link: str) -> None:
    page.goto(link)
    clean(page)
    page.fill("#f-password", PASS)
    page.fill("#f-again", PASS)
    page.click("main button[type=submit]")


def set_application(page: Page) -> tuple[str, list[str]]:
    """Set the code application up; returns its key and the recovery codes."""
    clean(page)
    page.click("main a.button[href$='/account/app/']")
    expect(page.locator(".secret code")).to_be_visible()
    clean(page)
    secret = re.sub(r"\s", "", page.inner_text(".secret code"))
    page.fill("#f-code", code_of(secret))
    page.click("main button[type=submit]")
    expect(page.locator(".codes code")).to_have_count(10)
    clean(page)
    codes = page.locator(".codes code").all_inner_texts()
    page.click("main a.button")
    return secret, codes


def enter_as_administrator(
    page: Page, installation: Installation, administrator: dict[str, str], lang: str
) -> None:
    """By the link the first time, and then by password and a recovery code."""
    if "secret" not in administrator:
        set_password(page, administrator["link"])
        assert page.url.endswith("/account/second-factor/")
        administrator["secret"], codes = set_application(page)
        administrator["code"] = codes[0]
        return
    page.goto(f"{installation.address}/{lang}/sign-in/")
    page.fill("#username", "ana@example.org")
    page.fill("#password", PASS)
    page.click("main form button[type=submit]")
    clean(page)
    page.fill("#f-code", administrator["code"])
    page.click("main form button[type=submit]")


def invite(page: Page, account: str, person: str, lang: str) -> None:
    page.goto(account)
    clean(page)
    page.click("main a[href$='/accounts/']")
    clean(page)
    page.click("main a.button[href$='/accounts/invite/']")
    clean(page)
    page.fill("#f-name", "Inés Ejemplo")
    page.fill("#f-email", f"{person}@example.org")
    page.select_option("#f-language", lang)
    page.select_option("#f-role", "data-entry")
    page.select_option("#f-state", "HND")
    page.fill("#f-body", "GTM.IGM")
    page.click("main form.form button[type=submit]")
    assert page.locator("#faults").is_visible()
    clean(page)
    page.fill("#f-body", "HND.INM")
    page.click("main form.form button[type=submit]")
    assert page.locator("[role=status]").is_visible()
    clean(page)


@pytest.mark.parametrize(("lang", "size"), [("es", PHONE), ("en", DESK)])
def test_from_an_administrators_link_to_a_session_revoked(
    installation: Installation,
    administrator: dict[str, str],
    browser: Browser,
    lang: str,
    size: dict[str, int],
) -> None:
    site, person = installation.address, f"ines-{lang}"
    admin = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
    enter_as_administrator(admin, installation, administrator, lang)
    invite(admin, f"{site}/{lang}/account/", person, lang)
    phone = browser.new_context(
        viewport=PHONE, user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/130"
    ).new_page()
    set_password(
        phone, installation.mailed(1 if lang == "es" else len(list((installation.home / "mail").glob("*"))))
    )
    secret, _ = set_application(phone)
    clean(phone)
    assert ("Registro de datos" if lang == "es" else "Data entry") in phone.inner_text("main")

    desk = browser.new_context(
        viewport=DESK, user_agent="Mozilla/5.0 (Windows NT 10.0) Chrome/130"
    ).new_page()
    desk.goto(f"{site}/{lang}/sign-in/?next=/{lang}/account/")
    desk.fill("#username", person)
    desk.fill("#password", PASS)
    desk.click("main form button[type=submit]")
    assert desk.url.endswith("/account/second-step/")
    clean(desk)
    desk.fill("#f-code", "000000")
    desk.click("main form button[type=submit]")
    assert desk.locator("#faults").is_visible()
    clean(desk)
    desk.fill("#f-code", code_of(secret))
    desk.click("main form button[type=submit]")
    assert desk.url.endswith(f"/{lang}/account/")
    clean(desk)

    assert "Android" in desk.inner_text("main")
    desk.click("section[aria-labelledby=sessions] li form button")
    assert desk.locator("[role=status]").is_visible()
    phone.goto(f"{site}/{lang}/account/")
    assert "/sign-in/" in phone.url, "the phone's session was ended from the desk"
    for page in (admin, phone, desk):
        page.context.close()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_passkey_signs_in_without_a_password(
    installation: Installation, administrator: dict[str, str], browser: Browser, lang: str
) -> None:
    """With Chromium's own authenticator, as on a phone with a fingerprint."""
    if "secret" not in administrator:
        pytest.skip("the first journey did not set the administrator up")
    site, person = installation.address, f"key-{lang}"
    link = installation.run(
        "people", "invite", "--email", f"{person}@example.org", "--name", "Clave Ejemplo", "--role", "focal-point",
        "--state", "HND", "--as", "ana", "--lang", lang,
    )  # fmt: skip
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    set_password(page, link)
    page.click("main a.button[href$='/account/keys/add/']")
    clean(page)
    page.fill("#f-name", "mi teléfono")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/account/codes/")
    page.click("main a.button")
    assert "mi teléfono" in page.inner_text("main")
    clean(page)
    page.click(".foot form[action$='/sign-out/'] button")
    page.goto(f"{site}/{lang}/sign-in/?next=/{lang}/notices/")
    clean(page)
    page.click("form[data-passkey=sign-in] button")
    page.wait_for_url(f"{site}/{lang}/notices/")
    page.goto(f"{site}/{lang}/account/")
    page.click("main a[href$='/remove/']")
    assert page.locator("[role=alert]").is_visible(), "the only second factor stays"
    clean(page)
    # Beside a password it is the second step.
    page.click(".foot form[action$='/sign-out/'] button")
    page.goto(f"{site}/{lang}/sign-in/")
    page.fill("#username", person)
    page.fill("#password", PASS)
    page.click("main form.form button[type=submit]")
    clean(page)
    page.click("form[data-passkey=get] button")
    page.wait_for_url(f"{site}/{lang}/")
    context.close()


@pytest.mark.parametrize(("lang", "size", "who"), [("es", PHONE, "ines"), ("en", DESK, "hugo")])
def test_a_government_s_own_directory_lets_its_people_in(
    installation: Installation,
    administrator: dict[str, str],
    browser: Browser,
    lang: str,
    size: dict[str, int],
    who: str,
) -> None:
    if "secret" not in administrator:
        pytest.skip("the first journey did not set the administrator up")
    installation.run(
        "people", "invite", "--email", f"{who}@example.hn", "--name", "Directorio Ejemplo", "--role", "data-entry",
        "--state", "HND", "--body", "HND.INM", "--as", "ana", "--lang", lang,
    )  # fmt: skip
    for name, comes_in in (("stranger", False), (who, True)):
        page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
        page.goto(f"{installation.address}/{lang}/sign-in/?next=/{lang}/account/")
        clean(page)
        page.click("main a[href*='/sign-in/with/hnd/']")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", name * 2)
        page.click("button[type=submit]")
        if comes_in:
            page.wait_for_url(f"{installation.address}/{lang}/account/")
            assert "Directorio Ejemplo" in page.inner_text("main")
        else:
            page.wait_for_url(f"{installation.address}/{lang}/sign-in/refused/unknown/")
            assert page.locator("main [role=alert]").is_visible()
        clean(page)
        page.context.close()


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_pages_that_ask_for_nothing_but_an_address_are_clean(
    installation: Installation, browser: Browser, lang: str, size: dict[str, int]
) -> None:
    page = browser.new_context(viewport=size, java_script_enabled=True).new_page()  # type: ignore[arg-type]
    for there in ("sign-in/", "account/password/reset/", "account/password/reset/sent/", "invitation/nothing/",
                  "account/password/reset/1/nothing/", "account/password/reset/done/"):  # fmt: skip
        page.goto(f"{installation.address}/{lang}/{there}")
        assert page.locator("h1").count() == 1, there
        clean(page)
    page.context.close()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_demo_signs_in_with_its_password_alone_and_says_so(site: str, plain: Page, lang: str) -> None:
    plain.goto(f"{site}/{lang}/sign-in/?next=/{lang}/account/")
    assert "demo-" in plain.inner_text("main")
    plain.fill("#username", "demo-hnd-approver")
    plain.fill("#password", "mirps-demo-only")
    plain.click("main form button[type=submit]")
    assert plain.url.endswith(f"/{lang}/account/")
    assert "Helena Ejemplo" in plain.inner_text("main")


@pytest.mark.parametrize(("lang", "size"), [("es", PHONE), ("en", DESK)])
def test_standing_in_is_given_and_taken_back(
    site: str, browser: Browser, lang: str, size: dict[str, int]
) -> None:
    page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
    page.goto(f"{site}/{lang}/sign-in/?next=/{lang}/account/")
    page.fill("#username", "demo-slv-approver")
    page.fill("#password", "mirps-demo-only")
    page.click("main form button[type=submit]")
    page.click("section[aria-labelledby=standing-in] > details > summary")
    clean(page)
    page.select_option("#f-taker", "demo-slv")
    page.fill("#f-ends", time.strftime("%Y-%m-%d", time.gmtime(time.time() + 5 * 86400)))
    page.fill("#f-reason", "Vacaciones" if lang == "es" else "Holiday")
    page.click("section[aria-labelledby=standing-in] form.form button[type=submit]")
    assert page.locator("[role=status]").is_visible()
    clean(page)
    page.click("section[aria-labelledby=standing-in] .held form button")
    assert page.locator("[role=status]").is_visible()
    assert page.locator("section[aria-labelledby=standing-in] .held form").count() == 0
    clean(page)
    page.context.close()
