"""What the figure ledger shows of a series, from its start to now. Pure: chooses and sums figures.

A series is written `measure STATE` or `measure STATE sex=F;population=ASY`: beside dimensions, `population`,
`stage` and `unit` may be named. Where it still means several things, nothing is computed and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mirps.evidence.figures.api import (
    Entry,
    Figure,
    Flow,
    Measure,
    Role,
    canonical_dimensions,
    parse_dimensions,
)
from mirps.planning.plans.lights import Computed, Point

_BESIDE = ("population", "stage", "unit")
_COMPARES = frozenset({"percent_change", "difference"})
#: The figures of a measure that stand: public, superseded by none.
Ledger = Callable[[str], Iterable[Entry]]


@dataclass(frozen=True, slots=True)
class Series:
    measure: str
    state: str
    dimensions: str
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unclear:
    """A series that means nothing in the ledger (`none`) or several things (`several`: what tells them apart)."""

    why: str
    between: tuple[str, ...] = ()


#: The figures of series that were looked up, by what was asked.
Memo = dict[str, list[Figure] | Unclear]


def parsed(text: str) -> Series:
    measure, state, *rest = text.split(" ", 2)
    pairs = parse_dimensions(rest[0]) if rest else {}
    beside = tuple((k, pairs.pop(k)) for k in _BESIDE if k in pairs)
    return Series(measure, state, canonical_dimensions(pairs), beside)


def reading(
    text: str, ledger: Ledger, measure: Measure | None, *, starts: date | None = None, until: date | None = None,
    baseline: Decimal | None = None, target: Decimal | None = None, memo: Memo | None = None,
) -> Computed | Unclear:  # fmt: skip
    """What the ledger shows of a series by a day. `baseline` None: the last value by `starts`, else the
    first; of what adds up over time, nothing. `memo` keeps what was found for who asks the same ledger again."""
    line = memo.get(text) if memo is not None else None
    if line is None:
        line = _line(parsed(text), ledger, measure.unit if measure else "")
        if memo is not None:
            memo[text] = line
    if isinstance(line, Unclear):
        return line
    held = [f for f in line if until is None or f.when is None or f.when <= until]
    if not held:
        return Unclear("none")
    unit = held[0].unit
    given = None if baseline is None else Point(baseline)
    if measure is not None and measure.stock_flow is Flow.FLOW and measure.additive_time:
        now = summed(held, starts)
        if now is None:
            return Unclear("none")
        return Computed(now, given or Point(Decimal(0)), target, unit)
    days = held
    now = _point(days[-1])
    if given is None and len(days) > 1:
        before = [f for f in days if starts and f.when and f.when <= starts]
        first = _point(before[-1] if before else days[0])
        given = first if first.figures != now.figures else None
    return Computed(now, given, target, unit)


def summed(figures: Iterable[Figure], starts: date | None) -> Point | None:
    """The whole of periods that do not overlap, from the latest back; each of its figures is named. Only
    periods that begin at or after `starts` count."""
    able = [
        f
        for f in figures
        if f.period_start
        and f.period_end
        and (starts is None or f.period_start >= starts)
        and f.value is not None
    ]
    able.sort(key=lambda f: (f.period_end, -(f.period_start or date.min).toordinal(), f.id), reverse=True)
    taken: list[Figure] = []
    for f in able:
        if not taken or (f.period_end and taken[-1].period_start and f.period_end < taken[-1].period_start):
            taken.append(f)
    if not taken:
        return None
    total = sum((f.value for f in taken if f.value is not None), Decimal(0))
    return Point(total, taken[0].period_end, tuple(f.id for f in taken))


def _line(series: Series, ledger: Ledger, unit: str) -> list[Figure] | Unclear:
    """The figures of a series that state one thing at several times."""
    named = dict(series.beside)
    found = [
        e.figure
        for e in ledger(series.measure)
        if e.figure.state == series.state
        and e.figure.dimensions == series.dimensions
        and e.figure.value is not None
        and (e.figure.unit == named["unit"] if "unit" in named else e.figure.unit not in _COMPARES)
        and all(getattr(e.figure, k) == named[k] for k in ("population", "stage") if k in named)
    ]
    for narrower in (
        lambda f: f.unit == unit,
        lambda f: not f.place,
        lambda f: not f.universe,
        lambda f: f.role is Role.RECOMMENDED,
    ):
        found = [f for f in found if narrower(f)] or found
    lines: dict[tuple[str, ...], list[Figure]] = {}
    for f in found:
        lines.setdefault((f.population, f.stage, f.universe, f.place, f.unit), []).append(f)
    if not lines:
        return Unclear("none")
    if len(lines) > 1:
        return Unclear("several", tuple(sorted({" ".join(filter(None, k)) for k in lines})))
    return sorted(next(iter(lines.values())), key=_when)


def _when(f: Figure) -> tuple[date, str]:
    return (f.when or date.min, f.id)


def _point(f: Figure) -> Point:
    return Point(f.value or Decimal(0), f.when, (f.id,))
