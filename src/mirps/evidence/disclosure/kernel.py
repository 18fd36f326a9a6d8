"""The search for moves, compiled (numba): the same loops in Python take a hundred times as long. Called by
`patterns` alone. A pick is one move in each of four dimensions (tables of fewer have dimensions of one member
more). Pure, deterministic."""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,no-untyped-call"
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

NEVER = 1e9
FREE = 1e-6
#: Moves that are put together for one cell; cells of one move and cells opened at once (longer are left out).
PICKS, LONGEST, OPENED = 16, 256, 4096


class Field(NamedTuple):
    """The moves (`start`, `off`, `sign`, see patterns) and, flat over the table's cells: what each holds, what
    hiding it would cost now (0: it is hidden), and room for what moves have used."""

    start: Any
    off: Any
    sign: Any
    values: Any
    price: Any
    used: Any


class Reach(NamedTuple):
    """For each asked cell: its number, the moves to try (four ranges: first, last of the near ones, last) and how
    far it is to go."""

    cell: Any
    low: Any
    near: Any
    high: Any
    up: Any
    down: Any


class Held(NamedTuple):
    """For each asked cell the picks that protect it, by how much each moves (0: as far as asked, both ways), and
    how many there are."""

    picks: Any
    amounts: Any
    counts: Any


class Slate(NamedTuple):
    """Room to write on: a pick's cells and signs, the cells opened and what they cost before."""

    cells: Any
    signs: Any
    opened: Any
    old: Any


def slate() -> Slate:
    return Slate(np.empty(LONGEST, np.int64), np.empty(LONGEST), np.empty(OPENED, np.int64), np.empty(OPENED))


@njit(cache=True)
def cells_of(pick, f, cells, signs):
    """The cells of a pick and their signs; how many (0: too many)."""
    n = 1
    for d in range(4):
        n *= f.start[pick[d] + 1] - f.start[pick[d]]
    if n > LONGEST:
        return 0
    n = 0
    for a in range(f.start[pick[0]], f.start[pick[0] + 1]):
        for b in range(f.start[pick[1]], f.start[pick[1] + 1]):
            for c in range(f.start[pick[2]], f.start[pick[2] + 1]):
                for d in range(f.start[pick[3]], f.start[pick[3] + 1]):
                    cells[n] = f.off[a] + f.off[b] + f.off[c] + f.off[d]
                    signs[n] = f.sign[a] * f.sign[b] * f.sign[c] * f.sign[d]
                    n += 1
    return n


@njit(cache=True)
def _weigh(p, q, r, s, start, off, sign, values, price, used, turn, up, down, most):
    """What a pick costs (NEVER: more than `most`, or it cannot be) and how far it can go. With `turn` 0 falling
    cells must have `up` and rising ones `down`; else it goes in that direction, less what is `used`."""
    spent, room = 0.0, NEVER
    for a in range(start[p], start[p + 1]):
        for b in range(start[q], start[q + 1]):
            at_b, sign_b = off[a] + off[b], sign[a] * sign[b]
            for c in range(start[r], start[r + 1]):
                at_c, sign_c = at_b + off[c], sign_b * sign[c]
                for d in range(start[s], start[s + 1]):
                    at = at_c + off[d]
                    spent += price[at]
                    way = sign_c * sign[d]
                    if turn == 0.0:
                        if values[at] < (up if way < 0 else down):
                            return NEVER, 0.0
                    elif way * turn < 0:
                        room = min(room, values[at] + min(used[at], 0.0))
                    if spent > most or room < 1e-9:
                        return NEVER, 0.0
    return spent, room


