"""What somebody who knows everything public can work out of what is hidden, by linear programs (HiGHS). Pure.

The attacker knows the hidden cells' sums and that nothing counts less than zero; the programs speak of how far
each cell can lie from its true value."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from mirps.evidence.disclosure.tables import Equations, Flags, Floats, Ints

FAR = 1e7  # "no bound": further than any need


@dataclass
class Linked:
    """Hidden cells tied by equations, as one linear program. `cells`: which; rows in compressed form."""

    cells: Ints
    start: Ints
    columns: Ints
    signs: Floats


def linked(equations: Equations, hidden: Flags) -> list[Linked]:
    """The hidden cells, apart where no equation ties them. One alone in an equation is there too: it is fixed."""
    mine = hidden[equations.cells]
    rows, cells, signs = equations.rows[mine], equations.cells[mine], equations.signs[mine].astype(np.float64)
    group = _groups(rows, cells, len(hidden), equations.count)
    every = np.flatnonzero(hidden)
    order = every[np.argsort(group[every], kind="stable")]
    bounds = np.flatnonzero(np.diff(group[order])) + 1
    row_order = np.argsort(group[cells], kind="stable")
    of_row = group[cells][row_order]
    found = []
    for part in np.split(order, bounds):
        if not len(part):
            continue
        at = group[part[0]]
        entries = row_order[np.searchsorted(of_row, at) : np.searchsorted(of_row, at, side="right")]
        part = np.sort(part)
        _, sizes = np.unique(rows[entries], return_counts=True)
        start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        entries = entries[np.argsort(rows[entries], kind="stable")]
        found.append(Linked(part, start, np.searchsorted(part, cells[entries]), signs[entries]))
    return found


def everything(equations: Equations, count: int) -> Linked:
    """All cells as one program, tied or not."""
    every = np.arange(count, dtype=np.int64)
    return Linked(every, equations.start, equations.cells, equations.signs.astype(np.float64))


def _groups(rows: Ints, cells: Ints, count: int, equations: int) -> Ints:
    """The least cell that each cell is tied to, by passing the least along until nothing changes."""
    group = np.arange(count, dtype=np.int64)
    while len(rows):
        least = np.full(equations, count, np.int64)
        np.minimum.at(least, rows, group[cells])
        new = group.copy()
        np.minimum.at(new, cells, least[rows])
        new = new[new]
        if np.array_equal(new, group):
            break
        group = new
    return group


class Attacker:
    """One linear program over linked cells: `reach` asks for the furthest that a cell can lie."""

    def __init__(self, part: Linked, low: Floats, high: Floats) -> None:
        """`low`, `high`: how far each of the part's cells may lie from its value (low is not above 0)."""
        n, m = len(part.cells), len(part.start) - 1
        self.n = n
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = n, m
        lp.col_cost_ = np.zeros(n)
        lp.col_lower_, lp.col_upper_ = low, high
        lp.row_lower_ = lp.row_upper_ = np.zeros(m)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = part.start.astype(np.int32)
        lp.a_matrix_.index_ = part.columns.astype(np.int32)
        lp.a_matrix_.value_ = part.signs
        self.solver = quiet()
        self.solver.passModel(lp)
        self._all = np.arange(n, dtype=np.int32)

    def bound(self, low: Floats, high: Floats) -> None:
        self.solver.changeColsBounds(self.n, self._all, low, high)

    def best(self, cost: Floats) -> Floats:
        """The cells' distances that make the sum of `cost` times distance greatest."""
        self.solver.changeColsCost(self.n, self._all, -cost)
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self.solver.clearSolver()
            self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"linear program ended as {self.solver.getModelStatus()}")
        return np.asarray(self.solver.getSolution().col_value)

    def reach(self, column: int, way: float) -> Floats:
        cost = np.zeros(self.n)
        cost[column] = way
        return self.best(cost)

    def duals(self) -> Floats:
        """What one more unit of each cell's bound would give, after `best`."""
        return -np.asarray(self.solver.getSolution().col_dual)


def quiet() -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    return solver
