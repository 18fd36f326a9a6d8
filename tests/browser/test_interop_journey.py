"""A system is registered, approved and followed, and an identity check is decided, on a phone and a desk; axe."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.people import sign_in, whole
from tests.browser.seeded import seeded
from tests.interop.conftest import public_key

pytestmark = pytest.mark.browser
ENGINES = """
- id: renapo
  state: MEX
  about: document
  name: {es: Registro de población, en: Population register}
  institutions: [MEX.COMAR]
  address: http://127.0.0.1:9/check
  secret_env: ENGINE_SECRET
  consent: share-state
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    home = tmp_path_factory.mktemp("home")
    (home / "engines.yaml").write_text(ENGINES)
    more = {
        "MIRPS_OUTSIDE": "127.0.0.1+inside",
        "MIRPS_ENGINES": str(home / "engines.yaml"), "ENGINE_SECRET": "whsec_" + base64.b64encode(b"s" * 32).decode(),
    }  # fmt: skip
    with seeded(home, "seed_interop.py", more) as told:
        yield told


def test_a_system_is_registered_and_approved_by_another_on_a_phone(
    node: tuple[str, dict[str, str]], phone: Page
) -> None:
    site, told = node
    page = phone
    sign_in(page, site, "es", "demo-admin")
    page.goto(f"{site}/es/systems/")
    whole(page)
    page.get_by_role("link", name="Registrar un sistema").click()
    page.get_by_label("Nombre", exact=True).fill("Sistema de prueba")
    page.get_by_label("Institución", exact=True).select_option("MEX.RENAPO")
    page.get_by_label("Claves públicas", exact=True).fill(public_key())
    page.get_by_role("button", name="Registrar un sistema").click()
    expect(page.locator("#faults")).to_be_visible()
    whole(page)
    page.get_by_label("Verificar documentos emitidos").check()
    page.get_by_role("button", name="Registrar un sistema").click()
    expect(page.get_by_text("Espera a que otra persona lo apruebe.").first).to_be_visible()
    whole(page)
    page.goto(f"{site}/es/systems/{told['row']}/")
    whole(page)
    page.goto(f"{site}/es/systems/{told['row']}/hooks/")
    whole(page)
    page.goto(f"{site}/es/systems/{told['row']}/hooks/{told['hook']}/")
    page.locator("summary").first.click()
    whole(page)


def test_the_pages_in_english_on_a_desk_and_a_secret_is_shown_once(
    node: tuple[str, dict[str, str]], desk: Page
) -> None:
    site, told = node
    page = desk
    sign_in(page, site, "en", "demo-reader")
    page.goto(f"{site}/en/systems/{told['waits']}/")
    whole(page)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_have_text("Approved: it is let in now.")
    page.goto(f"{site}/en/systems/{told['row']}/hooks/{told['hook']}/")
    whole(page)
    page.get_by_role("button", name="New secret").click()
    expect(page.get_by_text("whsec_")).to_be_visible()
    whole(page)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_an_identity_check_is_decided_by_a_person(
    node: tuple[str, dict[str, str]], phone: Page, lang: str
) -> None:
    site, told = node
    page = phone
    sign_in(page, site, lang, "demo-mex-tapachula")
    page.goto(f"{site}/{lang}/people/{told['number']}/verify/")
    whole(page)
    if lang == "es":
        page.get_by_role("button", name="Anotar en el expediente").click()
        expect(page.get_by_text("Anotada en el expediente.")).to_be_visible()
        whole(page)
        page.goto(f"{site}/es/people/{told['number']}/")
        expect(page.get_by_role("heading", name="Comprobación de identidad")).to_be_visible()
        whole(page)
