"""Parts and totals: along every dimension, over population classes, areas, places and bases.

Parts above their total are impossible; parts below it are incomplete, which only an
exhaustive set of parts can show. Where a measure may not be added up (its additivity), or
the parts may overlap, each part alone still cannot exceed its whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.over_ledger.hierarchy import Split, dimension_splits
from mirps.evidence.checks.over_ledger.rows import SUBJECT, Bools, Floats, Index, Ints, Rows
from mirps.evidence.checks.relations import WARNING, Breach, part_of, parts_and_total

#: Values are added as floating numbers when screening; a doubt is then judged in decimals.
CLOSE = 1e-6


def finding(rows: Rows, breach: Breach, figures: Sequence[int], **params: str) -> LedgerFinding:
    """A breach between rows as a finding, the stated row first."""
    return LedgerFinding(
        kind=breach.kind,
        severity=breach.severity,
        figures=tuple(rows.id(r) for r in figures),
        stated=breach.stated,
        expected=breach.expected,
        params={**breach.params, **params},
        state=rows.state(figures[0]),
    )


def check_parts(rows: Rows) -> Iterator[LedgerFinding]:
    """Every split of every whole that the code lists know."""
    h = rows.hierarchy
    chosen = np.flatnonzero(rows.summable)
    if not len(chosen):
        return
    over_people = rows.measured("additive_population", True)
    by_dimension = dimension_splits(rows.names["dimensions"], h.dimensions)
    yield from _along(rows, chosen, "dimensions", by_dimension, over_people)
    yield from _along(rows, chosen, "population", h.populations, over_people)
    yield from _along(rows, chosen, "state", h.states, rows.measured("additive_place", True))
    yield from _narrower(rows, chosen, "place")


def _along(
    rows: Rows, chosen: Ints, column: str, splits: Sequence[Split], additive: Bools
) -> Iterator[LedgerFinding]:
    group = rows.key([c for c in SUBJECT if c != column])
    index = Index(rows, chosen, group, rows.codes[column], len(rows.names[column]))
    proven = np.zeros(rows.n, dtype=np.bool_)  # totals whose parts along fewer dimensions are all stated
    for split in splits:
        whole = rows.code(column, split.whole)
        if whole < 0:
            continue
        crossed = split.axis.count(";") > 0
        wholes = rows.codes[column][chosen] == whole
        totals = chosen[wholes & ~proven[chosen]] if crossed else chosen[wholes]
        stated = [p for p in split.parts if rows.code(column, p) >= 0]
        if not len(totals) or not stated:
            continue
        parts = np.stack([index.find(group[totals], rows.code(column, p)) for p in stated])
        needed = np.array([p in split.needed for p in stated], dtype=np.bool_)
        complete = _complete(parts, needed, len(split.needed))
        if not crossed and column == "dimensions":
            proven[totals[complete]] = True
        yield from _judge(rows, totals, parts, complete, additive, split.axis)


def _complete(parts: Ints, needed: Bools, count: int) -> Bools:
    """Where every needed part is stated. With none needed, nowhere."""
    if not count or needed.sum() < count:
        return np.zeros(parts.shape[1], dtype=np.bool_)
    return np.all(parts[needed] >= 0, axis=0)  # type: ignore[no-any-return]


def _sums(values: Floats, parts: Ints) -> Floats:
    return np.sum(np.where(parts >= 0, values[parts], 0.0), axis=0)  # type: ignore[no-any-return]


def _judge(
    rows: Rows, totals: Ints, parts: Ints, complete: Bools, additive: Bools, axis: str
) -> Iterator[LedgerFinding]:
    low, high = _sums(rows.low, parts), _sums(rows.high, parts)
    adds = additive[totals]
    above = (low > rows.high[totals] + CLOSE) & adds
    below = complete & adds & (high < rows.low[totals] - CLOSE)
    for n in np.flatnonzero(above | below):
        present = [int(r) for r in parts[:, n] if r >= 0]
        total = int(totals[n])
        breach = parts_and_total(
            rows.quantity(total), [rows.quantity(r) for r in present], exhaustive=bool(complete[n])
        )
        if breach:
            yield finding(rows, breach, [total, *present], axis=axis)
    alone = np.where(parts >= 0, rows.low[parts], -np.inf) > rows.high[totals] + CLOSE
    for p, n in zip(*np.nonzero(alone & ~above), strict=True):
        yield from _alone(rows, int(totals[n]), int(parts[p, n]), axis)


def _alone(rows: Rows, total: int, part: int, axis: str, severity: str = "") -> Iterator[LedgerFinding]:
    breach = part_of(rows.quantity(part), rows.quantity(total))
    if breach:
        found = Breach(
            breach.kind, severity or breach.severity, breach.stated, breach.expected, breach.params
        )
        yield finding(rows, found, [total, part], axis=axis)


def _narrower(rows: Rows, chosen: Ints, column: str) -> Iterator[LedgerFinding]:
    """A place against the whole territory: no place can have more, and together they may not either.

    Places can lie inside one another, so that their sum is a doubt and no contradiction.
    """
    everywhere = rows.code(column, "")
    inside = chosen[rows.codes[column][chosen] != everywhere]
    if everywhere < 0 or not len(inside):
        return
    group = rows.key([c for c in SUBJECT if c != column])
    index = Index(rows, chosen, group, rows.codes[column], len(rows.names[column]))
    totals = index.find(group[inside], everywhere)
    inside, totals = inside[totals >= 0], totals[totals >= 0]
    above = rows.low[inside] > rows.high[totals] + CLOSE
    for part, total in zip(inside[above], totals[above], strict=True):
        yield from _alone(rows, int(total), int(part), column)
    summed = np.bincount(totals, weights=rows.low[inside], minlength=rows.n)
    adds = rows.measured("additive_place", True)
    for total in np.flatnonzero(adds & (summed > rows.high + CLOSE)):
        parts = [int(r) for r in inside[totals == total]]
        breach = parts_and_total(
            rows.quantity(int(total)), [rows.quantity(r) for r in parts], exhaustive=False
        )
        if breach and len(parts) > 1:
            doubt = Breach(breach.kind, WARNING, breach.stated, breach.expected, breach.params)
            yield finding(rows, doubt, [int(total), *parts], axis=column)
