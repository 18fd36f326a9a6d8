"""Who administers a node looks at it on a phone and a desk, pauses a peer and goes on; a count is taken over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.people import DESK, PHONE, whole
from tests.browser.seeded import Served, page_of, seeded

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with seeded(tmp_path_factory.mktemp("home"), "seed_nodes.py", {"MIRPS_NODE": "MIRPS"}) as told:
        yield told


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_pages_of_nodes_and_of_counts_fit_and_can_be_used_by_everyone(
    served: Served, browser: Browser, lang: str, size: dict[str, int]
) -> None:
    admin = page_of(served, browser, "admin", size)
    for path in ("nodes/", "nodes/HND/", "nodes/PAN/", "nodes/CRI/"):
        admin.goto(f"/{lang}/{path}")
        whole(admin)
    admin.context.close()
    for who, path in (
        ("rita", "review/HND/computed/"), ("rita", "review/HND/"), ("clerk", "enter/HND.INM/"),
        ("clerk", "enter/HND.INM/hnd-001/"),
    ):  # fmt: skip
        page = page_of(served, browser, who, size)
        page.goto(f"/{lang}/rounds/2025/{path}")
        whole(page)
        page.context.close()


def test_a_peer_is_paused_and_resumed_without_javascript(served: Served, browser: Browser) -> None:
    page = page_of(served, browser, "admin", PHONE, scripts=False)
    page.goto("/es/nodes/")
    page.click("a[href$='/nodes/GTM/']")
    page.click("text=Poner en pausa")
    expect(page.locator("[role=status]")).to_have_text("En pausa.")
    page.click("button:has-text('Reanudar')")
    expect(page.locator("[role=status]")).to_have_text("En marcha otra vez.")
    page.context.close()


def test_a_clerk_takes_over_what_was_counted_and_a_key_press_does_not(
    served: Served, browser: Browser
) -> None:
    page = page_of(served, browser, "clerk", PHONE)
    page.goto("/en/rounds/2025/enter/HND.INM/hnd-002/")
    box = page.locator("input[inputmode=decimal]").first
    box.fill("70")
    box.press("Enter")  # saves what is typed, as it always did
    page.goto("/en/rounds/2025/enter/HND.INM/hnd-002/")
    expect(box).to_have_value("70")
    page.click("button:has-text('Use the computed value')")
    expect(box).to_have_value("77")
    expect(page.locator("textarea").last).to_contain_text("Computed from cases")
    page.context.close()
