"""An answer at two nodes: the State's approved figure stands in the region's cell, the region's word in the State's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.anything import JSON
from tests.exchange.other import NOW, Other, peer, set_up
from tests.rounds.conftest import cell, write

from mirps.base.notices.api import Notice
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, CellStep, Statement
from mirps.evidence.figures import api as ledger
from mirps.evidence.figures.api import FigureRow
from mirps.evidence.rounds.api import Stage, Status, Step
from mirps.evidence.rounds.models import Round
from mirps.sharing.exchange import answers, figures, packing
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange.api import Outcome, Package

pytestmark = pytest.mark.usefixtures("round_2025")
CODE = "hnd-inm-002"


def take(data: bytes, at: Any = NOW) -> Outcome:
    return exchange.take(data, via="test", at=at)


def content(package: Package | None) -> dict[str, Any]:
    assert package is not None
    return packing.content_of(bytes(package.body))


def only(packages: list[Package]) -> dict[str, Any]:
    assert len(packages) == 1
    return content(packages[0])


# --- at the region


def told(*values: int, code: str = CODE, **changes: str) -> dict[str, Any]:
    """Contents as Honduras's node sends them: each value takes the place of the one before it."""
    c, rows, before = cell(code), [], changes.pop("supersedes", "")
    for value in values:
        made = replace(entries.figure_of(c, c.asked.ask()), value=Decimal(value), supersedes=before)
        made = replace(made, id=f"{made.id}-{value}", **changes)
        before = made.id
        rows.append([ledger.cell_text(getattr(made, name)) for name in ledger.COLUMNS])
    return {"round": "2025", "columns": list(ledger.COLUMNS), "rows": rows}


def agrees(*cells: Cell) -> bool:
    """Whether the status that is kept is the fold of what happened."""
    held = list(Cell.objects.filter(pk__in=[c.pk for c in cells]).order_by("pk"))
    return entries.rebuilt(held) == {c.pk: Status(c.status) for c in held}


def about(found: Outcome) -> dict[str, Any]:
    assert found.state == Package.TAKEN, found
    row = Package.objects.get(
        lane__peer=found.sender, lane__stream=found.stream, number=found.number, lane__outward=False
    )
    return dict(row.about)


def test_what_the_state_approved_stands_in_its_cell_and_waits_for_the_region(honduras: Other) -> None:
    found = about(take(honduras.package("figures", told(480))))
    c = cell(CODE)
    assert (c.value, c.status, c.figure) == (480, Status.STATE, f"r2025-{CODE}-480")
    assert (found["placed"], found["aside"], found["unplaced"]) == (1, [], [])
    assert [s.step for s in entries.steps_taken(c.pk)] == [Step.SUBMIT, Step.APPROVE_STATE]
    assert agrees(c)
    entries.take(cells=[c.pk], step=Step.APPROVE_REGION, by="reviewer", role="region", at=NOW)


def test_what_somebody_wrote_here_stays_and_the_states_figure_is_kept_beside_it(honduras: Other) -> None:
    write(cell(CODE), 500)
    data = honduras.package("figures", told(480))
    assert about(take(data))["aside"] == [CODE]
    c = cell(CODE)
    assert (c.value, c.status) == (500, Status.DRAFT)
    assert Statement.objects.get(cell=c, number=None).value == 480
    assert agrees(c)
    # Whoever hands over here says so instead of it, not beside it.
    entries.take(cells=[c.pk], step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW)
    assert FigureRow.objects.get(superseded_by="", state="HND").supersedes == f"r2025-{CODE}-480"


def test_a_figure_that_no_cell_asks_about_is_in_the_ledger_and_named(honduras: Other) -> None:
    found = about(take(honduras.package("figures", told(480, universe="Somewhere else"))))
    assert found["unplaced"] == [f"r2025-{CODE}-480"]
    assert FigureRow.objects.count() == 1
    assert cell(CODE).status == Status.EMPTY


def send_back(reason: str = "the month of June lacks", at: Any = NOW) -> None:
    entries.take(
        cells=[cell(CODE).pk],
        step=Step.SEND_BACK,
        by="reviewer",
        role="regional-reviewer",
        at=at,
        reason=reason,
    )


def test_the_region_sends_back_once_with_the_reason_and_without_a_name(honduras: Other) -> None:
    take(honduras.package("figures", told(480)))
    send_back()
    (package,) = answers.send(round="2025", by="test", at=NOW)
    (step,) = content(package)["steps"]
    assert (step["asked"], step["step"], step["figure"]) == (CODE, "send-back", f"r2025-{CODE}-480")
    assert step["reason"] == "the month of June lacks"
    assert "reviewer" not in str({**step, "role": ""})
    assert answers.send(round="2025", by="test", at=NOW) == []


