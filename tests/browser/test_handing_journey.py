"""A list leaves sealed after two agreed; a file is shared; what only some may know is shown to one for a time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.people import DESK, PHONE, entering, whole
from tests.product import own_tables, seed, serving

pytestmark = pytest.mark.browser
SEED = Path(__file__).parent / "seed_handing.py"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a node, and the number of somebody registered there."""
    env = own_tables(tmp_path_factory.mktemp("handing"))
    with serving(env) as address:  # which makes the key that facts are sealed under
        yield address, seed(env, SEED).strip()


def looked_at(page: Page, name: str) -> None:
    """Held to what every page is; kept as a picture where somebody wants to see it."""
    whole(page)
    if folder := os.environ.get("MIRPS_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=re.compile(words)).first.click()
    page.wait_for_load_state()


def list_taken(people: str, lang: str, sofia: Page, octavio: Page) -> None:
    """One asks for a list, another approves it, the first downloads it, sealed."""
    sofia.goto(f"{people}/extracts/new/")
    looked_at(sofia, f"list-purpose-{lang}")
    sofia.select_option("#f-purpose", "assistance")
    press(sofia, "Seguir|Go on")
    sofia.check("#f-c-given")
    sofia.check("#f-c-telephone")
    sofia.fill("#f-why", "Cobijas, por la Cruz Roja")
    looked_at(sofia, f"list-new-{lang}")
    press(sofia, "Pedir aprobación|Ask for approval")
    looked_at(sofia, f"list-asked-{lang}")
    mine = sofia.url.partition("?")[0]
    octavio.goto(f"{people}/custody/requests/")
    octavio.locator(".held a").first.click()
    looked_at(octavio, f"list-approve-{lang}")
    press(octavio, "Aprobar|Approve")
    sofia.goto(mine)
    looked_at(sofia, f"list-ready-{lang}")
    with sofia.expect_download() as got:
        press(sofia, "Descargar|Download")
    assert got.value.suggested_filename.endswith(".zip.age")
    sofia.goto(f"{people}/extracts/")
    looked_at(sofia, f"lists-{lang}")


def file_shared(people: str, lang: str, number: str, rocio: Page) -> None:
    """The officer shares the file with another institution, as the person agreed."""
    rocio.goto(f"{people}/{number}/")
    rocio.get_by_role("link", name=re.compile("^(Compartir|Share)$")).click()
    rocio.select_option("#f-institution", "MEX.INM")
    rocio.select_option("#f-purpose", "protection")
    rocio.fill("#f-until", (datetime.now(UTC) + timedelta(days=20)).date().isoformat())
    press(rocio, "^(Compartir|Share)$")
    looked_at(rocio, f"share-{lang}")
    rocio.goto(f"{people}/shares/")
    looked_at(rocio, f"shares-{lang}")


def shown_for_a_time(people: str, lang: str, number: str, sofia: Page, octavio: Page, rocio: Page) -> None:
    """What the officer may not know is shown to them, until whoever approved it ends it."""
    sofia.goto(f"{people}/{number}/unhide/")
    sofia.select_option("#f-what", "security")
    sofia.select_option("#f-officer", "demo-rocio")
    sofia.fill("#f-why", "Prepara el traslado")
    looked_at(sofia, f"unhide-{lang}")
    press(sofia, "Pedir aprobación|Ask for approval")
    octavio.goto(sofia.url)
    looked_at(octavio, f"unhide-approve-{lang}")
    press(octavio, "Aprobar|Approve")
    rocio.goto(f"{people}/work/")
    looked_at(rocio, f"work-{lang}")
    rocio.goto(f"{people}/{number}/cleared/security/")
    looked_at(rocio, f"cleared-{lang}")
    octavio.reload()
    press(octavio, "Dejar de mostrar|Stop showing")
    gone = rocio.goto(f"{people}/{number}/cleared/security/")
    assert gone
    assert gone.status == 404


@pytest.mark.parametrize(("lang", "size"), [("es", PHONE), ("en", DESK)])
def test_what_leaves_a_file_takes_two_or_the_persons_consent(
    lang: str, size: dict[str, int], node: tuple[str, str], browser: Browser
) -> None:
    site, number = node
    people = f"{site}/{lang}/people"
    with entering(browser, site) as enter:
        sofia, octavio, rocio = (
            enter(lang, f"demo-{n}", scripts=True, size=size) for n in ("sofia", "octavio", "rocio")
        )
        list_taken(people, lang, sofia, octavio)
        file_shared(people, lang, number, rocio)
        shown_for_a_time(people, lang, number, sofia, octavio, rocio)
