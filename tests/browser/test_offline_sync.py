"""The server is killed at every step of sending: afterwards everybody is there once, with every file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.offline import (
    RECEIPTS,
    Human,
    Line,
    Node,
    at_desk,
    finish,
    line_to,
    picture,
    sent,
    set_up,
    write,
)
from tests.browser.people import DESK, PATIENCE, screen, scripts_hold

pytestmark = pytest.mark.browser
WHO = "demo-mex-tapachula"
TAKE = "POST /es/people/desk/take/"
FILE = "POST /es/people/desk/file/"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    made = Node(tmp_path_factory.mktemp("home"))
    try:
        yield made
    finally:
        made.kill()


@pytest.fixture(scope="module")
def line(node: Node) -> Iterator[Line]:
    with line_to(node) as made:
        yield made


@pytest.fixture(scope="module")
def context(node: Node, line: Line, browser: Browser) -> Iterator[BrowserContext]:
    """One officer's browser, whose desk is set up."""
    node.start()
    made = browser.new_context(**screen(DESK))
    made.set_default_timeout(PATIENCE)
    set_up(made.new_page(), line.address, "es", WHO)
    yield made
    made.close()


@pytest.fixture
def page(node: Node, line: Line, context: BrowserContext) -> Iterator[Page]:
    """The desk, open and unlocked, with the line there."""
    line.mend()
    if node.server is None:
        node.start()
    made = scripts_hold(context.new_page())
    at_desk(made, line.address, "es")
    sent(made)
    yield made
    made.close()


def family(name: str) -> list[Human]:
    return [("Ana", name, "head"), ("Luis", name, "child")]


def held(node: Node, name: str) -> list[dict[str, Any]]:
    return [p for p in node.told()["people"] if p["name"].endswith(name)]


def once(node: Node, name: str, numbers: list[str]) -> None:
    """Everybody is there once, under the numbers they left with, and the photo is whole."""
    people = held(node, name)
    assert sorted(p["number"] for p in people) == sorted(numbers[1:])
    assert sorted(len(p["photos"]) for p in people) == [0, 1]
    assert all(size > 1000 for p in people for size in p["photos"])
    assert {p["by"] for p in people} == {WHO}


def killed(node: Node, at: str) -> Callable[[str], bool]:
    """SIGKILL at the first request of that name."""

    def check(name: str) -> bool:
        if name == at and node.server is not None:
            node.kill()
            return True
        return False

    return check


def test_killed_before_the_first_byte(node: Node, line: Line, page: Page) -> None:
    """The server is gone while a family is registered: they leave with numbers, and are sent when it is back."""
    node.kill()
    write(page, *family("Primero"), photo=picture())
    numbers = finish(page)
    expect(page.locator("#waits")).to_contain_text("1 registro espera para enviarse; nada se pierde")
    expect(page.locator("#sending")).to_contain_text("Sin línea")
    assert held(node, "Primero") == []
    node.start()
    sent(page)
    once(node, "Primero", numbers)


@pytest.mark.parametrize(
    ("name", "at", "after"),
    [("Segundo", FILE, 500), ("Tercero", TAKE, -1), ("Cuarto", TAKE, 700)],
    ids=["in the middle of a file", "after the files", "in the middle of the submission"],
)
def test_killed_while_it_is_sent(node: Node, line: Line, page: Page, name: str, at: str, after: int) -> None:
    """The line breaks within a request and the server dies: nothing of the family is there, then all of it."""
    kills = killed(node, at)
    line.cut = lambda asked: after if kills(asked) else None
    write(page, *family(name), photo=picture())
    numbers = finish(page)
    expect(page.locator("#sending")).to_contain_text("Sin línea")
    assert node.server is None
    assert held(node, name) == []
    expect(page.locator("#waits")).to_contain_text("1 registro espera")
    line.mend()
    node.start()
    sent(page)
    once(node, name, numbers)


@pytest.mark.parametrize(
    ("name", "at"), [("Quinto", FILE), ("Sexto", TAKE)], ids=["of a file", "of the submission"]
)
def test_killed_before_the_answer_arrives(node: Node, line: Line, page: Page, name: str, at: str) -> None:
    """The server keeps it and dies before its answer is heard: sent again, it is there once."""
    line.mute = killed(node, at)
    write(page, *family(name), photo=picture())
    numbers = finish(page)
    expect(page.locator("#sending")).to_contain_text("Sin línea")
    assert len(held(node, name)) == (2 if at == TAKE else 0)
    expect(page.locator("#waits")).to_contain_text("1 registro espera")
    line.mend()
    node.start()
    sent(page)
    once(node, name, numbers)
    expect(page.locator(f"section:has({RECEIPTS})")).to_contain_text(numbers[1])


def test_tab_closed_while_it_is_sent(node: Node, line: Line, page: Page, context: BrowserContext) -> None:
    """The tab is closed between commit and answer: the next one that opens sends it again, and it is there once."""
    asked, closed = threading.Event(), threading.Event()

    def waits(name: str) -> bool:
        if name == TAKE:
            asked.set()
            closed.wait(60)
        return False

    line.mute = waits
    write(page, *family("Septimo"), photo=picture())
    numbers = finish(page)
    assert asked.wait(60)
    page.close()
    closed.set()
    line.mend()
    again = scripts_hold(context.new_page())
    at_desk(again, line.address, "es")
    sent(again)
    once(node, "Septimo", numbers)
    again.close()


def test_a_page_of_the_hotel_is_no_receipt(node: Node, line: Line, page: Page) -> None:
    """A network that answers everything with a page of its own takes nothing out of the queue."""
    hotel = b"<html><title>Welcome</title>Accept our terms</html>"
    line.page = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
        % (len(hotel), hotel)
    )
    write(page, *family("Octavo"), photo=picture())
    numbers = finish(page)
    expect(page.locator("#sending")).to_contain_text("Sin línea")
    line.mend()
    sent(page)
    once(node, "Octavo", numbers)


def test_who_was_signed_out_keeps_the_queue(
    node: Node, line: Line, page: Page, context: BrowserContext
) -> None:
    """Without a session the desk asks to sign in; another person's session sends nothing of this one's."""
    cookies = context.cookies()
    context.clear_cookies()
    write(page, *family("Noveno"), photo=picture())
    numbers = finish(page)
    expect(page.locator("#sending")).to_contain_text("El servidor pide que entre en su cuenta")
    assert held(node, "Noveno") == []
    context.add_cookies(cookies)
    sent(page)
    once(node, "Noveno", numbers)
