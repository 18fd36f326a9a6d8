"""`mirps custody` says whether the database holds the rule, and makes a role fit to serve pages."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.db import connection

from mirps.web.shell.custody import custody


def test_it_says_whether_the_database_holds_who_may_see_whom(db: None) -> None:
    said = CliRunner().invoke(custody, ["check", "--lang", "en"])
    expected = "bypasses row security" if connection.vendor == "postgresql" else "SQLite has no row security"
    assert (said.exit_code, expected in said.output) == (1, True)


def test_a_role_that_is_not_there_is_asked_for(db: None) -> None:
    said = CliRunner().invoke(custody, ["grant", 'nobody"; DROP TABLE people_person; --', "--lang", "en"])
    assert said.exit_code == 1
    expected = "There is no role" if connection.vendor == "postgresql" else "SQLite has no row security"
    assert expected in said.output


@pytest.mark.postgres
def test_the_role_then_sees_what_its_seats_see(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row security is PostgreSQL's")
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE pages_of_shell NOSUPERUSER")
        said = CliRunner().invoke(custody, ["grant", "pages_of_shell", "--lang", "en"])
        assert said.exit_code == 0
        cursor.execute("SET ROLE pages_of_shell")
        said = CliRunner().invoke(custody, ["check", "--lang", "en"])
        cursor.execute("RESET ROLE")
    assert (said.exit_code, said.output) == (0, "The database itself holds what each seat sees.\n")
