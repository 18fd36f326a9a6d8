"""The attacker's audit: how far each hidden cell can lie from its value, given everything public. Pure.

A table that differs from the true one and shows the same is a witness: it proves for all cells at once how far
they can lie. So witnesses are gathered (from the suppression itself, each checked by adding it up; and from
linear programs that push many cells apart together), and only what no witness proves is asked for by two linear
programs of its own. What fails has been proved to fail. Beyond three dimensions the programs are asked for a
sample where the table is large, and the report says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from mirps.evidence.disclosure.attack import FAR, Attacker, Linked, linked
from mirps.evidence.disclosure.tables import Equations, Flags, Floats, Ints
from mirps.evidence.disclosure.witnesses import Witnesses, reached

NEAR = 1e-6
#: Linear programs that push all cells of a part apart at once, before single ones are asked.
TOGETHER = 8


@dataclass(frozen=True)
class Secret:
    """What is audited: cells (of one table or of several releases at once), the sums that tie them, which are
    hidden, and how far from its value an attacker's bounds on each must at least lie."""

    values: Floats
    equations: Equations
    hidden: Flags
    up: Floats
    down: Floats

    @property
    def asked(self) -> Ints:
        return np.flatnonzero((self.up > 0) | (self.down > 0))


@dataclass(frozen=True)
class Narrow:
    """A cell that can be worked out too closely: the attacker's bounds, and those asked for."""

    cell: int
    low: float
    high: float
    asked_low: float
    asked_high: float


@dataclass
class Audit:
    """`asked`: cells with something asked; `programs`: linear programs solved; `sampled`: how many of the cells
    that no witness proved were looked at (None: all). `seen_low`, `seen_high`: bounds that were reached, so an
    attacker's are at least as wide. `exact`: whether these are the attacker's very bounds."""

    asked: int
    narrow: list[Narrow] = field(default_factory=list)
    by_witness: int = 0
    programs: int = 0
    sampled: int | None = None
    seen_low: Floats = field(default_factory=lambda: np.zeros(0))
    seen_high: Floats = field(default_factory=lambda: np.zeros(0))
    exact: bool = False

    @property
    def clean(self) -> bool:
        return not self.narrow


def audit(
    secret: Secret,
    *,
    witnesses: Witnesses | None = None,
    exact: bool = False,
    sample: int | None = None,
) -> Audit:
    """Every cell with something asked, or a `sample` of those that no witness proves. `exact`: the two programs
    for every hidden cell, so that the report has the attacker's own bounds."""
    n = len(secret.values)
    found = Audit(len(secret.asked), seen_low=np.zeros(n), seen_high=np.zeros(n), exact=exact, sampled=sample)
    open_cells = secret.hidden & ((secret.up > 0) | (secret.down > 0))
    for c in secret.asked[~secret.hidden[secret.asked]].tolist():  # shown although something was asked
        found.narrow.append(_narrow(secret, c, 0.0, 0.0))
    if witnesses is not None:
        found.seen_high, found.seen_low = reached(
            witnesses, secret.values, secret.hidden, secret.equations, NEAR
        )
    found.by_witness = int((_wide(secret, found) & open_cells).sum())
    waiting = np.flatnonzero(secret.hidden if exact else open_cells & ~_wide(secret, found))
    if sample is not None and len(waiting) > sample:
        waiting = np.random.default_rng(len(waiting)).choice(waiting, sample, replace=False)
    parts = linked(secret.equations, secret.hidden) if len(waiting) else []
    chosen = np.zeros(n, np.bool_)
    chosen[waiting] = True
    for part in parts:
        mine = part.cells[chosen[part.cells]]
        if len(mine):
            _ask(secret, part, mine, found, exact)
    found.narrow.sort(key=lambda x: x.cell)
    return found


def _wide(secret: Secret, found: Audit) -> Flags:
    return (found.seen_high >= secret.up - NEAR) & (found.seen_low >= secret.down - NEAR)


def _ask(secret: Secret, part: Linked, cells: Ints, found: Audit, exact: bool) -> None:
    attacker = Attacker(part, -secret.values[part.cells], np.full(len(part.cells), FAR))
    if not exact and len(cells) > 4:
        _together(secret, part, attacker, found)
        attacker.bound(-secret.values[part.cells], np.full(len(part.cells), FAR))
    for c in cells.tolist():
        column = int(np.searchsorted(part.cells, c))
        for way, seen, need in (
            (1.0, found.seen_high, secret.up),
            (-1.0, found.seen_low, secret.down),
        ):
            if exact or seen[c] < need[c] - NEAR:
                _seen(found, part, attacker.reach(column, way))
                found.programs += 1
        if found.seen_high[c] < secret.up[c] - NEAR or found.seen_low[c] < secret.down[c] - NEAR:
            found.narrow.append(_narrow(secret, c, float(found.seen_low[c]), float(found.seen_high[c])))


def _together(secret: Secret, part: Linked, attacker: Attacker, found: Audit) -> None:
    """Push all cells that wait apart at once, each no further than is asked, in directions that differ each time."""
    dice = np.random.default_rng(len(part.cells))
    values, up, down = secret.values[part.cells], secret.up[part.cells], secret.down[part.cells]
    asked = (up > 0) | (down > 0)
    attacker.bound(
        np.where(asked, -np.minimum(down, values), -values), np.where(asked, np.maximum(up, 1.0), FAR)
    )
    for _ in range(TOGETHER):
        high, low = found.seen_high[part.cells], found.seen_low[part.cells]
        rises, falls = high < up - NEAR, low < down - NEAR
        if not (rises | falls).any():
            return
        heads = dice.random(len(values)) < 0.5
        cost = np.where(rises & (heads | ~falls), 1 / np.maximum(up, 1), 0.0)
        cost = np.where(falls & (~heads | ~rises), -1 / np.maximum(down, 1), cost)
        _seen(found, part, attacker.best(cost))
        found.programs += 1


def _seen(found: Audit, part: Linked, moved: Floats) -> None:
    found.seen_high[part.cells] = np.maximum(found.seen_high[part.cells], moved)
    found.seen_low[part.cells] = np.maximum(found.seen_low[part.cells], -moved)


def _narrow(secret: Secret, c: int, low: float, high: float) -> Narrow:
    value = float(secret.values[c])
    return Narrow(c, value - low, value + high, value - float(secret.down[c]), value + float(secret.up[c]))


def told(found: Audit, secret: Secret, cells: Iterable[int]) -> list[tuple[int, float, float]]:
    """The bounds that were reached, for a report: cell, least, most."""
    v = secret.values
    return [(c, float(v[c] - found.seen_low[c]), float(v[c] + found.seen_high[c])) for c in cells]
