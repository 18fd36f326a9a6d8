"""Days as exact as they are known, what is late, and whose an agreement is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.meetings.following import (
    MAY_FOLLOW,
    Agreement,
    FollowUp,
    Hat,
    Progress,
    Result,
    Way,
    answers,
    due_entries,
    most_pressing,
)
from mirps.planning.meetings.rules import (
    Chosen,
    Entry,
    Of,
    Reported,
    Span,
    by_month,
    first_day,
    in_order,
    last_day,
    month,
    month_of,
    said,
)

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY = date(2026, 3, 10)


def event(key: str = "event/a", starts: str = "2026-03-05", ends: str = "", **more: object) -> Entry:
    given = {
        "of": Of.EVENT,
        "sort": "meeting",
        "title": {"es": key, "en": key},
        "number": 1,
        "changed_at": AT,
    }
    return Entry(key=key, span=Span(starts, ends), **{**given, **more})  # type: ignore[arg-type]


def agreement(due: str = "", *told: tuple[str, Result, str], **more: object) -> Agreement:
    follow_ups = tuple(
        FollowUp(f"follow-up/{n}", day, result, {"es": "x"}, new, place=n)
        for n, (day, result, new) in enumerate(told)
    )
    given = {"key": "agreement/a", "title": {"es": "a"}, "parent": "event/a", "number": 1, "changed_at": AT}
    return Agreement(due=due, told=follow_ups, **{**given, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-12-05", date(2024, 12, 5), date(2024, 12, 5)),
    ],
)
def test_a_date_spans_what_it_may_mean(when: str, first: date, last: date) -> None:
    assert (first_day(when), last_day(when)) == (first, last)


def test_an_event_of_which_only_the_month_is_known_is_on_no_day() -> None:
    of_september = Span("2024-09")
    assert not any(of_september.on(date(2024, 9, d)) for d in range(1, 31))
    assert of_september.month == "2024-09"
    assert not of_september.by_day
    assert Span("2024").month == ""


def test_an_end_before_the_beginning_counts_as_none() -> None:
    assert Span("2024-09-26", "2024-09-25").until == "2024-09-26"
    assert Span("2024-09-25", "2024-09-26").on(date(2024, 9, 26))


def test_another_date_of_the_same_event_puts_it_in_doubt_and_the_same_date_does_not() -> None:
    other, same = Reported(Span("2026-03-06")), Reported(Span("2026-03-05"))
    assert event(reported=(other,)).in_doubt
    assert not event(reported=(same,)).in_doubt
    assert event(doubt={"es": "Fue domingo"}).in_doubt


def test_a_single_day_on_a_weekend_is_told() -> None:
    assert event(starts="2024-07-07").weekend  # a Sunday
    assert not event(starts="2024-07-08").weekend
    assert not event(starts="2024-07-06", ends="2024-07-09").weekend


def test_the_list_puts_what_has_no_day_after_what_has_one_in_the_same_month() -> None:
    keys = ["2026", "2026-03", "2026-04-01", "2026-03-31", "2026-03-05"]
    assert [e.span.starts for e in in_order(event(k, k) for k in keys)] == [
        "2026-03-05", "2026-03-31", "2026-03", "2026-04-01", "2026",
    ]  # fmt: skip
    assert [m for m, _ in by_month([event(k, k) for k in keys], 2026)] == ["2026-03", "2026-04", ""]


def test_two_of_one_day_stand_in_the_order_of_their_hours() -> None:
    late, early = event("event/a", begins=time(15)), event("event/b", begins=time(9))
    assert in_order([late, early]) == [early, late]


def test_a_month_has_whole_weeks_and_puts_several_days_on_each() -> None:
    shown = month(
        [event(starts="2026-03-30", ends="2026-04-02"), event("event/m", "2026-03")], date(2026, 3, 1)
    )
    days = [d for week in shown.weeks for d, _ in week]
    assert len(days) % 7 == 0
    assert days[0].weekday() == 0
    assert [d.isoformat() for week in shown.weeks for d, on in week if on] == [
        "2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02",
    ]  # fmt: skip
    assert [e.key for e in shown.loose] == ["event/m"]
    assert (shown.before, shown.after) == ("2026-02", "2026-04")


def test_a_week_begins_on_the_day_on_which_the_reader_begins_it() -> None:
    assert month([], date(2026, 3, 1), week_begins=6).weeks[0][0][0] == date(2026, 3, 1)  # a Sunday


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-3", "2026-03-05", "x", "0001-01", "9999-12"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert month_of(text) is None


def test_filters_by_state_body_and_kind() -> None:
    honduran, regional = event(states=("HND",), bodies=("HND.CIPPDEF",)), event("event/r", bodies=("ID",))
    assert [Chosen(state="HND").takes(e) for e in (honduran, regional)] == [True, False]
    assert [Chosen(state="MIRPS").takes(e) for e in (honduran, regional)] == [False, True]
    assert [Chosen(body="ID", sort="meeting").takes(e) for e in (honduran, regional)] == [False, True]
    assert not Chosen(sort="plenary").takes(regional)


def test_what_was_said_in_one_language_is_read_in_it_rather_than_not_at_all() -> None:
    assert said({"es": "sí"}, "en") == "sí"
    assert said({}, "en") == ""


# --- agreements


def test_an_agreement_is_late_on_the_day_after_the_last_that_its_words_allow() -> None:
    assert not agreement("2026-03-10").late(DAY)
    assert agreement("2026-03-09").late(DAY)
    assert not agreement("2026-03").late(DAY)
    assert agreement("2026-02").late(DAY)
    assert not agreement("2026").late(date(2026, 12, 31))
    assert agreement("2026").late(date(2027, 1, 1))
    assert not agreement("").late(DAY)


def test_progress_is_what_the_follow_ups_add_up_to_in_the_order_of_their_days() -> None:
    a = agreement("2026-02", ("2026-03-01", Result.DONE, ""), ("2026-02-01", Result.BEGUN, ""))
    assert a.progress is Progress.DONE
    assert a.closed_on == "2026-03-01"
    assert not a.late(DAY)
    reopened = agreement("2026-02", ("2026-03-01", Result.DONE, ""), ("2026-03-02", Result.REOPENED, ""))
    assert reopened.progress is Progress.OPEN
    assert reopened.late(DAY)
    assert reopened.closed_on == ""


def test_two_of_one_day_count_in_the_order_in_which_they_were_told() -> None:
    a = agreement("", ("2026-03-01", Result.DONE, ""), ("2026-03-01", Result.REOPENED, ""))
    assert a.progress is Progress.OPEN


def test_postponing_moves_the_date_and_remembers_the_first() -> None:
    a = agreement("2026-02", ("2026-02-20", Result.POSTPONED, "2026-06"), ("2026-03-01", Result.NOTED, ""))
    assert (a.due, a.due_now, a.postponed) == ("2026-02", "2026-06", 1)
    assert not a.late(DAY)
    assert a.days_left(date(2026, 6, 29)) == 1


def test_news_alone_do_not_make_it_done() -> None:
    assert agreement("2026-02", ("2026-03-01", Result.NOTED, "")).late(DAY)


def test_the_most_pressing_come_first_and_the_closed_last() -> None:
    old = agreement("2025-01", key="agreement/old")
    late = agreement("2026-03-01", key="agreement/late")
    soon = agreement("2026-04", key="agreement/soon")
    never = agreement("", key="agreement/never")
    done = agreement("2026-01", ("2026-01-10", Result.DONE, ""), key="agreement/done")
    assert [a.key[10:] for a in most_pressing([done, never, soon, late, old], DAY)] == [
        "old", "late", "soon", "never", "done",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hat", "mine"),
    [
        (Hat("focal-point", "HND"), True),
        (Hat("state-approver", "GTM"), True),  # one of its institutions
        (Hat("data-entry", "GTM", "GTM.IGM"), True),
        (Hat("data-entry", "GTM", "GTM.SBS"), False),
        (Hat("team-lead", "", "ID"), True),
        (Hat("team-lead", "", "JL"), False),
        (Hat("presidency"), True),
        (Hat("secretariat"), False),
        (Hat("data-entry", "HND", "HND.SEDH"), False),  # of the State, but the State is not its institution's
        (Hat("reader", "MEX"), False),
    ],
)
def test_an_agreement_is_theirs_who_see_to_it(hat: Hat, mine: bool) -> None:
    a = agreement(states=("HND",), institutions=("GTM.IGM",), bodies=("ID", "presidency"))
    assert answers(a, [hat]) is mine


def test_what_nobody_sees_to_and_what_has_no_date_are_found() -> None:
    lost = agreement()
    assert lost.nobody
    assert [w.name for w in Way if w.takes(lost, DAY)] == ["ALL", "OPEN", "UNDATED", "NOBODY"]


def test_only_open_agreements_with_a_date_are_lines_of_the_calendar() -> None:
    found = due_entries(
        [
            agreement("2026-02", states=("HND",)),
            agreement(""),
            agreement("2026", ("2026-01-01", Result.DONE, "")),
        ],
        DAY,
    )
    assert [(e.span.starts, e.late, e.states, e.is_due) for e in found] == [("2026-02", True, ("HND",), True)]


@given(
    st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2026, 3, 1)), st.sampled_from(Result)), max_size=12)
)
def test_an_agreement_is_closed_or_may_be_told_done_whatever_was_told(
    told: list[tuple[date, Result]],
) -> None:
    a = agreement("2026-01", *((d.isoformat(), r, "") for d, r in told))
    assert a.late(DAY) != a.closed
    assert (Result.DONE in MAY_FOLLOW[a.progress]) != a.closed
    assert (Result.REOPENED in MAY_FOLLOW[a.progress]) == a.closed
