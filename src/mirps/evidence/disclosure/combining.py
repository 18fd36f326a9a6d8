"""How a cell is protected: the cheapest change that takes it up as far as asked, and one that takes it down, of
one way round (`kernel`) or of several put together. Compiled; pure, deterministic.

Where a way would hide a cell, a second way through that cell can take its change back, so that the cell is shown
and the two ways together do. Where cells are too small for the whole amount, it goes in parts."""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,no-untyped-call"
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from mirps.evidence.disclosure.kernel import FREE, LONGEST, NEVER, add, search

#: Parts that an amount is divided into; less than any amount.
PARTS, NOTHING = 8, 1e-9


class Tray(NamedTuple):
    """What protects a cell: the cells, and by how much each moves as it goes up and as it goes down."""

    cells: Any
    ups: Any
    downs: Any


def tray() -> Tray:
    return Tray(np.empty(LONGEST, np.int64), np.empty(LONGEST), np.empty(LONGEST))


@njit(cache=True)
def _laid(n, m, by, f, d):
    """Put the way found on the table, `by` times, after `m` cells of change 0: cells move and are hidden. How many
    cells there are then (`m` also where there is no room)."""
    if m + n > d.change.shape[1]:
        return m
    for z in range(n):
        c, more = d.cells[0, z], d.by[0, z] * by
        k = add(d.change[0], d.amount[0], m, c, more)
        if k > m:
            d.old[m], d.was[m] = f.price[c], f.values[c]
            m = k
        f.values[c] += more
        f.price[c] = 0.0
    return m


@njit(cache=True)
def _lifted(m, f, d):
    """Take change 0 off the table. What it costs, and how many cells move in it (0: too many)."""
    for z in range(m):
        c = d.change[0, z]
        f.price[c], f.values[c] = d.old[z], d.was[z]
    spent, n = 0.0, 0
    for z in range(m):
        if abs(d.amount[0, z]) > NOTHING:
            spent += f.price[d.change[0, z]]
            d.change[0, n], d.amount[0, n] = d.change[0, z], d.amount[0, z]
            n += 1
    return spent, n if n <= LONGEST else 0


@njit(cache=True)
def _copied(n, here, there, d):
    for z in range(n):
        d.change[there, z], d.amount[there, z] = d.change[here, z], d.amount[here, z]


@njit(cache=True)
def _round_about(cell, n, move, n_pairs, w, f, d):
    """The way found, and for each cell that it would hide another way that takes it back, where that is cheaper."""
    first = _laid(n, 0, move, f, d)
    f.price[cell] = NEVER
    m = first
    for z in range(first):
        back, price = -d.amount[0, z], d.old[z]
        if price > FREE and abs(back) > NOTHING:
            spent, k = search(d.change[0, z], max(-back, 0.0), max(back, 0.0), price, n_pairs, w, f, d)
            if k > 0 and spent < price - FREE:
                m = _laid(k, m, back, f, d)
    return _lifted(m, f, d)


@njit(cache=True)
def _in_parts(cell, move, limit, n_pairs, w, f, d):
    left, part, spent, m, tries = abs(move), np.ceil(abs(move) / 2), 0.0, 0, 0
    way = 1.0 if move > 0 else -1.0
    while left > NOTHING and tries < PARTS:
        tries += 1
        by = way * min(part, left)
        more, n = search(cell, max(-by, 0.0), max(by, 0.0), limit - spent, n_pairs, w, f, d)
        if n > 0:
            k = _laid(n, m, by, f, d)
            spent += more
            left -= abs(by)
            if k == m and m + n > d.change.shape[1]:
                break
            m = k
        elif part > 1:
            part = np.ceil(part / 2)
        else:
            break
    spent, n = _lifted(m, f, d)
    return (spent, n) if left <= NOTHING else (NEVER, 0)


@njit(cache=True)
def _one_way(cell, move, limit, n_pairs, w, f, d):
    """The cheapest change found that moves a cell by `move`, as change 1: its cost and cells (0: none for less
    than `limit`)."""
    best, n = search(cell, max(-move, 0.0), max(move, 0.0), 2 * limit, n_pairs, w, f, d)
    if n > 0:
        for z in range(n):
            d.change[1, z], d.amount[1, z] = d.cells[0, z], d.by[0, z] * move
        if best > FREE:
            spent, k = _round_about(cell, n, move, n_pairs, w, f, d)
            if k > 0 and spent < best - FREE:
                best, n = spent, k
                _copied(n, 0, 1, d)
    else:
        best = limit
    if abs(move) > 1 and best > FREE:
        spent, k = _in_parts(cell, move, min(best, limit), n_pairs, w, f, d)
        if k > 0 and spent < best - FREE:
            best, n = spent, k
            _copied(n, 0, 1, d)
    return (best, n) if best < limit else (NEVER, 0)


@njit(cache=True)
def _both_ways(cell, up, down, limit, n_pairs, w, f, d, t):
    """A change up and another down, to the tray: cost and cells (0: none for less than `limit`)."""
    spent, n = _one_way(cell, up, limit, n_pairs, w, f, d)
    if n == 0:
        return NEVER, 0
    _copied(n, 1, 2, d)
    old = np.empty(n)
    for z in range(n):
        old[z] = f.price[d.change[2, z]]
        f.price[d.change[2, z]] = 0.0
    more, m = _one_way(cell, -down, limit - spent, n_pairs, w, f, d) if down > 0 else (0.0, 0)
    for z in range(n):
        f.price[d.change[2, z]] = old[z]
    if (m == 0 and down > 0) or spent + more >= limit - FREE:
        return NEVER, 0
    k = n
    for y in range(m):  # room for all of them, before the tray is touched
        k += 1 if not (d.change[2, :n] == d.change[1, y]).any() else 0
    if k > LONGEST:
        return NEVER, 0
    for z in range(n):
        t.cells[z], t.ups[z], t.downs[z] = d.change[2, z], d.amount[2, z], 0.0
    t.downs[n:k] = 0.0
    for y in range(m):
        before = n
        n = add(t.cells, t.downs, n, d.change[1, y], d.amount[1, y])
        if n > before:
            t.ups[before] = 0.0
    return spent + more, n


@njit(cache=True)
def protect(cell, up, down, limit, n_pairs, w, f, d, t):
    """What takes a cell up and down as far as asked, in the tray: how many cells (0: nothing for less than
    `limit`) and what hiding them costs. One way for both where that is free, else whatever is cheaper."""
    spent, n = search(cell, down, up, limit, n_pairs, w, f, d)
    for z in range(n):
        t.cells[z], t.ups[z], t.downs[z] = d.cells[0, z], d.by[0, z] * up, -d.by[0, z] * down
    if n > 0 and spent <= FREE:
        return n, 0.0
    less, m = _both_ways(cell, up, down, spent if n > 0 else limit, n_pairs, w, f, d, t)
    if m > 0:
        return m, less
    return n, spent if n > 0 else 0.0
