"""All cells protected, and then cheaper: what is hidden for others is given back one by one where those that rely
on it can be protected for less without it; then at random, at first also where it costs a little more
(simulated annealing), and the best is kept. Compiled; pure, deterministic."""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,no-untyped-call,assignment"
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from mirps.evidence.disclosure.combining import Tray, protect, tray
from mirps.evidence.disclosure.kernel import FREE, LONGEST, NEVER, Desk, Field, Ways, desk

#: Cells that may rely on one that is given back.
USERS = 64
#: How much more may be spent at first; how often what is given back may not be taken again, and one more cell is
#: given back with it; tries between two looks at what is hidden.
HOT, FORBID, MORE, LOOK = 1.0, 0.9, 0.2, 32


class Asked(NamedTuple):
    """The cells to protect, how far each is to go, and each cell's place among them (-1: not asked)."""

    cell: Any
    up: Any
    down: Any
    place: Any


class Held(NamedTuple):
    """What protects each asked cell (see Tray): how many cells, which, and by how much they move."""

    count: Any
    cells: Any
    ups: Any
    downs: Any


class Uses(NamedTuple):
    """How many rely on each cell, and a chain of who did: `head` of each cell, then `following`. `nodes`: one
    number, how long the chains are. `seen`: the round (`stamp`) in which each asked cell was met last."""

    count: Any
    head: Any
    following: Any
    who: Any
    nodes: Any
    seen: Any
    stamp: Any


class Work(NamedTuple):
    """All of it. `kept`: what is taken away for a try; `users`: from whom."""

    ways: Ways
    field: Field
    desk: Desk
    tray: Tray
    asked: Asked
    held: Held
    kept: Held
    uses: Uses
    users: Any


def held(n: int) -> Held:
    shape = (n, LONGEST)
    return Held(np.zeros(n, np.int64), np.empty(shape, np.int64), np.empty(shape), np.empty(shape))


def work(ways: Ways, field: Field, asked: Asked) -> Work:
    n, room = len(asked.cell), LONGEST * (USERS + len(asked.cell))
    uses = Uses(
        np.zeros(len(field.values), np.int64), np.full(len(field.values), -1, np.int64), np.empty(room, np.int64),
        np.empty(room, np.int64), np.zeros(1, np.int64), np.zeros(n, np.int64), np.zeros(1, np.int64),
    )  # fmt: skip
    widest = int((ways.high - ways.low).max())
    return Work(
        ways, field, desk(widest), tray(), asked, held(n), held(USERS), uses, np.empty(USERS, np.int64)
    )


@njit(cache=True)
def _copied(i, a, k, b):
    b.count[k] = a.count[i]
    for z in range(a.count[i]):
        b.cells[k, z], b.ups[k, z], b.downs[k, z] = a.cells[i, z], a.ups[i, z], a.downs[i, z]


@njit(cache=True)
def _chained(i, c, uses):
    at = uses.nodes[0]
    uses.following[at], uses.who[at], uses.head[c] = uses.head[c], i, at
    uses.nodes[0] = at + 1


@njit(cache=True)
def _relied(i, held, field, uses):
    """Hide what an asked cell relies on, and note that it does."""
    if uses.nodes[0] + LONGEST > uses.who.shape[0]:  # chains anew, without who relies no more
        uses.head[:] = -1
        uses.nodes[0] = 0
        for k in range(held.count.shape[0]):
            for z in range(held.count[k] if k != i else 0):
                if not field.rule[held.cells[k, z]]:
                    _chained(k, held.cells[k, z], uses)
    for z in range(held.count[i]):
        c = held.cells[i, z]
        uses.count[c] += 1
        field.price[c] = 0.0
        if not field.rule[c]:
            _chained(i, c, uses)


@njit(cache=True)
def _taken(i, n, t, held, field, uses):
    held.count[i] = n
    for z in range(n):
        held.cells[i, z], held.ups[i, z], held.downs[i, z] = t.cells[z], t.ups[z], t.downs[z]
    _relied(i, held, field, uses)


@njit(cache=True)
def _dropped(i, held, field, uses):
    """Show what only this asked cell relied on. What hiding that costs."""
    gain = 0.0
    for z in range(held.count[i]):
        c = held.cells[i, z]
        uses.count[c] -= 1
        if uses.count[c] == 0 and not field.rule[c]:
            field.price[c] = field.cost[c]
            gain += field.cost[c]
    held.count[i] = 0
    return gain


