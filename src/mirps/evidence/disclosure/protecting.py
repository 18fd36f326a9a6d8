"""A table in, a table that may be published out, with the audit that proves it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from mirps.evidence.disclosure.audit import Audit, Secret, audit
from mirps.evidence.disclosure.optimal import optimum
from mirps.evidence.disclosure.patterns import Task, pattern
from mirps.evidence.disclosure.releases import Joined, Release, joined, marked_again
from mirps.evidence.disclosure.repair import repair
from mirps.evidence.disclosure.rules import Marked, Rules, Stricter, Why, mark
from mirps.evidence.disclosure.tables import Flags, Floats, Ints, Table
from mirps.evidence.disclosure.witnesses import Witnesses

#: Cells up to which the cheapest choice is looked for, and seconds that it may take.
FITS, SECONDS = 600, 20.0
ROUNDS = 30
#: Dimensions beyond which unproven cells are asked by sample, where a table has more cells than this.
SAMPLED_BEYOND, LARGE, SAMPLE = 3, 20_000, 2_000
#: Largest number of cells over which a repair looks freely; beyond, around the cell.
AROUND = 20_000


class Method(StrEnum):
    AUTO = "auto"
    OPTIMAL = "optimal"
    MOVES = "moves"


class Cost(StrEnum):
    """What hiding a cell for others costs: as many cells as needed, as few people, or between the two."""

    CELLS = "cells"
    PEOPLE = "people"
    BETWEEN = "between"


@dataclass(frozen=True)
class Protected:
    """`why`: why each cell is hidden (those not in it are shown). `hopeless`: cells that cannot be protected;
    such a table is refused. `optimal`: no choice costs less."""

    table: Table
    rules: Rules
    hidden: Flags
    why: Mapping[int, Why]
    marked: Marked
    audit: Audit
    cost: float
    optimal: bool
    hopeless: tuple[int, ...]
    exempt: bool = False

    @property
    def refused(self) -> bool:
        return bool(self.hopeless) or not (self.audit.clean or self.exempt)

    def release(self) -> Release:
        """What must be kept, so that the next table does not undo this one."""
        withheld = np.zeros(len(self.hidden), np.bool_)
        withheld[[c for c, why in self.why.items() if why is Why.WITHHELD]] = True
        return Release(self.table, self.hidden, self.marked.up, self.marked.down, withheld)


def costs(values: Floats, cost: Cost) -> Floats:
    if cost is Cost.CELLS:
        return np.ones(len(values))
    return 1 + values if cost is Cost.PEOPLE else 1 + np.log2(1 + values)


def protect(
    table: Table,
    rules: Rules,
    *,
    earlier: Sequence[Release] = (),
    stricter: Stricter = (),
    withheld: Flags | None = None,
    public: Flags | None = None,
    most: Floats | None = None,
    method: Method = Method.AUTO,
    cost: Cost = Cost.BETWEEN,
    exempt: bool = False,
    exact: bool = False,
) -> Protected:
    """`stricter`: cells to which other rules apply. `withheld`: cells that are not published at all, and must not be
    worked out where they are small (what lies between two periods). `public`: cells that stood in a document before
    anything was protected; everybody knows them, and nothing is asked of them. `most`: what a cell can be at most
    because of them; nobody can be kept from knowing that. `exempt`: the whole table is so.
    `exact`: the audit gives an attacker's bounds for every hidden cell. All flags are flat."""
    marked, known = marked_again(table, mark(table, rules, stricter), earlier)
    if public is not None:
        known, marked = known | public, _asking_nothing(marked, public)
    if most is not None:
        marked = replace(marked, up=np.minimum(marked.up, np.maximum(most - table.values.ravel(), 0.0)))
    whole = joined(table, marked, known, earlier)
    if exempt:
        shown = np.zeros(table.values.size, np.bool_)
        found = audit(whole.secret(shown))
        return Protected(table, rules, shown, {}, marked, found, 0.0, False, (), True)
    price = costs(table.values.ravel(), cost)
    open_before = tuple(np.flatnonzero(known & ((marked.up > 0) | (marked.down > 0))).tolist())
    apart = np.zeros(len(known), np.bool_) if withheld is None else withheld & ~known
    hidden0 = (marked.hidden & ~known) | apart
    up, down = np.where(known, 0.0, marked.up), np.where(known, 0.0, marked.down)
    fixed = known | ~table.collected.ravel()
    task = Task(table, hidden0, up, down, fixed, price)
    hidden, witnesses, optimal = _chosen(task, method, bool(earlier))
    hidden, found, hopeless = _settled(whole, task, hidden, witnesses, exact)
    why = {
        c: Why.WITHHELD if apart[c] else marked.why.get(c, Why.OTHERS)
        for c in np.flatnonzero(hidden).tolist()
    }
    spent = float(price[hidden & ~hidden0].sum())
    return Protected(
        table, rules, hidden, why, marked, found, spent, optimal and not hopeless,
        tuple(sorted({*hopeless, *open_before})),
    )  # fmt: skip


