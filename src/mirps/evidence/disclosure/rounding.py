"""Controlled rounding, where a table must stay full: every cell to a multiple of a base, and still adding up.
Pure.

Each cell goes to the multiple below or above (a multiple stays), as near to the truth as additivity allows
(Cox, 1987), by a 0-1 program; where none exists within one step, cells may go a step further, and the result
says by how much at most."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from mirps.evidence.disclosure.attack import quiet
from mirps.evidence.disclosure.tables import Floats, Table

STEPS = 4


@dataclass(frozen=True)
class Rounded:
    """`furthest`: the greatest distance of a shown value from the true one."""

    values: Floats
    base: int
    furthest: float


def controlled(table: Table, base: int, *, seconds: float = 60.0) -> Rounded:
    """Raises ArithmeticError where no additive rounding was found."""
    v = table.values.ravel()
    below = np.floor(v / base + 1e-9)
    for steps in range(STEPS):
        units = _solved(
            table, v / base, np.maximum(below - steps, 0), np.ceil(v / base - 1e-9) + steps, seconds
        )
        if units is not None:
            shown = units * base
            return Rounded(shown.reshape(table.values.shape), base, float(np.abs(shown - v).max(initial=0)))
    raise ArithmeticError("no additive rounding was found")


def _solved(table: Table, exact: Floats, low: Floats, high: Floats, seconds: float) -> Floats | None:
    """Whole units between `low` and `high` that add up, with the least sum of squares (a whole step is
    linear between neighbours)."""
    e, n = table.equations, len(exact)
    # u = low + sum of unit steps; step k costs what it takes the square of the distance from and to.
    widths = (high - low).astype(np.int64)
    owner = np.repeat(np.arange(n), widths)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(widths) - widths, widths)
    at = low[owner] + step
    cost = (at + 1 - exact[owner]) ** 2 - (at - exact[owner]) ** 2
    by_cell: list[list[int]] = [[] for _ in range(n)]
    for column, cell in enumerate(owner.tolist()):
        by_cell[cell].append(column)
    start: list[int] = [0]
    index: list[int] = []
    sign: list[float] = []
    for i in range(e.count):
        for c, s in zip(
            e.cells[e.start[i] : e.start[i + 1]].tolist(),
            e.signs[e.start[i] : e.start[i + 1]].tolist(),
            strict=True,
        ):
            index += by_cell[c]
            sign += [float(s)] * len(by_cell[c])
        start.append(len(index))
    rest = -np.bincount(e.rows, low[e.cells] * e.signs, e.count).astype(np.float64)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(owner), e.count
    lp.col_cost_ = cost
    lp.col_lower_, lp.col_upper_ = np.zeros(len(owner)), np.ones(len(owner))
    lp.row_lower_ = lp.row_upper_ = rest
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(start, np.int32)
    lp.a_matrix_.index_ = np.array(index, np.int32)
    lp.a_matrix_.value_ = np.array(sign)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(owner)
    solver = quiet()
    solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("mip_rel_gap", 0.01)
    solver.passModel(lp)
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        return None
    chosen = np.round(np.asarray(solver.getSolution().col_value))
    return np.asarray(low + np.bincount(owner, chosen, n), np.float64)