@njit(cache=True)
def first(n_pairs, asked, w, f, d, t, held, uses):
    """Protect each cell in the order given, and with it those that move far enough in the same change."""
    for i in range(asked.cell.shape[0]):
        n = 0
        if held.count[i] == 0:
            n, _ = protect(asked.cell[i], asked.up[i], asked.down[i], NEVER / 8, n_pairs, w, f, d, t)
        if n > 0:
            _taken(i, n, t, held, f, uses)
        for z in range(n):
            k = asked.place[t.cells[z]]
            if k < 0 or held.count[k] > 0:
                continue
            up, down = t.ups[z], t.downs[z]
            turned = down >= asked.up[k] and -up >= asked.down[k]
            if turned or (up >= asked.up[k] and -down >= asked.down[k]):
                _taken(k, n, t, held, f, uses)
                for y in range(n if turned else 0):
                    held.ups[k, y], held.downs[k, y] = t.downs[y], t.ups[y]


@njit(cache=True)
def _users(c, n, users, held, uses):
    """Who relies on a cell, after `n` who were found in this round; more than USERS: too many."""
    at = uses.head[c]
    while at >= 0 and n <= USERS:
        i = uses.who[at]
        at = uses.following[at]
        if uses.seen[i] == uses.stamp[0]:
            continue
        for z in range(held.count[i]):
            if held.cells[i, z] == c:
                uses.seen[i] = uses.stamp[0]
                if n < USERS:
                    users[n] = i
                n += 1
                break
    return n


@njit(cache=True)
def _again(c, n_users, forbid, more, n_pairs, s):
    """Take away all that protects the users, and protect them again (without cell `c`, if `forbid`). What is saved
    by it; where that is less than minus `more`, everything is as before."""
    gain, spent, done, a, f = 0.0, 0.0, 0, s.asked, s.field
    for u in range(n_users):
        _copied(s.users[u], s.held, u, s.kept)
        gain += _dropped(s.users[u], s.held, f, s.uses)
    if forbid:
        f.price[c] = NEVER
    while done < n_users:
        i = s.users[done]
        n, cost = protect(
            a.cell[i], a.up[i], a.down[i], gain - spent + more, n_pairs, s.ways, f, s.desk, s.tray
        )
        if n == 0:
            break
        _taken(i, n, s.tray, s.held, f, s.uses)
        done += 1
        spent += cost
    if forbid:
        f.price[c] = f.cost[c]
    if done == n_users:
        return gain - spent
    for u in range(done):
        _dropped(s.users[u], s.held, f, s.uses)
    for u in range(n_users):
        _copied(u, s.kept, s.users[u], s.held)
        _relied(s.users[u], s.held, f, s.uses)
    return 0.0


@njit(cache=True)
def give_back(n_pairs, s):
    """Each cell that no rule hides, the dearest first."""
    extra = np.flatnonzero((s.field.price == 0.0) & ~s.field.rule)
    for c in extra[np.argsort(-s.field.cost[extra])]:
        s.uses.stamp[0] += 1
        n = _users(c, 0, s.users, s.held, s.uses) if s.field.price[c] == 0.0 else 0
        if 0 < n <= USERS:
            _again(c, n, n > 0, -FREE, n_pairs, s)


@njit(cache=True)
def anneal(tries, n_pairs, s, safe, changed):
    """`safe`: the best so far; `changed`: which cells are held in another way now."""
    np.random.seed(tries)
    now = least = 0.0
    for i in range(s.held.count.shape[0]):
        _copied(i, s.held, i, safe)
    extra = np.flatnonzero((s.field.price == 0.0) & ~s.field.rule)
    for at in range(tries):
        if at % LOOK == LOOK - 1:
            extra = np.flatnonzero((s.field.price == 0.0) & ~s.field.rule)
        if extra.shape[0] == 0:
            break
        c = extra[np.random.randint(extra.shape[0])]
        n = _some_users(c, s.users, s.held, s.field, s.uses) if s.field.price[c] == 0.0 else 0
        if n == 0:
            continue
        more = FREE - HOT * (1 - at / tries) * np.log(np.random.random() + 1e-12)
        now -= _again(c, n, np.random.random() < FORBID, more, n_pairs, s)
        for u in range(n):
            changed[s.users[u]] = True
        if now < least - FREE:
            least = now
            for i in np.flatnonzero(changed):
                _copied(i, s.held, i, safe)
                changed[i] = False
    if now > least + FREE:
        for i in np.flatnonzero(changed):
            _dropped(i, s.held, s.field, s.uses)
        for i in np.flatnonzero(changed):
            _copied(i, safe, i, s.held)
            _relied(i, s.held, s.field, s.uses)


@njit(cache=True)
def _some_users(c, users, held, field, uses):
    """Who relies on a cell, now and then also on another that they rely on; in random order (0: too many)."""
    uses.stamp[0] += 1
    n = _users(c, 0, users, held, uses)
    if n > USERS:
        return 0
    if n > 0 and np.random.random() < MORE:
        i = users[np.random.randint(n)]
        other = held.cells[i, np.random.randint(held.count[i])]
        more = _users(other, n, users, held, uses) if other != c and not field.rule[other] else n
        n = more if more <= USERS else n
    np.random.shuffle(users[:n])
    return n
