"""Which figures stand together: the headline of a State, the last word of each, a course over time.

Pure: chooses among entries and never computes a number that nobody stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from mirps.base.codelists import api as lists
from mirps.evidence.figures.api import Entry, Figure, Flow, Measure, Role
from mirps.sharing.portal.shelf import Shelf

CHANGES = frozenset({"percent", "percent_change", "difference"})
#: A course over time has at most so many lines, or nobody can tell them apart.
MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Course:
    """One thing over time: the same measure, State, population and members at several times."""

    measure: str
    state: str
    population: str
    dimensions: str
    entries: tuple[Entry, ...]  # oldest first


@cache
def headlines(folder: Path) -> Mapping[str, Any]:
    """data/portal/headlines.yaml."""
    found: Mapping[str, Any] = yaml.safe_load(
        (folder / "portal" / "headlines.yaml").read_text(encoding="utf-8")
    )
    return found


def _spec() -> Mapping[str, Any]:
    return headlines(lists.data_folder())


def key_figures(shelf: Shelf) -> list[Entry]:
    """The region's key figures: for each selector the last word on it."""
    found = []
    for n, wanted in enumerate(_spec()["region"]):
        of = shelf.by_measure.get(wanted["measure"])
        best = shelf.once(("key figure", n), partial(_best, of or (), wanted), of)
        if best is not None:
            found.append(best)
    return found


def _best(entries: Iterable[Entry], wanted: Mapping[str, str]) -> Entry | None:
    return max((e for e in entries if _fits(e.figure, wanted)), key=_weight, default=None)


def _fits(f: Figure, wanted: Mapping[str, str]) -> bool:
    return (
        f.value is not None
        and (f.unit not in CHANGES or "unit" in wanted)
        and f.dimensions == wanted.get("dimensions", "")
        and all(getattr(f, k) == v for k, v in wanted.items() if k in {"state", "population", "unit"})
    )


def state_figures(shelf: Shelf, state: str, most: int = 6) -> list[Entry]:
    """What stands at the top of a State's page: the last word on each of its main measures."""
    by_measure: dict[str, list[Entry]] = {}
    for e in shelf.by_state.get(state, ()):
        by_measure.setdefault(e.figure.measure, []).append(e)
    found = []
    for code in _spec()["state"]:
        best = last_word(by_measure.get(code, ()))
        if best is not None:
            found.append(best)
    return found[:most]


def map_measures(shelf: Shelf) -> list[Measure]:
    """Measures that the regional map can show: those for which at least two States have a value."""
    found = []
    for code in _spec()["maps"]:
        measure, of = shelf.measure(code), shelf.by_measure.get(code)
        if measure and of and len(shelf.once(("by state", code), partial(by_state, of), of)) > 1:
            found.append(measure)
    return found


def by_state(entries: Iterable[Entry]) -> dict[str, Entry]:
    """For each of the seven States the last word, in the order of the States."""
    groups: dict[str, list[Entry]] = {}
    for e in entries:
        groups.setdefault(e.figure.state, []).append(e)
    out = {}
    for code, state in lists.states().items():
        if state.extra["kind"] == "state":
            best = last_word(groups.get(code, ()))
            if best is not None:
                out[code] = best
    return out


def last_word(entries: Iterable[Entry]) -> Entry | None:
    """The latest whole and recommended value; a figure of a part stands only when no whole is there."""
    able = [e for e in entries if e.figure.value is not None and e.figure.unit not in CHANGES]
    return max(able, key=_weight, default=None)


def _weight(e: Entry) -> tuple[object, ...]:
    f = e.figure
    widest = -list(lists.populations()).index(f.population) if f.population in lists.populations() else -99
    return (
        not (f.dimensions or f.place),
        not f.universe,
        f.role is Role.RECOMMENDED,
        f.when or date.min,
        widest,
        f.id,
    )


def courses(entries: Iterable[Entry], measures: Mapping[str, Measure]) -> list[Course]:
    """Every thing that was stated for several times, longest course first.

    Stocks are compared between days. Flows only between periods of the same shape: a figure of
    five months beside one of nine would show a rise that is none.
    """
    groups: dict[tuple[object, ...], dict[date, Entry]] = {}
    for e in entries:
        f, measure = e.figure, measures.get(e.figure.measure)
        if (
            f.value is None
            or f.unit in CHANGES
            or measure is None
            or f.when is None
            or f.role is not Role.RECOMMENDED
        ):
            continue
        shape = None if measure.stock_flow is Flow.STOCK else _shape(f)
        if shape == ():
            continue
        key = (f.measure, f.state, f.place, f.population, f.dimensions, f.unit, f.universe, f.series, shape)
        held = groups.setdefault(key, {})
        if f.when not in held or _weight(e) > _weight(held[f.when]):
            held[f.when] = e
    found = []
    for held in groups.values():
        if len(held) > 1:
            ordered = tuple(held[d] for d in sorted(held))
            f = ordered[-1].figure
            found.append(Course(f.measure, f.state, f.population, f.dimensions, ordered))
    return sorted(found, key=lambda c: (-len(c.entries), c.measure, c.state, c.population, c.dimensions))


def _shape(f: Figure) -> tuple[int, ...]:
    """When in the year a period begins and how many months it has; () when that is not known."""
    if not f.period_start or not f.period_end:
        return ()
    months = (f.period_end.year - f.period_start.year) * 12 + f.period_end.month - f.period_start.month
    return (f.period_start.month, f.period_start.day, months)


def trend_measures() -> Sequence[str]:
    """The measures whose courses the overview draws."""
    found: Sequence[str] = _spec()["trends"]
    return found


def regional_courses(shelf: Shelf, code: str) -> list[Course]:
    """The courses of one measure that the overview draws."""
    found = courses(shelf.by_measure.get(code, ()), shelf.measures)
    return [c for c in found if not c.dimensions][:MOST_LINES]


def by_sector(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Entries by sector, in the order of the list of sectors; within one by measure, latest first."""
    order = list(lists.sectors())
    groups: dict[str, list[Entry]] = {}
    for e in entries:
        groups.setdefault(e.figure.sector, []).append(e)
    for held in groups.values():
        held.sort(key=lambda e: e.figure.id)
        held.sort(key=lambda e: str(e.figure.when or ""), reverse=True)
        held.sort(key=lambda e: (e.figure.measure, bool(e.figure.dimensions)))
    return sorted(groups.items(), key=lambda g: order.index(g[0]) if g[0] in order else len(order))
