"""What some rows change in the cubes of a group, all margins with it. Arrays in, arrays out; pure.

The same as planning's statements over rows that weigh 1 or -1, for the few rows of a day: there a statement's own
costs, seven or eight a group, are more than all the work. A property test holds both to the same cells.

Members are numbers here, those of `Members`; a day is counted from 1970. The key of a cell is one number, made of its
members' like the digits of a place-value system, so that a margin is an addition and equal cells meet by one sort.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mirps.evidence.figures.rules import NOT_COLLECTED, TOTAL, UNKNOWN
from mirps.evidence.indicators import model as m
from mirps.evidence.indicators.model import Grain, Kind, Over, Where
from mirps.evidence.indicators.planning import Group, Parents, Span, numbers

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Rows = NDArray[Any]  # of the types in ROWS
#: No day: earlier than any.
ABSENT = -(2**31)
_EPOCH = date(1970, 1, 1).toordinal()


def _row(columns: Sequence[str]) -> np.dtype[Any]:
    types = {
        **dict.fromkeys(m.DIMENSIONS, "<u2"),
        **dict.fromkeys((*m.MILESTONES, "happened"), "<i4"),
        **dict.fromkeys(("people", "missed"), "<i2"),
    }
    return np.dtype([(c, types[c]) for c in columns if c in types])


#: What of a layer's row bears on sums.
ROWS = {Over.CASES: _row(m.CASES_COLUMNS), Over.ACTS: _row(m.ACTS_COLUMNS)}


class Members:
    """The numbers of each dimension's members, in the order in which they first came. The total is 0."""

    def __init__(self, known: Mapping[str, Sequence[str]] | None = None) -> None:
        self._codes = {d: {TOTAL: 0} for d in m.DIMENSIONS}
        for d, members in (known or {}).items():
            self._codes[d] = {member: n for n, member in enumerate(members)}

    def code(self, dimension: str, member: str) -> int:
        codes = self._codes[dimension]
        return codes.setdefault(member, len(codes))

    def codes(self, dimension: str, found: Sequence[str]) -> list[int]:
        for member in sorted(set(found)):
            self.code(dimension, member)
        return list(map(self._codes[dimension].__getitem__, found))

    def of(self, dimension: str) -> list[str]:
        """By their numbers."""
        return list(self._codes[dimension])


def day_number(day: date) -> int:
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    return date.fromordinal(_EPOCH + number)


def cell_type(g: Group) -> np.dtype[Any]:
    """A cell's row: its period (ABSENT: the whole), members, days, and the group's numbers: half as much to write as
    in eight bytes, and no day changes a cell by two thousand million."""
    types = {"period": "<i4", "days": "<i4"}
    return np.dtype([*((k, types.get(k, "<u2")) for k in g.keys), *((c, "<i4") for c in g.columns)])


def change(g: Group, rows: Rows, weight: Ints, members: Members, parents: Parents, span: Span) -> Rows | None:
    """The cells of the group, all margins among them, that rows of these weights change; None where nothing does."""
    held = _held(g, rows, span)
    rows, weight = rows[held], weight[held]
    digits = _digits(g, rows, members, parents)
    cube = _Cube(g, digits, _numbers(g, rows, weight, members, span))
    if not len(cube.keys):
        return None
    for d in g.dimensions:
        _margins(cube, g, d, members, parents.get(d, {}))
    if g.grain is not Grain.NONE:
        cube.roll("period", np.zeros(cube.sizes["period"], np.int64))
    return cube.cells()


class _Cube:
    """Cells while their margins are taken: one key each, and the group's numbers in columns. The sizes' product is
    far below 2 ** 63: of a day there are few periods, and few days of a histogram."""

    def __init__(self, g: Group, digits: Mapping[str, tuple[Ints, int, Ints | None]], numbers: Ints) -> None:
        self.group, self.digits = g, digits
        self.sizes = {name: size for name, (_, size, _) in digits.items()}
        self.strides: dict[str, int] = {}
        stride = 1
        for name, size in self.sizes.items():
            self.strides[name] = stride
            stride *= size
        if stride >= 2**63:
            raise OverflowError(g.name)
        keys = np.zeros(len(numbers), np.int64)
        for name, (codes, _, _) in digits.items():
            keys += codes * self.strides[name]
        self.keys, self.numbers = self._there(*_summed(keys, numbers))

    def roll(self, name: str, becomes: Ints, only: Mask | None = None) -> None:
        """Cells in which this member becomes another (below 0: does not), beside those there are."""
        codes = self.of(name)
        new = becomes[codes]
        chosen = new >= 0 if only is None else (new >= 0) & only
        moved = self.keys[chosen] + (new[chosen] - codes[chosen]) * self.strides[name]
        keys, numbers = _summed(moved, self.numbers[chosen])
        self.keys = np.concatenate((self.keys, keys))
        self.numbers = np.concatenate((self.numbers, numbers))

    def of(self, name: str) -> Ints:
        found: Ints = self.keys // self.strides[name] % self.sizes[name]
        return found

    def cells(self) -> Rows:
        self.keys, self.numbers = self._there(self.keys, self.numbers)
        if np.abs(self.numbers).max(initial=0) >= 2**31:
            raise OverflowError(self.group.name)
        out = np.empty(len(self.keys), cell_type(self.group))
        for name, (_, _, stands_for) in self.digits.items():
            codes = self.of(name)
            out[name] = codes if stands_for is None else stands_for[codes]
        for n, column in enumerate(self.group.columns):
            out[column] = self.numbers[:, n]
        return out

    @staticmethod
    def _there(keys: Ints, numbers: Ints) -> tuple[Ints, Ints]:
        there = numbers.any(axis=1)
        return keys[there], numbers[there]


