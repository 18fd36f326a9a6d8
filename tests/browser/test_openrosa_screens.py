"""A supervisor's pages about devices: in both languages, on a desk and on a phone, held to what every page is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.people import DESK, PHONE, entering, whole
from tests.product import own_tables, seed, serving

pytestmark = pytest.mark.browser
NODE = Path(__file__).parents[1] / "openrosa" / "made_node.py"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A node whose device sent a form that does not fit, and one whose photo never came."""
    env = own_tables(tmp_path_factory.mktemp("devices"))
    seed(env, NODE, "make")
    with serving(env) as address:  # which makes the key that forms are sealed under
        seed(env, NODE, "stuck")
        yield address


def looked_at(page: Page, name: str) -> None:
    """Held to what every page is; kept as a picture where somebody wants to see it."""
    whole(page)
    if folder := os.environ.get("MIRPS_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize(("lang", "size"), [("es", PHONE), ("en", DESK)])
def test_devices_their_codes_and_what_they_sent(
    lang: str, size: dict[str, int], node: str, browser: Browser
) -> None:
    with entering(browser, node) as enter:
        page = enter(lang, "demo-sofia", scripts=True, size=size)
        page.goto(f"{node}/{lang}/people/devices/")
        looked_at(page, f"devices-{lang}")
        page.get_by_role("link", name=re.compile("Algo no cuadra|Something does not fit")).first.click()
        looked_at(page, f"mend-{lang}")
        page.goto(f"{node}/{lang}/people/devices/")
        page.fill("#f-name", "Tableta 4")
        page.get_by_role("button", name=re.compile("Hacer el código|Make the code")).click()
        looked_at(page, f"made-{lang}")
        page.goto(f"{node}/{lang}/people/devices/")
        page.get_by_role("button", name=re.compile("(Revocar|Revoke).*Tableta 4")).click()
        assert page.get_by_role("status").count() == 1
