"""A serving process that is killed in the midst of an act loses nothing and leaves nothing half-done."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.product import MIRPS, MOST_WAITED, environment, free_port, fresh_database, own_tables, seed

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
ROOT = Path(__file__).resolve().parents[2]
DYING = Path(__file__).with_name("dying.py")
CSRF = "k" * 32
Form = dict[str, str]


class Node:
    """A node in a home of its own, with one case and an officer who is signed in."""

    def __init__(self, home: Path, database: str) -> None:
        self.env = (
            own_tables(home)
            | environment(home, database)
            | {
                "PYTHONPATH": str(ROOT),
                "PORT": str(free_port()),
                "MIRPS_DEMO": "1",
            }
        )
        for command in (("manage", "migrate", "-v0"), ("keys", "make")):
            subprocess.run(
                [MIRPS, *command], env=self.env, check=True, timeout=300, stdout=subprocess.DEVNULL
            )
        self.held: dict[str, str] = json.loads(seed(self.env, DYING, "fill"))

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(seed(self.env, DYING, "told", self.held["case"]))
        return found

    @contextmanager
    def serving(self, dies: str = "") -> Iterator[subprocess.Popen[bytes]]:
        """A real server; `dies`: when its worker kills all of it."""
        env = self.env | {"DIES": dies, "GUNICORN_CMD_ARGS": f"--config {DYING}"}
        server = subprocess.Popen([MIRPS, "serve", "--port", env["PORT"], "--workers", "1"], env=env,
                                  start_new_session=True)  # fmt: skip
        try:
            for _ in range(MOST_WAITED):
                with suppress(OSError), socket.create_connection(("127.0.0.1", int(env["PORT"])), timeout=1):
                    break
                time.sleep(0.2)
            yield server
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait(timeout=60)

    def ask(self, method: str, path: str, form: Form | None = None) -> tuple[int, str, str]:
        """Status (0: no answer), where it leads, and the page."""
        line = HTTPConnection("127.0.0.1", int(self.env["PORT"]), timeout=120)
        headers = {"Cookie": f"sessionid={self.held['session']}; csrftoken={CSRF}",
                   "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        try:
            line.request(method, path, urlencode((form or {}) | {"csrfmiddlewaretoken": CSRF}), headers)
            answer = line.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        except (HTTPException, OSError):
            return 0, "", ""
        finally:
            line.close()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Node:
    database = fresh_database("cases_killed") if request.param == "postgresql" else ""
    return Node(tmp_path_factory.mktemp("home"), database)


def form_of(page: str) -> Form:
    """What the form of an act has to say once more when it is sent again: its id and when it was opened."""
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("id", "made")}  # type: ignore[index]


def test_an_act_is_kept_whole_or_not_at_all_and_a_second_sending_is_recognised(node: Node) -> None:
    path = f"/en/cases/{node.held['number']}/do/admit/"
    first = node.told()
    assert (first["acts"], first["stage"], first["wrong"]) == (["claim"], "submitted", 0)
    with node.serving("before") as server:
        status, _, page = node.ask("GET", path)
        assert status == 200
        form = form_of(page)
        assert node.ask("POST", path, form)[0] == 0
        assert server.wait(timeout=60) == -signal.SIGKILL
    assert node.told() == first, "killed before the commit: as if it had never been sent"
    with node.serving("after") as server:
        assert node.ask("POST", path, form)[0] == 0
        assert server.wait(timeout=60) == -signal.SIGKILL
    kept = node.told()
    assert (kept["acts"], kept["stage"]) == (["claim", "admit"], "triage")
    assert kept["letters"] == sorted([*first["letters"], "constancia", "curp"])
    assert (kept["audit"], kept["wrong"]) == (first["audit"] + 1, 0)
    with node.serving():
        status, leads, _ = node.ask("POST", path, form)
        assert (status, leads.rpartition("?")[2]) == (302, "done=again")
    assert node.told() == kept
