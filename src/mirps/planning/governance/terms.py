"""Terms: who holds a seat from when until when, and what the sources leave open. Pure: no clock.

A source seldom gives both days. It names a year ("the presidency of 2022"), a month ("from September
2022"), or a day on which somebody held the seat. What it says leaves several readings; a term is known
to cover a day when EVERY reading covers it, known not to when none does, and open otherwise. Dates are
as written: "2024", "2024-01", "2024-01-24" or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from mirps.planning.records.dates import first_day, last_day

_DAY = timedelta(days=1)

#: Of each type of body, the roles that are in charge of it. Where a body has none of them, those who
#: take part in it decide together.
IN_CHARGE: dict[str, frozenset[str]] = {
    "secretariat": frozenset({"secretariat"}),
    "fund": frozenset({"administrator"}),
}
LEADING = frozenset({"presidency", "chair", "lead", "co-lead"})
TAKING_PART = frozenset({"member"})


@dataclass(frozen=True, slots=True)
class Text:
    """Words in both languages."""

    es: str = ""
    en: str = ""

    def __call__(self, lang: str) -> str:
        return self.es if lang == "es" else self.en


@dataclass(frozen=True, slots=True)
class Cited:
    document: str
    locator: str = ""
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody holds a role in a body. `ends` is the day of the handover: the first no longer theirs."""

    key: str
    body: str  # the key of the body
    role: str
    member: str = ""  # the State
    institution: str = ""
    holder: Text = Text()
    unit: Text = Text()
    title: Text = Text()
    note: Text = Text()
    number: int | None = None
    year: str = ""
    starts: str = ""
    ends: str = ""
    held: str = ""
    basis: str = "stated"
    sources: tuple[Cited, ...] = ()
    area: str = ""  # the State that keeps the record; "" the region

    @property
    def named_for(self) -> int:
        """The year that it is named for, or else the first of which its source speaks; 0 for none."""
        return int((self.year or self.starts or self.held or "0")[:4])


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a body had, from when until when as written."""

    name: Text
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of the troika: whose it is, by how many chairs from the one of the day."""

    name: Text
    turn: int


@dataclass(frozen=True, slots=True)
class Body:
    key: str
    type: str
    title: Text
    short: str = ""
    state: str = ""
    within: str = ""
    created: str = ""
    ended: str = ""
    purpose: Text = Text()
    note: Text = Text()
    names: tuple[Name, ...] = ()
    seats: tuple[Seat, ...] = ()
    sources: tuple[Cited, ...] = ()
    place: int = 0

    @property
    def code(self) -> str:
        return self.key.partition("/")[2]

    @property
    def in_charge(self) -> frozenset[str]:
        return IN_CHARGE.get(self.type, LEADING)


@lru_cache(maxsize=4096)
def bounds(when: str) -> tuple[date, date]:
    """The first and the last day that a date as written may mean; of none, all days."""
    if not when:
        return date.min, date.max
    return first_day(when), last_day(when)


@dataclass(frozen=True, slots=True)
class Span:
    """Every reading of a term: it begins between two days and ends (first day that is no longer its own)
    between two days, any of the former with any later one of the latter."""

    first_start: date
    last_start: date
    first_end: date
    last_end: date

    @property
    def possible(self) -> bool:
        return self.first_start <= self.last_start and self.first_end <= self.last_end


class Sure(IntEnum):
    """How sure it is that a term covers a day."""

    NO = 0  # no reading covers it
    OPEN = 1  # some reading does; no source speaks of that time
    NAMED = 2  # some reading does, and a source names the term for the year or month of that day
    DAYS = 3  # every reading covers it


def span(term: Term) -> Span:
    """What the dates of one term leave open. Each date that a source names it for was part of the term."""
    first_start, last_start = bounds(term.starts)
    first_end, last_end = bounds(term.ends)
    for when in filter(None, (term.year, term.held)):
        first, last = bounds(when)
        last_start, first_end = min(last_start, last), max(first_end, first + _DAY)
    return _tight(Span(first_start, last_start, first_end, last_end))


def _tight(s: Span) -> Span:
    """Without the starts after every end and the ends before every start."""
    last_start = min(s.last_start, s.last_end - _DAY) if s.last_end > date.min else s.last_start
    first_end = max(s.first_end, s.first_start + _DAY) if s.first_start < date.max else s.first_end
    return Span(s.first_start, last_start, first_end, s.last_end)