def _asking_nothing(marked: Marked, cells: Flags) -> Marked:
    why = {c: w for c, w in marked.why.items() if not cells[c]}
    up, down = np.where(cells, 0.0, marked.up), np.where(cells, 0.0, marked.down)
    return Marked(why, marked.hidden & ~cells, up, down, marked.threshold)


def _chosen(task: Task, method: Method, releases: bool) -> tuple[Flags, Witnesses | None, bool]:
    small = task.table.values.size <= FITS and not releases
    if method is Method.OPTIMAL or (method is Method.AUTO and small):
        try:
            best = optimum(task, seconds=SECONDS)
        except ArithmeticError:  # nothing protects every cell: the others are, and the audit names these
            best = None
        if best is not None and best.proven:
            return best.hidden, None, not releases
    found = pattern(task)
    return found.hidden, found.witnesses, False


def _settled(
    whole: Joined, task: Task, hidden: Flags, witnesses: Witnesses | None, exact: bool
) -> tuple[Flags, Audit, tuple[int, ...]]:
    """Audit, hide more where a cell is too narrow, and audit again, until nothing is left or nothing helps."""
    n = len(hidden)
    size = len(whole.values)
    sample = SAMPLE if task.table.values.ndim > SAMPLED_BEYOND and size > LARGE else None
    fixed = np.concatenate([task.fixed, np.ones(size - n, np.bool_)])
    cost = np.concatenate([task.cost, np.zeros(size - n)])
    found = audit(whole.secret(hidden), witnesses=witnesses, sample=sample)
    hopeless: tuple[int, ...] = ()
    for _ in range(ROUNDS):
        if found.clean or hopeless:
            break
        secret = whole.secret(hidden)
        around = None if size <= AROUND else [_around(task.table, x.cell, secret) for x in found.narrow]
        mended = repair(secret, found, fixed=fixed, cost=cost, around=around)
        hopeless = mended.hopeless
        hidden = mended.hidden[:n]
        found = audit(whole.secret(hidden), witnesses=witnesses, sample=sample)
    if exact:
        found = audit(whole.secret(hidden), exact=True, sample=sample)
    return hidden, found, hopeless


def _around(table: Table, cell: int, secret: Secret) -> Ints:
    """The cells of the same sums, their sums and theirs, in every dimension at once."""
    if cell >= table.values.size:
        return np.arange(len(secret.values))
    sides = []
    for d, at in zip(table.dimensions, np.unravel_index(cell, table.values.shape), strict=True):
        near = {int(at)}
        for _ in range(2):
            for s in d.sums:
                if s.total in near or near & set(s.parts):
                    near |= {s.total, *s.parts}
            if len(near) > 60:
                break
        sides.append(sorted(near))
    return np.ravel_multi_index(np.ix_(*sides), table.values.shape).ravel().astype(np.int64)
