"""Who may enrol, who earned a certificate, and how sources stand to each other: the pure rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.knowledge.rules import (
    Course,
    Door,
    Lack,
    Statement,
    Weighing,
    attended,
    door,
    lacks,
    side_by_side,
    weighed,
)

DAYS = (date(2025, 3, 3), date(2025, 3, 4), date(2025, 3, 5))
OVER = date(2025, 3, 5)


def course(**given: Any) -> Course:
    return Course(**{"opens": date(2025, 2, 1), "days": DAYS, "certificate": True, **given})


@pytest.mark.parametrize(
    ("on", "found"),
    [(date(2025, 1, 31), Door.NOT_YET), (date(2025, 2, 1), Door.OPEN), (date(2025, 3, 5), Door.OPEN),
     (date(2025, 3, 6), Door.CLOSED)],
)  # fmt: skip
def test_a_course_takes_enrolments_from_its_first_day_of_them_to_its_last_day(on: date, found: Door) -> None:
    assert door(course(), on, 0) is found


def test_a_course_may_close_its_door_before_it_begins() -> None:
    early = course(closes=date(2025, 2, 20))
    assert door(early, date(2025, 2, 20), 0) is Door.OPEN
    assert door(early, date(2025, 2, 21), 0) is Door.CLOSED


def test_the_last_seat_is_taken_and_no_other() -> None:
    assert door(course(seats=2), DAYS[0], 1) is Door.OPEN
    assert door(course(seats=2), DAYS[0], 2) is Door.FULL


def test_a_course_known_from_a_document_takes_no_enrolments_here() -> None:
    assert door(Course(), date(2025, 2, 1), 0) is Door.NOT_HERE


def test_two_of_three_days_are_not_yet_sixty_seven_per_cent() -> None:
    c = course(attendance=Decimal(67))
    assert attended(c, DAYS[:2]) == 67
    assert lacks(c, DAYS[:2], OVER) is Lack.ATTENDANCE
    assert lacks(c, DAYS, OVER) is None


def test_a_certificate_waits_for_the_last_day() -> None:
    assert lacks(course(), DAYS, date(2025, 3, 4)) is Lack.NOT_OVER
    assert lacks(course(certificate=False), DAYS, OVER) is Lack.NONE_GIVEN
    assert lacks(course(days=()), (), OVER) is Lack.NONE_GIVEN


@given(st.lists(st.dates(), max_size=12), st.lists(st.dates(), min_size=1, max_size=8))
def test_attendance_is_a_share_of_the_courses_own_days(marked: list[date], days: list[date]) -> None:
    c = course(days=tuple(days))
    assert 0 <= attended(c, marked) <= 100
    assert attended(c, days) == 100
    assert attended(c, marked) == attended(c, [*marked, *marked])


def said(answers: str, reliability: str = "fair", as_of: str = "2024", key: str = "") -> Statement:
    return Statement(key or answers, answers, reliability, as_of)


@pytest.mark.parametrize(
    ("answers", "found"),
    [((), Weighing.NONE), (("yes",), Weighing.ALONE), (("yes", "yes"), Weighing.AGREE),
     (("yes", "no"), Weighing.CONTRADICT), (("yes", "partly", "no"), Weighing.CONTRADICT),
     (("yes", "partly"), Weighing.PARTLY), (("unclear", "unclear"), Weighing.PARTLY)],
)  # fmt: skip
def test_sources_contradict_each_other_when_one_says_yes_and_another_no(
    answers: tuple[str, ...], found: Weighing
) -> None:
    assert weighed(said(a) for a in answers) is found


def test_sources_stand_side_by_side_by_answer_the_more_reliable_and_newer_first() -> None:
    shown = side_by_side([
        said("no", "low", "2024", "a"), said("yes", "fair", "2022", "b"), said("yes", "high", "2019", "c"),
        said("yes", "fair", "2024-05", "d"),
    ])  # fmt: skip
    assert list(shown) == ["yes", "no"]
    assert [s.key for s in shown["yes"]] == ["c", "d", "b"]
