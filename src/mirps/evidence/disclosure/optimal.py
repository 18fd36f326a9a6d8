"""The cheapest secondary suppression there is, for tables that fit: a 0-1 program in which an attacker's linear
programs find what is still missing (Fischetti and Salazar-Gonzalez, 2000), solved by HiGHS. Pure.

The master chooses what to hide. For each cell to protect, the attacker's program tells how far it can go with
what the master hides; where that is less than asked, its dual is a cut that every good choice satisfies. Cuts
are first gathered on the linear relaxation, then on whole choices until none is violated."""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numpy as np

from mirps.evidence.disclosure.attack import FAR, Attacker, everything, quiet
from mirps.evidence.disclosure.patterns import Task
from mirps.evidence.disclosure.tables import Flags, Floats, Ints

ROUNDS = 400
NEAR = 1e-6


@dataclass(frozen=True)
class Optimum:
    """`bound`: no choice costs less. `proven`: the choice costs no more than that (within `gap`)."""

    hidden: Flags
    cost: float
    bound: float
    proven: bool
    cuts: int
    seconds: float


class _Master:
    def __init__(self, cost: Floats, fixed: Flags, hidden: Flags, seconds: float) -> None:
        n = len(cost)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = n, 0
        lp.col_cost_ = np.where(hidden, 0.0, cost)
        lp.col_lower_ = hidden.astype(np.float64)
        lp.col_upper_ = (~fixed | hidden).astype(np.float64)
        lp.a_matrix_.start_ = np.zeros(n + 1, np.int32)
        self.solver, self.n, self.cuts = quiet(), n, 0
        self.solver.setOptionValue("mip_rel_gap", 1e-4)
        self.solver.passModel(lp)
        self.until = time.monotonic() + seconds

    def cut(self, cells: Ints, by: Floats, least: float) -> None:
        self.solver.addRow(least, highspy.kHighsInf, len(cells), cells.astype(np.int32), by)
        self.cuts += 1

    def whole(self) -> None:
        kinds = np.full(self.n, int(highspy.HighsVarType.kInteger), np.uint8)
        self.solver.changeColsIntegrality(self.n, np.arange(self.n, dtype=np.int32), kinds)

    def solve(self) -> tuple[Floats, float] | None:
        left = self.until - time.monotonic()
        if left <= 0:
            return None
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + left)
        self.solver.run()
        if (
            self.solver.getModelStatus() == highspy.HighsModelStatus.kUnknown
        ):  # a basis gone bad: from the start
            self.solver.clearSolver()
            self.solver.run()
        info = self.solver.getInfo()
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise ArithmeticError("nothing that may be hidden protects what must be")
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        bound = (
            max(info.mip_dual_bound, -np.inf) if info.mip_node_count >= 0 else info.objective_function_value
        )
        # Within a solver's tolerance below nothing, a choice would leave the attacker no table at all.
        return np.clip(self.solver.getSolution().col_value, 0.0, 1.0), float(bound)


def optimum(task: Task, *, seconds: float = 60.0) -> Optimum:
    """The cheapest choice, or the best bound on it that was reached in time (then `hidden` is what was chosen
    last and may protect too little)."""
    began = time.monotonic()
    values = task.table.values.ravel()
    master = _Master(task.cost, task.fixed, task.hidden, seconds)
    _neighbours(task, master)
    whole_table = everything(task.table.equations, len(values))
    attacker = Attacker(whole_table, -values, np.full(len(values), FAR))
    bound, hidden, proven = 0.0, task.hidden.copy(), False
    for whole in (False, True):
        if whole:
            master.whole()
        for _ in range(ROUNDS):
            solved = master.solve()
            if solved is None:
                break
            chosen, bound = solved[0], max(bound, solved[1])
            if whole:
                chosen = np.round(chosen)
                hidden = chosen > 0.5
            if not _attacked(task, master, attacker, values, chosen):
                proven = whole
                break
    cost = float(task.cost[hidden & ~task.hidden].sum())
    return Optimum(hidden, cost, bound, proven, master.cuts, time.monotonic() - began)


def _neighbours(task: Task, master: _Master) -> None:
    """In each sum, whoever is hidden is not hidden alone: for what rules hide, at once."""
    e = task.table.equations
    for i in range(e.count):
        cells = e.cells[e.start[i] : e.start[i + 1]]
        asked = cells[task.hidden[cells]]
        if len(asked) == 1:
            if not (task.up[asked[0]] or task.down[asked[0]]):
                continue  # withheld, and may be known
            others = cells[cells != asked[0]]
            master.cut(others, np.ones(len(others)), 1.0)
        elif not len(asked):
            for c in cells:
                others = cells[cells != c]
                master.cut(np.append(others, c), np.append(np.ones(len(others)), -1.0), 0.0)


def _attacked(task: Task, master: _Master, attacker: Attacker, values: Floats, chosen: Floats) -> int:
    """Cuts for what can still be worked out; how many."""
    low, high = -values * chosen, FAR * chosen
    attacker.bound(low, high)
    added = 0
    done: dict[float, Flags] = {1.0: task.up <= 0, -1.0: task.down <= 0}
    for way, need in ((1.0, task.up), (-1.0, task.down)):
        for c in task.asked.tolist():
            if done[way][c]:
                continue
            at = attacker.reach(c, way)
            done[1.0] |= at >= task.up - NEAR
            done[-1.0] |= -at >= task.down - NEAR
            if way * at[c] >= need[c] - NEAR:
                continue
            duals = attacker.duals()
            by = np.where(duals > 0, duals * FAR, -duals * values)
            by = np.minimum(np.where(np.abs(duals) > 1e-9, by, 0.0), need[c])
            used = np.flatnonzero((by > 1e-7) & ~task.hidden)
            given = float(by[task.hidden].sum())
            if given < need[c] - 1e-9:
                cut_by = np.minimum(by[used], need[c] - given)
                master.cut(used, cut_by, need[c] - given)
                added += 1
    return added
