"""`mirps cases` says whether the lists say what happened, and sets them right."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from tests.cases.desks import claimed, posted

from mirps.casework.cases.api import Standing
from mirps.web.shell.cases import cases

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_false_row_is_told_set_right_and_told_no_more() -> None:
    posted()
    case = claimed()
    asked = CliRunner()
    assert asked.invoke(cases, ["check"]).exit_code == 0
    Standing.objects.update(stage="decision")
    told = asked.invoke(cases, ["check", "--lang", "en"])
    assert (told.exit_code, f"{case.id}\tstage" in told.output) == (1, True)
    assert asked.invoke(cases, ["rebuild"]).exit_code == 0
    told = asked.invoke(cases, ["check", "--lang", "en"])
    assert (told.exit_code, "0 rows that differ" in told.output) == (0, True)
    assert asked.invoke(cases, ["recount"]).exit_code == 0
