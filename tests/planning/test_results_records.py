"""A theory of change is written, joined, ordered and brought into force, and refuses what does not hold together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record, Refused, Status
from mirps.planning.results import api as results
from mirps.planning.results.api import Level

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
ANA = {"by": "ana", "role": "team-member", "at": AT}
EVA = {"by": "eva", "role": "team-lead", "at": AT}


@pytest.fixture
def framework() -> Record:
    title = {"title": {"es": "Marco", "en": "Framework"}}
    return records.save(kind="framework", code="work", data=title, base=0, by="ana", at=AT, body="JL")


def add(framework: Record, level: str, title: str, leads_to: str = "") -> Record:
    words = {"es": title, "en": title}
    return results.add(framework=framework.key, level=Level(level), title=words, leads_to=leads_to, **ANA)  # type: ignore[arg-type]


def boxes(framework: Record) -> dict[str, results.Box]:
    theory = results.theory(framework, lambda r: r.data, "es")
    assert theory is not None
    return dict(theory.boxes)


def why(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.faults[0].key


def test_boxes_are_put_joined_parted_and_ordered(framework: Record) -> None:
    goal = add(framework, "outcome", "work")
    one = add(framework, "output", "fairs", goal.key)
    two = add(framework, "output", "permits")
    assert (one.body, one.root) == ("JL", framework.key)
    results.connect(origin=two.key, target=goal.key, **ANA)  # type: ignore[arg-type]
    assert [b.leads_to for b in results.ordered(boxes(framework).values())] == [(), (goal.key,), (goal.key,)]
    results.move(key=two.key, steps=-1, **ANA)  # type: ignore[arg-type]
    assert [b.title for b in results.ordered(boxes(framework).values())] == ["work", "permits", "fairs"]
    results.disconnect(origin=one.key, target=goal.key, **ANA)  # type: ignore[arg-type]
    assert boxes(framework)[one.key].leads_to == ()


def test_an_arrow_that_does_not_hold_is_refused_and_nothing_is_kept(framework: Record) -> None:
    goal, one = add(framework, "outcome", "work"), add(framework, "output", "fairs")
    with pytest.raises(Refused) as refused:
        results.connect(origin=goal.key, target=one.key, **ANA)  # type: ignore[arg-type]
    assert why(refused) == "results.fault.down"
    with pytest.raises(Refused) as refused:
        add(framework, "output", "a third", "framework-node/of-another")
    assert why(refused) == "results.fault.unknown"
    assert len(boxes(framework)) == 2
    with pytest.raises(Refused):
        add(framework, "output", " ")


def test_a_box_that_is_removed_takes_its_arrows_with_it_and_its_history_stays(framework: Record) -> None:
    goal = add(framework, "outcome", "work")
    one = add(framework, "output", "fairs", goal.key)
    with pytest.raises(Refused):
        results.remove(key=goal.key, reason="", **EVA)  # type: ignore[arg-type]
    assert boxes(framework)[one.key].leads_to == (goal.key,), "nothing was done without a reason"
    results.remove(key=goal.key, reason="the same as another", **EVA)  # type: ignore[arg-type]
    assert list(boxes(framework)) == [one.key]
    assert boxes(framework)[one.key].leads_to == ()
    assert [c.act for c in records.history(goal.key)] == ["save", "withdraw"]


def test_a_whole_theory_is_sent_and_published_by_somebody_else(framework: Record) -> None:
    goal = add(framework, "outcome", "work")
    add(framework, "output", "fairs", goal.key)
    assert len(results.step_all(framework=framework.key, act=Act.SUBMIT, **ANA)) == 3  # type: ignore[arg-type]
    assert results.step_all(framework=framework.key, act=Act.PUBLISH, **ANA) == [], "not by who wrote it"  # type: ignore[arg-type]
    assert len(results.step_all(framework=framework.key, act=Act.PUBLISH, **EVA)) == 3  # type: ignore[arg-type]
    assert {r.status for r in records.tree(framework.key)} == {Status.PUBLISHED}
    theory = results.theory(records.get(framework.key), results.in_force, "es")
    assert theory is not None
    assert len(theory.boxes) == 2


def test_what_lacks_a_language_holds_up_the_whole_and_is_named(framework: Record) -> None:
    half = results.add(
        framework=framework.key, level=Level.OUTPUT, title={"es": "ferias", "en": ""}, leads_to="", **ANA
    )  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        results.step_all(framework=framework.key, act=Act.SUBMIT, **ANA)  # type: ignore[arg-type]
    fault = refused.value.faults[0]
    assert (fault.cell, fault.values["cell"]) == (half.key, "title.en")


def test_a_draft_is_not_seen_by_those_who_read_what_is_in_force(framework: Record) -> None:
    assert results.theory(framework, results.in_force, "es") is None
