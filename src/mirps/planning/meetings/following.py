"""Agreements: who sees to them, by when, what was told of them since, what is late. Pure.

Progress is never written down: it is what the follow-ups add up to, in the order of their days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from mirps.planning.meetings.rules import Entry, Of, Span, Words
from mirps.planning.records.dates import first_day, last_day


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
