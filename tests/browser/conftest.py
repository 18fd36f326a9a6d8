"""A real server over a real ledger, and Debian's Chromium."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.product import MIRPS, environment

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps",
]  # fmt: skip
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the product as `make run` would serve it, on a free port of loopback."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    env = environment(home) | {"MIRPS_DEMO": "1", "PORT": str(port)}
    subprocess.run([MIRPS, "demo", "--no-serve"], env=env, check=True, stdout=subprocess.DEVNULL, timeout=300)
    server = subprocess.Popen([MIRPS, "serve", "--port", str(port)], env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/es/", timeout=5)
                break
            except OSError:  # refused, or too slow while it starts
                time.sleep(0.2)
        else:
            pytest.fail("the server did not come up in 20 seconds")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield b
        b.close()


def _page(browser: Browser, size: dict[str, int], **options: object) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a small phone (360 x 740, touch)."""
    yield from _page(browser, PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """A page on a desk (1280 x 800)."""
    yield from _page(browser, DESK)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page without JavaScript."""
    yield from _page(browser, DESK, java_script_enabled=False)
