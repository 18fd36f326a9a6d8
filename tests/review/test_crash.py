"""A process killed during an approval leaves the round as it was or as it is after; of two who act on
the same values at once one wins, and the other is told."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.product import MIRPS, environment, fresh_database
from tests.review.processes import ASKS

pytestmark = pytest.mark.slow
WORK = Path(__file__).with_name("processes.py")
BEFORE = {"cells": {"submitted": ASKS}, "steps": {}, "by": [], "told": 0}
AFTER = {"cells": {"state-approved": ASKS}, "steps": {"approve-state": ASKS}, "by": ["focal"], "told": 1}
MOMENTS = {
    "after the checks": BEFORE, "before the statuses": BEFORE, "between statuses and steps": BEFORE,
    "between steps and audit": BEFORE, "before the end": BEFORE, "just after": AFTER,
}  # fmt: skip


class Place:
    """An installation of its own, worked on by processes."""

    def __init__(self, home: Path, database: str) -> None:
        self.env = environment(home, database)

    def start(self, *what: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(WORK), *what], env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )  # fmt: skip

    def run(self, *what: str) -> tuple[int, Any]:
        process = self.start(*what)
        out, err = process.communicate(timeout=120)
        assert process.returncode in (0, -9), err
        return process.returncode, json.loads(out) if out else None


def place(home: Path, database: str = "") -> Place:
    made = Place(home, database)
    subprocess.run([MIRPS, "manage", "migrate", "-v0"], env=made.env, check=True, timeout=120)
    assert made.run("prepare")[0] == 0
    return made


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place(
        tmp_path_factory.mktemp("home"), fresh_database("crash") if request.param == "postgresql" else ""
    )


@pytest.mark.parametrize("moment", list(MOMENTS))
def test_killed_during_a_bulk_approval_all_are_approved_or_none(here: Place, moment: str) -> None:
    """The last moment comes last: from then on they are approved."""
    code, _ = here.run("die_at", moment)
    assert code == -9
    assert here.run("standing")[1] == MOMENTS[moment]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
@pytest.mark.parametrize("deeds", [("approve", "approve"), ("approve", "send-back")], ids=" and ".join)
def test_of_two_at_once_one_wins_and_the_other_is_told_who(
    tmp_path: Path, database: str, deeds: tuple[str, str]
) -> None:
    held = place(tmp_path, fresh_database("race") if database == "postgresql" else "")
    start = str(time.time() + 4)
    running = [held.start("race", who, deed, start) for who, deed in zip(("ana", "bea"), deeds, strict=True)]
    said = []
    for p in running:
        out, err = p.communicate(timeout=120)
        assert p.returncode == 0, err
        said.append(json.loads(out))
    stands = held.run("standing")[1]
    assert sorted(next(iter(s)) for s in said) == ["done", "overtaken"] or _one_after_the_other(said, stands)
    winner = next(n for n, s in enumerate(said) if "done" in s)
    if _one_after_the_other(said, stands):
        return
    name, did = ("ana", "bea")[winner], {"approve": "approve-state", "send-back": "send-back"}[deeds[winner]]
    assert said[winner] == {"done": ASKS}
    assert said[1 - winner] == {"overtaken": [name, did]}
    assert (stands["steps"], stands["by"], stands["told"]) == ({did: ASKS}, [name], 1)


def _one_after_the_other(said: list[dict[str, Any]], stands: dict[str, Any]) -> bool:
    """What was approved may still be sent back: then both did it, wholly, and in that order."""
    both = all(s == {"done": ASKS} for s in said)
    return both and stands["cells"] == {"returned": ASKS} and stands["told"] == 2
