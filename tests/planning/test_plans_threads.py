"""A thread leads from a pledge to its result, from wherever it is taken up, and names its gaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.plans.threads import KINDS, MOST_ITEMS, Edge, Strand, thread

EDGES = [
    Edge("paragraph/grf.1", "instrument/grf", "parent"),
    Edge("paragraph/grf.2", "instrument/grf", "parent"),
    Edge("plan/wp", "paragraph/grf.1", "commitments"),
    Edge("plan/wp", "plan/rap", "carries-out"),
    Edge("plan/rap", "paragraph/grf.1", "commitments"),
    Edge("plan/rap", "paragraph/grf.2", "commitments"),
    Edge("plan/wp", "plan/last", "previous"),
    Edge("node/wp.o1", "plan/wp", "parent"),
    Edge("node/wp.a1", "node/wp.o1", "parent"),
    Edge("node/wp.a2", "node/wp.o1", "parent"),
    Edge("node/wp.a1", "indicator/i1", "indicators"),
    Edge("cost/c1", "node/wp.a1", "commitment"),
    Edge("contribution/k1", "node/wp.a1", "serves"),
    Edge("contribution/k1", "project/x", "projects"),
    Edge("progress/p1", "node/wp.a1", "parent"),
    Edge("project-report/r1", "project/x", "parent"),
    Edge("meeting/m", "node/wp.a1", "about"),
]


def _of(edges: list[Edge]):  # type: ignore[no-untyped-def]
    def touching(keys: Collection[str]) -> Iterable[Edge]:
        return [e for e in edges if e.source in keys or e.target in keys]

    return touching


def _keys(start: str) -> set[str]:
    return {i.key for i in thread(start, _of(EDGES)).items}


WHOLE = {
    "instrument/grf", "paragraph/grf.1", "plan/wp", "plan/rap", "node/wp.o1", "node/wp.a1", "indicator/i1",
    "cost/c1", "contribution/k1", "project/x", "progress/p1", "project-report/r1",
}  # fmt: skip


def test_a_pledge_leads_to_its_result() -> None:
    assert _keys("paragraph/grf.1") == WHOLE | {"node/wp.a2"}


@pytest.mark.parametrize(
    "middle", ["node/wp.a1", "progress/p1", "contribution/k1", "project-report/r1", "indicator/i1"]
)
def test_taken_up_anywhere_it_leads_both_ways(middle: str) -> None:
    assert _keys(middle) == WHOLE


def test_it_does_not_wander_into_other_pledges_actions_or_last_years_plan() -> None:
    assert not {"paragraph/grf.2", "node/wp.a2", "plan/last", "meeting/m"} & _keys("contribution/k1")


def test_a_pledge_does_not_lead_into_a_plan_that_answers_to_another() -> None:
    other = [
        Edge("plan/other", "paragraph/grf.2", "commitments"),
        Edge("plan/other", "plan/rap", "carries-out"),
        Edge("node/rap.f1", "plan/rap", "parent"),
        Edge("node/other.o1", "plan/other", "parent"),
        Edge("node/other.o1", "node/rap.f1", "carries-out"),
        Edge("node/wp.o1", "node/rap.f1", "carries-out"),
        Edge("progress/other", "node/other.o1", "parent"),
    ]
    found = {i.key for i in thread("paragraph/grf.1", _of([*EDGES, *other])).items}
    assert found == WHOLE | {"node/wp.a2", "node/rap.f1"}


def test_what_is_not_linked_is_named() -> None:
    assert thread("node/wp.a2", _of(EDGES)).gaps == (Strand.INDICATOR, Strand.MONEY, Strand.RESULT)
    assert thread("progress/alone", _of([])).gaps == (
        Strand.PLEDGE,
        Strand.ACTION,
        Strand.INDICATOR,
        Strand.MONEY,
    )
    assert thread("node/wp.a1", _of(EDGES)).gaps == ()


def test_each_part_names_what_it_hangs_on() -> None:
    items = {i.key: i for i in thread("node/wp.a1", _of(EDGES)).items}
    assert items["contribution/k1"].above == ("node/wp.a1",)
    assert items["project/x"].above == ("contribution/k1",)
    assert items["project/x"].strand is Strand.MONEY


def test_a_thread_too_long_to_read_says_how_much_it_leaves_off() -> None:
    many = [Edge(f"node/n{i}", "plan/wp", "parent") for i in range(MOST_ITEMS + 40)]
    found = thread("plan/wp", _of(many))
    assert len(found.of(Strand.ACTION)) == MOST_ITEMS
    assert found.left_off == {Strand.ACTION: 41}


names = st.sampled_from([f"{kind}/{n}" for kind in KINDS for n in range(3)])


@given(
    names,
    st.lists(
        st.builds(Edge, names, names, st.sampled_from(["parent", "serves", "projects", "previous"])),
        max_size=60,
    ),
)
def test_whatever_names_what_a_thread_ends_and_holds_together(start: str, edges: list[Edge]) -> None:
    found = thread(start, _of(edges))
    keys = {i.key for i in found.items}
    assert start in keys
    assert all(set(i.above) <= keys for i in found.items)
