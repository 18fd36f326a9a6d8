"""Publishing is one act: killed at any moment, the round is as it was or as it is after."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.product import MIRPS, environment, fresh_database

pytestmark = pytest.mark.slow
WORK = Path(__file__).with_name("publishing_work.py")
BEFORE = {
    "stage": "closed", "cells": ["region-approved"], "figures": ["approved"], "embargoes": [], "reports": 0,
    "news": 0,
}  # fmt: skip
AFTER = {
    "stage": "published", "cells": ["published"], "figures": ["published"], "embargoes": ["CRI"], "reports": 6,
    "news": 1,
}  # fmt: skip
MOMENTS = {
    "after the figures": BEFORE, "after the embargo": BEFORE, "after the round": BEFORE,
    "between two reports": BEFORE, "before the end": BEFORE, "just after": AFTER,
}  # fmt: skip


class Place:
    def __init__(self, home: Path, database: str) -> None:
        self.env = environment(home, database)
        subprocess.run([MIRPS, "manage", "migrate", "-v0"], env=self.env, check=True, timeout=120)
        assert self.run("prepare")[0] == 0

    def run(self, *what: str) -> tuple[int, Any]:
        done = subprocess.run(
            [sys.executable, str(WORK), *what], env=self.env, text=True, capture_output=True, timeout=180, check=False
        )  # fmt: skip
        assert done.returncode in (0, -9), done.stderr
        return done.returncode, json.loads(done.stdout) if done.stdout else None


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    database = fresh_database("publishing") if request.param == "postgresql" else ""
    return Place(tmp_path_factory.mktemp("home"), database)


@pytest.mark.parametrize("moment", list(MOMENTS))
def test_killed_while_publishing_all_of_it_stands_or_none(here: Place, moment: str) -> None:
    """The last moment comes last: from then on the round is published."""
    code, _ = here.run("die_at", moment)
    assert code == -9
    assert here.run("standing")[1] == MOMENTS[moment]