@pytest.mark.parametrize("again", [[480], [490]])
def test_what_was_sent_back_comes_again_confirmed_or_corrected(honduras: Other, again: list[int]) -> None:
    take(honduras.package("figures", told(480)))
    send_back(at=NOW + timedelta(minutes=1))
    news = told(*again, supersedes="" if again == [480] else f"r2025-{CODE}-480")
    take(honduras.package("figures", news), at=NOW + timedelta(minutes=2))
    c = cell(CODE)
    assert (c.value, c.status) == (again[0], Status.STATE)
    assert FigureRow.objects.get(pk=c.figure).status == ledger.Status.SUBMITTED
    assert agrees(c)


def test_a_correction_after_the_region_approved_takes_the_answer_up_again(honduras: Other) -> None:
    take(honduras.package("figures", told(480)))
    c = cell(CODE)
    entries.take(cells=[c.pk], step=Step.APPROVE_REGION, by="reviewer", role="region", at=NOW)
    take(honduras.package("figures", told(490, supersedes=c.figure)), at=NOW + timedelta(minutes=1))
    c = cell(CODE)
    assert (c.value, c.status) == (490, Status.STATE)
    assert agrees(c)


def test_what_the_state_takes_up_again_is_taken_up_here(honduras: Other) -> None:
    take(honduras.package("figures", told(480)))
    up = {"asked": CODE, "dimensions": "", "step": "unlock", "figure": f"r2025-{CODE}-480", "role": "focal-point",
          "reason": "counted twice", "mark": "x"}  # fmt: skip
    found = about(
        take(honduras.package("figures", {**told(), "taken_up": [up]}), at=NOW + timedelta(minutes=1))
    )
    assert (found["taken_up"], found["passed"]) == ([f"r2025-{CODE}-480"], 0)
    assert cell(CODE).status == Status.RETURNED
    again = {**told(), "taken_up": [up | {"step": "approve-region"}]}
    assert take(honduras.package("figures", again)).reason == "exchange.refused.content"


# --- at a State


@pytest.fixture
def above(db: None, settings: Any, tmp_path: Path) -> Other:
    """The region as a peer of this process, which is Honduras."""
    set_up(settings, "HND", tmp_path)
    return peer("MIRPS", "HND")


@pytest.fixture
def sent(above: Other) -> Cell:
    """A value that the State approved and sent."""
    write(cell(CODE), 480, by="clerk")
    approved()
    assert figures.send(round="2025", by="test", at=NOW) is not None
    return cell(CODE)


def approved() -> None:
    pk = cell(CODE).pk
    entries.take(cells=[pk], step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW)
    entries.take(cells=[pk], step=Step.APPROVE_STATE, by="approver", role="state-approver", at=NOW)


def said(step: Step, figure: str, reason: str = "look at June", until: str = "") -> dict[str, Any]:
    mark = f"{step.value}-{figure}"[-20:]
    return {
        "round": "2025", "until": until,
        "steps": [{"asked": CODE, "dimensions": "", "step": step.value, "figure": figure, "role": "regional-reviewer",
                   "reason": reason, "mark": mark}],
    }  # fmt: skip


def test_what_the_region_sent_back_is_open_again_with_its_reason_and_people_are_told(
    above: Other, sent: Cell, ana_clerk: Any
) -> None:
    assert about(take(above.package("answers", said(Step.SEND_BACK, sent.figure))))["passed"] == 0
    c = cell(CODE)
    assert c.status == Status.RETURNED
    assert entries.returns([c])[c.pk].reason == "look at June"
    assert FigureRow.objects.get(pk=c.figure).status == ledger.Status.RETURNED
    assert list(Notice.objects.values_list("kind", "user__username")) == [("returned", "clerk")]
    assert agrees(c)


@pytest.fixture
def ana_clerk(db: None) -> Any:
    from mirps.base.access.api import User

    return User.objects.create_user(username="clerk")


@pytest.mark.parametrize("value", [480, 490])
def test_an_answer_that_came_back_goes_up_again_once_it_is_approved_again(
    above: Other, sent: Cell, value: int
) -> None:
    take(above.package("answers", said(Step.SEND_BACK, sent.figure)))
    assert figures.send(round="2025", by="test", at=NOW) is None
    if value != 480:
        write(cell(CODE), value, by="clerk")
    approved()
    told_ = content(figures.send(round="2025", by="t", at=NOW))
    row = dict(zip(told_["columns"], told_["rows"][0], strict=True))
    assert Decimal(row["value"]) == value
    assert row["supersedes"] == ("" if value == 480 else sent.figure)
    assert figures.send(round="2025", by="test", at=NOW) is None