def spans(terms: Iterable[Term]) -> dict[str, Span]:
    """The spans of terms by key, those of one numbered seat one after another: the third chair did not
    begin before the second could have ended."""
    listed = list(terms)
    found = {t.key: span(t) for t in listed}
    seats: dict[tuple[str, str], dict[int, list[str]]] = {}
    for t in listed:
        if t.number is not None:
            seats.setdefault((t.body, t.role), {}).setdefault(t.number, []).append(t.key)
    for numbered in seats.values():
        order = [numbered[n] for n in sorted(numbered)]
        for before, after in pairwise(order):
            earliest = max(found[k].first_end for k in before)
            for k in after:
                found[k] = _tight(replace(found[k], first_start=max(found[k].first_start, earliest)))
        for before, after in reversed(list(pairwise(order))):
            latest = min(found[k].last_start for k in after)
            for k in before:
                found[k] = _tight(replace(found[k], last_end=min(found[k].last_end, latest)))
    return found


def sure(term: Term, s: Span, on: date) -> Sure:
    """How sure it is that the term covers the day."""
    if not s.possible or not s.first_start <= on < s.last_end:
        return Sure.NO
    if s.last_start <= on < s.first_end:
        return Sure.DAYS
    dates = filter(None, (term.year, term.held, term.starts, term.ends))
    return Sure.NAMED if any(first <= on <= last for first, last in map(bounds, dates)) else Sure.OPEN


@dataclass(frozen=True, slots=True)
class Answer:
    """Who was in charge on a day. Nobody in `known`: no source says, and the rest is what is nearest."""

    on: date
    known: tuple[Term, ...] = ()  # the days given cover it
    named: tuple[Term, ...] = ()  # named for that year or month; the days are not given
    open: tuple[Term, ...] = ()  # may have begun or still have lasted; no source speaks of that time
    before: tuple[Term, ...] = ()  # the last that were over by then
    after: tuple[Term, ...] = ()  # the next that had not begun
    together: bool = False  # the body has nobody in charge that a source names: these take part in it
    before_it: bool = False  # the body was not there yet
    after_it: bool = False  # the body was there no longer
    spans: dict[str, Span] = field(default_factory=dict, compare=False)

    @property
    def answered(self) -> bool:
        return bool(self.known or self.named)


def who(body: Body, terms: Iterable[Term], on: date) -> Answer:
    """Who was in charge of a body on a day, by its terms (others are left aside)."""
    own = [t for t in terms if t.body == body.key]
    leading = [t for t in own if t.role in body.in_charge]
    asked = leading or [t for t in own if t.role in TAKING_PART]
    return replace(
        _answer(asked, on),
        together=not leading and bool(asked),
        before_it=bool(body.created) and on < bounds(body.created)[0],
        after_it=bool(body.ended) and on > bounds(body.ended)[1],
    )


def holding(body: Body, terms: Iterable[Term], on: date, role: str) -> Answer:
    """Who held one role of a body on a day: its members, its advisers."""
    return _answer([t for t in terms if t.body == body.key and t.role == role], on)


def _answer(asked: Sequence[Term], on: date) -> Answer:
    all_spans = spans(asked)
    by: dict[Sure, list[Term]] = {level: [] for level in Sure}
    for t in asked:
        by[sure(t, all_spans[t.key], on)].append(t)
    over = [t for t in by[Sure.NO] if all_spans[t.key].last_end <= on]
    to_come = [t for t in by[Sure.NO] if all_spans[t.key].first_start > on]
    last = max((all_spans[t.key].last_end for t in over), default=None)
    first = min((all_spans[t.key].first_start for t in to_come), default=None)
    return Answer(
        on, tuple(by[Sure.DAYS]), tuple(by[Sure.NAMED]), tuple(by[Sure.OPEN]),
        tuple(t for t in over if all_spans[t.key].last_end == last),
        tuple(t for t in to_come if all_spans[t.key].first_start == first),
        spans=all_spans,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat of the troika on a day: who the rule of the seats puts there, from which term."""

    seat: Seat
    terms: tuple[Term, ...]
    sure: Sure


def troika(body: Body, chairs: Iterable[Term], on: date) -> list[Seated]:
    """The seats of a day by the chairs of the body that it stands in: computed, not stated. The chair of
    the day is the one that the days given cover; failing that, the one named for the time."""
    listed = [t for t in chairs if t.role == "chair" and t.body == body.within and t.number is not None]
    answer = _answer(listed, on)
    now, level = (answer.known, Sure.DAYS) if answer.known else (answer.named, Sure.NAMED)
    numbers = {t.number for t in now}
    out = []
    for seat in body.seats:
        held = tuple(t for t in listed if len(numbers) == 1 and t.number == next(iter(numbers)) + seat.turn)  # type: ignore[operator]
        out.append(Seated(seat, held, level if held else Sure.NO))
    return out
