"""Counting as one would by hand: every cell by going through all rows. Slow, and plain enough to be believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

from mirps.evidence.indicators.model import QUANTILES, Counts, Grain, Indicator, Kind, Where
from mirps.evidence.indicators.planning import Parents, Span

Row = Mapping[str, Any]
Key = tuple[date | None, tuple[str, ...]]


def count(i: Indicator, rows: Iterable[Row], span: Span, parents: Parents) -> dict[Key, tuple[float, int]]:
    """(period, members) -> value and rows behind it."""
    cells: dict[Key, list[Row]] = {}
    for row in rows:
        if _counted(i, row, span):
            for key in _keys(i, row, parents):
                cells.setdefault(key, []).append(row)
    return {key: v for key, held in cells.items() if (v := _value(i, held, span)) is not None}


def _counted(i: Indicator, row: Row, span: Span) -> bool:
    if i.kind is Kind.FLOW and not (row[i.at] and span.first <= row[i.at] <= span.last):
        return False
    if i.open:
        begun, ended = row[i.open[0]], row[i.open[1]]
        if not (begun and begun <= span.last and (ended is None or ended > span.last)):
            return False
    if i.between and not (row[i.between[0]] and row[i.between[0]] <= row[i.between[1]]):
        return False
    if i.counts is Counts.PERSONS and row["person_id"] is None:
        return False
    return _holds(i.where, row, span)


def _holds(w: Where, row: Row, span: Span) -> bool:
    return (
        all(row[c] in members for c, members in w.among.items())
        and all(row[c] and row[c] <= span.last for c in w.reached)
        and all(row[c] is None or row[c] > span.last for c in w.lacking)
        and all(row[c] >= n for c, n in w.least.items())
    )


def _keys(i: Indicator, row: Row, parents: Parents) -> Iterable[Key]:
    options = []
    for d in i.dimensions:
        wholes = parents.get(d, {})
        member = f"{row[d]}_U" if row[d] in wholes.values() else row[d]
        whole = wholes.get(member) or (row[d] if member != row[d] else None)
        options.append([member, "_T", *([whole] if whole else [])])
    periods: list[date | None] = [None]
    if i.grain is not Grain.NONE:
        periods.append(_begins(i.grain, row[i.at]))
    for members in product(*options):
        named = dict(zip(i.dimensions, members, strict=True))
        if named.get("state") == "_T" and named.get("office", "_T") != "_T":
            continue  # an office of no State
        for period in periods:
            yield period, members


def _begins(grain: Grain, day: date) -> date:
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    month = {Grain.MONTH: day.month, Grain.QUARTER: (day.month - 1) // 3 * 3 + 1, Grain.YEAR: 1}[grain]
    return date(day.year, month, 1)


def _value(i: Indicator, rows: list[Row], span: Span) -> tuple[float, int] | None:
    n = len(rows)
    if i.counts is Counts.CASES:
        return n, n
    if i.counts in (Counts.PEOPLE, Counts.MISSED):
        total = sum(r[i.counts.value] for r in rows)
        return (total, total) if total else None
    if i.counts is Counts.PERSONS:
        persons = len({r["person_id"] for r in rows})
        return persons, persons
    if i.counts is Counts.SHARE:
        assert i.of is not None
        return 100 * sum(_holds(i.of, r, span) for r in rows) / n, n
    assert i.between is not None
    days = sorted((r[i.between[1]] - r[i.between[0]]).days for r in rows)
    return next(d for k, d in enumerate(days, 1) if k * 100 >= n * QUANTILES[i.counts]), n