def test_approval_and_publication_come_down_and_an_embargo_before_them(above: Other, sent: Cell) -> None:
    until = NOW + timedelta(days=30)
    assert take(above.package("answers", said(Step.APPROVE_REGION, sent.figure, ""))).state == Package.TAKEN
    assert cell(CODE).status == Status.REGION
    take(above.package("answers", said(Step.PUBLISH, sent.figure, "", until.isoformat())))
    assert cell(CODE).status == Status.PUBLISHED
    assert FigureRow.objects.get(pk=sent.figure).status == ledger.Status.PUBLISHED
    assert ledger.embargoed_until(NOW) == {("2025", "HND"): until}
    assert not ledger.public(NOW).exists()


def test_what_was_said_of_a_figure_that_was_taken_up_meanwhile_is_passed_over(
    above: Other, sent: Cell
) -> None:
    entries.take(cells=[sent.pk], step=Step.UNLOCK, by="focal", role="focal", at=NOW, reason="counted twice")
    found = about(take(above.package("answers", said(Step.APPROVE_REGION, sent.figure, ""))))
    assert found["passed"] == 1
    assert cell(CODE).status == Status.RETURNED
    told_ = content(figures.send(round="2025", by="test", at=NOW))
    assert [s["figure"] for s in told_["taken_up"]] == [sent.figure]
    assert told_["rows"] == []
    assert figures.send(round="2025", by="test", at=NOW) is None
    approved()  # unchanged
    assert len(content(figures.send(round="2025", by="test", at=NOW))["rows"]) == 1
    assert figures.send(round="2025", by="test", at=NOW) is None


def test_figures_that_were_just_refused_are_offered_again_after_a_pause(above: Other, sent: Cell) -> None:
    def refused() -> None:
        Package.objects.filter(lane__stream="figures").update(
            state=Package.REFUSED, reason="exchange.refused.round", settled_at=NOW
        )

    refused()
    assert figures.send(round="2025", by="test", at=NOW + timedelta(seconds=30)) is None
    assert figures.send(round="2025", by="test", at=NOW + timedelta(seconds=61)) is not None
    refused()
    assert figures.send(round="2025", by="test", at=NOW + timedelta(seconds=90)) is None
    assert figures.send(round="2025", by="test", at=NOW + timedelta(seconds=121)) is not None


def test_a_state_that_lost_its_approvals_has_them_back_with_its_own_figures(above: Other, sent: Cell) -> None:
    package = Package.objects.get(lane__stream="figures")
    data = packing.joined(package.head, bytes(package.body))
    package.delete()
    exchange.Lane.objects.all().delete()
    CellStep.objects.all().delete()
    Statement.objects.all().delete()
    Cell.objects.filter(pk=sent.pk).update(
        version=0, value=None, status=Status.EMPTY, figure="", written_by=""
    )
    FigureRow.objects.all().delete()
    assert take(data).state == Package.TAKEN
    c = cell(CODE)
    assert (c.value, c.status, c.figure) == (480, Status.STATE, sent.figure)
    assert agrees(c)
    assert figures.send(round="2025", by="test", at=NOW) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": "approve-state"},
        {"step": "dance"},
        {"step": None},
        {"reason": None, "asked": 3, "step": "write"},
    ],
)
def test_a_step_that_is_not_the_regions_to_take_is_refused(
    above: Other, sent: Cell, wrong: dict[str, Any]
) -> None:
    told_ = said(Step.SEND_BACK, sent.figure)
    told_["steps"][0] |= wrong
    assert take(above.package("answers", told_)).reason == "exchange.refused.content"
    assert cell(CODE).status == Status.STATE


def test_a_return_without_a_reason_is_refused_whole(above: Other, sent: Cell) -> None:
    found = take(above.package("answers", said(Step.SEND_BACK, sent.figure, "")))
    assert (found.state, found.reason) == (Package.REFUSED, "workflow.fault.reason")
    assert cell(CODE).status == Status.STATE


STEP = st.dictionaries(
    st.sampled_from(["asked", "dimensions", "step", "figure", "reason", "mark"]), JSON | st.just("publish")
)
TOLD = st.fixed_dictionaries(
    {"round": st.just("2025") | JSON, "steps": st.lists(STEP) | JSON}, optional={"until": JSON}
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=TOLD)
def test_whatever_the_region_signs_is_refused_or_moves_nothing(
    above: Other, sent: Cell, told: dict[str, Any]
) -> None:
    assert take(above.package("answers", told)).state in (Package.TAKEN, Package.REFUSED)
    assert cell(CODE).status == Status.STATE


def test_the_region_alone_says_what_it_says_of_answers(honduras: Other) -> None:
    assert take(honduras.package("answers", said(Step.PUBLISH, "x"))).reason == "exchange.refused.not-theirs"
    assert Round.objects.get(pk="2025").stage == Stage.OPEN
