"""A process killed at any moment of an upload leaves the round as it was, or as it is after."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.product import MIRPS, environment

HERE = Path(__file__).parent
TABLES = ("evidence_cell", "evidence_statement", "evidence_upload", "base_auditentry", "evidence_cellstep")

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An installation with the small round open, and a workbook filled in."""
    home = tmp_path_factory.mktemp("seed")
    env = environment(home) | {
        "DJANGO_SETTINGS_MODULE": "mirps.config.settings",
        "PYTHONPATH": str(HERE.parents[1]),
    }
    subprocess.run([MIRPS, "manage", "migrate", "-v0"], env=env, check=True, timeout=120)
    file = home / "libro.xlsx"
    subprocess.run([sys.executable, str(HERE / "seed.py"), str(file)], env=env, check=True, timeout=60)
    return home, file


def attempt(home: Path, file: Path, step: int) -> subprocess.CompletedProcess[str]:
    env = environment(home) | {"DJANGO_SETTINGS_MODULE": "mirps.config.settings"}
    given = [sys.executable, str(HERE / "killed.py"), "2025", "HND.INM", str(file), str(step)]
    return subprocess.run(given, env=env, capture_output=True, text=True, timeout=60, check=False)


def stands(home: Path) -> dict[str, object]:
    """What the tables hold: how many rows, and every cell's value, version and status."""
    with sqlite3.connect(home / "mirps.sqlite3") as db:
        counts: dict[str, object] = {t: db.execute(f"select count(*) from {t}").fetchone()[0] for t in TABLES}
        cells = "select id, value, version, status, note_es from evidence_cell order by id"
        counts["cells"] = db.execute(cells).fetchall()
    db.close()
    return counts


def copy_of(home: Path, to: Path) -> Path:
    shutil.copytree(home, to)
    return to


def test_killed_at_any_step_it_is_before_or_after_and_again_it_is_after(
    seeded: tuple[Path, Path], tmp_path: Path
) -> None:
    home, file = seeded
    whole = copy_of(home, tmp_path / "whole")
    before = stands(whole)
    done = attempt(whole, file, 10**6)
    assert done.returncode == 0, done.stderr
    steps, after = int(done.stdout.split()[0]), stands(whole)
    assert after["evidence_statement"] == 4
    assert steps > 20
    seen = set()
    for step in sorted({*range(1, steps, steps // 6), steps - 1, steps}):
        killed = copy_of(home, tmp_path / f"step-{step}")
        gone = attempt(killed, file, step)
        assert gone.returncode == -signal.SIGKILL
        found = stands(killed)
        assert found in (before, after), f"half done at step {step}"
        seen.add("before" if found == before else "after")
        again = attempt(killed, file, 10**6)
        assert again.returncode == 0, again.stderr
        assert stands(killed) == after
        assert not list((killed / "files" / "workbooks").glob("*.xlsx"))
        shutil.rmtree(killed)
    assert seen == {"before", "after"}
