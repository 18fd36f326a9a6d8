"""An answer's way from the one who writes it to the public."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from tests.rounds.conftest import NOW, cell, write

from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, CellStep, Given, NotTaken, Outcome
from mirps.evidence.figures.api import FigureRow, book
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import CannotStep, Round, Stage, Status, Step

pytestmark = pytest.mark.django_db


def take(c: Cell, step: Step, by: str, days: int = 0, reason: str = "") -> Cell:
    return entries.take(
        cells=[c.pk], step=step, by=by, role="any", at=NOW + timedelta(days=days), reason=reason
    )[0]


def test_a_breakdown_has_its_total_its_members_and_unknown(round_2025: Round) -> None:
    held = Cell.objects.filter(asked__code="hnd-inm-001").order_by("order")
    assert [c.dimensions for c in held] == [
        "", "sex=F", "sex=M", "sex=_U", "age=0-17", "age=18+", "age=_U",
    ]  # fmt: skip


def test_a_value_travels_to_the_public_and_every_step_is_kept(round_2025: Round) -> None:
    c = cell("hnd-inm-001")
    assert write(c, 120).outcome is Outcome.WRITTEN
    assert not FigureRow.objects.filter(round="2025").exists()
    c = take(c, Step.SUBMIT, "clerk", 1)
    row = FigureRow.objects.get(pk=c.figure)
    assert (row.status, row.value, row.source) == ("submitted", 120, "HND.INM")
    take(c, Step.APPROVE_STATE, "focal", 2)
    take(c, Step.APPROVE_REGION, "region", 3)
    rounds.turn(round="2025", to=Stage.CLOSED, by="secretariat", at=NOW)
    take(c, Step.PUBLISH, "presidency", 4)
    assert book().get(row.id).public
    assert not book(known_on=NOW + timedelta(days=3)).get(row.id).public
    assert [s.step for s in CellStep.objects.filter(cell=c)] == [
        "submit", "approve-state", "approve-region", "publish",
    ]  # fmt: skip


def test_what_was_sent_back_and_changed_supersedes_what_was_submitted(round_2025: Round) -> None:
    c = cell("hnd-inm-002")
    write(c, 7)
    first = take(c, Step.SUBMIT, "clerk", 1).figure
    take(c, Step.SEND_BACK, "focal", 2, reason="Is this the whole year?")
    write(c, 9, by="clerk")
    second = take(c, Step.SUBMIT, "clerk", 4)
    assert second.figure == f"{first}-r2"
    assert FigureRow.objects.get(pk=first).superseded_by == second.figure
    assert Cell.objects.get(pk=c.pk).status == Status.SUBMITTED


def test_what_was_sent_back_and_not_changed_is_the_same_figure(round_2025: Round) -> None:
    c = cell("hnd-inm-002")
    write(c, 7)
    first = take(c, Step.SUBMIT, "clerk", 1).figure
    take(c, Step.SEND_BACK, "focal", 2, reason="Is this the whole year?")
    assert take(c, Step.SUBMIT, "clerk", 3).figure == first
    assert FigureRow.objects.get(pk=first).status == "submitted"


def test_two_people_on_one_value_lose_nothing(round_2025: Round) -> None:
    c = cell("hnd-inm-001")
    write(c, 5, by="ana", base=0)
    second = write(c, 6, by="luis", base=0)
    assert second.outcome is Outcome.CONFLICT
    assert (second.cell.value, second.mine.value) == (5, 6)
    assert [s.number for s in entries.versions(c.pk)] == [1, None]


def test_the_same_post_twice_is_one_statement(round_2025: Round) -> None:
    c, mark = cell("hnd-inm-001"), uuid4()
    for outcome in (Outcome.WRITTEN, Outcome.AGAIN):
        done = entries.write(
            cell=c.pk, given=Given(Decimal(3)), base=0, client=mark, by="ana", at=NOW, via="form"
        )
        assert done.outcome is outcome


def test_nobody_approves_what_they_wrote_and_the_two_approvals_are_two_peoples(round_2025: Round) -> None:
    c = cell("hnd-inm-001")
    write(c, 5, by="ana")
    take(c, Step.SUBMIT, "luis", 1)
    for person in ("ana", "luis"):
        with pytest.raises(CannotStep, match="same-person"):
            take(c, Step.APPROVE_STATE, person, 2)
    take(c, Step.APPROVE_STATE, "focal", 2)
    with pytest.raises(CannotStep, match="same-person"):
        take(c, Step.APPROVE_REGION, "focal", 3)
    assert Cell.objects.get(pk=c.pk).status == Status.STATE


def test_sending_back_says_why(round_2025: Round) -> None:
    c = cell("hnd-inm-001")
    write(c, 5)
    take(c, Step.SUBMIT, "clerk")
    with pytest.raises(CannotStep, match="reason"):
        take(c, Step.SEND_BACK, "focal")


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"value": -1}, "negative"),
        ({"value": 1_000_001}, "high"),
        ({"value": 1, "absence": "_U"}, "value_and_absence"),
        ({"value": None, "absence": "_T"}, "absence"),
    ],
)
def test_what_no_value_may_be_is_named(round_2025: Round, given: dict[str, object], key: str) -> None:
    c = cell("hnd-inm-001")
    with pytest.raises(NotTaken, match=key):
        write(c, **given)  # type: ignore[arg-type]
    assert entries.versions(c.pk) == []


def test_nothing_is_written_into_what_is_approved_or_closed(round_2025: Round) -> None:
    c, other = cell("hnd-inm-001"), cell("hnd-inm-002")
    write(c, 5)
    take(c, Step.SUBMIT, "clerk")
    with pytest.raises(NotTaken, match=r"locked\.submitted"):
        write(c, 6)
    rounds.turn(round="2025", to=Stage.CLOSED, by="secretariat", at=NOW)
    with pytest.raises(NotTaken, match=r"locked\.closed"):
        write(other, 6)


def test_a_status_is_what_its_steps_come_to(round_2025: Round) -> None:
    c, other = cell("hnd-inm-001"), cell("hnd-inm-002")
    write(c, 5)
    take(c, Step.SUBMIT, "clerk", 1)
    take(c, Step.UNLOCK, "focal", 2, reason="a new count")
    write(other, 8)
    write(other, None)
    every = list(Cell.objects.all())
    folded = entries.rebuilt(every)
    assert {x.pk: Status(x.status) for x in every} == folded


def test_the_2024_round_proposes_what_2025_asks(loaded: None) -> None:
    asks = rounds.proposed_from(previous="2024", starts=date(2025, 1, 1), ends=date(2025, 12, 31))
    assert len({a.state for a in asks}) == 7
    assert len({a.code for a in asks}) == len(asks) > 150
    assert all(a.previous for a in asks)
