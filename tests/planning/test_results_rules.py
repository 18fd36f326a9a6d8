"""A theory of change holds together, and an indicator's course says where it began and how far it came."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.results.rules import (
    HEIGHT,
    Aim,
    Box,
    Course,
    Level,
    Reading,
    arrow_fault,
    lines,
    loose,
    met,
    ordered,
    reached,
    share,
    swapped,
)

BOXES = {
    b.key: b
    for b in (
        Box("i", Level.IMPACT, "impact"),
        Box("o1", Level.OUTCOME, "outcome", ("i",), 1),
        Box("o2", Level.OUTCOME, "another outcome", ("i",), 2),
        Box("p", Level.OUTPUT, "output", ("o1",)),
        Box("a", Level.ACTIVITY, "activity", ("p",)),
        Box("s", Level.ASSUMPTION, "assumption", ("o1",)),
    )
}


@pytest.mark.parametrize(
    ("origin", "target", "why"),
    [
        ("a", "o2", ""),
        ("p", "i", ""),
        ("s", "i", ""),
        ("o1", "o2", ""),
        ("a", "a", "itself"),
        ("a", "p", "there"),
        ("o1", "a", "down"),
        ("p", "s", "assumption"),
        ("p", "gone", "unknown"),
    ],
)
def test_an_arrow_leads_up_or_across_and_never_to_an_assumption(origin: str, target: str, why: str) -> None:
    assert arrow_fault(BOXES, origin, target).rpartition(".")[2] == why


def test_an_arrow_that_would_close_a_circle_is_refused() -> None:
    boxes = {
        "x": Box("x", Level.OUTPUT, "x", ("y",)),
        "y": Box("y", Level.OUTPUT, "y", ("z",)),
        "z": Box("z", Level.OUTPUT, "z"),
    }
    assert arrow_fault(boxes, "z", "x") == "results.fault.circle"


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=40),
    st.lists(st.sampled_from(list(Level)), min_size=8, max_size=8),
)
def test_whatever_arrows_are_drawn_one_after_another_no_box_ever_leads_to_itself(
    wanted: list[tuple[int, int]], levels: list[Level]
) -> None:
    boxes = {str(n): Box(str(n), level, "") for n, level in enumerate(levels)}
    for a, b in wanted:
        if not arrow_fault(boxes, str(a), str(b)):
            held = boxes[str(a)]
            boxes[str(a)] = Box(held.key, held.level, "", (*held.leads_to, str(b)))
    for b in boxes.values():
        assert b.key not in reached(boxes, b.key)
        for k in b.leads_to:
            assert b.level is Level.ASSUMPTION or HEIGHT[boxes[k].level] >= HEIGHT[b.level]


def test_what_hangs_loose_is_named() -> None:
    found = {(x.box, x.why.removeprefix("results.loose.")) for x in loose(BOXES, measured={"o1"})}
    assert found == {("o2", "nothing-leads"), ("o2", "unmeasured"), ("p", "unmeasured")}
    alone = {"s": Box("s", Level.ASSUMPTION, "", ("gone",))}
    assert [x.why for x in loose(alone, ())] == ["results.loose.leads-nowhere.assumption"]


def test_a_box_is_moved_among_those_of_its_level_and_no_others() -> None:
    assert [b.key for b in ordered(BOXES.values())] == ["i", "o1", "o2", "p", "a", "s"]
    assert swapped(BOXES.values(), "o2", -1) == ["i", "o2", "o1", "p", "a", "s"]
    assert swapped(BOXES.values(), "o2", 1) == ["i", "o1", "o2", "p", "a", "s"], "the last stays last"
    assert swapped(BOXES.values(), "i", -5) == ["i", "o1", "o2", "p", "a", "s"]


def reading(value: int, day: date, line: str = "", figure: str = "f") -> Reading:
    return Reading(Decimal(value), None, day, (line,), "person", figure=figure)


def test_the_latest_reading_is_one_that_may_be_compared_with_the_baseline() -> None:
    base = reading(10, date(2023, 12, 31), "national")
    other = reading(99, date(2024, 9, 30), "one programme")
    course = Course("MEX", (base, reading(14, date(2024, 5, 31), "national"), other), base)
    assert course.latest is not None
    assert course.latest.value == 14
    assert Course("MEX", (base, other)).latest == other, "without a baseline, the last of all"
    assert Course("MEX", ()).latest is None
    assert len(lines(course.readings)) == 2


def test_the_aim_is_the_next_to_come_and_the_last_when_all_have_passed() -> None:
    first, last = Aim(Decimal(5), date(2025, 12, 31), False), Aim(Decimal(9), date(2026, 12, 31), True)
    course = Course("MEX", (), aims=(first, last))
    assert course.aim(date(2025, 1, 1)) == first
    assert course.aim(date(2026, 1, 1)) == last
    assert course.aim(date(2030, 1, 1)) == last
    assert Course("MEX", ()).aim(date(2030, 1, 1)) is None


def test_the_share_of_the_way_holds_upward_and_downward() -> None:
    d = Decimal
    assert share(d(10), d(15), d(20)) == d("0.5")
    assert share(d(20), d(15), d(10)) == d("0.5")
    assert share(d(10), d(5), d(20)) == d("-0.5")
    assert share(d(10), d(12), d(10)) is None


@given(st.decimals(-(10**6), 10**6, places=2), st.decimals(-(10**6), 10**6, places=2))
def test_all_of_the_way_is_done_exactly_at_the_aim(base: Decimal, aim: Decimal) -> None:
    if base != aim:
        assert share(base, aim, aim) == 1
        assert share(base, base, aim) == 0


def test_an_aim_is_met_by_the_direction_that_is_good() -> None:
    d = Decimal
    assert met(d(2), d(1), "down") is True
    assert met(d(2), d(1), "up") is False
    assert met(d(2), d(2), "steady") is True
    assert met(d(2), d(1), "") is None
