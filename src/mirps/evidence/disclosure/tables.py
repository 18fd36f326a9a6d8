"""A table as disclosure control sees it: every cell of a cube over hierarchies, with the sums that tie them.

A dimension has members and sums (a total and its parts; a member may be the total of several sums, so that two
ways of grouping, or months, running totals and years, stand side by side). A cell is one member of each
dimension; all cells stand in one array, margins included. Pure: no Django, no files, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sum:
    """`total` is the sum of `parts`; all of them positions in the dimension's members."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Dimension:
    name: str
    members: tuple[str, ...]
    sums: tuple[Sum, ...]

    @cached_property
    def position(self) -> Mapping[str, int]:
        return {m: i for i, m in enumerate(self.members)}

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        totals = {s.total for s in self.sums}
        return tuple(i for i in range(len(self.members)) if i not in totals)

    @cached_property
    def upward(self) -> tuple[Sum, ...]:
        """The sums, each after those that its parts are totals of."""
        by_total: dict[int, list[Sum]] = {}
        for s in self.sums:
            by_total.setdefault(s.total, []).append(s)
        done: list[Sum] = []
        state = dict.fromkeys(by_total, 0)
        for first in by_total:
            stack = [first]
            while stack:
                at = stack[-1]
                below = [p for s in by_total[at] for p in s.parts if state.get(p, 2) == 0]
                state[at] = 1
                if below:
                    stack.extend(below)
                    continue
                stack.pop()
                if state[at] == 1:
                    state[at] = 2
                    done.extend(by_total[at])
        return tuple(done)


def tree(name: str, parents: Mapping[str, str]) -> Dimension:
    """A dimension of one total over groups: `parents` says above each member which one stands ('' for the top)."""
    members = tuple(parents)
    where = {m: i for i, m in enumerate(members)}
    parts: dict[int, list[int]] = {}
    for child, parent in parents.items():
        if parent:
            parts.setdefault(where[parent], []).append(where[child])
    return Dimension(name, members, tuple(Sum(t, tuple(p)) for t, p in parts.items()))


def flat(name: str, members: Sequence[str], total: str = "_T") -> Dimension:
    """A dimension of leaves and their total."""
    return tree(name, {total: ""} | dict.fromkeys(members, total))


@dataclass(frozen=True)
class Table:
    """`values` over all members of each dimension. `collected` is False where a cell was never asked for: it
    counts as nothing, and everybody knows. For magnitudes, `first` and `second` are the two largest
    contributions to each cell and `givers` how many there are."""

    dimensions: tuple[Dimension, ...]
    values: Floats
    collected: Flags
    extra: Mapping[str, Floats] = field(default_factory=dict)

    @cached_property
    def equations(self) -> Equations:
        return equations(self.dimensions)

    def key(self, cell: int) -> tuple[str, ...]:
        at = np.unravel_index(cell, self.values.shape)
        return tuple(d.members[int(i)] for d, i in zip(self.dimensions, at, strict=True))


@dataclass(frozen=True)
class Equations:
    """Signed sums over cells in one array: equation i is `cells[start[i]:start[i+1]]` with `signs` (+1 for the
    total, -1 for each part), and comes to zero."""

    start: Ints
    cells: Ints
    signs: NDArray[np.int8]

    @property
    def count(self) -> int:
        return len(self.start) - 1

    @cached_property
    def rows(self) -> Ints:
        return np.repeat(np.arange(self.count, dtype=np.int64), np.diff(self.start))

    @cached_property
    def by_cell(self) -> tuple[tuple[Ints, Ints], NDArray[np.int8]]:
        """For each cell, where its equations begin; the equations; and its signs in them."""
        order = np.argsort(self.cells, kind="stable")
        most = int(self.cells.max()) + 2 if len(self.cells) else 1
        begins = np.searchsorted(self.cells[order], np.arange(most)).astype(np.int64)
        return (begins, self.rows[order]), self.signs[order]


def equations(dimensions: Sequence[Dimension]) -> Equations:
    shape = [len(d.members) for d in dimensions]
    every = np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
    sizes, cells, signs = [], [], []
    for axis, d in enumerate(dimensions):
        lines = np.moveaxis(every, axis, 0).reshape(shape[axis], -1)
        for s in d.sums:
            block = lines[[s.total, *s.parts]].T
            sizes.append(np.full(len(block), block.shape[1], np.int64))
            cells.append(block.ravel())
            sign = np.full(block.shape[1], -1, np.int8)
            sign[0] = 1
            signs.append(np.tile(sign, len(block)))
    if not sizes:
        empty: Any = np.zeros(0, np.int64)
        return Equations(np.zeros(1, np.int64), empty, empty.astype(np.int8))
    start = np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.int64)
    return Equations(start, np.concatenate(cells), np.concatenate(signs))


def with_margins(dimensions: Sequence[Dimension], values: Floats) -> Floats:
    """All margins computed from the leaves, in place."""
    for axis, d in enumerate(dimensions):
        lines = np.moveaxis(values, axis, 0)
        for s in d.upward:
            lines[s.total] = lines[list(s.parts)].sum(axis=0)
    return values


def table(dimensions: Sequence[Dimension], leaves: Floats, **extra: Floats) -> Table:
    """A whole table from an array in which only the cells of leaves are filled."""
    values = with_margins(dimensions, leaves.astype(np.float64))
    return Table(tuple(dimensions), values, np.ones(values.shape, np.bool_), extra)
