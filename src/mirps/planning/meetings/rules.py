"""The calendar and the agreements: days as exact as they are known, what is late, a month. Pure.

A day that no document gives is not made up: an event of "September 2024" stands in its month, not on a
day of it. A date by which something is due is another matter: "by December 2024" is kept on 31 December
and missed on 1 January.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

#: What is said in both languages: {"es": …, "en": …}; either may be lacking.
Words = Mapping[str, str]


def said(words: Words, lang: str) -> str:
    """In one language; in the other where it was not said in this."""
    return words.get(lang) or next((w for w in words.values() if w), "")


def first_day(when: str) -> date:
    """The first day that "2024", "2024-12" or "2024-12-05" may mean."""
    return date.fromisoformat((when + "-01-01")[:10])


def last_day(when: str) -> date:
    """The last day that it may mean: for what is due, the day on which it may still be done."""
    if len(when) == 10:
        return date.fromisoformat(when)
    year, month = int(when[:4]), int(when[5:7] or 12)
    return date(year, month, calendar.monthrange(year, month)[1])


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


# --- agreements


class Result(StrEnum):
    """What a follow-up tells."""

    NOTED = "noted"  # news; nothing else changes
    BEGUN = "begun"
    DONE = "done"
    POSTPONED = "postponed"
    DROPPED = "dropped"
    REOPENED = "reopened"


class Progress(StrEnum):
    OPEN = "open"
    BEGUN = "begun"
    DONE = "done"
    DROPPED = "dropped"


_LEADS_TO = {
    Result.BEGUN: Progress.BEGUN,
    Result.DONE: Progress.DONE,
    Result.DROPPED: Progress.DROPPED,
    Result.REOPENED: Progress.OPEN,
}
#: What may be told of an agreement that stands so.
MAY_FOLLOW: Mapping[Progress, tuple[Result, ...]] = {
    Progress.OPEN: (Result.NOTED, Result.BEGUN, Result.DONE, Result.POSTPONED, Result.DROPPED),
    Progress.BEGUN: (Result.NOTED, Result.DONE, Result.POSTPONED, Result.DROPPED),
    Progress.DONE: (Result.NOTED, Result.REOPENED),
    Progress.DROPPED: (Result.NOTED, Result.REOPENED),
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was told of an agreement on a day. `place` orders those of one day as they were told."""

    key: str
    day: str
    result: Result
    said: Words
    due: str = ""
    evidence: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed, who sees to it, by when, and what was told of it since.

    `due` is the date as agreed; `due_now` counts postponements. Progress is never written down: it is
    what the follow-ups add up to.
    """

    key: str
    title: Words
    parent: str
    number: int
    changed_at: datetime
    text: Words = field(default_factory=dict)
    item: int | None = None
    bodies: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    due: str = ""
    told: tuple[FollowUp, ...] = ()
    public: bool = False

    @property
    def follow_ups(self) -> list[FollowUp]:
        return sorted(self.told, key=lambda f: (last_day(f.day), f.place, f.key))

    @property
    def progress(self) -> Progress:
        now = Progress.OPEN
        for f in self.follow_ups:
            now = _LEADS_TO.get(f.result, now)
        return now

    @property
    def closed(self) -> bool:
        return self.progress in (Progress.DONE, Progress.DROPPED)

    @property
    def closed_on(self) -> str:
        """The day of the follow-up that closed it, or nothing."""
        ends = [f.day for f in self.follow_ups if f.result in (Result.DONE, Result.DROPPED)]
        return ends[-1] if self.closed and ends else ""

    @property
    def due_now(self) -> str:
        moved = [f.due for f in self.follow_ups if f.result is Result.POSTPONED and f.due]
        return moved[-1] if moved else self.due

    @property
    def postponed(self) -> int:
        """How often it was postponed."""
        return sum(f.result is Result.POSTPONED for f in self.told)

    @property
    def nobody(self) -> bool:
        """Whether nobody is named who sees to it."""
        return not (self.bodies or self.states or self.institutions)

    def late(self, today: date) -> bool:
        return not self.closed and bool(self.due_now) and today > last_day(self.due_now)

    def days_left(self, today: date) -> int | None:
        """Days until the last on which it is in time (negative: since); None when closed or without date."""
        return None if self.closed or not self.due_now else (last_day(self.due_now) - today).days


def follow_up_faults(
    a: Agreement, said: Words, day: str, result: str, due: str, today: date
) -> list[tuple[str, str]]:
    """What is wrong with a follow-up before it is kept: (cell, key of a sentence)."""
    faults = []
    if not any(w.strip() for w in said.values()):
        faults.append(("said.es", "calendar.agreement.fault.nothing"))
    if result not in MAY_FOLLOW[a.progress]:
        faults.append(("result", "calendar.agreement.fault.result"))
    when = _first(day)
    if when is not None and when > today:
        faults.append(("day", "calendar.agreement.fault.future"))
    if result == Result.POSTPONED:
        new = _first(due)
        if new is None:
            faults.append(("due", "calendar.agreement.fault.due"))
        elif a.due_now and last_day(due) <= last_day(a.due_now):
            faults.append(("due", "calendar.agreement.fault.due-earlier"))
    return faults


def _first(when: str) -> date | None:
    """The first day of a date as typed; None for what is none (which the record's own proof tells)."""
    try:
        return first_day(when) if len(when) in (4, 7, 10) else None
    except ValueError:
        return None


class Way(StrEnum):
    """Which agreements are shown."""

    ALL = ""
    OPEN = "open"
    LATE = "late"
    UNDATED = "undated"
    NOBODY = "nobody"
    CLOSED = "closed"

    def takes(self, a: Agreement, today: date) -> bool:
        return {
            Way.ALL: True,
            Way.OPEN: not a.closed,
            Way.LATE: a.late(today),
            Way.UNDATED: not a.closed and not a.due_now,
            Way.NOBODY: not a.closed and a.nobody,
            Way.CLOSED: a.closed,
        }[self]


def most_pressing(agreements: Iterable[Agreement], today: date) -> list[Agreement]:
    """Late ones first, the longest late before; then by date; without date; closed, the last first."""

    def rank(a: Agreement) -> tuple[int, int, str]:
        left = a.days_left(today)
        if a.closed:
            return (2, -last_day(a.closed_on).toordinal() if a.closed_on else 0, a.key)
        return (1, 0, a.key) if left is None else (0, left, a.key)

    return sorted(agreements, key=rank)


@dataclass(frozen=True, slots=True)
class Hat:
    """In what name somebody acts: a role held for a State, for an institution or team, for the region."""

    role: str
    state: str = ""
    body: str = ""


#: Roles that speak for a body of the region.
SPEAKS_FOR = {"presidency": "presidency", "secretariat": "secretariat"}


def answers(a: Agreement, hats: Iterable[Hat]) -> bool:
    """Whether somebody who wears these hats is among those who see to it."""
    for h in hats:
        if h.body and h.body in (*a.bodies, *a.institutions):
            return True
        if not h.body and h.state and (h.state in a.states or _within(h.state, a.institutions)):
            return True
        if not h.body and not h.state and SPEAKS_FOR.get(h.role, "?") in a.bodies:
            return True
    return False


def _within(state: str, institutions: Collection[str]) -> bool:
    return any(i.partition(".")[0] == state for i in institutions)


def due_entries(agreements: Sequence[Agreement], today: date) -> list[Entry]:
    """The dates by which open agreements are due, as lines of the calendar."""
    return [
        Entry(
            of=Of.AGREEMENT, key=a.key, sort="agreement-due", title=a.title, span=Span(a.due_now), number=a.number,
            changed_at=a.changed_at, states=a.states, bodies=(*a.bodies, *a.institutions), public=a.public,
            late=a.late(today),
        )
        for a in agreements if a.due_now and not a.closed
    ]  # fmt: skip