@njit(cache=True)
def _look(low, high, f, turn, up, down, left, best_pick):
    """The best pick, its price (for its room, in one direction) and its room: free ones with the most room first."""
    start, off, sign, values, price, used = f.start, f.off, f.sign, f.values, f.price, f.used
    best, best_room = NEVER / 8, 0.0
    for p in range(low[0], high[0]):
        for q in range(low[1], high[1]):
            for r in range(low[2], high[2]):
                for s in range(low[3], high[3]):
                    most = best + FREE if turn == 0.0 else best * left + FREE
                    spent, room = _weigh(
                        p, q, r, s, start, off, sign, values, price, used, turn, up, down, most
                    )
                    if spent >= NEVER:
                        continue
                    room = min(room, left)
                    if turn != 0.0:
                        spent = spent / room if spent > FREE else 0.0
                    if spent < best - FREE or (spent <= FREE and room > best_room + FREE):
                        best, best_room = spent, room
                        best_pick[0], best_pick[1], best_pick[2], best_pick[3] = p, q, r, s
                        if best <= FREE and (turn == 0.0 or room >= left - 1e-9):
                            return best, best_room
    return best, best_room


@njit(cache=True)
def _open(n, f, s, n_opened):
    """Hide a pick's cells from now on. How many are opened by now, and what these cost."""
    spent = 0.0
    for i in range(n):
        c = s.cells[i]
        if f.price[c] > 0.0:
            s.old[n_opened], s.opened[n_opened] = f.price[c], c
            n_opened += 1
            spent += f.price[c]
            f.price[c] = 0.0
    return n_opened, spent


@njit(cache=True)
def _one_way(turn, need, low, high, f, s, limit, picks, amounts, n, n_opened):
    """Picks that take a cell in one direction. How many there are then (-1: it is not to be done), how many cells
    are opened, and what the new ones cost."""
    pick = np.empty(4, np.int64)
    left, first, spent, failed = need, n, 0.0, False
    while left > 1e-9 and not failed:
        k, room = 0, 0.0
        if n < PICKS and n_opened + LONGEST < OPENED:
            cost, room = _look(low, high, f, turn, 0.0, 0.0, left, pick)
            if cost < NEVER / 8:
                k = cells_of(pick, f, s.cells, s.signs)
        if k == 0:
            failed = True
            break
        for i in range(k):
            f.used[s.cells[i]] += s.signs[i] * turn * room
        n_opened, more = _open(k, f, s, n_opened)
        spent += more
        picks[n, :] = pick
        amounts[n] = turn * room
        n += 1
        left -= room
        failed = spent >= limit
    for j in range(first, n):
        k = cells_of(picks[j], f, s.cells, s.signs)
        for i in range(k):
            f.used[s.cells[i]] = 0.0
    return (-1 if failed else n), n_opened, spent


@njit(cache=True)
def protect(low, high, f, s, up, down, limit, picks, amounts):
    """Picks by which a cell goes up and down as far as asked; their cells are hidden from now on. How many picks
    (0: none for less than `limit`, and nothing changed), how many cells were opened, what they cost. One pick for
    both ways, or several put together where that is cheaper."""
    whole = np.empty(4, np.int64)
    both, _ = _look(low, high, f, 0.0, up, down, 1.0, whole)
    n, n_opened, spent = 0, 0, 0.0
    if both > FREE:
        most = min(limit, both)
        n, n_opened, spent = _one_way(1.0, up, low, high, f, s, most, picks, amounts, 0, 0)
        if n >= 0:
            n, n_opened, more = _one_way(
                -1.0, down, low, high, f, s, most - spent, picks, amounts, n, n_opened
            )
            spent += more
        if n > 0:
            return n, n_opened, spent
        for i in range(n_opened):
            f.price[s.opened[i]] = s.old[i]
        if both >= limit or both >= NEVER / 8:
            return 0, 0, 0.0
    k = cells_of(whole, f, s.cells, s.signs)
    if k == 0:
        return 0, 0, 0.0
    n_opened, spent = _open(k, f, s, 0)
    picks[0, :] = whole
    amounts[0] = 0.0
    return 1, n_opened, spent


@njit(cache=True)
def first(reach, f, held, s):
    """Protect each cell, in the order given."""
    for i in range(reach.cell.shape[0]):
        for wide in range(2):
            high = reach.high[i] if wide else reach.near[i]
            n, _, _ = protect(
                reach.low[i], high, f, s, reach.up[i], reach.down[i], NEVER, held.picks[i], held.amounts[i]
            )
            held.counts[i] = n
            if n:
                break
