"""A sender that is killed: no mail is lost, and at most one comes twice, under one Message-ID."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.notices.conftest import Post
from tests.product import MIRPS, environment, free_port

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
TELL = """
import json, sys
from datetime import datetime
from mirps.base.access.api import User
from mirps.base.notices import api
at = datetime.fromisoformat("2025-11-03T10:00-06:00")
for n in range({people}):
    user = User.objects.create_user(f"p{{n}}", email=f"p{{n}}@example.org", country="HND")
    api.tell(to=[user], kind="returned", about=api.About(round="2025", figure=f"f{{n}}"), by="x", at=at)
"""
STANDING = """
import json
from mirps.base.notices.api import Mail
print(json.dumps([(m.tries, m.sent_at is not None) for m in Mail.objects.order_by("id")]), flush=True)
"""
PEOPLE = 5


class Holding(Post):
    """Takes mails, and holds the `hold`-th: before it is taken, or after, but before saying so."""

    def __init__(self, hold: int, *, taken: bool) -> None:
        super().__init__()
        self.left, self.first_take_it = hold, taken
        self.held = threading.Event()

    async def handle_DATA(  # noqa: N802 - the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.left -= 1
        if self.left != 0:
            return await super().handle_DATA(server, session, envelope)
        if self.first_take_it:
            await super().handle_DATA(server, session, envelope)
        self.held.set()
        await asyncio.sleep(3600)  # its sender is killed meanwhile
        return "250 too late"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert mirps(tmp_path, "manage", "migrate", "-v0").returncode == 0
    told = mirps(tmp_path, "manage", "shell", "-v0", "-c", TELL.format(people=PEOPLE))
    assert told.returncode == 0, told.stderr
    return tmp_path


def mirps(home: Path, *arguments: str, port: int = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MIRPS, *arguments], env=surroundings(home, port), text=True, capture_output=True, timeout=120, check=False
    )  # fmt: skip


def surroundings(home: Path, port: int) -> dict[str, str]:
    return environment(home) | ({"MIRPS_SMTP": f"smtp://127.0.0.1:{port}"} if port else {})


def server(handler: Post) -> Iterator[Controller]:
    made = Controller(handler, hostname="127.0.0.1", port=free_port(), ready_timeout=10)
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize("taken", [False, True], ids=["before the server took it", "after it did"])
def test_killed_between_claim_and_sent_loses_nothing_and_repeats_at_most_one(home: Path, taken: bool) -> None:
    post = Holding(3, taken=taken)
    running = server(post)
    port = next(running).port
    sender = subprocess.Popen(
        [MIRPS, "notices", "send", "--at", "2025-11-03T10:01-06:00"], env=surroundings(home, port)
    )
    assert post.held.wait(60)
    os.kill(sender.pid, signal.SIGKILL)
    sender.wait()
    standing = json.loads(mirps(home, "manage", "shell", "-v0", "-c", STANDING).stdout)
    assert standing == [[1, True], [1, True], [1, False], [0, False], [0, False]]
    soon = mirps(home, "notices", "send", "--at", "2025-11-03T10:02-06:00", port=port)
    assert soon.returncode == 0, soon.stderr
    assert len(post.taken) == 4 + taken, "what was claimed is not touched while its sender might live"
    later = mirps(home, "notices", "send", "--at", "2025-11-03T10:17-06:00", port=port)
    assert later.returncode == 0, later.stderr
    came = Counter(m["To"] for m in post.taken)
    assert came == {f"p{n}@example.org": 2 if taken and n == 2 else 1 for n in range(PEOPLE)}
    assert len({m["Message-ID"] for m in post.taken}) == PEOPLE, "the second copy can be told by its id"
    next(running, None)


def test_the_server_of_the_pages_sends_every_minute_and_takes_the_loop_with_it(home: Path) -> None:
    post = Post()
    running = server(post)
    port, pages = next(running).port, free_port()
    env = surroundings(home, port)
    told = mirps(home, "manage", "shell", "-v0", "-c", ACCOUNT)
    assert told.returncode == 0, told.stderr
    subprocess.run([MIRPS, "manage", "collectstatic", "-v0", "--no-input"], env=env, check=True)
    served = subprocess.Popen([MIRPS, "serve", "--port", str(pages), "--workers", "1"], env=env)
    try:
        until(lambda: any(m["To"] == "p0@example.org" for m in post.taken), 60)
        loops = beside(served.pid)
        assert len(loops) == 1
    finally:
        served.terminate()
        served.wait(timeout=30)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in loops), 10)
    next(running, None)


ACCOUNT = """
from django.utils import timezone
from mirps.base.access.api import User
from mirps.base.notices import api
api.tell(to=[User.objects.get(username="p0")], kind="account.password", about=api.About(), by="x", at=timezone.now())
"""


def until(true: object, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.2)


def beside(parent: int) -> list[int]:
    """The loops that are children of that process."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and b"loop" in (entry / "cmdline").read_bytes():
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                found += [int(entry.name)] if int(stat[1]) == parent else []
        except OSError:
            continue
    return found
