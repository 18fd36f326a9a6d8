"""Seven States and the region, each a process with a database of its own: nothing lost, nothing doubled, all equal."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.product import MIRPS, environment, free_port

from mirps.base.crypto import keyring

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
]  # with the browser's: no database of the tests' own, sockets
STATES = ("BLZ", "CRI", "GTM", "HND", "MEX", "PAN", "SLV")
ROOT = Path(__file__).resolve().parents[2]


class Node:
    """A node's process, its home and its database."""

    def __init__(self, code: str, home: Path, template: Path) -> None:
        self.code, self.home, self.port = code, home, free_port()
        home.mkdir()
        (home / "static").mkdir()
        shutil.copy(template / "mirps.sqlite3", self.database)
        keyring.make(home / "keys.json")
        self.start()

    @property
    def database(self) -> Path:
        return self.home / "mirps.sqlite3"

    @property
    def said(self) -> Path:
        """What the process wrote to its standard error."""
        return self.home / "said.log"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        return environment(self.home) | {
            "MIRPS_NODE": self.code, "PORT": str(self.port), "DJANGO_SETTINGS_MODULE": "mirps.config.settings",
            "MIRPS_KEYS": str(self.home / "keys.json"),
        }  # fmt: skip

    def start(self) -> None:
        with self.said.open("a", encoding="utf-8") as said:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "tests" / "exchange" / "process.py"], env=self.environment(), text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said,
            )  # fmt: skip

    def ask(self, what: str, **values: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": what, **values}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, f"{self.code} ended without an answer: {self.said.read_text()[-2000:]}"
        return json.loads(line)

    def do(self, what: str, **values: Any) -> Any:
        self.ask(what, **values)
        return self.answer()

    def stop(self) -> None:
        if self.process.poll() is None:
            assert self.process.stdin
            self.process.stdin.close()
            self.process.wait(timeout=60)
        if self.process.stdout:
            self.process.stdout.close()

    def backup(self) -> Path:
        """A copy of the database as it stands, taken while the node works."""
        to = self.home / "backup.sqlite3"
        with closing(sqlite3.connect(self.database)) as live, closing(sqlite3.connect(to)) as copy:
            live.backup(copy)
        return to

    def restore(self, backup: Path) -> None:
        self.stop()
        for file in self.home.glob("mirps.sqlite3*"):
            file.unlink()
        shutil.copy(backup, self.database)
        self.start()


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Node]]:
    base = tmp_path_factory.mktemp("nodes")
    template = base / "template"
    template.mkdir()
    subprocess.run([MIRPS, "manage", "migrate", "-v0"], env=environment(template), check=True, timeout=300)
    all_ = {code: Node(code, base / code, template) for code in (*STATES, "MIRPS")}
    try:
        yield all_
    finally:
        for node in all_.values():
            node.stop()


def everybody(nodes: dict[str, Node], what: str, **values: Any) -> dict[str, Any]:
    """All the States at once."""
    for code in STATES:
        nodes[code].ask(what, **values)
    return {code: nodes[code].answer() for code in STATES}


def unequal(nodes: dict[str, Node]) -> dict[str, Any]:
    """Where what a State stated is not what the region has of it, or something waits; empty when all is equal."""
    region = nodes["MIRPS"].do("told")
    assert len({f[1] for f in region["figures"]}) == len(region["figures"])
    out = {}
    for code, told in everybody(nodes, "told").items():
        theirs = [f for f in region["figures"] if f[0] == code]
        if told["figures"] != theirs or told["unsettled"]:
            out[code] = (told["figures"], theirs, told["unsettled"], told["lanes"], told["away"])
    return out


def introduce(nodes: dict[str, Node]) -> None:
    """Keys for each, and each State's card with the region, the region's with each State."""
    region = nodes["MIRPS"]
    card = region.do("setup")
    region.do("add", cards=list(everybody(nodes, "setup").values()), address="")
    everybody(nodes, "add", cards=[card], address=region.address)


def test_eight_nodes_end_equal_whatever_befalls_them(nodes: dict[str, Node], tmp_path: Path) -> None:
    region = nodes["MIRPS"]
    introduce(nodes)

    # What the region asks comes down to each.
    region.do("open_round", states=list(STATES))
    everybody(nodes, "sync")
    assert all(told["round"] == ["open"] for told in everybody(nodes, "told").values())

    # Lines that break at any byte, a clock three days ahead, one three days behind.
    nodes["MEX"].do("skew", hours=72)
    nodes["PAN"].do("skew", hours=-72)
    for value in (1, 2, 3):
        everybody(nodes, "state", value=value)
    assert "cut" in everybody(nodes, "sync", left=0)["BLZ"]["MIRPS"]
    for left in (300, 1500, 2600):
        everybody(nodes, "sync", left=left)
    everybody(nodes, "sync")
    assert "exchange.refused.future" in region.do("told")["away"]
    assert {f[0] for f in region.do("told")["figures"]} == {*STATES} - {"MEX"}
    nodes["MEX"].do("skew", hours=0)
    nodes["PAN"].do("skew", hours=0)  # until then what the region answered was from its future
    everybody(nodes, "sync")
    assert unequal(nodes) == {}

    # A State that is restored from an old backup, and goes on working before anybody notices.
    backups = nodes["HND"].backup(), region.backup()
    everybody(nodes, "state", value=10)
    everybody(nodes, "sync")
    nodes["HND"].do("state", value=11)
    everybody(nodes, "sync")
    assert unequal(nodes) == {}
    nodes["HND"].restore(backups[0])
    nodes["HND"].do("state", value=12)
    everybody(nodes, "sync")
    assert {f[2] for f in nodes["HND"].do("told")["figures"]} == {1, 2, 3, 10, 11, 12}
    everybody(nodes, "sync")
    assert unequal(nodes) == {}

    # A full disk at the region: nothing is half-taken, and it is all there once there is room.
    region.do("disk", full=True)
    everybody(nodes, "state", value=20)
    everybody(nodes, "sync")
    assert 20 not in {f[2] for f in region.do("told")["figures"]}
    region.do("disk", full=False)
    everybody(nodes, "sync")
    assert 20 in {f[2] for f in region.do("told")["figures"]}

    # A stick overtakes the line, and the same comes by the line again.
    nodes["SLV"].do("state", value=30)
    nodes["SLV"].do("sync", left=0)
    assert nodes["SLV"].do("pack", folder=str(tmp_path / "stick"), to="MIRPS") >= 1
    assert "taken" in region.do("unpack", folder=str(tmp_path / "stick"))
    everybody(nodes, "sync")
    assert unequal(nodes) == {}

    # The region is restored from an old backup: all of it comes back from the States.
    region.restore(backups[1])
    assert 20 not in {f[2] for f in region.do("told")["figures"]}
    everybody(nodes, "sync")
    everybody(nodes, "sync")
    assert unequal(nodes) == {}
    assert all(told["refused"] == [] for told in everybody(nodes, "told").values())


def test_keys_that_turn_on_both_sides_are_heard_of_in_the_next_visit(nodes: dict[str, Node]) -> None:
    introduce(nodes)
    for _ in range(2):
        nodes["MIRPS"].do("rotate")
        nodes["CRI"].do("rotate")
    nodes["CRI"].do("sync")
    nodes["CRI"].do("state", value=77)
    nodes["CRI"].do("sync")
    assert ["CRI", "r2026-cri-77", 77, "computed"] in nodes["MIRPS"].do("told")["figures"]
