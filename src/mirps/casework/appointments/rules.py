"""Slots, and what becomes of an appointment and of an order. Pure: no clock, no framework.

Time is counted in cells of a quarter of an hour since 1970 (UTC): who is free is a set of cells, so that what is
booked, absent or off is taken away by subtraction, and the same cells keep the database from booking twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from mirps.base.refusal import Refusal

CELL = 15 * 60  # seconds


class AppointmentFault(Refusal):
    """What cannot be done, as a text of data/texts/casework-appointments.yaml."""


class _Choice(StrEnum):
    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(c.value, c.value) for c in cls]


class Mode(_Choice):
    PERSON = "person"
    PHONE = "phone"
    VIDEO = "video"


class Stand(_Choice):
    BOOKED = "booked"
    ATTENDED = "attended"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Done(_Choice):
    """What happened to an appointment."""

    BOOKED = "booked"
    MOVED = "moved"
    ATTENDED = "attended"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Sort(_Choice):
    """What a supplier of interpreters is."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"
    TELEPHONE = "telephone"


class Became(_Choice):
    """What became of a room, an interpreter or a supplier."""

    AWAY = "away"
    BACK = "back"
    ENDED = "ended"


class Ordered(_Choice):
    """What happened to an order, and so how it stands. A rating leaves it delivered."""

    ORDERED = "ordered"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    RATED = "rated"
    CANCELLED = "cancelled"


# --- whose time


def officer(user: str) -> str:
    return f"officer:{user}"


def interpreter(id_: UUID | str) -> str:
    return f"interpreter:{id_}"


def room(id_: int) -> str:
    return f"room:{id_}"


def supplier(id_: UUID | str) -> str:
    return f"supplier:{id_}"


def case(id_: UUID | str) -> str:
    return f"case:{id_}"


