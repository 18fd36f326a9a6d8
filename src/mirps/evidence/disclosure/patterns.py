"""Secondary suppression for tables of any size: for each cell to protect, the cheapest move that hides it.

A move (`moves`) is a product of one-dimensional moves: it changes its cells by the same amount up or down and
leaves every sum as it was. When all its cells are hidden and the falling ones are large enough, an attacker
cannot tell the true table from the moved one, whatever else is hidden: moves found are proofs that stay valid.
Then each hidden cell that no rule asked for is given back if those that rely on it can be protected for less
without it. Deterministic. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mirps.evidence.disclosure import kernel
from mirps.evidence.disclosure.improving import improve
from mirps.evidence.disclosure.moves import Lattice
from mirps.evidence.disclosure.tables import Flags, Floats, Ints, Table

#: Improvements over the whole table; no more where one saves less than a hundredth.
PASSES, LITTLE = 1, 0.01
#: A member with no more moves than this has all of them tried at once.
FEW = 20


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
class Proof:
    """Moves that show how far a cell can go: (cells, signs, by how much)."""

    cells: list[Ints] = field(default_factory=list)
    signs: list[Floats] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)

    def add(self, cells: Ints, signs: Floats, amount: float) -> None:
        self.cells.append(cells)
        self.signs.append(signs)
        self.amounts.append(amount)


@dataclass
class Pattern:
    """`hidden`: every cell that is not shown. `unproven`: cells for which no move was found; the linear
    programs look at them."""

    hidden: Flags
    unproven: tuple[int, ...]
    proofs: dict[int, Proof]


def pattern(task: Task, *, passes: int = PASSES) -> Pattern:
    """Every cell that a rule hides, protected as far as it asks; the rest of what is hidden as cheap as found.
    Tables of more than four dimensions are left to the linear programs."""
    values = np.ascontiguousarray(task.table.values.ravel())
    if task.table.values.ndim > 4:
        return Pattern(task.hidden.copy(), tuple(task.asked.tolist()), {})
    asked = task.asked[np.lexsort((task.asked, values[task.asked]))]
    m = _Moves(task.table, asked)
    price = np.where(task.fixed, kernel.NEVER, task.cost)
    price[task.hidden] = 0.0
    n = len(asked)
    field_ = kernel.Field(m.start, m.off, m.sign, values, price, np.zeros(len(values)))
    reach = kernel.Reach(asked, m.lows, m.nears, m.highs, task.up[asked], task.down[asked])
    held = kernel.Held(
        np.zeros((n, kernel.PICKS, 4), np.int64), np.zeros((n, kernel.PICKS)), np.zeros(n, np.int64)
    )
    kernel.first(reach, field_, held, kernel.slate())
    for _ in range(passes):
        extra = np.flatnonzero((price == 0.0) & ~task.hidden)
        order = extra[np.argsort(-task.cost[extra], kind="stable")]
        spent = float(task.cost[extra].sum())
        if improve(order, reach, field_, held, task.cost, task.hidden) <= LITTLE * spent:
            break
    told = _told(task, asked, field_, held)
    return Pattern(price == 0.0, tuple(asked[held.counts == 0].tolist()), told)


class _Moves:
    """The moves of every member that an asked cell has, as flat arrays: move `m` touches the members
    `start[m]:start[m+1]`, at offsets `off` with `sign`. For each asked cell and dimension the moves are
    `lows:highs`, the first up to `nears` among members of the same total."""

    def __init__(self, table: Table, asked: Ints) -> None:
        shape = table.values.shape
        at = np.unravel_index(asked, shape)
        start, off, sign = [0], [np.zeros(0, np.int64)], [np.zeros(0)]
        ends = np.zeros((3, len(asked), 4), np.int64)
        for i, d in enumerate(table.dimensions):
            others = tuple(a for a in range(len(shape)) if a != i)
            lattice = Lattice(d, table.values.sum(axis=others))
            stride = int(np.prod(shape[i + 1 :]))
            span = np.zeros((3, len(d.members)), np.int64)
            for member in np.unique(at[i]).tolist():
                wide = lattice.of(member)[1]
                rows, columns = np.nonzero(wide.signs)
                low = len(start) - 1
                start.extend((start[-1] + np.cumsum(np.bincount(rows, minlength=len(wide.signs)))).tolist())
                off.append(wide.members[columns] * stride)
                sign.append(wide.signs[rows, columns])
                high = len(start) - 1
                span[:, member] = low, high if high - low <= FEW else low + wide.near, high
            ends[:, :, i] = span[:, at[i]]
        for i in range(len(shape), 4):
            ends[:, :, i] = np.array([0, 1, 1])[:, None] + len(start) - 1
        start.append(start[-1] + 1)
        off.append(np.zeros(1, np.int64))
        sign.append(np.ones(1))
        self.start, self.off, self.sign = np.array(start), np.concatenate(off), np.concatenate(sign)
        self.lows, self.nears, self.highs = (np.ascontiguousarray(e) for e in ends)


def _told(task: Task, asked: Ints, f: kernel.Field, held: kernel.Held) -> dict[int, Proof]:
    s = kernel.slate()
    found = {}
    for i, cell in enumerate(asked.tolist()):
        proof = Proof()
        for j in range(int(held.counts[i])):
            k = kernel.cells_of(held.picks[i, j], f, s.cells, s.signs)
            amount = float(held.amounts[i, j])
            for by in (amount,) if amount else (float(task.up[cell]), -float(task.down[cell])):
                if by:
                    proof.add(s.cells[:k].copy(), s.signs[:k].copy(), by)
        if proof.cells:
            found[cell] = proof
    return found
