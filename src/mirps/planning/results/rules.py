"""A theory of change as boxes and arrows, and an indicator's course from baseline to target. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Level(StrEnum):
    """From what is hoped for down to what is done; assumptions stand beside."""

    IMPACT = "impact"
    OUTCOME = "outcome"
    OUTPUT = "output"
    ACTIVITY = "activity"
    ASSUMPTION = "assumption"


#: How high a level stands; an arrow never leads down.
HEIGHT = {Level.ACTIVITY: 0, Level.OUTPUT: 1, Level.OUTCOME: 2, Level.IMPACT: 3}


@dataclass(frozen=True, slots=True)
class Box:
    """One statement of a theory of change; `leads_to` are keys of others of the same framework."""

    key: str
    level: Level
    title: str
    leads_to: tuple[str, ...] = ()
    place: int = 0


def arrow_fault(boxes: Mapping[str, Box], origin: str, target: str) -> str:
    """Why an arrow cannot be drawn, as the key of a sentence; "" when it can."""
    if origin not in boxes or target not in boxes:
        return "results.fault.unknown"
    a, b = boxes[origin], boxes[target]
    if origin == target:
        return "results.fault.itself"
    if target in a.leads_to:
        return "results.fault.there"
    if b.level is Level.ASSUMPTION:
        return "results.fault.assumption"
    if a.level is not Level.ASSUMPTION and HEIGHT[b.level] < HEIGHT[a.level]:
        return "results.fault.down"
    if origin in reached(boxes, target):
        return "results.fault.circle"
    return ""


def reached(boxes: Mapping[str, Box], start: str) -> set[str]:
    """Every box that the arrows lead to from one."""
    found: set[str] = set()
    stack = [start]
    while stack:
        for k in boxes[stack.pop()].leads_to:
            if k in boxes and k not in found:
                found.add(k)
                stack.append(k)
    return found


@dataclass(frozen=True, slots=True)
class Loose:
    """Something to mend: `key` of a box, and of the sentence that says what."""

    box: str
    why: str


def loose(boxes: Mapping[str, Box], measured: Collection[str]) -> list[Loose]:
    """Boxes that lead nowhere or that nothing leads to, and results that no indicator measures
    (`measured`: keys of those that one does)."""
    aimed = {k for b in boxes.values() for k in b.leads_to if b.level is not Level.ASSUMPTION}
    out = []
    for b in ordered(boxes.values()):
        if b.level is not Level.IMPACT and not any(k in boxes for k in b.leads_to):
            out.append(Loose(b.key, f"results.loose.leads-nowhere.{b.level.value}"))
        if b.level in (Level.IMPACT, Level.OUTCOME, Level.OUTPUT) and b.key not in aimed:
            out.append(Loose(b.key, "results.loose.nothing-leads"))
        if b.level in (Level.OUTCOME, Level.OUTPUT) and b.key not in measured:
            out.append(Loose(b.key, "results.loose.unmeasured"))
    return out


def ordered(boxes: Iterable[Box]) -> list[Box]:
    """By level from impact down, then by place."""
    levels = list(Level)
    return sorted(boxes, key=lambda b: (levels.index(b.level), b.place, b.key))


def swapped(boxes: Iterable[Box], key: str, by: int) -> list[str]:
    """The keys of all boxes in their order, with one moved by so many places among those of its level."""
    row = ordered(boxes)
    mine = next(b for b in row if b.key == key)
    same = [b.key for b in row if b.level is mine.level]
    at = same.index(key)
    same.insert(max(0, min(len(same) - 1, at + by)), same.pop(at))
    turn = iter(same)
    return [next(turn) if b.level is mine.level else b.key for b in row]


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of an indicator, as a figure states it or as somebody told. `line` tells apart what must
    not be joined: other populations, programmes, stages or units."""

    value: Decimal
    starts: date | None
    ends: date | None
    line: tuple[str, ...] = ()
    unit: str = ""
    qualifier: str = "exact"
    figure: str = ""  # its identifier in the ledger; "" for what was told
    document: str = ""
    locator: str = ""
    by: str = ""

    @property
    def computed(self) -> bool:
        return bool(self.figure)


@dataclass(frozen=True, slots=True)
class Aim:
    """A milestone or target: a value by the end of a day, month or year (None: without a date)."""

    value: Decimal
    by: date | None
    final: bool
    basis: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """An indicator in one State: where it began, what was read since, where it should arrive."""

    state: str
    readings: tuple[Reading, ...]  # by day
    baseline: Reading | None = None
    aims: tuple[Aim, ...] = ()  # by day, those without one last

    @property
    def latest(self) -> Reading | None:
        """The last reading of the baseline's line; where there is no baseline, the last of all."""
        if self.baseline is None:
            return self.readings[-1] if self.readings else None
        same = [r for r in self.readings if r.line == self.baseline.line and r.unit == self.baseline.unit]
        return same[-1] if same else None

    def aim(self, on: date) -> Aim | None:
        """What comes next on a day, or the last that has passed."""
        return next(
            (a for a in self.aims if a.by is None or a.by >= on), self.aims[-1] if self.aims else None
        )


def share(baseline: Decimal, latest: Decimal, aim: Decimal) -> Decimal | None:
    """How much of the way from baseline to aim is done: 0 at the baseline, 1 at the aim, negative when it
    went the other way. None when the two are the same and there is no way to go."""
    if aim == baseline:
        return None
    return (latest - baseline) / (aim - baseline)


def met(aim: Decimal, latest: Decimal, good: str) -> bool | None:
    """Whether an aim is reached, by the direction that is good; None where no direction is stated."""
    if good == "up":
        return latest >= aim
    if good == "down":
        return latest <= aim
    return latest == aim if good == "steady" else None


def comparable(a: Reading, b: Reading) -> bool:
    """Whether one may be said to be more than the other: the same line and unit, both of a day or both of
    periods that last about as long."""
    if (a.line, a.unit) != (b.line, b.unit):
        return False
    one, other = _lasts(a), _lasts(b)
    if one is None or other is None:
        return one is other
    return abs(one - other) * 10 <= max(one, other)


def _lasts(r: Reading) -> int | None:
    return (r.ends - r.starts).days + 1 if r.starts and r.ends else None


def lines(readings: Sequence[Reading]) -> dict[tuple[str, ...], list[Reading]]:
    """Readings that may be joined, by what tells them from others, each by day."""
    out: dict[tuple[str, ...], list[Reading]] = {}
    for r in sorted(readings, key=by_day):
        out.setdefault((*r.line, r.unit), []).append(r)
    return out


def by_day(r: Reading) -> tuple[date, date, str]:
    """Undated readings come first: nothing is known of when they held."""
    return (r.ends or r.starts or date.min, r.starts or date.min, r.figure)