def _summed(keys: Ints, numbers: Ints) -> tuple[Ints, Ints]:
    """Each key once, with the sums of its numbers."""
    if not len(keys):
        return keys, numbers
    order = np.argsort(keys)
    keys = keys[order]
    firsts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[firsts], np.add.reduceat(numbers[order], firsts, axis=0)


def _margins(cube: _Cube, g: Group, dimension: str, members: Members, parents: Mapping[str, str]) -> None:
    """The margins of a dimension, as planning.margins takes them."""
    inner = next((i for i, outer in m.WITHIN.items() if outer == dimension and i in g.dimensions), "")
    total = np.zeros(cube.sizes[dimension], np.int64)
    if parents:
        within = dict(parents) | {f"{w}{UNKNOWN}": w for w in parents.values()}
        wholes = {*within.values(), UNKNOWN, NOT_COLLECTED}
        names = members.of(dimension)
        becomes = [members.code(dimension, within[n]) if n in within else -1 for n in names]
        cube.roll(dimension, np.array(becomes, np.int64))
        total = np.array([0 if n in wholes else -1 for n in names], np.int64)
        inner = ""
    cube.roll(dimension, total, cube.of(inner) == 0 if inner else None)


def _digits(
    g: Group, rows: Rows, members: Members, parents: Parents
) -> dict[str, tuple[Ints, int, Ints | None]]:
    """For each key of the group: the rows' digits, how many there can be, and what they stand for where it is not a
    member."""
    out: dict[str, tuple[Ints, int, Ints | None]] = {}
    if g.grain is not Grain.NONE:
        periods, codes = np.unique(_begins(g.grain, rows[g.at]), return_inverse=True)
        out["period"] = codes + 1, len(periods) + 1, np.concatenate(([ABSENT], periods))
    for d in g.dimensions:
        leaves = _leaves(d, members, parents.get(d, {}))
        out[d] = leaves[rows[d]], len(members.of(d)), None
    if g.days:
        days, codes = np.unique(rows[g.days[1]] - rows[g.days[0]], return_inverse=True)
        out["days"] = codes.astype(np.int64), max(1, len(days)), days.astype(np.int64)
    return out


def _leaves(dimension: str, members: Members, parents: Mapping[str, str]) -> Ints:
    """A member that is known only as its whole is a part of its own. Wholes get their numbers here too."""
    wholes = set(parents.values())
    for whole in sorted(wholes):
        members.code(dimension, whole)
        members.code(dimension, f"{whole}{UNKNOWN}")
    said = [f"{n}{UNKNOWN}" if n in wholes else n for n in members.of(dimension)]
    return np.array([members.code(dimension, n) for n in said], np.int64)


def _begins(grain: Grain, days: NDArray[np.int32]) -> Ints:
    """The first day of each day's period."""
    if grain is Grain.WEEK:
        found: Ints = (days.astype(np.int64) + 3) // 7 * 7 - 3  # 1970 began on a Thursday
        return found
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    months -= months % {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}[grain]
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _held(g: Group, rows: Rows, span: Span) -> Mask:
    """Rows that the group looks at at all."""
    first, last = day_number(span.first), day_number(span.last)
    held = np.ones(len(rows), bool)
    if g.members[0].kind is Kind.FLOW:
        held &= (rows[g.at] >= first) & (rows[g.at] <= last)
    if g.open:
        held &= _reached(rows[g.open[0]], last) & ~_reached(rows[g.open[1]], last)
    if g.days:
        held &= (rows[g.days[0]] != ABSENT) & (rows[g.days[0]] <= rows[g.days[1]])
    return held


def _numbers(g: Group, rows: Rows, weight: Ints, members: Members, span: Span) -> Ints:
    """The group's numbers in columns."""
    found: dict[str, Ints] = {}
    for i in g.members:
        said = [_holds(i.where, rows, members, day_number(span.last))]
        if i.of is not None:
            said.insert(0, said[0] & _holds(i.of, rows, members, day_number(span.last)))
        each = rows[i.counts.value] * weight if i.counts in m.ADDED else weight
        for sql, holds in zip(numbers(i, span), said, strict=True):
            found[sql] = np.where(holds, each, 0)
    return np.stack([found[sql] for sql in g.numbers], axis=1)


def _holds(where: Where, rows: Rows, members: Members, last: int) -> Mask:
    held = np.ones(len(rows), bool)
    for column, among in where.among.items():
        held &= np.array([n in among for n in members.of(column)])[rows[column]]
    for column in where.reached:
        held &= _reached(rows[column], last)
    for column in where.lacking:
        held &= ~_reached(rows[column], last)
    for column, least in where.least.items():
        held &= rows[column] >= least
    return held


def _reached(days: NDArray[np.int32], last: int) -> Mask:
    found: Mask = (days != ABSENT) & (days <= last)
    return found
