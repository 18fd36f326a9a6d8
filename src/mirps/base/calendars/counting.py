"""From a first day to the day on which a term ends, and every day between explained. Pure.

The day of what sets a term going is not counted; the next one that counts is day 1. A pause begins on the day
after the act that makes it, and the day of the act that ends it is still within it. Nothing here knows a
procedure: it gives and takes day numbers (`date.toordinal()`).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mirps.base.calendars.rules import Calendar, Days, Off, within


class Unit(StrEnum):
    WORKING = "working-days"
    CALENDAR = "calendar-days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Term:
    """So many units. `lands`: an end on a day that does not work moves to the next that does."""

    n: int
    unit: Unit
    lands: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Counting rests after `starts` up to and with `until` (None: it still rests). `anew`: it begins again at one."""

    starts: int
    until: int | None
    anew: bool = False
    because: str = ""  # the code of the act


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a term: counted as the `number`-th, or why not."""

    at: int
    number: int  # 0: not counted
    off: Off | None = None
    pause: Pause | None = None
    first: bool = False  # the day of what set it going

    @property
    def day(self) -> date:
        return date.fromordinal(self.at)


def days_of(term: Term, calendar: Calendar) -> Days:
    return calendar.working if term.unit is Unit.WORKING else calendar.all


def length(term: Term, start: int) -> int:
    """How many days of its sort a term has. A month later is the same number, or the month's last day."""
    if term.unit in (Unit.WORKING, Unit.CALENDAR):
        return term.n
    first = date.fromordinal(start)
    months = first.month - 1 + term.n * (12 if term.unit is Unit.YEARS else 1)
    year, month = first.year + months // 12, months % 12 + 1
    if year > 9000:
        return 4_000_000  # beyond any calendar
    return date(year, month, min(first.day, monthrange(year, month)[1])).toordinal() - start


def due(
    term: Term, start: int, calendar: Calendar, pauses: Sequence[Pause] = (), more: int = 0
) -> int | None:
    """The last day of a term; `more`: units by which it was extended. None while a pause or a suspension
    without end keeps it from being known, or beyond the calendar."""
    if not within(start):
        return None
    unit = term.unit
    days = calendar.working if unit is Unit.WORKING else calendar.all
    counted = unit is Unit.WORKING or unit is Unit.CALENDAR
    left = term.n + more if counted else length(Term(term.n + more, unit), start)
    end = days.after(start, left)
    for pause in pauses:
        if end is None or pause.starts >= end:
            break
        if pause.until is None or not within(pause.until):
            return None
        if pause.until < start or (pause.until == start and not pause.anew):
            continue
        if pause.anew:
            left = length(Term(term.n + more, unit), pause.until)
        elif pause.starts > start:
            left -= days.between(start, pause.starts)
        start = pause.until
        end = days.after(start, left)
    if term.lands and end is not None and end in calendar.offs:
        return calendar.working.after(end, 1)
    return end


def spent(days: Days, start: int, on: int, pauses: Sequence[Pause] = ()) -> tuple[int, int]:
    """How many days counted after `start` up to `on`, and the day from which (a pause may begin it anew)."""
    n, at, begun = 0, start, start
    for pause in pauses:
        if pause.starts >= on:
            break
        until = on if pause.until is None else min(pause.until, on)
        if until < at or (until == at and not pause.anew):
            continue
        n, begun = (0, until) if pause.anew else (n + days.between(at, max(pause.starts, at)), begun)
        at = until
    return n + (days.between(at, on) if on > at else 0), begun


def remaining(
    term: Term, start: int, on: int, calendar: Calendar, pauses: Sequence[Pause] = (), more: int = 0
) -> int:
    """How many days of its sort are left after the day `on`; never under zero."""
    if not within(start) or not within(on):
        return 0
    gone, begun = spent(days_of(term, calendar), start, on, pauses)
    return max(0, length(Term(term.n + more, term.unit), begun) - gone)


def walk(
    term: Term,
    start: int,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    more: int = 0,
    *,
    until: int | None = None,
) -> Iterator[Day]:
    """Every day from the first to the end (or to `until`), counted or why not: what an officer is shown.

    Written apart from `due`, day by day as one counts on one's fingers, and tests hold the two together.
    """
    if not within(start):
        return
    yield Day(start, 0, first=True)
    whole = Term(term.n + more, term.unit)
    left, number, at, working = length(whole, start), 0, start, term.unit is Unit.WORKING
    while number < left or (term.lands and at in calendar.offs):
        at += 1
        if not within(at) or (until is not None and at > until):
            return
        going = number < left
        pause = next((p for p in pauses if p.starts < at and (p.until is None or at <= p.until)), None)
        if pause is not None and going:
            yield Day(at, 0, pause=pause)
        else:
            off = calendar.why_not(at, working=working or not going)
            if off is None and going:
                number += 1
            yield Day(at, number if off is None else 0, off)
        if number < left and any(p.anew and p.until == at for p in pauses):
            number, left = 0, length(whole, at)
