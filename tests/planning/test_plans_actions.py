"""A plan is written, moved, copied and brought into force, and every act is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mirps.base.audit.api import entries_about
from mirps.planning.plans import api as plans
from mirps.planning.plans.api import By, Way
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
ANA = By("ana", "team-member", AT)
EVA = By("eva", "team-lead", AT + timedelta(hours=1))


def _plan(code: str = "wp", **data: object) -> Record:
    held = {"title": {"es": "Plan", "en": "Plan"}, "sort": "workplan", "starts": "2026", **data}
    return records.save(
        kind="plan", code=code, data=held, base=0, by="ana", role="team-member", at=AT, body="JL"
    )


def _add(plan: Record, title: str, parent: str = "", after: str | None = None, **data: object) -> Record:
    held = {"title": {"es": title, "en": title}, "level": "action", **data}
    return plans.add(plan=plan, parent=parent or plan.key, after=after, data=held, who=ANA)


def _order(plan: Record) -> list[str]:
    whole = plans.whole(plan.key, drafts=True)
    assert whole is not None
    return [f"{b.number} {b.node.called('es')}" for b in whole.tree.walk()]


def test_parts_stand_where_they_are_put() -> None:
    plan = _plan()
    a = _add(plan, "a")
    _add(plan, "c")
    _add(plan, "b", after=a.key)
    _add(plan, "first", after="")
    _add(plan, "under a", parent=a.key)
    assert _order(plan) == ["1 first", "2 a", "2.1 under a", "3 b", "4 c"]
    assert (a.body, a.root) == ("JL", plan.key)


def test_a_part_is_moved_and_where_it_stood_stays_known() -> None:
    plan = _plan()
    a, b = _add(plan, "a"), _add(plan, "b")
    plans.step_all(plan=plan, act=Act.SUBMIT, who=ANA)
    plans.step_all(plan=plan, act=Act.PUBLISH, who=EVA)
    later = By("ana", "team-member", AT + timedelta(days=3))
    plans.move(plan=plan, key=b.key, way=Way.IN, who=later)
    assert _order(plan) == ["1 a", "1.1 b"]
    before = plans.whole(plan.key, drafts=False, at=AT + timedelta(days=1))
    assert before is not None
    assert {n.parent for n in before.tree.nodes.values()} == {plan.key}
    assert [e.detail["from"] for e in entries_about(b.key) if e.act == "plan.part-moved"] == [plan.key]
    assert a.key in {n.parent for n in plans.whole(plan.key, drafts=False).tree.nodes.values()}  # type: ignore[union-attr]


def test_a_part_of_another_plan_is_no_place_to_put_anything() -> None:
    plan, other = _plan(), _plan("wq")
    mine = _add(other, "x")
    with pytest.raises(records.Refused):
        _add(plan, "y", parent=mine.key)


def test_an_outline_is_kept_whole_or_not_at_all() -> None:
    plan = _plan()
    _add(plan, "before")
    found = plans.parsed(
        "Uno | One\n  Dos | Two | 2026-06\n  Tres | Three\nCuatro | Four", "", institutions=()
    )
    plans.add_outline(plan=plan, parent=plan.key, lines=found.lines, who=ANA)
    assert _order(plan) == ["1 before", "2 Uno", "2.1 Dos", "2.2 Tres", "3 Cuatro"]
    wrong = [*found.lines[:1], plans.Line(2, 1, "no such level", "x", "")]
    with pytest.raises(records.Refused):
        plans.add_outline(plan=plan, parent=plan.key, lines=wrong, who=ANA)
    assert len(_order(plan)) == 5


def test_nobody_publishes_their_own_words_and_what_lacks_a_language_is_told() -> None:
    plan = _plan()
    half = plans.add(
        plan=plan, parent=plan.key, after=None, data={"title": {"es": "x"}, "level": "action"}, who=ANA
    )
    _add(plan, "whole")
    sent = plans.step_all(plan=plan, act=Act.SUBMIT, who=ANA)
    assert sent.done == 2
    assert [(r.key, f.key) for r, f in sent.left] == [(half.key, "record.fault.language")]
    own = plans.step_all(plan=plan, act=Act.PUBLISH, who=ANA)
    assert (own.done, {f.key for _, f in own.left}) == (0, {"record.fault.own"})
    assert plans.whole(plan.key, drafts=False) is None
    assert plans.step_all(plan=plan, act=Act.PUBLISH, who=EVA).done == 2
    public = plans.whole(plan.key, drafts=False)
    assert public is not None
    assert len(public.tree.nodes) == 1


def test_a_copy_of_last_years_plan_starts_anew_and_says_what_it_left() -> None:
    plan = _plan("wp-2026", version="1.2")
    a = _add(plan, "a", due="2026-06-30", institutions=["ILO"])
    b = _add(plan, "b", parent=a.key)
    plans.state_progress(
        under=b, data={"said": {"es": "va", "en": "goes"}, "day": "2026-02-01", "stage": "under-way"}, who=ANA
    )
    new, made = plans.copy(plan=plan, code="wp-2027", years=1, who=EVA)
    assert _order(new) == ["1 a", "1.1 b"]
    assert made.left == {"progress": 1, "version": 1}
    copied = records.get(f"node/{made.nodes[0].code}")
    assert copied.data["due"] == "2027-06-30"
    assert copied.data["previous"] == a.key
    assert (new.data["starts"], new.data["previous"], new.body) == ("2027", plan.key, "JL")
    assert not Record.objects.filter(root=new.key, kind="progress").exists()


def test_a_copy_never_overwrites_a_plan_that_is_there() -> None:
    plan = _plan()
    _plan("wq")
    with pytest.raises(records.Refused):
        plans.copy(plan=plan, code="wq", years=1, who=ANA)


def test_statements_follow_each_other_under_their_own_codes() -> None:
    plan = _plan()
    a = _add(plan, "a")
    data = {"said": {"es": "va", "en": "goes"}, "day": "2026-02-01", "stage": "under-way"}
    codes = [plans.state_progress(under=a, data=data, who=ANA).code for _ in range(3)]
    assert codes == [f"{a.code}.p1", f"{a.code}.p2", f"{a.code}.p3"]


def test_four_hundred_parts_are_read_in_a_few_queries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    plan = _plan()
    text = "\n".join(("  " if i % 8 else "") + f"parte {i} | part {i}" for i in range(400))
    plans.add_outline(
        plan=plan, parent=plan.key, lines=plans.parsed(text, "", institutions=()).lines, who=ANA
    )
    with django_assert_max_num_queries(3):
        whole = plans.whole(plan.key, drafts=True)
    assert whole is not None
    assert len(list(whole.tree.walk())) == 400
