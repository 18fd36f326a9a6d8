"""A real server over a real ledger, and Debian's Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.browser.people import DESK, PHONE, screen
from tests.product import own_demo, serving

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps",
]  # fmt: skip


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the product as `make run` would serve it, on a free port of loopback."""
    home = tmp_path_factory.mktemp("home")
    with serving(own_demo(home, reports=True)) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield b
        b.close()


def _page(browser: Browser, size: dict[str, int], **options: Any) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(**screen(size), **options)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a small phone (360 x 740, touch)."""
    yield from _page(browser, PHONE)


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """A page on a desk (1280 x 800)."""
    yield from _page(browser, DESK)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page without JavaScript."""
    yield from _page(browser, DESK, java_script_enabled=False)
