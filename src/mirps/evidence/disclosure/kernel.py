"""The search for ways round, compiled (numba): the same loops in Python take a hundred times as long. Pure,
deterministic.

A way goes through the classes of two dimensions (`exchanges`) as through a table of rows and columns: from the
cell along its column to another row, along that to another column, and so on, back to the cell's own row. Cells
change by the same amount, up and down in turn, so every row and column is as it was; in the other dimensions each
step is taken with one exchange, so their sums are as well. A step costs what hiding its cells costs, nothing where
they are hidden; the cheapest way is the shortest (Dijkstra). With four steps this is a hypercube; with more, what
a table where little is hidden needs.

What numba keeps of a function is not made anew when one changes that it calls in another module: after a change
here, `combining` and `improving` must be touched."""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,no-untyped-call"
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

NEVER = 1e9
#: Less than any cost; what each step costs besides, so that short ways come first.
FREE, STEP = 1e-4, 1e-6
#: Cells of one change; of what a step moves in the other dimensions.
LONGEST, REST = 48, 32


class Ways(NamedTuple):
    """The exchanges, see there."""

    start: Any
    off: Any
    sign: Any
    low: Any
    high: Any
    own: Any
    base: Any
    stride: Any
    pairs: Any


class Field(NamedTuple):
    """Flat over the table's cells: what each holds, what hiding it would cost now (0: it is hidden), what hiding
    it costs, and which stay hidden whoever needs them."""

    values: Any
    price: Any
    cost: Any
    rule: Any


class Desk(NamedTuple):
    """Room to write on: where the cell stands; what a step moves in the other dimensions; distances of rows and
    columns and whence they were reached; what closing the way costs from each column; the way; its cells (row 0 the
    cheapest, row 1 the last) and by how much they move; changes put together of several ways (`combining`), with
    prices and values as they were."""

    at: Any
    rest_off: Any
    rest_sign: Any
    far: Any
    came: Any
    done: Any
    back: Any
    path: Any
    cells: Any
    by: Any
    change: Any
    amount: Any
    old: Any
    was: Any


def desk(widest: int) -> Desk:
    """`widest`: bundles of the largest class."""
    n, room = 2 * widest + 2, 6 * LONGEST
    return Desk(
        np.empty(4, np.int64), np.empty(REST, np.int64), np.empty(REST), np.empty(n), np.empty(n, np.int64),
        np.empty(n, np.bool_), np.empty(n), np.empty(n + 1, np.int64), np.empty((2, LONGEST), np.int64),
        np.empty((2, LONGEST)), np.empty((3, room), np.int64), np.empty((3, room)), np.empty(room), np.empty(room),
    )  # fmt: skip


@njit(cache=True, inline="always")
def _step(a, b, x, n_rest, rise, fall, most, w, f, d):
    """What a step from one bundle to another costs in direction `x` (NEVER: more than `most`, or a cell does not
    hold what it must if it rises or falls)."""
    spent = 0.0
    for p in range(w.start[a], w.start[a + 1]):
        for q in range(w.start[b], w.start[b + 1]):
            at, sign = w.off[p] + w.off[q], x * w.sign[p] * w.sign[q]
            for r in range(n_rest):
                c = at + d.rest_off[r]
                spent += f.price[c]
                if spent > most or f.values[c] < (rise if sign * d.rest_sign[r] > 0 else fall):
                    return NEVER
    return spent


@njit(cache=True)
def cycle(i, j, x, n_rest, rise, fall, limit, w, f, d):
    """The cheapest way from column member `j` to row member `i`: its cost and its nodes in `d.path` (0: none for
    less than `limit`)."""
    rows, row, column = w.low[i], w.own[i], w.own[j]
    first = _step(row, column, x, n_rest, rise, fall, limit, w, f, d)
    if first >= limit:
        return NEVER, 0
    n_rows, n_columns = w.high[i] - rows, w.high[j] - w.low[j]
    nearest = NEVER
    for k in range(n_columns):
        b = w.low[j] + k
        d.back[k] = NEVER if b == column else _step(row, b, -x, n_rest, rise, fall, limit - first, w, f, d)
        nearest = min(nearest, d.back[k])
    if first + nearest >= limit:
        return NEVER, 0
    d.far[: n_rows + n_columns] = NEVER
    d.done[: n_rows + n_columns] = False
    d.done[row - rows] = True
    begin = n_rows + column - w.low[j]
    d.far[begin], d.came[begin] = first, -1
    best, last = _followed(i, j, x, n_rest, rise, fall, limit, nearest, w, f, d)
    if last < 0:
        return NEVER, 0
    d.path[0], n = row - rows, 1
    while last >= 0:
        d.path[n] = last
        last = d.came[last]
        n += 1
    return best, n


@njit(cache=True)
def _followed(i, j, x, n_rest, rise, fall, limit, nearest, w, f, d):
    """Node after node, the nearest first; a way that cannot be closed for less than the best is left. The best
    cost, and the column from which it closes (-1: none)."""
    rows, columns = w.low[i], w.low[j]
    n_rows = w.high[i] - rows
    n = n_rows + w.high[j] - columns
    best, last = limit, -1
    while best > FREE:
        at, least = -1, best - nearest
        for k in range(n):
            if not d.done[k] and d.far[k] < least:
                least, at = d.far[k], k
        if at < 0:
            break
        d.done[at] = True
        from_column = at >= n_rows
        for k in range(n_rows) if from_column else range(n_rows, n):
            if d.done[k] or d.far[k] <= least:
                continue
            a, b = (rows + k, columns + at - n_rows) if from_column else (rows + at, columns + k - n_rows)
            most = min(d.far[k], best - nearest) - least
            cost = _step(a, b, -x if from_column else x, n_rest, rise, fall, most, w, f, d)
            if cost < most - STEP:
                d.far[k], d.came[k] = least + cost + STEP, at
                if not from_column and d.far[k] + d.back[k - n_rows] < best - STEP:
                    best, last = d.far[k] + d.back[k - n_rows], k
    return best, last


