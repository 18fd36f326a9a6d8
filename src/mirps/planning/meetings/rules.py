"""The calendar: days as exact as they are known, a year as a list, a month as a sheet. Pure.

A day that no document gives is not made up: an event of "September 2024" stands in its month, not on a
day of it. A date by which something is due is another matter: "by December 2024" is kept on 31 December
and missed on 1 January.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from mirps.planning.records.dates import first_day, last_day

#: What is said in both languages: {"es": …, "en": …}; either may be lacking.
Words = Mapping[str, str]


def said(words: Words, lang: str) -> str:
    """In one language; in the other where it was not said in this."""
    return words.get(lang) or next((w for w in words.values() if w), "")


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, each as exact as it is known. `ends` empty, or before `starts`: one day only."""

    starts: str
    ends: str = ""

    @property
    def until(self) -> str:
        return self.ends if self.ends and last_day(self.ends) >= first_day(self.starts) else self.starts

    @property
    def first(self) -> date:
        return first_day(self.starts)

    @property
    def last(self) -> date:
        return last_day(self.until)

    @property
    def by_day(self) -> bool:
        """Whether its first and last day are both known."""
        return len(self.starts) == len(self.until) == 10

    @property
    def month(self) -> str:
        """The month in which it is listed; empty where only the year is known."""
        return self.starts[:7] if len(self.starts) >= 7 else ""

    def on(self, day: date) -> bool:
        return self.by_day and self.first <= day <= self.last

    def meets(self, first: date, last: date) -> bool:
        """Whether it may fall between these days, inclusive."""
        return self.first <= last and first <= self.last


@dataclass(frozen=True, slots=True)
class Reported:
    """Another date that a source gives for the same event."""

    span: Span
    document: str = ""
    locator: str = ""
    fragment: str = ""


class Of(StrEnum):
    """What a line of the calendar comes from."""

    EVENT = "event"
    AGREEMENT = "agreement"  # the day by which an agreement is due
    ROUND = "round"  # the day by which a step of a reporting round is due
    CALL = "call"  # the day on which a call for proposals closes


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar. `number` and `changed_at` are those of the record's last change."""

    of: Of
    key: str
    sort: str
    title: Words
    span: Span
    number: int
    changed_at: datetime
    standing: str = ""
    begins: time | None = None
    until: time | None = None
    place: Words = field(default_factory=dict)
    online: str = ""
    summary: Words = field(default_factory=dict)
    doubt: Words = field(default_factory=dict)
    reported: tuple[Reported, ...] = ()
    states: tuple[str, ...] = ()  # whose it is, or who answers for it; none: the region
    bodies: tuple[str, ...] = ()
    public: bool = True
    late: bool = False

    @property
    def in_doubt(self) -> bool:
        """Whether its date may be another: a source gives another, or reason to doubt it."""
        return bool(self.doubt or any(r.span != self.span for r in self.reported))

    @property
    def is_due(self) -> bool:
        """Whether it is a date by which something is due, and not something that takes place."""
        return self.of is not Of.EVENT or self.sort == "deadline"

    @property
    def weekend(self) -> bool:
        """Whether it took one known day, a Saturday or a Sunday: rare enough to be told."""
        return self.of is Of.EVENT and self.span.by_day and self.span.first == self.span.last and (
            self.span.first.weekday() >= 5
        )  # fmt: skip


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By day; what has no known day after what has one in the same month or year."""
    return sorted(
        entries,
        key=lambda e: (
            e.span.starts[:4], e.span.month or "99", not e.span.starts[8:], e.span.first, e.begins or time.min, e.key
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which lines are shown. Empty: all. `state` "MIRPS" is the region's own."""

    state: str = ""
    body: str = ""
    sort: str = ""

    def takes(self, e: Entry) -> bool:
        of_state = not self.state or (not e.states if self.state == "MIRPS" else self.state in e.states)
        return of_state and (not self.body or self.body in e.bodies) and self.sort in ("", e.sort)


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a page shows it: weeks of days, each with what is on it, then what has no known day."""

    first: date
    weeks: tuple[tuple[tuple[date, tuple[Entry, ...]], ...], ...]
    loose: tuple[Entry, ...]

    @property
    def before(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}" if self.first.year > 1900 else ""

    @property
    def after(self) -> str:
        return f"{self.first + timedelta(days=31):%Y-%m}"


def month_of(text: str) -> date | None:
    """The first day of "2024-09"; None for what is no month of our years."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if len(text) == 7 and 1900 <= found.year < 2200 else None


def month(entries: Iterable[Entry], first: date, week_begins: int = 0) -> Month:
    """The month of `first`; weeks begin on `week_begins` (0: Monday, as in CLDR)."""
    held = in_order(entries)
    last = last_day(f"{first:%Y-%m}")
    days = calendar.Calendar(week_begins).monthdatescalendar(first.year, first.month)
    weeks = tuple(tuple((d, tuple(e for e in held if e.span.on(d))) for d in week) for week in days)
    loose = tuple(
        e
        for e in held
        if not e.span.by_day and len(e.span.starts) >= 7 and e.span.first <= last and e.span.last >= first
    )
    return Month(first, weeks, loose)


def by_month(entries: Iterable[Entry], year: int) -> list[tuple[str, list[Entry]]]:
    """What begins in a year, month by month ("2024-09"); last, under "", what has no known month."""
    out: dict[str, list[Entry]] = {}
    for e in in_order(e for e in entries if e.span.first.year == year):
        out.setdefault(e.span.month, []).append(e)
    return sorted(out.items(), key=lambda x: x[0] or "9999")


def years(entries: Iterable[Entry]) -> list[int]:
    return sorted({e.span.first.year for e in entries})
