"""A node that can be killed, a line to it that can be cut, and somebody at the desk: what the tests of the
offline desk stand on."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect
from tests.browser.people import PATIENCE, sign_in
from tests.product import MIRPS, MOST_WAITED, demo_environment, seed

SCRIPT = Path(__file__).with_name("seed_desk.py")
#: What is done with a request: `cut(path)` says after how many bytes of it the line breaks (None: never);
#: `mute(path)`: the server does it all, and its answer is lost.
Cut = Callable[[str], int | None]
Mute = Callable[[str], bool]


class Node:
    """A real server in a home of its own; `kill` is SIGKILL to all of it."""

    def __init__(self, home: Path) -> None:
        self.env = demo_environment(home)
        seed(self.env, SCRIPT)
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return int(self.env["PORT"])

    def start(self) -> None:
        assert self.server is None
        command = [MIRPS, "serve", "--port", self.env["PORT"], "--workers", "1"]
        self.server = subprocess.Popen(command, env=self.env, start_new_session=True)
        for _ in range(MOST_WAITED):
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/es/sign-in/", timeout=20)
                return
            time.sleep(0.2)
        raise RuntimeError("the server did not come up")

    def kill(self) -> None:
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait(timeout=60)
            self.server = None

    def told(self) -> dict[str, Any]:
        """What the node holds of people."""
        found: dict[str, Any] = json.loads(seed(self.env, SCRIPT, "told"))
        return found


class Line:
    """The line between browsers and the node: one connection a request, each passed on, cut or left mute."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.cut: Cut = lambda path: None
        self.mute: Mute = lambda path: False
        self.page: bytes | None = None  # answers everything itself, as the network of a hotel does
        self.passed: list[str] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def mend(self) -> None:
        self.cut, self.mute, self.page = lambda path: None, lambda path: False, None

    def close(self) -> None:
        self.door.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(near,), daemon=True).start()

    def _one(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            near.settimeout(60)
            head, body = _request(near)
            if not head:
                return
            method, path = head.split(b" ", 2)[:2]
            name = f"{method.decode()} {path.decode()}"
            if self.page is not None:
                near.sendall(self.page)
                return
            most = self.cut(name)
            whole = _alone(head) + body
            with socket.create_connection(("127.0.0.1", self.to), timeout=60) as far:
                if most is not None:
                    far.sendall(whole[: len(_alone(head)) + most] if most >= 0 else b"")
                    return
                far.sendall(whole)
                answer = _all(far)
                self.passed.append(name)
                if not self.mute(name):
                    near.sendall(answer)


def _request(near: socket.socket) -> tuple[bytes, bytes]:
    held = b""
    while b"\r\n\r\n" not in held:
        more = near.recv(65536)
        if not more:
            return b"", b""
        held += more
    head, _, body = held.partition(b"\r\n\r\n")
    length = next(
        (int(x.split(b":")[1]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        more = near.recv(65536)
        if not more:
            break
        body += more
    return head, body


def _alone(head: bytes) -> bytes:
    """The head of a request that asks for no other after it."""
    lines = [x for x in head.split(b"\r\n") if not x.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"Connection: close", b"", b""])


def _all(far: socket.socket) -> bytes:
    held = b""
    while more := far.recv(65536):
        held += more
    return held


@contextmanager
def line_to(node: Node) -> Iterator[Line]:
    line = Line(node.port)
    try:
        yield line
    finally:
        line.close()


# --- somebody at the desk

PHRASE = "una frase larga de paso"
#: What waits, in either language, once all has its receipt.
NOTHING = re.compile("^(Nada espera|Nothing waits)")
RECEIPTS = "#desk-receipts-title"
Human = tuple[str, str, str]  # given names, surnames, role
expect.set_options(timeout=PATIENCE)  # a passphrase is slow on purpose, and the machine is shared


def set_up(page: Page, address: str, lang: str, who: str) -> None:
    """Sign in and set up the desk of this browser."""
    sign_in(page, address, lang, who, f"/{lang}/people/desk/")
    page.fill("#passphrase", PHRASE)
    page.fill("#passphrase-again", PHRASE)
    page.click("main button[type=submit]")
    expect(page.locator("#start")).to_be_visible()
    page.evaluate(
        """async () => { for (const lang of ["es", "en"])
             while (!(await navigator.serviceWorker.getRegistration(`/${lang}/people/desk/`))?.active)
               await new Promise((done) => setTimeout(done, 100)); }"""
    )


def unlock(page: Page, phrase: str = PHRASE) -> None:
    page.fill("#passphrase", phrase)
    page.click("main button[type=submit]")
    expect(page.locator("#start")).to_be_visible()


def come_back(page: Page) -> None:
    """Load the page again once the last change is kept on the device, and unlock."""
    expect(page.locator("#screen[data-saving]")).to_have_count(0)
    page.reload()
    unlock(page)


def at_desk(page: Page, address: str, lang: str) -> None:
    """Open the desk that this browser has, line or none."""
    page.goto(f"{address}/{lang}/people/desk/")
    unlock(page)


def write(page: Page, *people: Human, photo: bytes = b"") -> None:
    """Fill in a registration of these people, and leave it on the screen."""
    page.click("#start")
    for n, human in enumerate(people):
        if n:
            page.click("#another")
        fill(page.locator("section.owner").nth(n + 1), human, year=1987 + 3 * n)
    if photo:
        attach(page.locator("section.owner").nth(1), photo)


def fill(box: Locator, human: Human, *, year: int) -> None:
    given, surnames, role = human
    box.locator("select[id^=r-]").select_option(role)
    box.locator("[id$='-name'] input[id$='-given']").fill(given)
    box.locator("[id$='-name'] input[id$='-surnames']").fill(surnames)
    box.locator("[id$='-birth'] input[id$='-date']").fill("4")
    box.locator("[id$='-birth'] input[id$='-month']").fill("5")
    box.locator("[id$='-birth'] input[id$='-year']").fill(str(year))
    box.locator("input[type=radio][value=F]").check()
    box.locator("[id$='-nationality'] select[id$='-country']").select_option("HND")
    box.locator("[id$='consent-registration'] input[value=given]").check()


def attach(box: Locator, photo: bytes) -> None:
    block = box.locator("details[id$='-photo']")
    block.locator("summary").click()
    block.locator("input[type=file]").set_input_files(
        {"name": "f.png", "mimeType": "image/png", "buffer": photo}
    )
    expect(block.locator("canvas")).to_be_visible()


def finish(page: Page) -> list[str]:
    """Put the registration in the queue; the numbers that people leave with, the group's first."""
    page.click(".form-end button[type=submit]")
    expect(page.locator("#next")).to_be_visible()
    numbers = page.locator(".cards-reg .reg").all_inner_texts()
    page.click("#next")
    expect(page.locator("#start")).to_be_visible()
    return numbers


def sent(page: Page) -> None:
    """Wait until nothing waits, asking for it as an impatient officer would."""
    send = page.locator("#send")
    for _ in range(100):
        if NOTHING.match(page.locator("#waits").inner_text()):
            break
        with suppress(TimeoutError):  # it goes once nothing waits
            send.click(timeout=1000)
        page.wait_for_timeout(300)
    expect(page.locator("#waits")).to_have_text(NOTHING)


def picture(side: int = 400) -> bytes:
    """A PNG that does not pack well, as a photo does not."""
    rows = b"".join(b"\0" + os.urandom(side * 3) for _ in range(side))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 1))
        + chunk(b"IEND", b"")
    )
