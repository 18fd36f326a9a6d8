"""A slot is there only while all that it needs is free, within hours, on a day that works; or it is said why not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.base.notices.api import zone
from mirps.casework.appointments import rules
from mirps.casework.appointments.rules import (
    AppointmentFault,
    Asked,
    Done,
    Happened,
    Stand,
    Window,
    Worker,
    fold,
    propose,
    slots,
)

CLOCK = zone("MEX")
MONDAY = date(2026, 3, 2)
MORNING = tuple(Window(d, time(9), time(13), MONDAY) for d in range(5))
ANA = Worker("officer:ana", MORNING)


def cells(day: date, starts: int, ends: int) -> frozenset[int]:
    at = [datetime.combine(day, time(h), tzinfo=CLOCK) for h in (starts, ends)]
    return frozenset(rules.cells(*at))


def why(asked: Asked, day: date = MONDAY, off: str = "") -> str:
    found, because = slots(asked, day, CLOCK, off)
    assert not found
    assert because is not None
    return because.why


def test_an_officer_free_all_morning_can_begin_at_every_quarter_that_leaves_time_enough() -> None:
    found, _ = slots(Asked(8, [ANA]), MONDAY, CLOCK)
    assert [s.starts.astimezone(CLOCK).strftime("%H:%M") for s in (found[0], found[-1])] == ["09:00", "11:00"]
    assert len(found) == 9


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (Asked(8, [Worker("officer:ana", MORNING, away=((MONDAY, MONDAY),))]), "away"),
        (Asked(8, [Worker("officer:ana", MORNING, busy=cells(MONDAY, 10, 12))]), "booked"),
        (Asked(8, [ANA], with_=[Worker("case:1", None, busy=cells(MONDAY, 9, 13))]), "case"),
        (Asked(8, [ANA], rooms=[]), "rooms"),
        (Asked(8, [ANA], rooms=[Worker("room:1", None, busy=cells(MONDAY, 9, 13))]), "rooms"),
        (Asked(8, [ANA], interpreters=[Worker("interpreter:1", MORNING[1:])]), "interpreters"),
        (Asked(8, [ANA], not_before=datetime(2026, 3, 4, tzinfo=UTC)), "over"),
        (Asked(8, []), "nobody"),
    ],
)
def test_a_day_without_a_slot_says_what_was_missing(asked: Asked, reason: str) -> None:
    assert why(asked) == reason


def test_a_day_off_has_no_slot_whoever_works() -> None:
    assert why(Asked(8, [ANA]), off="Natalicio de Benito Juárez") == "off"


def test_what_needs_two_at_once_begins_when_both_are_free() -> None:
    late = Worker("interpreter:1", (Window(0, time(10, 30), time(13), MONDAY),))
    found, _ = slots(Asked(4, [ANA], interpreters=[late]), MONDAY, CLOCK)
    assert found[0].starts.astimezone(CLOCK).time() == time(10, 30)
    assert found[0].interpreters == ("interpreter:1",)


def test_the_first_slots_come_with_why_none_is_earlier() -> None:
    full = Worker("officer:ana", MORNING, busy=cells(MONDAY, 9, 13))
    days = [(MONDAY, ""), (MONDAY + timedelta(1), "Asueto"), (MONDAY + timedelta(2), "")]
    found = propose(Asked(8, [full]), days, CLOCK)
    assert [(e.day, e.why) for e in found.earlier] == [(MONDAY, "booked"), (MONDAY + timedelta(1), "off")]
    assert {s.starts.astimezone(CLOCK).date() for s in found.slots} == {MONDAY + timedelta(2)}
    assert 1 <= len(found.slots) <= 3


windows = st.builds(
    lambda day, a, n: Window(day, time(a // 4, a % 4 * 15), time((a + n) // 4, (a + n) % 4 * 15), MONDAY),
    st.integers(0, 6), st.integers(0, 60), st.integers(1, 30),
)  # fmt: skip
busy = st.frozensets(st.integers(0, 14 * 96), max_size=200).map(
    lambda ks: frozenset(min(cells(MONDAY, 0, 1)) + k for k in ks)
)
workers = st.builds(
    lambda name, ws, b, off: Worker(name, tuple(ws), ((MONDAY + timedelta(off),) * 2,), b),
    st.text("abc", min_size=1), st.lists(windows, max_size=6), busy, st.integers(0, 13),
)  # fmt: skip


@given(
    st.lists(workers, min_size=1, max_size=4, unique_by=lambda w: w.whose),
    st.integers(1, 10),
    st.frozensets(st.integers(0, 13)),
    st.sampled_from(["BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN"]),
)
def test_no_slot_overlaps_what_is_booked_nor_leaves_hours_nor_falls_on_a_day_off(
    officers: list[Worker], n: int, off: frozenset[int], state: str
) -> None:
    clock = zone(state)
    days = [(MONDAY + timedelta(k), "off" if k in off else "") for k in range(14)]
    found = propose(Asked(n, officers), days, clock, most=50, a_day=20)
    by_name = {o.whose: o for o in officers}
    assert list(found.slots) == sorted(found.slots, key=lambda s: s.starts)
    for s in found.slots:
        starts, ends = s.starts.astimezone(clock), s.ends.astimezone(clock)
        day = starts.date()
        assert (day - MONDAY).days not in off
        assert ends - starts == timedelta(minutes=15 * n)
        for name in s.officers:
            o = by_name[name]
            assert o.busy.isdisjoint(rules.cells(s.starts, s.ends))
            assert not o.is_away(day)
            last = min(ends.time(), time.max) if ends.date() == day else time.max
            # within the hours of that day, which may touch each other
            minutes = {
                m
                for w in o.windows or ()
                if w.on(day)
                for m in range(w.starts.hour * 60 + w.starts.minute, w.ends.hour * 60 + w.ends.minute)
            }
            assert set(range(starts.hour * 60 + starts.minute, last.hour * 60 + last.minute)) <= minutes


@given(st.sampled_from(["BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN"]), st.integers(0, 365 * 5))
def test_a_day_has_as_many_hours_by_every_clock_of_ours(state: str, k: int) -> None:
    day = MONDAY + timedelta(k)
    all_day = Worker("officer:x", (Window(day.weekday(), time(0), time(23, 45), MONDAY),))
    assert len(all_day.works(day, zone(state))) == 95


def test_an_appointment_ends_as_it_was_last_left() -> None:
    at = datetime(2026, 3, 5, 15, tzinfo=UTC)
    later = at + timedelta(days=1)
    book = Happened(Done.BOOKED, at, at + timedelta(hours=1), "ana", 1)
    move = Happened(Done.MOVED, later, later + timedelta(hours=1), "leo")
    stood = fold([book, move, Happened(Done.MISSED)])
    assert (stood.standing, stood.starts, stood.officer, stood.room) == (Stand.MISSED, later, "leo", None)
    for wrong in ([move], [book, book], [book, Happened(Done.CANCELLED), move], []):
        with pytest.raises(AppointmentFault):
            fold(wrong)
