"""How people meet the product in a browser: their screens, what every page is held to, and signing in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from tests.product import DEMO_PASSWORD

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
#: Two cores build and test other things too.
PATIENCE = 30_000
#: What the checker looks for: WCAG 2.0 to 2.2, A and AA.
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
Enter = Callable[..., Page]


def faults_of(page: Page) -> list[str]:
    page.wait_for_load_state()  # axe looks at one document, not at one on its way out
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {v['help']}: {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]


#: What ends to the right of the screen, the innermost last.
_BEYOND = """[...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > screen.width + 1)
    .map(e => `${e.localName}.${e.className} ${e.textContent.trim().slice(0, 60)}`)"""


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen: a telephone's window grows with what is too wide."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= screen.width"))


def whole(page: Page) -> None:
    """Nothing that axe finds, one heading, nothing wider than the screen."""
    page.locator("h1").first.wait_for()  # a page that a script draws is looked at once it is drawn
    faults = faults_of(page)
    assert not faults, "\n".join([page.url, *faults])
    assert page.locator("h1").count() == 1, page.url
    assert fits(page), "\n".join([page.url, *page.evaluate(_BEYOND)])


def screen(size: dict[str, int]) -> dict[str, Any]:
    """The options of a browser of that size; a phone is touched."""
    return {"viewport": size} | ({"has_touch": True, "is_mobile": True} if size is PHONE else {})


def scripts_hold(page: Page) -> Page:
    """The page, on which a script that fails fails the test."""
    page.on("pageerror", lambda e: pytest.fail(f"a script failed: {e}"))
    return page


def sign_in(
    page: Page, site: str, lang: str, who: str, then: str = "", *, password: str = DEMO_PASSWORD
) -> None:
    """Sign in, and be led to `then`, an address of the site (without one, to the first page)."""
    then = then or f"/{lang}/"
    page.goto(f"{site}/{lang}/sign-in/?next={then}")
    page.fill("#username", who)
    page.fill("#password", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: url.endswith(then), timeout=PATIENCE)


@contextmanager
def entering(browser: Browser, site: str) -> Iterator[Enter]:
    """A way to sign in, `enter(lang, who)`, each time in a browser of its own; without JavaScript unless
    `scripts` are asked for. All are closed at the end."""
    opened: list[BrowserContext] = []

    def enter(lang: str, who: str, *, scripts: bool = False, size: dict[str, int] = DESK) -> Page:
        context = browser.new_context(base_url=site, java_script_enabled=scripts, **screen(size))
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        page = scripts_hold(context.new_page())
        sign_in(page, site, lang, who)
        return page

    try:
        yield enter
    finally:
        for context in opened:
            context.close()
