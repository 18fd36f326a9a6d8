"""Completeness, lateness and the day of a reminder: rules by example and by chance."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mirps.evidence.rounds.api import Status
from mirps.evidence.watch.rules import Body, Plan, by_day, mark, together

DUE = datetime(2025, 11, 1, 5, 59, tzinfo=UTC)  # the last minute of 31 October in Honduras
HND = ZoneInfo("America/Tegucigalpa")
PLAN = Plan(before=[7, 2], after=[1, 4])


def body(lacking: int = 0, **counts: int) -> Body:
    return Body("HND", "HND.INM", {Status(k): n for k, n in counts.items()}, lacking, due=DUE)


def test_an_institution_owes_drafts_what_was_returned_what_is_required_and_everything_at_first() -> None:
    assert body(empty=3).owes
    assert body(submitted=2, draft=1).owes
    assert body(submitted=2, returned=1).owes
    assert body(lacking=1, submitted=2, empty=1).owes


def test_a_value_that_is_not_required_and_was_left_empty_is_not_owed() -> None:
    assert not body(submitted=2, empty=5).owes
    assert not body(submitted=2, empty=5).late(DUE + timedelta(days=9))


def test_nobody_is_late_before_the_last_minute_of_the_day_has_passed() -> None:
    assert not body(empty=3).late(DUE)
    assert body(empty=3).late(DUE + timedelta(seconds=1))


def test_days_are_counted_by_the_clock_of_the_state() -> None:
    assert body(empty=1).days(datetime(2025, 10, 31, 6, 1, tzinfo=UTC), HND) == 0
    assert body(empty=1).days(datetime(2025, 10, 31, 5, 59, tzinfo=UTC), HND) == 1
    assert body(empty=1).days(datetime(2025, 11, 2, 6, 1, tzinfo=UTC), HND) == -2


def test_a_state_is_the_sum_of_its_institutions() -> None:
    whole = together([body(empty=2, draft=1), body(lacking=1, submitted=4)], "HND")
    assert (whole.all, whole.given, whole.handed, whole.lacking) == (7, 5, 4, 1)


def at(days: int) -> datetime:
    return datetime(2025, 10, 31, 18, tzinfo=UTC) + timedelta(days=days)


def test_a_reminder_goes_on_its_day_and_still_on_the_next() -> None:
    found = {d: mark(PLAN, DUE, at(d), HND) for d in range(-9, 8)}
    assert {d: m for d, m in found.items() if m} == {
        -7: "2025-10-31-7", -6: "2025-10-31-7", -2: "2025-10-31-2", -1: "2025-10-31-2",
        1: "2025-10-31+1", 2: "2025-10-31+1", 4: "2025-10-31+4", 5: "2025-10-31+4",
    }  # fmt: skip


@given(
    st.lists(st.integers(0, 20), max_size=4), st.lists(st.integers(1, 20), max_size=4), st.integers(-30, 30)
)
def test_a_mark_names_a_day_of_the_plan_that_has_come_and_is_not_long_past(
    before: list[int], after: list[int], today: int
) -> None:
    plan = Plan(before, after)
    found = mark(plan, DUE, at(today), HND)
    days = [-d for d in before] + after
    if not found:
        assert not any(0 <= today - d <= 1 for d in days)
    else:
        day = int(found[11:]) * (-1 if found[10] == "-" else 1)
        assert day in days
        assert 0 <= today - day <= 1


def test_the_course_of_days_says_what_stood_when_each_day_ended() -> None:
    first, second, third = (date(2025, 10, n) for n in (1, 2, 3))
    given_ = [(first, 1, True), (first, 2, True), (third, 2, False), (third, 3, True)]
    found = by_day(given_, [(second, 1, True), (third, 1, False)], third)
    assert [(d.day, d.given, d.handed) for d in found] == [(first, 2, 0), (second, 2, 1), (third, 2, 0)]


CHANGES = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5), st.booleans()), max_size=30)


@given(CHANGES)
def test_the_last_day_holds_what_the_last_change_of_each_cell_left(
    changes: list[tuple[int, int, bool]],
) -> None:
    dated = [(date(2025, 10, 1) + timedelta(days=d), c, h) for d, c, h in sorted(changes, key=lambda x: x[0])]
    found = by_day(dated, [], date(2025, 10, 1))
    left = {c: h for _, c, h in dated}
    assert (found[-1].given if found else 0) == sum(left.values())
