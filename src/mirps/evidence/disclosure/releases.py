"""What was published before: it is public still, and must not undo today's table, nor today's undo it. Pure.

A cell that stood in an earlier release with the same value is the same cell: shown once, it is known for ever;
hidden then, it stays hidden. One whose value was revised is a cell of its own in a table of its own, and where
the two differ by less than the threshold the difference is itself a small count. All releases are audited
together, so that sums across them (months to a year, running totals, regions drawn anew) are the attacker's
too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mirps.evidence.disclosure.audit import Secret
from mirps.evidence.disclosure.rules import Marked, Why
from mirps.evidence.disclosure.tables import Equations, Flags, Floats, Ints, Table


@dataclass(frozen=True)
class Release:
    """An earlier table as it was published: true values, what was hidden, and how far each had to be hidden.
    `withheld`: hidden cells that were no part of what was published, and may be one day."""

    table: Table
    hidden: Flags
    up: Floats
    down: Floats
    withheld: Flags | None = None


@dataclass(frozen=True)
class Joined:
    """This table's cells, then the earlier ones that are not the same. `known`: shown in some release."""

    values: Floats
    equations: Equations
    known: Flags
    up: Floats
    down: Floats

    def secret(self, hidden: Flags) -> Secret:
        """`hidden`: of this table's cells."""
        n = len(hidden)
        whole = ~self.known
        whole[:n] &= hidden
        return Secret(self.values, self.equations, whole, self.up, self.down)


def same_cells(table: Table, earlier: Release) -> Ints:
    """For each earlier cell its place in this table, or -1: by the names of its members."""
    places = []
    for was in earlier.table.dimensions:
        now = next((d for d in table.dimensions if d.name == was.name), None)
        places.append(np.array([now.position.get(m, -1) if now else -1 for m in was.members], np.int64))
    if {d.name for d in table.dimensions} != {d.name for d in earlier.table.dimensions}:
        return np.full(earlier.table.values.size, -1, np.int64)
    names = [d.name for d in earlier.table.dimensions]
    strides = dict(zip((d.name for d in table.dimensions), _strides(table.values.shape), strict=True))
    found = np.zeros(1, np.int64)
    lost = np.zeros(1, np.bool_)
    for name, at in zip(names, places, strict=True):
        found = (found[:, None] + at * strides[name]).ravel()
        lost = (lost[:, None] | (at < 0)).ravel()
    return np.where(lost, -1, found)


def _strides(shape: Sequence[int]) -> list[int]:
    return [int(np.prod(shape[i + 1 :])) for i in range(len(shape))]


def marked_again(table: Table, marked: Marked, earlier: Sequence[Release]) -> tuple[Marked, Flags]:
    """What the rules ask in view of earlier releases, and which cells everybody knows already."""
    v = table.values.ravel()
    why: dict[int, Why] = dict(marked.why)
    hidden, up, down = marked.hidden.copy(), marked.up.copy(), marked.down.copy()
    known = np.zeros(len(v), np.bool_)
    for release in earlier:
        at = same_cells(table, release)
        mine = np.flatnonzero(at >= 0)
        cells, was = at[mine], release.table.values.ravel()[mine]
        apart = np.abs(v[cells] - was)
        near = apart < marked.threshold[cells]
        small = (apart > 0) & near
        shown = ~release.hidden[mine]
        known[cells[shown & (apart == 0)]] = True
        for c in cells[small & shown].tolist():
            why.setdefault(c, Why.REVISION)
            up[c], down[c] = max(up[c], 1.0), max(down[c], min(1.0, v[c]))
        stays = ~shown & near
        if release.withheld is not None:
            stays &= ~release.withheld[mine]
        for c in cells[stays].tolist():
            why.setdefault(c, Why.EARLIER)
        same = ~shown & (apart == 0)
        np.maximum.at(up, cells[same], release.up[mine][same])
        np.maximum.at(down, cells[same], release.down[mine][same])
        hidden[cells[(small & shown) | stays]] = True
    return Marked(why, hidden, up, down, marked.threshold), known


def joined(table: Table, marked: Marked, known: Flags, earlier: Sequence[Release]) -> Joined:
    """One secret of all releases."""
    values, up, down, public = [table.values.ravel()], [marked.up], [marked.down], [known]
    systems = [table.equations]
    count = table.values.size
    for release in earlier:
        v = release.table.values.ravel()
        at = same_cells(table, release)
        same = (at >= 0) & (values[0][np.maximum(at, 0)] == v)
        where = np.where(same, at, -1)
        own = np.flatnonzero(~same)
        where[own] = count + np.arange(len(own))
        count += len(own)
        values.append(v[own])
        up.append(release.up[own])
        down.append(release.down[own])
        public.append(~release.hidden[own])
        e = release.table.equations
        systems.append(Equations(e.start, where[e.cells], e.signs))
    return Joined(
        np.concatenate(values), _stacked(systems), np.concatenate(public), np.concatenate(up), np.concatenate(down)
    )  # fmt: skip


def _stacked(systems: Sequence[Equations]) -> Equations:
    start: list[Ints] = [np.zeros(1, np.int64)]
    for e in systems:
        start.append(e.start[1:] + start[-1][-1])
    return Equations(
        np.concatenate(start),
        np.concatenate([e.cells for e in systems]),
        np.concatenate([e.signs for e in systems]),
    )
