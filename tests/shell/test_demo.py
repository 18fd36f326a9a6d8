"""`make run` as a newcomer meets it: everything is made once, and what was entered is kept."""

from __future__ import annotations

import re
import socket
import subprocess
from pathlib import Path

import pytest
from tests.product import MIRPS, environment, fresh_database

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


def mirps(*arguments: str, home: Path, database: str = "") -> subprocess.CompletedProcess[str]:
    env = environment(home, database)
    return subprocess.run(
        [MIRPS, *arguments], env=env, text=True, capture_output=True, timeout=300, check=False
    )


def test_a_first_start_makes_everything_and_a_second_one_keeps_what_was_entered(tmp_path: Path) -> None:
    first = mirps("demo", "--no-serve", home=tmp_path)
    assert first.returncode == 0, first.stderr
    assert re.search(r"\[3/\d+\].*\d+ figures", first.stdout)
    assert re.search(r"\[4/\d+\].*[1-9]\d* \+ / [1-9]\d*", first.stdout)
    assert re.search(r"\[5/\d+\].*\d+ things asked, \d+ cells, .*\d+ people told", first.stdout)
    assert re.search(r"\[6/\d+\].*2\d\d people, 1 tasks", first.stdout)
    assert re.search(r"Referrals, invented … 10 referrals, [1-9] with the receiver", first.stdout)
    assert "demo-secretariat" in first.stdout
    assert "http://127.0.0.1:8000/es/" in first.stdout
    finding = mirps("findings", "list", "--lang", "en", home=tmp_path).stdout.split("\t")[0]
    answered = mirps(
        "findings", "answer", finding, "--kind", "acknowledged", "--as", "demo-secretariat", "--lang", "en",
        "--reason-es", "Entrada durante la prueba.", "--reason-en", "Entered during the test.", home=tmp_path,
    )  # fmt: skip
    assert answered.returncode == 0, answered.stderr
    second = mirps("demo", "--no-serve", "--no-reports", home=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "0 figures" in second.stdout
    assert "kept as it is" in second.stdout
    assert "kept as they are" in second.stdout
    listed = mirps("findings", "list", home=tmp_path).stdout
    assert re.search(rf"^{finding}\t\w+\t\w+\tacknowledged", listed, re.MULTILINE)


def test_a_reader_without_a_role_cannot_answer_and_is_told_why(tmp_path: Path) -> None:
    assert mirps("demo", "--no-serve", "--no-reports", home=tmp_path).returncode == 0
    finding = mirps("findings", "list", home=tmp_path).stdout.split("\t")[0]
    refused = mirps(
        "findings", "answer", finding, "--kind", "acknowledged", "--as", "demo-reader", "--lang", "en",
        "--reason-es", "No debería poder.", "--reason-en", "Should not be able to.", home=tmp_path,
    )  # fmt: skip
    assert refused.returncode == 1
    assert "role" in refused.stderr


@pytest.mark.postgres
def test_the_same_start_works_on_postgresql(tmp_path: Path) -> None:
    first = mirps("demo", "--no-serve", home=tmp_path, database=fresh_database("demo"))
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


def test_a_correction_from_the_shell_takes_the_finding_with_it(tmp_path: Path) -> None:
    assert mirps("demo", "--no-serve", home=tmp_path).returncode == 0
    corrected = mirps(
        "figures", "correct", "ar24-hnd-010", "--value", "322", "--as", "demo-hnd", "--lang", "en",
        "--reason-es", "La institución confirma 322.", "--reason-en", "The institution confirms 322.",
        home=tmp_path,
    )  # fmt: skip
    assert corrected.returncode == 0, corrected.stderr
    left = mirps("findings", "list", "--state", "HND", home=tmp_path).stdout
    assert "parts-below-total" not in left
    assert "322" in mirps("figures", "show", "ar24-hnd-010-r2", home=tmp_path).stdout


@pytest.mark.parametrize("code", ["2099", "../../etc"])
def test_a_round_that_is_not_there_is_told_without_a_traceback(tmp_path: Path, code: str) -> None:
    assert mirps("manage", "migrate", "-v0", home=tmp_path).returncode == 0
    refused = mirps("round", "load", code, "--lang", "en", home=tmp_path)
    assert refused.returncode == 1
    assert code in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_port_in_use_is_told_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = mirps("demo", "--port", str(taken.getsockname()[1]), home=tmp_path)
    assert refused.returncode == 1
    assert "in use" in refused.stderr
    assert not (tmp_path / "mirps.sqlite3").exists()
