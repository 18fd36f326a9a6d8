"""Statements about one thing at different times: periods inside periods, running totals,
stocks against the flows between them, and values that leave their history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.over_ledger.parts import CLOSE, finding
from mirps.evidence.checks.over_ledger.rows import ABOUT_WHAT, NO_DAY, Floats, Ints, Rows, groups
from mirps.evidence.checks.relations import (
    CONTRADICTION,
    WARNING,
    Breach,
    cumulative,
    part_of,
    parts_and_total,
    plain,
)
from mirps.evidence.figures.rules import Flow, Qualifier

#: Below this, the same value in two periods can be chance.
TELLING = 20
#: A value this many robust deviations from its history's middle is a jump.
JUMP = 6.0
#: Fewest points that make a history.
HISTORY = 6
#: Scatter smaller than this share of the middle value is not told from a steady series.
STEADY = 0.05


def check_time(rows: Rows) -> Iterator[LedgerFinding]:
    starts, ends, days = rows.day("period_start"), rows.day("period_end"), rows.day("as_of")
    flow = rows.summable & rows.measured("stock_flow", Flow.FLOW)
    stock = rows.summable & rows.measured("stock_flow", Flow.STOCK)
    subject = rows.key(ABOUT_WHAT)
    closed = np.flatnonzero(flow & (starts != NO_DAY) & (ends != NO_DAY))
    for group in _overlapping(subject, closed, starts, ends):
        yield from _periods(rows, sorted(group, key=rows.id), starts, ends)
    open_ = np.flatnonzero(flow & (starts == NO_DAY) & (ends != NO_DAY))
    yield from _running(rows, subject, open_, ends, WARNING)
    running = rows.mask("measure", [m for m in rows.names["measure"] if m.endswith("-cumulative")])
    since = np.flatnonzero(stock & (running | (starts != NO_DAY)) & (days != NO_DAY))
    yield from _running(rows, rows.key([*ABOUT_WHAT, "period_start"]), since, days, CONTRADICTION)
    yield from _stocks_and_flows(rows, np.flatnonzero(stock & (days != NO_DAY)), closed, starts, ends, days)
    yield from _jumps(rows, np.flatnonzero(flow | stock), starts, ends, days)


def _overlapping(subject: Ints, chosen: Ints, starts: Ints, ends: Ints) -> list[list[int]]:
    """Groups of one subject in which two periods share a day."""
    order = chosen[np.lexsort((starts[chosen], subject[chosen]))]
    same = subject[order][1:] == subject[order][:-1]
    shared = same & (starts[order][1:] <= ends[order][:-1])
    if not shared.any():
        return []
    wanted = np.unique(subject[order][1:][shared])
    inside = chosen[np.isin(subject[chosen], wanted)]
    return [[int(r) for r in g] for g in groups(subject, inside)]


def _periods(rows: Rows, group: Sequence[int], starts: Ints, ends: Ints) -> Iterator[LedgerFinding]:
    """A period inside another holds no more; periods that fill another make it up."""
    for whole in group:
        inner = [
            r
            for r in group
            if starts[r] >= starts[whole]
            and ends[r] <= ends[whole]
            and (starts[r], ends[r]) != (starts[whole], ends[whole])
        ]
        for part in inner:
            yield from _inside(rows, part, whole, running=starts[part] == starts[whole])
        if inner and rows.measures[rows.columns["measure"][whole]].additive_time:
            filled = _filling(inner, starts, ends, int(starts[whole]), int(ends[whole]))
            quantities = [rows.quantity(r) for r in filled]
            if filled and (b := parts_and_total(rows.quantity(whole), quantities, exhaustive=True)):
                yield finding(rows, b, [whole, *filled], axis="period")


def _inside(rows: Rows, part: int, whole: int, *, running: bool) -> Iterator[LedgerFinding]:
    small, large = rows.quantity(part), rows.quantity(whole)
    if running and (breach := cumulative([small, large])):
        yield finding(rows, breach, [whole, part], first=_period(rows, part), again=_period(rows, whole))
    elif not running and (breach := part_of(small, large)):
        yield finding(rows, breach, [whole, part], axis="period")
    elif (
        small.value == large.value >= TELLING
        and small.qualifier is large.qualifier is Qualifier.EXACT
        and rows.columns["document"][part] == rows.columns["document"][whole] != ""
    ):
        first, again = _period(rows, whole), _period(rows, part)
        params = {"stated": plain(small.value), "first": first, "again": again}
        yield finding(rows, Breach("restated_period", CONTRADICTION, again, first, params), [whole, part])


def _period(rows: Rows, row: int) -> str:
    c = rows.columns
    return f"{c['period_start'][row]}/{c['period_end'][row]}"


def _filling(inner: Sequence[int], starts: Ints, ends: Ints, start: int, end: int) -> list[int]:
    """Periods that follow each other without a gap from `start` to `end`, or nothing.

    Where several begin on one day the shortest is taken first, so that months are tried
    before quarters.
    """
    if start > end:
        return []
    for row in sorted((r for r in inner if starts[r] == start), key=lambda r: int(ends[r])):
        if ends[row] == end:
            return [row]
        if rest := _filling(inner, starts, ends, int(ends[row]) + 1, end):
            return [row, *rest]
    return []


def _running(rows: Rows, key: Ints, chosen: Ints, days: Ints, severity: str) -> Iterator[LedgerFinding]:
    """A total counted from one beginning. Where the beginning is unknown, a fall is only a doubt."""
    for group in groups(key, chosen):
        order = sorted((int(r) for r in group), key=lambda r: (int(days[r]), rows.id(r)))
        for before, after in pairwise(order):
            if days[after] == days[before] or rows.low[before] <= rows.high[after] + CLOSE:
                continue
            if breach := cumulative([rows.quantity(before), rows.quantity(after)]):
                yield finding(rows, replace(breach, severity=severity), [after, before])


def _stocks_and_flows(
    rows: Rows, stocks: Ints, flows: Ints, starts: Ints, ends: Ints, days: Ints
) -> Iterator[LedgerFinding]:
    """A stock cannot rise by more than came in between."""
    feeds = rows.hierarchy.feeds
    fed = {m: feeds.get(m) or m.removesuffix("-cumulative") for m in rows.names["measure"]}
    pairs = {m: f for m, f in fed.items() if f != m and f in rows.names["measure"]}
    if not pairs:
        return
    others = ["state", "place", "dimensions", "series"]
    key = rows.key([*others, "measure", "population", "stage", "universe", "unit"])
    where = rows.key(others)
    for group in groups(key, stocks[rows.mask("measure", pairs)[stocks]]):
        order = sorted((int(r) for r in group), key=lambda r: (int(days[r]), rows.id(r)))
        feed = rows.mask("measure", [pairs[rows.columns["measure"][order[0]]]])
        inflow = [
            int(r)
            for r in flows
            if feed[r] and where[r] == where[order[0]] and not rows.columns["universe"][r]
        ]
        for before, after in pairwise(order):
            covering = [r for r in inflow if starts[r] <= days[before] + 1 and ends[r] >= days[after]]
            for flow in sorted(covering, key=lambda r: (int(ends[r] - starts[r]), rows.id(r)))[:1]:
                yield from _outrun(rows, before, after, flow)


def _outrun(rows: Rows, before: int, after: int, flow: int) -> Iterator[LedgerFinding]:
    first, again, came = rows.quantity(before), rows.quantity(after), rows.quantity(flow)
    rise = again.interval().lo - first.interval().hi
    most = came.interval().hi
    severity = CONTRADICTION
    if came.qualifier is Qualifier.AT_LEAST:  # 'more than 20' leaves 37 open, but makes one ask
        most, severity = came.value, WARNING
    if rise > most:
        params = {"before": plain(first.value), "after": plain(again.value), "flow": plain(came.value)}
        params["rise"] = plain(again.value - first.value)
        breach = Breach("stock_outruns_flow", severity, params["rise"], params["flow"], params)
        yield finding(rows, breach, [after, before, flow])


def _jumps(rows: Rows, chosen: Ints, starts: Ints, ends: Ints, days: Ints) -> Iterator[LedgerFinding]:
    """Robust z of the values and of the ratios of neighbours: |x - median| / (1.4826 MAD) > 6."""
    when = np.where(days != NO_DAY, days, ends)
    chosen = chosen[when[chosen] != NO_DAY]
    length = np.where((starts != NO_DAY) & (ends != NO_DAY), np.rint((ends - starts) / 30.44), -1).astype(
        np.int64
    )
    key = rows.key(ABOUT_WHAT) * (int(length.max(initial=0)) + 2) + length + 1
    order = chosen[np.lexsort((when[chosen], key[chosen]))]
    if not len(order):
        return
    cut = np.flatnonzero(np.diff(key[order])) + 1
    first = np.concatenate(([0], cut))
    sizes = np.diff(np.append(first, len(order)))
    for size in np.unique(sizes[sizes >= HISTORY]):
        at = order[first[sizes == size][:, None] + np.arange(size)[None, :]]
        at = at[(np.diff(when[at], axis=1) > 0).all(axis=1)]
        if len(at):
            yield from _leaps(rows, at)


def _leaps(rows: Rows, at: Ints) -> Iterator[LedgerFinding]:
    values = rows.value[at]
    middle = np.median(values, axis=1, keepdims=True)
    # Counts scatter by their square root even when nothing changes.
    floor = np.maximum(np.abs(middle) * STEADY, np.sqrt(np.abs(middle)))
    far = _robust_z(values, floor) > JUMP
    steps = np.diff(np.log(np.maximum(values, 1.0)), axis=1)
    leap = _robust_z(steps, np.maximum(STEADY, 2 / np.sqrt(np.maximum(middle, 1.0)))) > JUMP
    for g in np.flatnonzero(far.any(axis=1) | leap.any(axis=1)):
        spots = np.flatnonzero(far[g]) if far[g].any() else np.flatnonzero(leap[g])[:1] + 1
        for n in spots:
            row = int(at[g, n])
            usual = plain(rows.quantity(int(at[g, np.argsort(values[g])[values.shape[1] // 2]])).value)
            stated = plain(rows.quantity(row).value)
            params = {"stated": stated, "median": usual, "points": str(values.shape[1])}
            others = [int(r) for r in at[g] if r != row]
            yield finding(rows, Breach("jump", WARNING, stated, usual, params), [row, *others])


def _robust_z(values: Floats, floor: Floats) -> Floats:
    middle = np.median(values, axis=1, keepdims=True)
    off = np.abs(values - middle)
    z: Floats = off / np.maximum(1.4826 * np.median(off, axis=1, keepdims=True), floor)
    return z
