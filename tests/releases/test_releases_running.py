"""By itself: a case decided becomes a protected figure in the State's ledger, where a person agreed to that before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.cases.desks import AT, at_decision, claimed, posted

from mirps.evidence.figures.api import SUPPRESSED, FigureRow, Origin, Status
from mirps.evidence.releases import api, running
from mirps.evidence.releases.api import Release, Stage
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Ask, Due, Kind
from mirps.web.shell.release import release as shell

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=14)
YEAR = {"period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31)}


def ask(code: str, measure: str, **said: Any) -> Ask:
    given = {"code": code, "state": "MEX", "institution": "MEX.COMAR", "sector": "asylum", "measure": measure,
             "unit": "application", "population": "ASY", **YEAR}  # fmt: skip
    return Ask(**given | said)


@pytest.fixture
def round_2026() -> None:
    rounds.set_up(
        code="2026", kind=Kind.ANNUAL, title_es="2026", title_en="2026", starts=date(2026, 1, 1),
        ends=date(2026, 12, 31), cut_off=None, by="secretariat", at=AT,
        asks=[
            ask("mex-comar-001", "asylum.decisions", stage="processed"),
            ask("mex-comar-002", "asylum.pending", period_start=None, period_end=None, as_of=date(2026, 12, 31)),
        ],
    )  # fmt: skip
    made = rounds.Round.objects.get(pk="2026")
    rounds.set_due(round=made, step=Due.ENTRY, due=AT + timedelta(days=90), by="secretariat", at=AT)
    rounds.turn(round="2026", to=rounds.Stage.OPEN, by="secretariat", at=AT)


def decided(n: int) -> None:
    posted()
    for _ in range(n):
        walked = at_decision(claimed())
        walked.does("recognise", "coordinator", days=12)


def agree() -> None:
    api.agree(state="MEX", indicator="asylum_decisions", by="luz", role="state-approver", at=AT,
              reason="the round is open", until=None)  # fmt: skip


def run(folder: Path, at: datetime = NOW) -> dict[str, str]:
    return {p.family: p.told for p in running.run(folder, at=at)}


@pytest.mark.usefixtures("round_2026")
def test_a_case_decided_becomes_a_protected_figure_by_itself(tmp_path: Path) -> None:
    decided(1)
    agree()
    assert run(tmp_path)["asylum_decisions"] == "new"
    row = FigureRow.objects.get(origin=Origin.COMPUTED, measure="asylum.decisions", dimensions="")
    assert (row.value, row.absence, row.status) == (
        None,
        SUPPRESSED,
        Status.SUBMITTED,
    )  # one person is no figure
    assert Release.objects.get(family="asylum_decisions").stage == Stage.PROVISIONAL


@pytest.mark.usefixtures("round_2026")
def test_what_nobody_agreed_to_waits_for_a_person(tmp_path: Path) -> None:
    decided(1)
    run(tmp_path)
    assert not FigureRow.objects.exists()
    assert {r.stage for r in api.of_state("MEX")} == {Stage.PROPOSED}


@pytest.mark.usefixtures("round_2026")
def test_where_nothing_was_recorded_nothing_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(1)
    assert run(tmp_path)
    monkeypatch.setattr(running, "export", None)  # would fall over
    assert run(tmp_path) == {}


@pytest.mark.usefixtures("round_2026")
def test_whoever_fell_over_half_way_looks_at_everything_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(1)
    with monkeypatch.context() as broken:
        broken.setattr(running, "propose", None)
        with pytest.raises(TypeError):
            run(tmp_path)
    assert "asylum_decisions" in run(tmp_path)


@pytest.mark.usefixtures("round_2026")
def test_a_figure_grows_with_the_cases_once_enough_have_come(tmp_path: Path) -> None:
    agree()
    decided(6)
    run(tmp_path)
    first = FigureRow.objects.get(origin=Origin.COMPUTED, measure="asylum.decisions", dimensions="")
    assert first.value == 6
    decided(1)
    assert run(tmp_path)["asylum_decisions"] == "little"
    assert FigureRow.objects.filter(measure="asylum.decisions", dimensions="").count() == 1


def test_a_node_of_another_state_and_a_region_count_nobody_elses_cases(settings: Any, tmp_path: Path) -> None:
    settings.NODE = "MIRPS"
    assert running.states() == []
    settings.NODE = "HND"
    assert running.states() == ["HND"]
    assert run(tmp_path) == {}


@pytest.mark.usefixtures("round_2026")
def test_two_that_count_at_once_do_the_work_once(tmp_path: Path) -> None:
    decided(1)
    with running._alone(tmp_path) as alone:
        assert alone
        assert run(tmp_path) == {}
    assert run(tmp_path)


@pytest.mark.usefixtures("round_2026")
def test_the_shell_counts_proposes_and_lists() -> None:
    decided(1)
    say = CliRunner().invoke
    done = say(shell, ["now", "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "asylum_decisions\tnew count: waits for a person" in done.output
    assert say(shell, ["now", "--quiet"]).output == ""
    listed = say(shell, ["list", "MEX", "--lang", "en"])
    assert "waits for a person" in listed.output
    wanted = ["propose", "asylum_decisions", "--state", "MEX", "--round", "2026", "--from", "2026-01-01"]
    again = say(shell, [*wanted, "--to", "2026-12-31", "--lang", "en"])
    assert "asylum_decisions" in again.output, again.output
    for bad in (
        ["--to", "2025-12-31"],
        ["--to", "2026-12-31", "--state", "XXX"],
        ["--to", "2026-12-31", "nothing"],
    ):
        assert say(shell, [*wanted, *bad]).exit_code == 2