def cells(starts: datetime, ends: datetime) -> range:
    """The quarters of an hour between two aware moments. Raises AppointmentFault where they are no quarters."""
    a, b = starts.timestamp(), ends.timestamp()
    if a % CELL or b % CELL or b <= a:
        raise AppointmentFault("appointments.fault.quarter")
    return range(int(a) // CELL, int(b) // CELL)


def moment(cell: int) -> datetime:
    return datetime.fromtimestamp(cell * CELL, UTC)


# --- who is free


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of a weekday (Monday 0), by the clock of the office, from one day on (to another)."""

    weekday: int
    starts: time
    ends: time
    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday and self.since <= day and (self.until is None or day <= self.until)
        )


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody or something that is booked: when it can be had, and when it is away (days, both within).
    `windows` None: at any hour (a room)."""

    whose: str
    windows: tuple[Window, ...] | None = ()
    away: tuple[tuple[date, date], ...] = ()
    busy: frozenset[int] = frozenset()

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.away)

    def works(self, day: date, zone: tzinfo) -> frozenset[int]:
        """The cells of its hours on a day, busy ones too."""
        out: set[int] = set()
        for w in self.windows or ():
            if w.on(day) and w.starts < w.ends:
                a = datetime.combine(day, w.starts, tzinfo=zone).timestamp()
                b = datetime.combine(day, w.ends, tzinfo=zone).timestamp()
                out |= set(range(-int(-a // CELL), int(b) // CELL))
        return frozenset(out)

    def begins(self, day: date, zone: tzinfo, n: int, among: frozenset[int]) -> frozenset[int]:
        """Of `among`, the cells at which `n` free ones in a row begin."""
        if self.is_away(day):
            return frozenset()
        if self.windows is None:
            return frozenset(c for c in among if self.busy.isdisjoint(range(c, c + n)))
        free = self.works(day, zone) - self.busy
        return frozenset(c for c in among if free.issuperset(range(c, c + n)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. `n`: how many cells; `rooms`, `interpreters` None: none is needed. `with_`: the case
    and whatever else must be free as well. `offs`: why days are off, by day."""

    n: int
    officers: Sequence[Worker]
    rooms: Sequence[Worker] | None = None
    interpreters: Sequence[Worker] | None = None  # the best first
    with_: Sequence[Worker] = ()
    not_before: datetime = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment at which all that is needed is free, and who is: the first of each is proposed."""

    starts: datetime
    ends: datetime
    officers: tuple[str, ...]
    rooms: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotThen:
    """Why a day has no slot: a key of texts (appointments.not-then.…)."""

    day: date
    why: str
    values: Mapping[str, Any] = field(default_factory=dict)


def slots(asked: Asked, day: date, zone: tzinfo, off: str = "") -> tuple[list[Slot], NotThen | None]:
    """Every slot of a day, or why there is none. `off`: why the day is off, if it is (its name is told)."""
    if off:
        return [], NotThen(day, "off", {"what": off})
    there = [o for o in asked.officers if o.windows and o.works(day, zone) and not o.is_away(day)]
    if not there:
        away = any(o.works(day, zone) for o in asked.officers)
        return [], NotThen(day, "away" if away else "nobody")
    hours = frozenset[int]().union(*(o.works(day, zone) for o in there))
    late = frozenset(c for c in hours if moment(c) >= asked.not_before)
    if not late:
        return [], NotThen(day, "over")
    by_officer = {o.whose: o.begins(day, zone, asked.n, late) for o in there}
    begins = _any(by_officer)
    if not begins:
        return [], NotThen(day, "booked", {"n": len(there)})
    for other in asked.with_:
        begins &= other.begins(day, zone, asked.n, begins)
    if not begins:
        return [], NotThen(day, "case")
    needed: list[dict[str, frozenset[int]]] = []
    for why, workers in (("rooms", asked.rooms), ("interpreters", asked.interpreters)):
        if workers is None:
            needed.append({})
            continue
        found = {w.whose: w.begins(day, zone, asked.n, begins) for w in workers}
        begins &= _any(found)
        if not begins:
            return [], NotThen(day, why, {"n": len(workers)})
        needed.append(found)
    who = (by_officer, *needed)
    made = [
        Slot(moment(c), moment(c + asked.n), *(tuple(w for w, at in of.items() if c in at) for of in who))
        for c in sorted(begins)
    ]
    return made, None


def _any(found: Mapping[str, frozenset[int]]) -> frozenset[int]:
    return frozenset[int]().union(*found.values())


@dataclass(frozen=True, slots=True)
class Proposed:
    """The first slots, and why not on each day before them."""

    slots: tuple[Slot, ...]
    earlier: tuple[NotThen, ...]


def propose(
    asked: Asked, days: Iterable[tuple[date, str]], zone: tzinfo, *, most: int = 6, a_day: int = 3
) -> Proposed:
    """The first fitting slots, `a_day` of one day, spread over it. `days`: each with why it is off, or ''."""
    found: list[Slot] = []
    earlier: list[NotThen] = []
    for day, off in days:
        here, why = slots(asked, day, zone, off)
        if why is not None and not found:
            earlier.append(why)
        step = max(1, -(-len(here) // a_day), asked.n if len(here) > asked.n * a_day else 1)
        found += islice(here, 0, None, step)
        if len(found) >= most:
            break
    return Proposed(tuple(found[:most]), tuple(earlier))


def days_from(first: date, n: int) -> Iterator[date]:
    return (first + timedelta(days=k) for k in range(n))


# --- what is gone meanwhile


@dataclass(frozen=True, slots=True)
class Gone:
    """Days (both within) on which somebody or something that may be booked cannot be had."""

    whose: str
    starts: date
    ends: date = date.max


def gone(booked: Collection[str], day: date, of: Iterable[Gone]) -> list[str]:
    """What of all that is booked on a day cannot be had then."""
    return list(dict.fromkeys(g.whose for g in of if g.whose in booked and g.starts <= day <= g.ends))


# --- what becomes of it


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of an appointment."""

    what: Done
    starts: datetime | None = None
    ends: datetime | None = None
    officer: str = ""
    room: int | None = None
    interpreter: UUID | None = None


@dataclass(frozen=True, slots=True)
class Stood:
    """How an appointment stands."""

    standing: Stand
    starts: datetime
    ends: datetime
    officer: str
    room: int | None
    interpreter: UUID | None

    @property
    def holds(self) -> bool:
        """Whether its time is still taken: what was kept or missed took it as well."""
        return self.standing is not Stand.CANCELLED


def fold(events: Iterable[Happened]) -> Stood:
    """How an appointment stands after its events. Raises AppointmentFault for what cannot follow."""
    stood: Stood | None = None
    for e in events:
        stood = after(stood, e)
    if stood is None:
        raise AppointmentFault("appointments.fault.order")
    return stood


def after(stood: Stood | None, e: Happened) -> Stood:
    if (stood is None) is not (e.what is Done.BOOKED):
        raise AppointmentFault("appointments.fault.order")
    if e.what in (Done.BOOKED, Done.MOVED):
        if stood is not None and stood.standing is not Stand.BOOKED:
            raise AppointmentFault("appointments.fault.over")
        if e.starts is None or e.ends is None or not e.officer:
            raise AppointmentFault("appointments.fault.when")
        return Stood(Stand.BOOKED, e.starts, e.ends, e.officer, e.room, e.interpreter)
    assert stood is not None
    if stood.standing is not Stand.BOOKED:
        raise AppointmentFault("appointments.fault.over")
    return Stood(Stand(e.what.value), stood.starts, stood.ends, stood.officer, stood.room, stood.interpreter)


_NEXT = {
    "": (Ordered.ORDERED,),
    Ordered.ORDERED: (Ordered.CONFIRMED, Ordered.CANCELLED),
    Ordered.CONFIRMED: (Ordered.DELIVERED, Ordered.CANCELLED),
    Ordered.DELIVERED: (Ordered.RATED,),
    Ordered.RATED: (Ordered.RATED,),  # a later rating stands
    Ordered.CANCELLED: (),
}


def may_follow(standing: str) -> tuple[Ordered, ...]:
    """What may happen next to an order that stands so."""
    return _NEXT[Ordered(standing) if standing else ""]
