"""`mirps people`, run as an operator runs it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.product import MIRPS, environment

from mirps.web.shell.people import people as command

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty installation; its mails are kept as files."""
    made = tmp_path_factory.mktemp("home")
    people("manage", "migrate", "-v0", home=made, whole=True)
    return made


def people(*arguments: str, home: Path, whole: bool = False) -> subprocess.CompletedProcess[str]:
    command = [MIRPS, *arguments] if whole else [MIRPS, "people", *arguments]
    return subprocess.run(
        command, env=environment(home), text=True, capture_output=True, timeout=120, check=False
    )


ANA = ("--email", "ana@example.org", "--name", "Ana Ejemplo")


def test_an_installation_begins_with_a_link_and_no_password(home: Path) -> None:
    first = people("first-administrator", *ANA, home=home)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("http://127.0.0.1:8000/es/invitation/")
    again = people("first-administrator", *ANA, "--lang", "en", home=home)
    assert again.stdout != first.stdout, "the lost link is made anew"
    assert "ana\tana@example.org\tadministrator" in people("list", "--state", "", home=home).stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("give", "nobody", "--role", "reader", "--as", "ana"), "There is no account"),
        (("give", "ana", "--role", "secretariat", "--as", "ana"), "Nobody gives themselves roles"),
        (("give", "ana", "--role", "emperor", "--as", "mallory"), "There is no account"),
        (("invite", *ANA, "--role", "reader", "--as", "ana"), "has an account already"),
        (("invite", "--email", "x", "--name", "X", "--role", "reader", "--as", "ana"), "not an e-mail"),
        (
            ("invite", "--email", "b@example.org", "--name", "B", "--role", "king", "--as", "ana"),
            "no role 'king'",
        ),
        (("end", "ana", "--role", "reader", "--reason", "x", "--as", "ana"), "does not hold the role"),
        (("end", "ana", "--role", "administrator", "--reason", "x", "--as", "ana"), "only administrator"),
    ],
)
def test_what_cannot_be_done_is_told_without_a_traceback(
    db: None, arguments: tuple[str, ...], told: str
) -> None:
    asked = [*arguments, "--lang", "en"]
    begun = CliRunner().invoke(command, ["first-administrator", *ANA])
    assert begun.exit_code == 0, begun.output
    refused = CliRunner().invoke(command, asked)
    assert refused.exit_code == 1
    assert told in refused.output


def test_roles_are_given_ended_and_listed(db: None) -> None:
    def people(*arguments: str) -> str:
        done = CliRunner().invoke(command, list(arguments))
        assert done.exit_code == 0, done.output
        return done.output

    people("first-administrator", *ANA)
    invited = people(
        "invite", "--email", "eva@example.org", "--name", "Eva Ejemplo", "--role", "data-entry", "--state",
        "HND", "--body", "HND.INM", "--as", "ana",
    )  # fmt: skip
    assert "/invitation/" in invited
    people("give", "eva", "--role", "focal-point", "--state", "HND", "--as", "ana")
    listed = people("list", "--state", "HND")
    assert "data-entry\tHND\tHND.INM" in listed
    assert "focal-point" in listed
    people("end", "eva", "--role", "focal-point", "--state", "HND", "--reason", "x", "--as", "ana")
    assert "focal-point" not in people("list", "--state", "HND")


def test_mandates_come_from_the_governance_data_and_are_set_once(home: Path) -> None:
    first = people("mandates", home=home)
    assert "presidency\tBLZ\t\t2024-01-24" in first.stdout
    assert "LG\tGTM\tGTM.MUNIGUATE" in first.stdout
    assert "ya estaban" in people("mandates", home=home).stderr
