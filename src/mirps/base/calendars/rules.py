"""Which days count. Pure: no clock, no files.

A calendar is two lists of day numbers (days that are not suspended; working days among them), each with a
running count, so that the n-th day that counts after another is one look-up and 100,000 deadlines take a
fraction of a second. A suspension takes days out of both lists: one act moves every deadline. Days are
`date.toordinal()` numbers throughout; they become dates where somebody reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mirps.base.texts.rules import Text

#: What is counted at all. Earlier and later days are refused where they would enter, or stay without a due day.
FIRST, LAST = date(1995, 1, 1), date(2060, 12, 31)
_FIRST, _LAST = FIRST.toordinal(), LAST.toordinal()


class Sort(StrEnum):
    """What an entry of a calendar makes of its days."""

    HOLIDAY = "holiday"  # a day that does not work; calendar days go on
    WORKING = "working"  # a day that works although it would not
    SUSPENSION = "suspension"  # no deadline runs, of whatever unit


class Certainty(StrEnum):
    """How sure a legal parameter is (domain notes): no lawyer has checked any."""

    A = "A"  # an official text or the authority's own page
    B = "B"  # a page of the UN or of official help, or the law seen through others
    C = "C"  # a secondary source, or not confirmed
    PROPOSAL = "proposal"  # nobody says so: ours, to be decided by the State

    @property
    def uncertain(self) -> bool:
        return self in (Certainty.C, Certainty.PROPOSAL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a State's calendar. Nothing named in `places`, `authorities`, `procedures`: it is for all."""

    code: str
    sort: Sort
    name: Text
    starts: date
    until: date | None  # the last day; none: until somebody ends it
    places: frozenset[str] = frozenset()
    authorities: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()
    yearly: bool = False  # on the same day of every year from `starts` on
    published: date | None = None  # known from this day on; none: always
    certainty: Certainty = Certainty.PROPOSAL
    source: str = ""
    counts: bool = True  # no: kept to be read, until somebody completes it

    def is_for(self, place: str, authority: str, procedure: str) -> bool:
        return (
            self.counts
            and (not self.places or place in self.places)
            and (not self.authorities or authority in self.authorities)
            and (not self.procedures or procedure in self.procedures)
        )

    def days(self) -> Iterable[int]:
        """Its days within the calendar."""
        last = min(self.until or LAST, LAST)
        if not self.yearly:
            yield from range(max(self.starts.toordinal(), _FIRST), last.toordinal() + 1)
            return
        for year in range(max(self.starts.year, FIRST.year), last.year + 1):
            if (self.starts.month, self.starts.day) == (2, 29) and year % 4:
                continue
            if (day := self.starts.replace(year=year)) <= last:
                yield day.toordinal()


@dataclass(frozen=True, slots=True)
class Off:
    """Why a day does not count: a weekend (no name), or an entry or holiday with its name."""

    sort: Sort | None
    name: Text | None = None
    certainty: Certainty = Certainty.PROPOSAL
    source: str = ""


_WEEKEND = Off(None)


class Days:
    """Day numbers that count, in order, with how many there are up to each day."""

    __slots__ = ("listed", "upto")

    def __init__(self, counting: Iterable[bool]) -> None:
        self.listed: list[int] = []
        self.upto: list[int] = []
        n = 0
        for at, counts in enumerate(counting, _FIRST):
            if counts:
                self.listed.append(at)
                n += 1
            self.upto.append(n)

    def between(self, start: int, end: int) -> int:
        """How many days count after `start` up to and with `end`."""
        return self.upto[end - _FIRST] - self.upto[start - _FIRST]

    def after(self, start: int, n: int) -> int | None:
        """The n-th day that counts after `start`; None where the calendar ends first (a suspension without end)."""
        at = self.upto[start - _FIRST] + n - 1
        return self.listed[at] if at < len(self.listed) else None


class Calendar:
    """The days of one State (and municipality, authority, procedure): `working` and `all`, both without
    what is suspended, and why a day does not count."""

    __slots__ = ("all", "offs", "working")

    def __init__(
        self, holidays: Mapping[date, Off], entries: Iterable[Entry] = (), weekend: Iterable[int] = (5, 6)
    ) -> None:
        """`weekend`: Monday is 0. Of several entries for one day the later in the list says what it is."""
        resting = frozenset(weekend)
        self.offs: dict[int, Off] = {
            at: _WEEKEND for at in range(_FIRST, _LAST + 1) if (at + 6) % 7 in resting
        }
        self.offs |= {day.toordinal(): off for day, off in holidays.items() if FIRST <= day <= LAST}
        # Suspensions last: nothing runs on their days, working or not.
        for e in sorted(entries, key=lambda e: e.sort is Sort.SUSPENSION):
            off = Off(e.sort, e.name, e.certainty, e.source)
            for at in e.days():
                if e.sort is Sort.WORKING:
                    self.offs.pop(at, None)
                else:
                    self.offs[at] = off
        span = range(_FIRST, _LAST + 1)
        offs = self.offs
        self.working = Days(at not in offs for at in span)
        stopped = {at for at, off in offs.items() if off.sort is Sort.SUSPENSION}
        self.all = Days(at not in stopped for at in span)

    def why_not(self, at: int, *, working: bool) -> Off | None:
        """Why a day does not count, or None where it does."""
        off = self.offs.get(at)
        return off if off is not None and (working or off.sort is Sort.SUSPENSION) else None


def within(at: int) -> bool:
    """Is a day number within what calendars know?"""
    return _FIRST <= at <= _LAST
