"""Completeness and timeliness of a round, and when a reminder is due. Pure: no clock, no Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mirps.evidence.rounds.api import BY_STATE, Status

#: What an institution has handed over, however far it has come since.
HANDED = (Status.SUBMITTED, *BY_STATE)
BY_REGION = BY_STATE[1:]
#: Days on which a reminder that was missed (the product was off) still goes.
GRACE = 1


@dataclass(frozen=True, slots=True)
class Body:
    """One institution's part of a round: counts of cells, questions and findings; moments are aware."""

    state: str
    institution: str
    counts: Mapping[Status, int]
    lacking: int  # required and empty
    questions: int = 0  # not settled
    contradictions: int = 0  # not answered
    last: datetime | None = None
    due: datetime | None = None

    def of(self, *statuses: Status) -> int:
        return sum(self.counts.get(s, 0) for s in statuses)

    @property
    def all(self) -> int:
        return sum(self.counts.values())

    @property
    def given(self) -> int:
        return self.all - self.of(Status.EMPTY)

    @property
    def handed(self) -> int:
        return self.of(*HANDED)

    @property
    def returned(self) -> int:
        return self.of(Status.RETURNED)

    @property
    def owes(self) -> bool:
        """Whether it still has to hand something over: a required value, a draft, what was returned, or
        all of it. Values that are not required and were left empty are not owed."""
        return bool(self.lacking or self.of(Status.DRAFT, Status.RETURNED) or not self.handed)

    def late(self, now: datetime) -> bool:
        return self.owes and self.due is not None and now > self.due

    def days(self, now: datetime, zone: ZoneInfo) -> int | None:
        """Days until the date (negative: since), by the clock of the State; None where there is no date."""
        return None if self.due is None else days_until(self.due, now, zone)


def days_until(due: datetime, now: datetime, zone: ZoneInfo) -> int:
    return (due.astimezone(zone).date() - now.astimezone(zone).date()).days


def together(bodies: Iterable[Body], state: str = "") -> Body:
    """Several institutions as one line: a State, or the region. The date is the earliest."""
    held = list(bodies)
    counts = {s: sum(b.counts.get(s, 0) for b in held) for s in Status}
    return Body(
        state, "", {s: n for s, n in counts.items() if n}, sum(b.lacking for b in held),
        sum(b.questions for b in held), sum(b.contradictions for b in held),
        max((b.last for b in held if b.last), default=None), min((b.due for b in held if b.due), default=None),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """How many cells held an answer, and how many were handed over, when the day ended."""

    day: date
    given: int
    handed: int


def by_day(
    given: Iterable[tuple[date, int, bool]], handed: Iterable[tuple[date, int, bool]], last: date
) -> list[Day]:
    """The course of a round from its first change to `last`. Each change is (day, cell, whether it holds
    from then on), in the order in which they happened."""
    changes = [sorted(x, key=lambda c: c[0]) for x in (given, handed)]
    days = [c[0] for found in changes for c in found]
    if not days:
        return []
    out: list[Day] = []
    sets: tuple[set[int], set[int]] = (set(), set())
    at = [0, 0]
    for n in range((max(last, max(days)) - min(days)).days + 1):
        day = min(days) + timedelta(days=n)
        for i, found in enumerate(changes):
            while at[i] < len(found) and found[at[i]][0] <= day:
                _, cell, holds = found[at[i]]
                (sets[i].add if holds else sets[i].discard)(cell)
                at[i] += 1
        out.append(Day(day, len(sets[0]), len(sets[1])))
    return out


@dataclass(frozen=True, slots=True)
class Plan:
    """Days before and after a date on which people are reminded."""

    before: Sequence[int] = field(default=())
    after: Sequence[int] = field(default=())

    def __post_init__(self) -> None:
        if any(d < 0 for d in self.before) or any(d < 1 for d in self.after):
            raise ValueError("days before are 0 or more, days after 1 or more")


def mark(plan: Plan, due: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Which reminder of a date is due now, or nothing: `2025-10-31-7` (seven days before), `2025-10-31+1`.

    The nearest that has come counts, so that one whose day has passed is never told beside its follower,
    and one that was missed longer than GRACE ago is not told at all.
    """
    left = days_until(due, now, zone)
    offsets = [*plan.before, *(-d for d in plan.after)]
    come = [d for d in offsets if 0 <= d - left <= GRACE]
    if not come:
        return ""
    nearest = min(come)
    sign = "-" if nearest >= 0 else "+"
    return f"{due.astimezone(zone).date()}{sign}{abs(nearest)}"
