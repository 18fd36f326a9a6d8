"""What the ways did not protect: by linear programs, until the audit leaves nothing. Pure.

For a cell that is too narrow, the cheapest change of the whole table around it that takes the cell as far as is
asked (Kelly, Golden and Assad, 1992): whatever it touches is hidden too. It exists wherever hiding everything
that may be hidden would protect the cell; where not, the cell is named and the release refused."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from mirps.evidence.disclosure.attack import FAR, quiet
from mirps.evidence.disclosure.audit import NEAR, Audit, Secret
from mirps.evidence.disclosure.tables import Flags, Floats, Ints


@dataclass(frozen=True)
class Repaired:
    hidden: Flags
    hopeless: tuple[int, ...]


def repair(
    secret: Secret, found: Audit, *, fixed: Flags, cost: Floats, around: list[Ints] | None = None
) -> Repaired:
    """`around`: for each narrow cell the cells that may be used (None: any)."""
    hidden = secret.hidden.copy()
    hopeless = []
    for i, narrow in enumerate(found.narrow):
        c = narrow.cell
        if fixed[c] and not hidden[c]:
            hopeless.append(c)
            continue
        near = np.arange(len(hidden)) if around is None else around[i]
        usable = near[~fixed[near] | hidden[near]]
        for way, need in ((1.0, float(secret.up[c])), (-1.0, float(secret.down[c]))):
            if need <= 0:
                continue
            touched = _cheapest(secret, c, way * need, usable, np.where(hidden, 0.0, cost))
            if touched is None:
                hopeless.append(c)
                break
            hidden[touched] = True
    return Repaired(hidden, tuple(hopeless))


def _cheapest(secret: Secret, c: int, move: float, usable: Ints, cost: Floats) -> Ints | None:
    """The cells of the cheapest change in which cell `c` moves by `move`; None where there is none."""
    e = secret.equations
    column = np.full(len(secret.values), -1, np.int64)
    column[usable] = np.arange(len(usable))
    mine = column[e.cells] >= 0
    rows, at, signs = e.rows[mine], column[e.cells[mine]], e.signs[mine].astype(np.float64)
    names, rows = np.unique(rows, return_inverse=True)
    n, price = len(usable), cost[usable] + 1e-6
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 2 * n, len(names)
    lp.col_cost_ = np.concatenate([price, price])
    low = np.zeros(2 * n)
    high = np.concatenate([np.full(n, FAR), secret.values[usable]])
    here = int(column[c])
    mover, other = (here, here + n) if move > 0 else (here + n, here)
    if abs(move) > high[mover] + NEAR:
        return None
    low[mover] = high[mover] = min(abs(move), high[mover])
    high[other] = 0.0
    lp.col_lower_, lp.col_upper_ = low, high
    lp.row_lower_ = lp.row_upper_ = np.zeros(len(names))
    both = np.concatenate([rows, rows])
    order = np.argsort(both, kind="stable")
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(both[order], np.arange(len(names) + 1)).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([at, at + n])[order].astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([signs, -signs])[order]
    solver = quiet()
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    amount = np.asarray(solver.getSolution().col_value)
    return np.asarray(usable[(amount[:n] + amount[n:]) > NEAR], np.int64)
