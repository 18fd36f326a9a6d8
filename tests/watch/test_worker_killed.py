"""The serving worker killed at random moments of saves, an upload, a handing over and an approval.

Over HTTP, as people meet it: the answer is lost, they send the same again, and afterwards every value
that was acknowledged is stored once, and each step was taken by all or by none.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from bench.evening_people import CSRF, Answer, Person
from tests.product import MIRPS, environment, free_port, fresh_database

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 200  # enough that every part has somebody
DEATHS = 8  # of each sort
STANDING = """
import django, json
django.setup()
from mirps.evidence.entries.api import Cell, CellStep
from mirps.evidence.figures.api import FigureRow
figures = dict(FigureRow.objects.filter(round="2025").values_list("id", "status"))
print(json.dumps({"cells": [
    [c.pk, c.asked.code, c.asked.institution, c.asked.state, c.status, c.version, figures.get(c.figure)]
    for c in Cell.objects.select_related("asked").order_by("id")
], "steps": list(CellStep.objects.order_by("id").values_list("cell_id", "step"))}))
"""


class Place:
    """A server, its people, and a hand that kills one of its workers."""

    def __init__(self, home: Path, database: str) -> None:
        (home / "evening").mkdir(parents=True)
        self.folder = home / "evening"
        self.env = environment(home, database) | {
            "DJANGO_SETTINGS_MODULE": "mirps.config.settings", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self.people = self.job("fill", str(PEOPLE), str(self.folder))["people"]
        self.port = free_port()
        self.server = subprocess.Popen(
            [MIRPS, "serve", "--port", str(self.port)], env=self.env | {"PORT": str(self.port)},
            start_new_session=True, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.rng, self.killed = random.Random(7), 0

    def job(self, *words: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "bench.evening_job", *words], env=self.env, cwd=ROOT, check=True,
            stdout=subprocess.PIPE, text=True, timeout=200,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def standing(self) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-c", STANDING], env=self.env, check=True, stdout=subprocess.PIPE, text=True,
            timeout=60,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def person(self, part: str, **more: Any) -> Person:
        who = next(p for p in self.people if p["part"] == part and all(p[k] == v for k, v in more.items()))
        made = Person(who, self.port, time.time() + 600, 0.01)
        made.name = who["username"]
        return made

    def kill(self) -> None:
        """End one worker at once; the server puts another in its place.

        Where both have just been killed there is none for a moment: the next one is waited for.
        """
        for _ in range(200):
            children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
            with suppress(FileNotFoundError, ProcessLookupError):
                workers = [int(c) for c in children if b"gunicorn" in Path(f"/proc/{c}/cmdline").read_bytes()]
                if workers:
                    os.kill(self.rng.choice(workers), signal.SIGKILL)
                    self.killed += 1
                    return
            time.sleep(0.01)

    def during(self, act: Callable[[], Answer], longest: float = 0.06) -> Answer:
        """Do something, and kill a worker a moment later; both workers, so that the right one dies."""
        later = [threading.Timer(self.rng.uniform(0, longest), self.kill) for _ in range(2)]
        for t in later:
            t.start()
        try:
            return act()
        finally:
            for t in later:
                t.join()

    def until_answered(self, act: Callable[[], Answer], *, killing: bool = True) -> Answer:
        """As a person (or their browser) does it: the same again until there is an answer."""
        answer = self.during(act) if killing else act()
        for _ in range(100):
            if answer.status:
                return answer
            time.sleep(0.1)
            answer = act()
        raise AssertionError("no answer after a hundred tries")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    database = fresh_database("killed") if request.param == "postgresql" else ""
    made = Place(tmp_path_factory.mktemp("home") / "here", database)
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", made.port), timeout=1):
                break
            time.sleep(0.2)
        yield made
    finally:
        os.killpg(made.server.pid, signal.SIGTERM)
        made.server.wait(timeout=20)


def opened(place: Place, person: Person, path: str) -> str:
    return place.until_answered(lambda: person.ask("open", "GET", path), killing=False).body


def test_every_value_that_was_acknowledged_is_stored_once(place: Place) -> None:
    receipts: list[dict[str, Any]] = []
    receipts += saves(place)
    receipts += one_workbook(place)
    assert place.killed >= DEATHS
    path = place.folder / "receipts.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in receipts))
    found = place.job("verify", str(path))
    assert found["problems"] == []
    assert found["cells written"] + found.get("cells again", 0) == DEATHS * 3


def saves(place: Place) -> list[dict[str, Any]]:
    """Cells of the grid, three at a time; what was cut off is sent again under the same marks."""
    person = place.person("grid")
    page = opened(place, person, f"{person.mine}grid/")
    bases = {int(c): int(b) for c, b in re.findall(r'data-cell="(\d+)" data-base="(\d+)"', page)}
    out: list[dict[str, Any]] = []
    for _ in range(DEATHS):
        cells = place.rng.sample(sorted(bases), 3)
        posts = [
            {"cell": c, "base": bases[c], "client": str(uuid4()), "text": str(person.value())} for c in cells
        ]
        body = json.dumps({"posts": posts})

        def send(body: str = body) -> Answer:
            return person.ask("save", "POST", f"{person.mine}save/", body, "application/json")

        done = json.loads(place.until_answered(send).body)["done"]
        for post, told in zip(posts, done, strict=True):
            assert told["outcome"] in ("written", "again")
            bases[int(str(post["cell"]))] = told["version"]
            out.append({
                "k": "cell", "by": person.name, "cell": post["cell"], "value": int(str(post["text"])),
                "client": post["client"], "outcome": told["outcome"], "version": told["version"],
            })  # fmt: skip
        assert [t["outcome"] for t in json.loads(send().body)["done"]] == ["again"] * 3
    return out


def one_workbook(place: Place) -> list[dict[str, Any]]:
    import hashlib

    person = place.person("book")
    book = person.who["books"][0]
    content, where = Path(book["path"]).read_bytes(), f"{person.base}/workbook/{person.who['institution']}/"
    looked = place.until_answered(lambda: person.upload(where, content))
    fields = [("csrfmiddlewaretoken", CSRF), ("keep", "right")]
    taken = place.until_answered(lambda: person.post_form("take", looked.to, fields))
    number = re.search(r"(?:taken|again)=(\d+)", taken.to)
    assert number, taken
    return [{
        "k": "book", "by": person.name, "digest": hashlib.sha256(content).hexdigest(), "said": book["said"],
        "before": {}, "outcome": int(number[1]),
    }]  # fmt: skip


def test_what_is_handed_over_and_approved_goes_whole_or_not_at_all(place: Place) -> None:
    hands = place.person("submit")
    page = opened(place, hands, f"{hands.mine}grid/")
    rows = [
        re.findall(r'data-cell="(\d+)" data-base="(\d+)"', row) for row in page.split("<tr data-ask=")[1:]
    ]
    bases = [(int(row[0][0]), int(row[0][1])) for row in rows if row]  # totals: parts above them want a note
    posts = [{"cell": c, "base": b, "client": str(uuid4()), "text": str(hands.value())} for c, b in bases]
    hands.post_json("save", f"{hands.mine}save/", {"posts": posts})
    listed = opened(place, hands, f"{hands.mine}submit/")
    ready = re.findall(r'name="asked" value="([^"]+)"(?: checked)?>', listed)[: DEATHS * 2]
    assert len(ready) >= 4
    groups = [ready[n::4] for n in range(4)]
    for group in groups:
        fields = [("csrfmiddlewaretoken", CSRF), *(("asked", code) for code in group)]
        place.until_answered(lambda f=fields: hands.post_form("submit", f"{hands.mine}submit/", f))  # type: ignore[misc]
        whole(place, group, "submitted")
    state = hands.who["state"]
    approver = place.person("review", state=state, regional=False, role="state-approver")
    for group in groups:
        cells = [c for c in place.standing()["cells"] if c[1] in group and c[4] == "submitted"]
        seen = " ".join(f"{c[0]}:{c[5]}" for c in cells)
        fields = [("csrfmiddlewaretoken", CSRF), ("seen", seen), ("level", "state")]
        place.until_answered(
            lambda f=fields: approver.post_form("approve", f"{approver.base}/review/{state}/approve/now/", f)  # type: ignore[misc]
        )
        whole(place, group, "state-approved")


def whole(place: Place, group: list[str], *allowed: str) -> None:
    """All the filled cells of a group went the same way, each step was taken once, and the ledger knows it."""
    found = place.standing()
    mine = [c for c in found["cells"] if c[1] in group and c[5]]
    assert len({c[4] for c in mine}) == 1
    assert mine[0][4] in allowed
    assert {c[6] for c in mine} == {"submitted"}
    steps = [tuple(s) for s in found["steps"]]
    assert len(steps) == len(set(steps))
