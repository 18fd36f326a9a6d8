"""Days are counted as an officer counts them on her fingers, and one suspension moves every deadline."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.base.calendars.api import Pause, Term, Unit, calendar, due, of_state, remaining, walk
from mirps.base.calendars.reading import parsed
from mirps.base.calendars.rules import Calendar, Entry, Off, Sort
from mirps.base.marked.faults import Faults
from mirps.base.texts.rules import Text

NAME = Text("Suspensión", "Suspension")
PLAIN = Calendar({})
START = date(2024, 6, 3).toordinal()  # a Monday


def suspended(first: date, last: date | None) -> Calendar:
    return Calendar({}, [Entry("s", Sort.SUSPENSION, NAME, first, last)])


def day(at: int | None) -> date | None:
    return None if at is None else date.fromordinal(at)


def test_the_day_of_the_act_is_not_counted_and_weekends_rest() -> None:
    assert day(due(Term(5, Unit.WORKING), START, PLAIN)) == date(2024, 6, 10)
    assert day(due(Term(5, Unit.CALENDAR), START, PLAIN)) == date(2024, 6, 8)


def test_an_end_on_a_day_that_does_not_work_moves_only_where_the_rule_says_so() -> None:
    assert day(due(Term(5, Unit.CALENDAR, lands=True), START, PLAIN)) == date(2024, 6, 10)


@pytest.mark.parametrize(
    ("start", "n", "unit", "end"),
    [
        (date(2024, 1, 31), 1, Unit.MONTHS, date(2024, 2, 29)),
        (date(2024, 3, 15), 6, Unit.MONTHS, date(2024, 9, 15)),
        (date(2024, 2, 29), 2, Unit.YEARS, date(2026, 2, 28)),
    ],
)
def test_a_month_later_is_the_same_number_or_the_last_of_the_month(
    start: date, n: int, unit: Unit, end: date
) -> None:
    assert day(due(Term(n, unit), start.toordinal(), PLAIN)) == end


def test_a_suspension_moves_terms_of_every_unit_by_its_days() -> None:
    held = suspended(date(2024, 6, 4), date(2024, 6, 5))
    assert day(due(Term(5, Unit.WORKING), START, held)) == date(2024, 6, 12)
    assert day(due(Term(5, Unit.CALENDAR), START, held)) == date(2024, 6, 10)
    assert day(due(Term(1, Unit.MONTHS), START, held)) == date(2024, 7, 5)


def test_under_a_suspension_without_end_nothing_falls_due() -> None:
    held = suspended(date(2024, 6, 4), None)
    assert due(Term(5, Unit.WORKING), START, held) is None
    assert remaining(Term(5, Unit.WORKING), START, START + 60, held) == 5


def test_a_request_to_the_applicant_stops_the_count_or_begins_it_anew() -> None:
    asked = Pause(START + 2, START + 16)  # asked on Wednesday, answered on a Wednesday two weeks later
    assert day(due(Term(5, Unit.WORKING), START, PLAIN, [asked])) == date(2024, 6, 24)
    assert day(due(Term(5, Unit.WORKING), START, PLAIN, [Pause(START + 2, START + 16, anew=True)])) == date(
        2024, 6, 26
    )
    assert due(Term(5, Unit.WORKING), START, PLAIN, [Pause(START + 2, None)]) is None
    assert remaining(Term(5, Unit.WORKING), START, START + 90, PLAIN, [Pause(START + 2, None)]) == 3


def test_a_pause_after_the_end_changes_nothing() -> None:
    assert day(due(Term(5, Unit.WORKING), START, PLAIN, [Pause(START + 8, START + 30)])) == date(2024, 6, 10)


days = st.integers(date(2015, 1, 1).toordinal(), date(2030, 1, 1).toordinal())


@st.composite
def cases(draw: st.DrawFn) -> tuple[Term, int, Calendar, list[Pause], int]:
    start = draw(days)
    term = Term(draw(st.integers(1, 60)), draw(st.sampled_from(list(Unit)[:3])), draw(st.booleans()))
    if term.unit is Unit.MONTHS:
        term = Term(term.n % 8 + 1, term.unit, term.lands)
    entries = []
    for _ in range(draw(st.integers(0, 2))):
        first = date.fromordinal(start + draw(st.integers(-10, 60)))
        entries.append(Entry("s", Sort.SUSPENSION, NAME, first, first + timedelta(draw(st.integers(0, 30)))))
    off = {date.fromordinal(start + draw(st.integers(0, 50))): Off(Sort.HOLIDAY, NAME) for _ in range(3)}
    pauses, at = [], start
    for _ in range(draw(st.integers(0, 3))):
        at += draw(st.integers(0, 15))
        until = at + draw(st.integers(0, 20))
        pauses.append(Pause(at, until, draw(st.booleans())))
        at = until
    return term, start, Calendar(off, entries), pauses, draw(st.integers(0, 5))


def test_of_two_requests_answered_on_one_day_the_one_that_begins_anew_counts() -> None:
    both = [Pause(START + 1, START + 2), Pause(START + 1, START + 2, anew=True)]
    assert due(Term(5, Unit.WORKING), START, PLAIN, both) == due(
        Term(5, Unit.WORKING), START, PLAIN, both[1:]
    )
    assert remaining(Term(5, Unit.WORKING), START, START + 2, PLAIN, both) == 5


@settings(max_examples=200)
@given(cases())
def test_the_due_day_is_the_last_of_the_days_that_are_shown(
    case: tuple[Term, int, Calendar, list[Pause], int],
) -> None:
    term, start, cal, pauses, more = case
    shown = list(walk(term, start, cal, pauses, more))
    assert due(term, start, cal, pauses, more) == shown[-1].at
    assert [d.at for d in shown] == list(range(start, shown[-1].at + 1))
    assert all(d.number or d.off or d.pause or d.first for d in shown), "a day without a reason"


@settings(max_examples=100)
@given(cases(), st.integers(0, 40))
def test_what_is_left_falls_by_one_on_each_day_that_counts(
    case: tuple[Term, int, Calendar, list[Pause], int], later: int
) -> None:
    term, start, cal, pauses, more = case
    shown = list(walk(Term(term.n, term.unit), start, cal, pauses, more))
    if later >= len(shown) or any(p.anew for p in pauses):
        return
    left = remaining(term, start, start + later, cal, pauses, more)
    assert left == sum(1 for d in shown[later + 1 :] if d.number)


@settings(max_examples=60)
@given(days, st.integers(1, 60), days, st.integers(0, 90))
def test_a_suspension_never_brings_a_day_forward(start: int, n: int, first: int, length: int) -> None:
    held = suspended(date.fromordinal(first), date.fromordinal(first + length))
    before, after = due(Term(n, Unit.WORKING), start, PLAIN), due(Term(n, Unit.WORKING), start, held)
    assert before is not None
    assert after is not None
    assert before <= after


def test_in_2020_one_agreement_moved_every_deadline_of_comar_and_of_nobody_else() -> None:
    claimed = date(2020, 3, 10).toordinal()
    term = Term(45, Unit.WORKING)
    assert day(due(term, claimed, calendar("MEX"))) == date(2020, 5, 14)
    held = due(term, claimed, calendar("MEX", authority="MEX.COMAR"))
    assert day(held) == date(2020, 7, 21)


def test_a_date_is_told_as_it_was_understood_on_a_day() -> None:
    claimed, term = date(2020, 3, 10).toordinal(), Term(45, Unit.WORKING)
    known = [
        day(due(term, claimed, calendar("MEX", authority="MEX.COMAR", known_on=on)))
        for on in (date(2020, 3, 20), date(2020, 4, 1), date(2020, 5, 1))
    ]
    assert known == [date(2020, 5, 14), date(2020, 6, 10), date(2020, 7, 21)]


def test_what_is_not_known_to_have_ended_is_kept_to_be_read_and_not_counted() -> None:
    entry = next(e for e in of_state("MEX").entries if e.code == "comar_2020_indefinite")
    assert not entry.counts
    assert of_state("MEX").notes[entry.code].en


def test_a_town_keeps_its_own_feast() -> None:
    feast = date(2024, 8, 5).toordinal()
    assert calendar("SLV", "San Salvador").why_not(feast, working=True)
    assert not calendar("SLV", "Santa Ana").why_not(feast, working=True)


@pytest.mark.parametrize("state", ["BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN"])
def test_every_state_has_its_days_in_both_languages(state: str) -> None:
    named = [off.name for off in calendar(state).offs.values() if off.name]
    assert len(named) > 200
    assert all(n.es and n.en for n in named)


def test_belize_names_every_holiday_in_spanish_too() -> None:
    assert [o.name.en for o in calendar("BLZ").offs.values() if o.name and o.name.es == o.name.en] == []


def test_everything_wrong_with_a_calendar_is_told_at_once_by_line_in_both_languages() -> None:
    raw = b"""state: MEX
weekend: [sat, domingo]
library: {country: ZZZ}
entries:
  One:
    sort: suspensions
    name: {es: Uno}
    from: 2024-13-01
    until: 2020-01-01
"""
    with pytest.raises(Faults) as found:
        parsed(raw, "MEX.yaml")
    assert [f.line for f in found.value.faults] == [2, 3, 5, 6, 6, 7, 8]
    for fault in found.value.faults:
        assert f"línea {fault.line}" in fault.say("es")
        assert f"line {fault.line}" in fault.say("en")
