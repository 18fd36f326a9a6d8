"""Secondary suppression for tables of any size: for each cell to protect, the cheapest ways round that hide it.

A way (`kernel`, over the classes of `exchanges`) changes its cells by the same amount up and down and leaves every
sum as it was; several are put together where that is cheaper (`combining`). When all cells that change are hidden
and the falling ones are large enough, an attacker cannot tell the true table from the changed one, whatever else is
hidden: so ways found are proofs that stay valid, and are given as witnesses. Where much is hidden for others, that
is made cheaper (`improving`); where rules hide a good part of a table, its small cells protect each other and there
is little to gain. Deterministic. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirps.evidence.disclosure import improving
from mirps.evidence.disclosure.exchanges import DIMENSIONS, exchanges
from mirps.evidence.disclosure.kernel import NEVER, Field, Ways
from mirps.evidence.disclosure.tables import Flags, Floats, Ints, Table
from mirps.evidence.disclosure.witnesses import Witnesses

#: Cells hidden for others, for each that is protected, from which on it is worth while to look for better; tries
#: for each of them then; and tries in all.
WORTH, TRIES, MOST = 0.25, 12, 20_000
#: Pairs of dimensions that ways are looked for in: the largest two say nearly all.
PAIRS = 1


@dataclass(frozen=True)
class Task:
    """What is to be hidden and how far it must be able to move. All arrays are flat, over the table's cells.

    `hidden`: what rules or earlier releases hide. `up`, `down`: how far an attacker's bounds must at least lie
    from the value (0: nothing asked). `fixed`: may not be hidden, because everybody knows it. `cost`: of hiding.
    """

    table: Table
    hidden: Flags
    up: Floats
    down: Floats
    fixed: Flags
    cost: Floats

    @property
    def asked(self) -> Ints:
        return np.flatnonzero((self.up > 0) | (self.down > 0))


@dataclass
class Pattern:
    """`hidden`: every cell that is not shown. `unproven`: cells for which no way was found; the linear programs
    look at them."""

    hidden: Flags
    unproven: tuple[int, ...]
    witnesses: Witnesses


def pattern(task: Task) -> Pattern:
    """Every cell that a rule hides, protected as far as it asks; the rest of what is hidden as cheap as found.
    Tables of more than four dimensions are left to the linear programs."""
    asked = task.asked
    if task.table.values.ndim > DIMENSIONS or not len(asked):
        nothing = np.zeros(0)
        witnesses = Witnesses(np.zeros(1, np.int64), np.zeros(0, np.int64), nothing, nothing)
        return Pattern(task.hidden.copy(), tuple(asked.tolist()), witnesses)
    # Who goes far first: that needs large cells, and takes others along.
    asked = asked[np.lexsort((asked, -task.up[asked]))]
    work = _laid_out(task, asked)
    improving.first(PAIRS, work.asked, work.ways, work.field, work.desk, work.tray, work.held, work.uses)
    extra = int(((work.field.price == 0.0) & ~task.hidden).sum())
    if extra > WORTH * len(asked):
        improving.give_back(PAIRS, work)
        safe, changed = improving.held(len(asked)), np.zeros(len(asked), np.bool_)
        improving.anneal(min(TRIES * extra, MOST), PAIRS, work, safe, changed)
    unproven = tuple(asked[work.held.count == 0].tolist())
    return Pattern(work.field.price == 0.0, unproven, _told(work.held))


def _laid_out(task: Task, asked: Ints) -> improving.Work:
    e = exchanges(task.table)
    ways = Ways(e.start, e.off, e.sign, e.low, e.high, e.own, e.base, e.stride, e.pairs)
    cost = np.where(task.fixed, NEVER, task.cost)
    price = np.where(task.hidden, 0.0, cost)
    # Whoever protects cells moves their values for a while.
    values = np.array(task.table.values, np.float64).ravel()
    place = np.full(len(values), -1, np.int64)
    place[asked] = np.arange(len(asked))
    return improving.work(
        ways, Field(values, price, cost, task.hidden),
        improving.Asked(asked, task.up[asked], task.down[asked], place),
    )  # fmt: skip


def _told(held: improving.Held) -> Witnesses:
    mine = np.arange(held.cells.shape[1]) < held.count[:, None]
    start = np.concatenate([[0], np.cumsum(held.count)]).astype(np.int64)
    return Witnesses(start, held.cells[mine], held.ups[mine], held.downs[mine])
