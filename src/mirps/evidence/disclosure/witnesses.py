"""Tables that differ from the true one and show the same: each proves how far cells can lie. Whoever gives them
need not be believed: they are added up. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from mirps.evidence.disclosure.tables import Equations, Flags, Floats, Ints


@dataclass(frozen=True)
class Witnesses:
    """Two of them at a time: witness `i` moves `cells[start[i]:start[i+1]]` by `ups`, its twin by `downs`."""

    start: Ints
    cells: Ints
    ups: Floats
    downs: Floats


def reached(
    given: Witnesses, values: Floats, hidden: Flags, e: Equations, near: float
) -> tuple[Floats, Floats]:
    """How far each cell rises and falls in those that stand: nothing shown changes, nothing falls below zero, and
    every sum is as it was."""
    high, low, moved = np.zeros((3, len(values)))
    (begins, rows), signs = e.by_cell
    begins = np.append(begins, np.full(max(len(values) + 1 - len(begins), 0), len(rows)))  # cells in no sum
    of = (begins, rows, signs.astype(np.float64), np.zeros(e.count))
    for by in (given.ups, given.downs):
        _added(given.start, given.cells, by, values, hidden, of, near, moved, high, low)
    return high, low


@njit(cache=True)
def _added(start, cells, by, values, hidden, of, near, moved, high, low):  # type: ignore[no-untyped-def]
    begins, rows, signs, sums = of
    for i in range(start.shape[0] - 1):
        these = cells[start[i] : start[i + 1]]
        for z, c in enumerate(these):
            moved[c] += by[start[i] + z]
            for k in range(begins[c], begins[c + 1]):
                sums[rows[k]] += by[start[i] + z] * signs[k]
        stands = True
        for c in these:
            stands = stands and (abs(moved[c]) <= near or hidden[c]) and values[c] + moved[c] >= -near
            for k in range(begins[c], begins[c + 1]):
                stands = stands and abs(sums[rows[k]]) < near
        for c in these:
            if stands:
                high[c], low[c] = max(high[c], moved[c]), max(low[c], -moved[c])
            for k in range(begins[c], begins[c + 1]):
                sums[rows[k]] = 0.0
        moved[these] = 0.0
