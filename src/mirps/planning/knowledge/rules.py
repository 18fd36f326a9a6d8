"""Who may enrol, who earned a certificate, and what sources say against each other. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Door(StrEnum):
    """Whether a course takes enrolments, and if not, why."""

    OPEN = "open"
    NOT_HERE = "not-here"  # it takes no enrolments on this platform
    NOT_YET = "not-yet"
    CLOSED = "closed"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Course:
    opens: date | None = None
    closes: date | None = None
    seats: int | None = None  # None: as many as come
    days: tuple[date, ...] = ()
    certificate: bool = False
    attendance: Decimal = Decimal(100)  # per cent of the days that a certificate asks for


def door(c: Course, on: date, enrolled: int) -> Door:
    """A course takes enrolments where it says from when; on its last day still."""
    if c.opens is None:
        return Door.NOT_HERE
    if on < c.opens:
        return Door.NOT_YET
    last = c.closes or max(c.days, default=None)
    if last is not None and on > last:
        return Door.CLOSED
    return Door.FULL if c.seats is not None and enrolled >= c.seats else Door.OPEN


def attended(c: Course, days: Iterable[date]) -> Decimal:
    """Share of the course's days in per cent, rounded half up; 0 while it names no days."""
    if not c.days:
        return Decimal(0)
    share = Decimal(100 * len(set(days) & set(c.days))) / len(set(c.days))
    return share.quantize(Decimal(1), ROUND_HALF_UP)


class Lack(StrEnum):
    """Why somebody has no certificate (yet)."""

    NONE_GIVEN = "none-given"  # the course gives none
    NOT_OVER = "not-over"
    ATTENDANCE = "attendance"


def lacks(c: Course, days: Sequence[date], on: date) -> Lack | None:
    """What still lacks for a certificate on a day; None: it is earned. The share itself counts, not the
    rounded one: 2 of 3 days are not 67 per cent."""
    if not c.certificate or not c.days:
        return Lack.NONE_GIVEN
    if on < max(c.days):
        return Lack.NOT_OVER
    held = len(set(days) & set(c.days))
    return None if 100 * held >= c.attendance * len(set(c.days)) else Lack.ATTENDANCE


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source answers to a question."""

    key: str
    answers: str  # yes, no, partly or unclear
    reliability: str  # high, fair, low or unassessed
    as_of: str  # as exact as it is known


class Weighing(StrEnum):
    """How the sources stand to each other on a question. It weighs nothing itself: people do."""

    NONE = "none"  # no source answers
    ALONE = "alone"  # one source alone
    AGREE = "agree"
    PARTLY = "partly"  # some in part, or unclear
    CONTRADICT = "contradict"  # one says yes and another no


def weighed(statements: Iterable[Statement]) -> Weighing:
    answers = [s.answers for s in statements]
    if not answers:
        return Weighing.NONE
    if {"yes", "no"} <= set(answers):
        return Weighing.CONTRADICT
    if len(answers) == 1:
        return Weighing.ALONE
    return Weighing.AGREE if len(set(answers)) == 1 and answers[0] in ("yes", "no") else Weighing.PARTLY


_ORDER = {"high": 0, "fair": 1, "low": 2, "unassessed": 3}


def side_by_side(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Statements by their answer; within each the more reliable first, then the newer."""
    by: dict[str, list[Statement]] = defaultdict(list)
    for s in sorted(statements, key=lambda s: s.as_of, reverse=True):
        by[s.answers].append(s)
    return {
        answer: sorted(by[answer], key=lambda s: _ORDER.get(s.reliability, 4))
        for answer in ("yes", "no", "partly", "unclear")
        if answer in by
    }
