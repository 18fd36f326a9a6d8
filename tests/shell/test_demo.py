"""`make run` as a newcomer meets it: everything is made once, and what was entered is kept."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from tests.product import MIRPS, environment

pytestmark = pytest.mark.slow


def mirps(*arguments: str, home: Path, database: str = "") -> subprocess.CompletedProcess[str]:
    env = environment(home, database)
    return subprocess.run(
        [MIRPS, *arguments], env=env, text=True, capture_output=True, timeout=300, check=False
    )


def test_a_first_start_makes_everything_and_a_second_one_keeps_what_was_entered(tmp_path: Path) -> None:
    first = mirps("demo", "--no-serve", home=tmp_path)
    assert first.returncode == 0, first.stderr
    assert re.search(r"\[3/5\].*\d+ figures", first.stdout)
    assert "demo-secretariat" in first.stdout
    assert "http://127.0.0.1:8000/es/" in first.stdout
    finding = mirps("findings", "list", "--lang", "en", home=tmp_path).stdout.split("\t")[0]
    answered = mirps(
        "findings", "answer", finding, "--kind", "acknowledged", "--as", "demo-secretariat", "--lang", "en",
        "--reason-es", "Entrada durante la prueba.", "--reason-en", "Entered during the test.", home=tmp_path,
    )  # fmt: skip
    assert answered.returncode == 0, answered.stderr
    second = mirps("demo", "--no-serve", home=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "0 figures" in second.stdout
    listed = mirps("findings", "list", home=tmp_path).stdout
    assert re.search(rf"^{finding}\t\w+\t\w+\tacknowledged", listed, re.MULTILINE)


def test_a_reader_without_a_role_cannot_answer_and_is_told_why(tmp_path: Path) -> None:
    assert mirps("demo", "--no-serve", home=tmp_path).returncode == 0
    finding = mirps("findings", "list", home=tmp_path).stdout.split("\t")[0]
    refused = mirps(
        "findings", "answer", finding, "--kind", "acknowledged", "--as", "demo-reader", "--lang", "en",
        "--reason-es", "No debería poder.", "--reason-en", "Should not be able to.", home=tmp_path,
    )  # fmt: skip
    assert refused.returncode == 1
    assert "role" in refused.stderr


@pytest.mark.postgres
def test_the_same_start_works_on_postgresql(tmp_path: Path) -> None:
    import psycopg

    url = os.environ["MIRPS_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS demo")
        connection.execute("CREATE DATABASE demo")
    first = mirps("demo", "--no-serve", home=tmp_path, database=url.rsplit("/", 1)[0] + "/demo")
    assert first.returncode == 0, first.stderr
    assert "postgresql" in first.stdout


def test_every_command_explains_itself(tmp_path: Path) -> None:
    top = mirps("--help", home=tmp_path)
    assert top.returncode == 0
    from mirps.web.shell import COMMANDS

    for name in set(COMMANDS) - {"manage"}:
        told = mirps(name, "--help", home=tmp_path)
        assert told.returncode == 0, name
        assert len(told.stdout) > 150, f"mirps {name} --help says too little"
