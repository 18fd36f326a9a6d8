"""A presidency is handed over: whose rights move is seen before, and moves; who was in charge has an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.people import DESK, PHONE, Enter, entering, screen, whole
from tests.product import own_demo, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo of its own: the presidency changes hands in it."""
    with serving(own_demo(tmp_path_factory.mktemp("home"))) as address:
        yield address


@pytest.fixture
def enter(served: str, browser: Browser) -> Iterator[Enter]:
    with entering(browser, served) as enter:
        yield enter


def status(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer
    return answer.status


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_pages_of_governance_fit_and_can_be_used_by_everyone(
    served: str, browser: Browser, lang: str, size: dict[str, int]
) -> None:
    context = browser.new_context(base_url=served, **screen(size))
    page = context.new_page()
    for path in (
        "governance/?body=presidency&on=2024-01-10", "body/presidency/", "body/lg/?on=2024-06-01",
        "body/troika/?on=2024-01-24", "body/csan/", "institutions/?q=acnur",
    ):  # fmt: skip
        page.goto(f"/{lang}/planning/{path}")
        whole(page)
    context.close()


def test_who_was_in_charge_is_asked_and_answered_without_javascript(served: str, browser: Browser) -> None:
    context = browser.new_context(viewport=DESK, base_url=served, java_script_enabled=False)
    page = context.new_page()
    page.goto("/es/planning/governance/")

    def ask(body: str, on: str) -> str:
        page.select_option("#f-body", body)
        page.fill("#f-on", on)
        page.click(".ask button")
        return page.inner_text("#answer")

    assert "A cargo: Panamá" in ask("presidency", "2024-01-10")
    assert "A cargo: Belice" in ask("presidency", "2024-01-24")
    assert "No dan los días" in ask("presidency", "2022-06-01")
    later = ask("presidency", "2026-06-01")
    assert "Ninguna fuente lo dice" in later
    assert "El Salvador: es una inferencia nuestra" in later
    assert "Gobierno de los Estados Unidos" in ask("platform", "2023-03-01")
    assert "Ninguna fuente nombra a nadie" in ask("csan", "2024-06-01")
    page.goto("/es/planning/institutions/?q=clinica")
    page.fill("#q", "cancilleria")
    page.click(".filters button")
    expect(page.locator("tbody")).to_contain_text("MINEX")
    context.close()


def test_the_presidency_is_handed_over_and_rights_move_with_it(enter: Enter) -> None:
    today: date = datetime.now(UTC).date()
    old = enter("es", "demo-presidency")
    old.goto("/es/planning/governance/")
    old.click("text=Registrar un traspaso")
    old.select_option("#body", "presidency")
    old.click("text=Seguir")
    expect(old.locator("main")).to_contain_text("Por la rotación le toca a El Salvador")
    expect(old.locator("#f-member")).to_have_value("SLV")

    old.fill("#f-reason", "x")
    old.click("text=Ver qué cambia")
    expect(old.locator("[role=alert]")).to_contain_text("dónde consta")

    old.select_option("#f-member", "BLZ")
    old.fill("#f-starts", today.isoformat())
    old.fill("#f-year", str(today.year))
    old.fill("#f-reason", "Acta de la reunión: El Salvador cede su turno")
    old.click("text=Ver qué cambia")
    check = old.locator("main")
    expect(check).to_contain_text("Belice asume: Presidencia Pro Témpore del MIRPS")
    expect(check).to_contain_text("No es el turno que da la rotación: daba a El Salvador")
    expect(old.locator(".shift section").first).to_contain_text("Preston Example")
    expect(old.locator(".shift .ends")).to_contain_text("Prudencia Ejemplo")
    expect(check).to_contain_text("Usted deja de actuar ese día")

    new = enter("en", "demo-presidency-blz")
    assert status(new, "/en/planning/handover/") == 403
    assert status(new, "/en/rounds/new/") == 403

    old.click("text=Confirmar el traspaso")
    expect(old.locator(".opening [role=status]")).to_contain_text("Belice está a cargo")
    expect(old.locator("#answer")).to_contain_text("A cargo: Belice")
    expect(old.locator("tbody").first).to_contain_text("Costa Rica")
    assert status(old, "/es/planning/handover/") == 403
    assert status(old, "/es/rounds/new/") == 403

    assert status(new, "/en/planning/handover/presidency/") == 200
    assert status(new, "/en/rounds/new/") == 200
    new.goto("/en/notices/")
    expect(new.locator("main")).to_contain_text("roles that you hold have changed")
    eve = (today - timedelta(days=1)).isoformat()
    new.goto(f"/en/planning/body/presidency/?on={eve}")
    expect(new.locator("#answer")).to_contain_text("Costa Rica")
