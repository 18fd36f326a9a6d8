"""In the browser: an officer in Mexico refers a person, Guatemala accepts and reports, Mexico closes; axe in both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.people import PHONE, entering, whole
from tests.product import own_tables, seed, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SEED = Path(__file__).parent / "seed_referring.py"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a node that plays both States, and the number of somebody registered in Mexico."""
    env = own_tables(tmp_path_factory.mktemp("referring"))
    with serving(env) as address:
        yield address, seed(env, SEED).strip()


def refers(page: Page, site: str, person: str) -> None:
    """With consent, and each thing that travels shown before."""
    page.goto(f"{site}/es/people/{person}/")
    page.get_by_role("link", name="Remitir", exact=True).click()
    whole(page)
    page.get_by_label("Para qué").select_option("asylum")
    page.get_by_label("A qué institución").select_option("GTM.DRER")
    page.get_by_role("button", name="Ver lo que viajaría").click()
    whole(page)
    assert page.get_by_label("Nombre").first.is_checked()
    page.get_by_label("Qué se pide").fill("Quiere pedir asilo allí: su hermana vive en Guatemala.")
    page.get_by_label("Expliqué a la persona").check()
    page.get_by_role("button", name="Remitir").click()
    assert page.get_by_role("status").first.inner_text() == "Remitida."
    whole(page)


def answers(page: Page, site: str, number: str) -> None:
    """Opened, registered after a search, accepted, and what came of it."""
    page.goto(f"{site}/en/referrals/")
    whole(page)
    page.get_by_role("link", name=number).click()
    assert "hermana" not in page.locator("main").inner_text()
    whole(page)
    page.get_by_role("button", name="Open and read").click()
    assert "hermana" in page.locator("main").inner_text()
    page.get_by_role("button", name="Search for this person").click()
    whole(page)
    page.get_by_label("The person is here and agrees").check()
    page.get_by_role("button", name="register").click()
    assert page.get_by_role("status").first.inner_text() == "Registered."
    page.locator("summary", has_text="Accept").click()
    page.get_by_role("button", name="Accept").click()
    whole(page)
    page.locator("summary", has_text="Report what came of it").click()
    page.get_by_label("What came of it").select_option("attended")
    page.get_by_role("button", name="Report what came of it").click()
    assert "outcome reported" in page.locator("main").inner_text()


def test_a_referral_goes_from_one_state_to_the_other_and_comes_back_with_its_outcome(
    node: tuple[str, str], browser: Browser
) -> None:
    site, person = node
    with entering(browser, site) as enter:
        phone, desk = (
            enter("es", "demo-ana", scripts=True, size=PHONE),
            enter("en", "demo-gilberto", scripts=True),
        )
        refers(phone, site, person)
        where, number = phone.url.split("?")[0], phone.locator("h1 code").inner_text()
        answers(desk, site, number)
        phone.goto(where)
        assert "la persona recibió la atención" in phone.locator("main").inner_text()
        phone.locator("summary", has_text="Cerrar").click()
        phone.get_by_label("Qué resultó").select_option("done")
        phone.get_by_role("button", name="Cerrar").click()
        whole(phone)
        for address in ("es/referrals/?show=final", "en/referrals/?show=final"):
            phone.goto(f"{site}/{address}")
            assert number in phone.locator("main").inner_text()
            whole(phone)
