"""What moves have hidden, made cheaper, compiled like the search (`kernel`): for each hidden cell that no rule
asked for, all that relies on it is taken away and protected again without it; kept where that costs less. Pure,
deterministic."""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,no-untyped-call"
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from mirps.evidence.disclosure.kernel import (
    FREE,
    NEVER,
    OPENED,
    PICKS,
    Field,
    Held,
    Reach,
    cells_of,
    protect,
    slate,
)

#: Cells that may rely on one that is given back.
USERS = 48


class Uses(NamedTuple):
    """How often picks touch each cell, and a chain of who did: `head` of each cell, then `following`. `nodes`:
    one number, how long the chains are. `rule`: cells that stay hidden whoever needs them."""

    count: Any
    head: Any
    following: Any
    who: Any
    nodes: Any
    rule: Any


class Before(NamedTuple):
    """The users of a cell, their picks as they were, and the cells closed and opened meanwhile."""

    users: Any
    held: Any
    closed: Any
    fresh: Any


def improve(extra: Any, reach: Reach, f: Field, held: Held, cost: Any, rule: Any) -> float:
    """`extra`: the cells to try, in order. What was saved."""
    size, room = len(f.values), 4000 + 80 * len(reach.cell)
    uses = Uses(
        np.zeros(size, np.int64), np.full(size, -1, np.int64), np.empty(room, np.int64),
        np.empty(room, np.int64), np.zeros(1, np.int64), rule,
    )  # fmt: skip
    kept = Held(np.empty((USERS, PICKS, 4), np.int64), np.empty((USERS, PICKS)), np.empty(USERS, np.int64))
    before = Before(np.empty(USERS, np.int64), kept, np.empty(OPENED, np.int64), np.empty(OPENED, np.int64))
    return float(_improve(extra, reach, f, held, cost, uses, before, slate()))


@njit(cache=True)
def _improve(extra, reach, f, held, cost, uses, before, s):
    saved = 0.0
    for i in range(reach.cell.shape[0]):
        _use(i, f, held, uses, s)
    for e in range(extra.shape[0]):
        c = extra[e]
        if f.price[c] != 0.0 or uses.nodes[0] + 4000 > uses.who.shape[0]:
            continue
        n_users = _users_of(c, f, held, uses, before.users, s)
        if n_users > USERS:
            continue
        n_closed, gain = _take_away(c, n_users, f, held, cost, uses, before, s)
        f.price[c] = NEVER
        n_fresh, spent = _again(n_users, gain, reach, f, held, cost, before, s)
        if spent < gain - FREE:
            saved += gain - spent
            f.price[c] = cost[c]
        else:
            for m in range(n_fresh):
                f.price[before.fresh[m]] = cost[before.fresh[m]]
            for m in range(n_closed):
                f.price[before.closed[m]] = 0.0
            f.price[c] = 0.0
            for u in range(n_users):
                i = before.users[u]
                held.picks[i], held.amounts[i] = before.held.picks[u], before.held.amounts[u]
                held.counts[i] = before.held.counts[u]
        for u in range(n_users):
            _use(before.users[u], f, held, uses, s)
    return saved


@njit(cache=True)
def _use(i, f, held, uses, s):
    """Note the cells that an asked cell's picks touch."""
    for j in range(held.counts[i]):
        k = cells_of(held.picks[i, j], f, s.cells, s.signs)
        for m in range(k):
            c = s.cells[m]
            if not uses.rule[c]:
                uses.count[c] += 1
                at = uses.nodes[0]
                if at < uses.who.shape[0]:
                    uses.following[at], uses.who[at], uses.head[c] = uses.head[c], i, at
                    uses.nodes[0] = at + 1


@njit(cache=True)
def _users_of(c, f, held, uses, users, s):
    """Who relies on a cell now; more than USERS are not told apart."""
    n, at = 0, uses.head[c]
    while at >= 0 and n <= USERS:
        i = uses.who[at]
        at = uses.following[at]
        known = False
        for u in range(min(n, USERS)):
            known = known or users[u] == i
        if known or not _touches(i, c, f, held, s):
            continue
        if n < USERS:
            users[n] = i
        n += 1
    return n


@njit(cache=True)
def _touches(i, c, f, held, s):
    for j in range(held.counts[i]):
        k = cells_of(held.picks[i, j], f, s.cells, s.signs)
        for m in range(k):
            if s.cells[m] == c:
                return True
    return False


@njit(cache=True)
def _take_away(c, n_users, f, held, cost, uses, before, s):
    """Take the users' picks away, and show what nobody else needs. How many cells, and what they cost."""
    n, gain = 0, 0.0
    for u in range(n_users):
        i = before.users[u]
        before.held.picks[u], before.held.amounts[u] = held.picks[i], held.amounts[i]
        before.held.counts[u] = held.counts[i]
        for j in range(held.counts[i]):
            k = cells_of(held.picks[i, j], f, s.cells, s.signs)
            for m in range(k):
                h = s.cells[m]
                if uses.rule[h]:
                    continue
                uses.count[h] -= 1
                if uses.count[h] == 0 and n < OPENED - 1:
                    before.closed[n], f.price[h] = h, cost[h]
                    n += 1
                    gain += cost[h]
    if uses.count[c] == 0 and f.price[c] == 0.0:
        before.closed[n] = c
        n += 1
        gain += cost[c]
    return n, gain


@njit(cache=True)
def _again(n_users, gain, reach, f, held, cost, before, s):
    """Protect the users again. How many cells were opened, and what they cost (NEVER: it was not to be done for
    less than `gain`)."""
    n_fresh, spent = 0, 0.0
    for u in range(n_users):
        i = before.users[u]
        n, n_opened, more = protect(
            reach.low[i], reach.near[i], f, s, reach.up[i], reach.down[i], gain - spent - FREE,
            held.picks[i], held.amounts[i],
        )  # fmt: skip
        if n == 0 or n_fresh + n_opened > OPENED:
            for m in range(n_opened):
                f.price[s.opened[m]] = cost[s.opened[m]]
            return n_fresh, NEVER
        held.counts[i] = n
        spent += more
        for m in range(n_opened):
            before.fresh[n_fresh] = s.opened[m]
            n_fresh += 1
    return n_fresh, spent
