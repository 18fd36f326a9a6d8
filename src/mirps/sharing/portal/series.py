"""Which figures stand together: the headline of a State, the last word of each, a course over time.

Pure: chooses among entries and never computes a number that nobody stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
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


def made_of(shelf: Shelf, part: str) -> tuple[object, ...]:
    """The figures that a part of the overview (region, maps, trends) chooses among, for `Shelf.once`."""
    codes = (w if isinstance(w, str) else w["measure"] for w in _spec()[part])
    return tuple(shelf.by_measure.get(code) for code in codes)


def key_figures(shelf: Shelf) -> list[Entry]:
    """The region's key figures: for each selector the last word on it."""
    found = []
    for wanted in _spec()["region"]:
        fits = [e for e in shelf.by_measure.get(wanted["measure"], ()) if _fits(e.figure, wanted)]
        if fits:
            found.append(max(fits, key=_weight))
    return found


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
        measure = shelf.measure(code)
        if measure and len(by_state(shelf.by_measure.get(code, ()))) > 1:
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


def regional_courses(shelf: Shelf) -> list[Course]:
    """The courses that the overview draws, by its list of measures."""
    out: list[Course] = []
    for code in _spec()["trends"]:
        found = [c for c in courses(shelf.by_measure.get(code, ()), shelf.book.measures) if not c.dimensions]
        out += found[:MOST_LINES]
    return out


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
