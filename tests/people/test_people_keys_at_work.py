"""Key files and the index as several processes meet them: wrong files, two desks at once, one killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.product import MIRPS, environment, fresh_database

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def env(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """An installation of its own, with its tables and its keys."""
    database = fresh_database("mirps_keys") if request.param == "postgresql" else ""
    found = environment(tmp_path, database) | {"PYTHONPATH": str(ROOT)}
    run([MIRPS, "manage", "migrate", "-v0"], found)
    run([MIRPS, "keys", "make"], found)
    return found


def run(command: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(command: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


def desk(*words: object) -> list[str]:
    return [sys.executable, "-m", "tests.people.desk", *map(str, words)]


def test_four_desks_that_register_the_same_name_at_once_lose_nobody(env: dict[str, str]) -> None:
    desks = [subprocess.Popen(desk("register", first, 40, 2), env=env, cwd=ROOT) for first in (1, 41)]
    assert [each.wait(timeout=120) for each in desks] == [0, 0]
    assert run(desk("check", 80), env).split() == ["80", "80", "80", "0", "0"]
    held = b"".join(path.read_bytes() for path in Path(env["MIRPS_HOME"]).glob("mirps.sqlite3*")).upper()
    for word in ("GARCÍA", "GARCIA", "GARSIA", "MARÍA JOSÉ", "MARIA JOSE", "LÓPEZ", "LOPES", "99990100"):
        assert word.encode() not in held, word


def test_a_rotation_killed_half_way_is_taken_up_and_the_old_key_goes_only_then(env: dict[str, str]) -> None:
    run(desk("register", 1, 400, 1), env)
    run([MIRPS, "keys", "rotate"], env)
    with subprocess.Popen(desk("reseal", 400), env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as job:
        assert job.stdout
        done = int(job.stdout.readline())
        job.kill()
        done += sum(map(int, job.stdout.read().split()))
    assert 0 < done < 400
    assert "mirps keys reseal" in refused([MIRPS, "keys", "retire", "1", "--lang", "en"], env)
    assert sum(map(int, run(desk("reseal", 400), env).split())) <= 400 - done
    run([MIRPS, "keys", "retire", "1"], env)
    assert run(desk("check", 400), env).split() == ["400", "400", "400", "0", "0"]
    shown = run([MIRPS, "keys", "show", "--lang", "en"], env)
    assert "version 2" in shown
    assert "version 1" not in shown


def test_a_node_starts_with_its_own_key_file_alone(tmp_path: Path) -> None:
    env = environment(tmp_path) | {"PYTHONPATH": str(ROOT)}
    run([MIRPS, "manage", "migrate", "-v0"], env)
    start = [sys.executable, "-c", "import mirps.config.wsgi"]
    first = subprocess.run(start, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    path = tmp_path / "keys.json"
    assert first.stderr.count(str(path)) == 2
    assert run(start, env) == ""
    own = path.read_bytes()
    path.unlink()
    assert "Restore the copy" in refused(start, env)
    assert not path.exists()
    assert "this database is sealed under" in refused([MIRPS, "keys", "make", "--lang", "en"], env)
    path.write_bytes(b"{}")
    path.chmod(0o600)
    assert "cannot be understood" in refused(start, env)
    path.write_bytes(own)
    path.chmod(0o640)
    assert f"chmod 600 {path}" in refused(start, env)
    path.chmod(0o600)
    assert run(start, env) == ""
    assert set(os.listdir(tmp_path)) >= {"keys.json", "mirps.sqlite3"}