@njit(cache=True)
def add(cells, by, n, cell, amount):
    """Note a cell's change beside `n` others; how many there are then (-1: no room)."""
    for z in range(n):
        if cells[z] == cell:
            by[z] += amount
            return n
    if n >= cells.shape[0]:
        return -1
    cells[n], by[n] = cell, amount
    return n + 1


@njit(cache=True)
def _spelt(n, i, j, x, n_rest, w, d):
    """The cells of a way of `n` nodes and their signs, in row 1 of `d.cells`; how many (-1: too many)."""
    n_rows, m, sign = w.high[i] - w.low[i], 0, -x
    for t in range(n):
        one, other = d.path[t], d.path[t + 1] if t + 1 < n else d.path[0]
        row, column = (one, other) if one < n_rows else (other, one)
        a, b = w.low[i] + row, w.low[j] + column - n_rows
        for p in range(w.start[a], w.start[a + 1]):
            for q in range(w.start[b], w.start[b + 1]):
                for r in range(n_rest):
                    at, s = w.off[p] + w.off[q] + d.rest_off[r], w.sign[p] * w.sign[q] * d.rest_sign[r]
                    m = add(d.cells[1], d.by[1], m, at, sign * s)
                    if m < 0:
                        return -1
        sign = -sign
    return m


@njit(cache=True)
def _widened(n, own, other, w, d):
    """The step in the other dimensions, times one exchange in one more; how many cells (0: too many)."""
    size = w.start[own + 1] - w.start[own] + w.start[other + 1] - w.start[other]
    if n * size > REST:
        return 0
    for z in range(n - 1, -1, -1):
        off, sign, t = d.rest_off[z], d.rest_sign[z], z * size
        for bundle, way in ((own, sign), (other, -sign)):
            for p in range(w.start[bundle], w.start[bundle + 1]):
                d.rest_off[t], d.rest_sign[t] = off + w.off[p], way * w.sign[p]
                t += 1
    return n * size


@njit(cache=True)
def _stood(cell, w, d):
    """Where a cell stands in each dimension, and its sign there."""
    sign = 1.0
    for q in range(w.stride.shape[0]):
        m = cell // w.stride[q]
        cell -= m * w.stride[q]
        d.at[q] = w.base[q] + m
        sign *= w.sign[w.start[w.own[d.at[q]]]]
    return sign


@njit(cache=True)
def _taken(m, cell, rise, fall, best, f, d):
    """Copy what was spelt to row 0 of `d.cells` if it is right (the cell moves by one, whatever moves by more
    holds that) and costs less than `best`: cost and cells (0: not)."""
    spent, n = 0.0, 0
    for z in range(m):
        by, c = d.by[1, z], d.cells[1, z]
        if by != 0.0:
            spent += f.price[c]
            if f.values[c] < abs(by) * (rise if by > 0 else fall) or (c == cell and by != 1.0):
                return best, 0
            n += 1
        elif c == cell:
            return best, 0
    if spent >= best:
        return best, 0
    n = 0
    for z in range(m):
        if d.by[1, z] != 0.0:
            d.cells[0, n], d.by[0, n] = d.cells[1, z], d.by[1, z]
            n += 1
    return spent, n


@njit(cache=True)
def search(cell, rise, fall, limit, n_pairs, w, f, d):
    """The cheapest way round for a cell through the first `n_pairs` pairs of dimensions, rising by one: its cost
    and how many cells it has (in row 0 of `d.cells`, `d.by`; 0: none for less than `limit`). Rising cells must
    hold `rise`, falling ones `fall`."""
    sign = _stood(cell, w, d)
    best, n_best = limit, 0
    for p in range(n_pairs):
        i, j, k, m = d.at[w.pairs[p, 0]], d.at[w.pairs[p, 1]], w.pairs[p, 2], w.pairs[p, 3]
        low_k, high_k, own_k, low_m, high_m, own_m = 0, 1, -1, 0, 1, -1
        if k >= 0:
            low_k, high_k, own_k = w.low[d.at[k]], w.high[d.at[k]], w.own[d.at[k]]
        if m >= 0:
            low_m, high_m, own_m = w.low[d.at[m]], w.high[d.at[m]], w.own[d.at[m]]
        for a in range(low_k, high_k):
            for b in range(low_m, high_m):
                if a == own_k or b == own_m:
                    continue
                d.rest_off[0], d.rest_sign[0] = 0, 1.0
                n_rest = np.int64(1)
                if k >= 0:
                    n_rest = _widened(n_rest, own_k, a, w, d)
                if m >= 0 and n_rest > 0:
                    n_rest = _widened(n_rest, own_m, b, w, d)
                n = cycle(i, j, sign, n_rest, rise, fall, best, w, f, d)[1] if n_rest else 0
                if n > 0:
                    spent, n = _taken(_spelt(n, i, j, sign, n_rest, w, d), cell, rise, fall, best, f, d)
                if n > 0:
                    best, n_best = spent, n
                if n_best > 0 and best <= FREE:
                    return 0.0, n_best
    return best, n_best
