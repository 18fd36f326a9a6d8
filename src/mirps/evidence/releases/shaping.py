"""From leaves to a table of disclosure control: what is counted × period × breakdown, with every sum that is public.

The third dimension holds all breakdowns side by side (each alone, or crossed), as so many ways of adding up to one
total. What is in the table and is published by nobody (the pieces between two periods, rows that one indicator counts
and another does not, members outside the code lists) is withheld: it must not be worked out where it is small. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from mirps.evidence.disclosure.tables import Dimension, Flags, Sum, Table
from mirps.evidence.figures.rules import NOT_COLLECTED, TOTAL, UNKNOWN, canonical_dimensions
from mirps.evidence.indicators.families import Family
from mirps.evidence.indicators.leaves import Leaf, covering
from mirps.evidence.indicators.model import Indicator, Kind
from mirps.evidence.indicators.planning import Span
from mirps.evidence.releases.rules import members_of

#: What a whole has beside the members that are published.
REST = "~"
#: The whole of children in the code list of ages: they are held to stricter rules.
CHILDREN = "0-17"
WHAT, PERIOD, BREAKDOWN = "what", "period", "breakdown"


@dataclass(frozen=True)
class Tree:
    """A dimension's published members, each with its whole (`_T`: all). `parts`: whole -> members, with what is
    left over (`~`, `0-17~`) where anything is."""

    name: str
    above: Mapping[str, str]
    leftover: frozenset[str]

    @property
    def members(self) -> tuple[str, ...]:
        return (*self.above, *sorted(self.leftover))

    def whole_of(self, member: str) -> str:
        return (member[:-1] or TOTAL) if member.endswith(REST) else self.above[member]

    @property
    def parts(self) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        for member in self.members:
            out.setdefault(self.whole_of(member), []).append(member)
        return out

    def up(self, member: str) -> list[str]:
        """The member and everything that it is a part of, the total last."""
        line = [member]
        while line[-1] != TOTAL:
            line.append(self.whole_of(line[-1]))
        return line


def place(raw: str, above: Mapping[str, str]) -> str:
    """Where a row's own member stands: itself, or what is left over of its whole (a child of an age unknown)."""
    wholes = set(above.values())
    if raw in above:
        return raw + REST if raw in wholes else raw
    return REST


def trees(
    names: Sequence[str], leaves: Iterable[Leaf], above: Mapping[str, Mapping[str, str]]
) -> dict[str, Tree]:
    """Each dimension's tree. One without a code list has the members that occur."""
    held = list(leaves)
    out = {}
    for n, name in enumerate(names):
        seen = sorted({x.members[n] for x in held})
        known = above.get(name) or {c: TOTAL for c in seen if c != NOT_COLLECTED}
        left = {place(c, known) for c in seen}
        out[name] = Tree(name, known, frozenset(c for c in left if c.endswith(REST)))
    return out


def is_child(cell: str) -> bool:
    age = members_of(cell).get("age", "")
    return age.startswith(CHILDREN) or age in _YOUNG


_YOUNG = ("0-4", "5-11", "12-17")


@dataclass(frozen=True)
class Shaped:
    """`absent`: (item, breakdown) -> why there is no number at all. `asked`: the period that is to be released."""

    family: Family
    table: Table
    withheld: Flags
    children: Flags
    absent: Mapping[tuple[str, str], str]
    asked: str

    def cell(self, item: str, breakdown: str, period: str = "") -> int:
        d = self.table.dimensions
        at = d[0].position[item], d[1].position[period or self.asked], d[2].position[breakdown]
        return int(np.ravel_multi_index(at, self.table.values.shape))

    @property
    def breakdowns(self) -> list[str]:
        """What is published, the total first."""
        return [b for b in self.table.dimensions[2].members if REST not in b]


def period_name(span: Span, stock: bool) -> str:
    return span.last.isoformat() if stock else f"{span.first.isoformat()}..{span.last.isoformat()}"


def shape(
    f: Family, leaves: Sequence[Leaf], names: Sequence[str], spans: Sequence[Span], cut: Sequence[Span],
    above: Mapping[str, Mapping[str, str]],
) -> Shaped:  # fmt: skip
    """`names`: the dimensions of the leaves' members; `spans`: the period to be released first, then those that
    were; `cut`: the pieces of them all; `above`: of each dimension with a code list its members with their wholes."""
    known = set(above)
    tables = list(dict.fromkeys(t for i in f.members for t in breakdowns_of(i, known)))
    found = trees(names, leaves, above)
    what = _what(f, leaves)
    period = _periods(f, spans, cut)
    breakdown = _breakdown(found, tables)
    dimensions = (what, period, breakdown)
    values = np.zeros(tuple(len(d.members) for d in dimensions))
    for at, number in _placed(f, leaves, names, found, tables, spans, cut, dimensions):
        values[at] += number
    withheld = np.zeros(values.shape, np.bool_)
    withheld[[n for n, m in enumerate(what.members) if m.startswith(REST)]] = True
    withheld[:, 1:] = True
    for n, item in enumerate(f.items):
        i = next(i for i in f.members if i.code == item.code)
        withheld[n, :, [k for k, m in enumerate(breakdown.members) if not _told(i, m, known)]] = True
    children = np.zeros(values.shape, np.bool_)
    children[:, :, [n for n, m in enumerate(breakdown.members) if is_child(m)]] = True
    absent = _absent(f, leaves, names, found, breakdown)
    collected = np.ones(values.shape, np.bool_)
    for name, cell in absent:
        collected[what.position[name], :, breakdown.position[cell]] = False
    return Shaped(
        f, Table(dimensions, values, collected), withheld.ravel(), children.ravel(), absent, period.members[0]
    )


def breakdowns_of(i: Indicator, known: Collection[str]) -> list[tuple[str, ...]]:
    """The breakdowns that an indicator's file publishes; without a word, those of `known`, each alone."""
    return list(i.protect.tables) or [(d,) for d in i.dimensions if d in known]


def _told(i: Indicator, cell: str, known: Collection[str]) -> bool:
    """Whether the indicator publishes this cell: the total, or one of its breakdowns with no other dimension."""
    named = set(members_of(cell))
    return REST not in cell and any(named <= set(t) for t in ((), *breakdowns_of(i, known)))


def _what(f: Family, leaves: Sequence[Leaf]) -> Dimension:
    """The items, and the masks of rows that occur: an item is the sum of its masks, or one of them."""
    masks = sorted({x.mask for x in leaves})
    members = [item.name for item in f.items]
    alone = {}
    for k, item in enumerate(f.items):
        mine = [m for m in masks if m >> k & 1]
        if len(mine) == 1 and mine[0] not in alone:
            alone[mine[0]] = item.name
    members += [rows_of(f, m) for m in masks if m not in alone]
    at = {m: n for n, m in enumerate(members)}
    sums = []
    for k, name in enumerate(i.name for i in f.items):
        mine = [m for m in masks if m >> k & 1]
        parts = tuple(at[alone.get(m, rows_of(f, m))] for m in mine)
        if parts and parts != (at[name],):
            sums.append(Sum(at[name], parts))
    return Dimension(WHAT, tuple(members), tuple(sums))


def rows_of(f: Family, mask: int) -> str:
    """Rows that these items count and no other does: named by them, so that a new indicator renames no other's."""
    return REST + "+".join(item.name for k, item in enumerate(f.items) if mask >> k & 1)


def _periods(f: Family, spans: Sequence[Span], cut: Sequence[Span]) -> Dimension:
    names = [period_name(s, f.kind is Kind.STOCK) for s in spans]
    members = [*names, *(n for p in cut if (n := period_name(p, f.kind is Kind.STOCK)) not in names)]
    at = {m: n for n, m in enumerate(members)}
    sums = []
    for s, name in zip(spans, names, strict=True):
        parts = tuple(at[period_name(cut[n], f.kind is Kind.STOCK)] for n in covering(s, cut))
        if len(parts) > 1:
            sums.append(Sum(at[name], parts))
    return Dimension(PERIOD, tuple(members), tuple(sums))


def _combined(found: Mapping[str, Tree], table: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return product(*((TOTAL, *found[name].members) for name in table))


def name_of(table: Sequence[str], members: Sequence[str]) -> str:
    return canonical_dimensions(dict(zip(table, members, strict=True))) or TOTAL


def _breakdown(found: Mapping[str, Tree], tables: Sequence[Sequence[str]]) -> Dimension:
    members = dict.fromkeys([TOTAL, *(name_of(t, c) for t in tables for c in _combined(found, t))])
    at = {m: n for n, m in enumerate(members)}
    sums: dict[tuple[int, tuple[int, ...]], None] = {}
    for table in tables:
        for cell in _combined(found, table):
            for axis, name in enumerate(table):
                if parts := found[name].parts.get(cell[axis]):
                    under = tuple(at[name_of(table, [*cell[:axis], p, *cell[axis + 1 :]])] for p in parts)
                    sums[at[name_of(table, cell)], under] = None
    return Dimension(BREAKDOWN, tuple(members), tuple(Sum(total, parts) for total, parts in sums))


def _placed(
    f: Family, leaves: Sequence[Leaf], names: Sequence[str], found: Mapping[str, Tree],
    tables: Sequence[Sequence[str]], spans: Sequence[Span], cut: Sequence[Span], d: Sequence[Dimension],
) -> Iterator[tuple[tuple[int, int, int], int]]:  # fmt: skip
    """Each leaf in every cell that it is a part of."""
    lines = [
        {raw: found[name].up(place(raw, found[name].above)) for raw in {x.members[n] for x in leaves}}
        for n, name in enumerate(names)
    ]
    of_piece = [
        {d[1].position[period_name(s, f.kind is Kind.STOCK)] for s in (*spans, p) if covering(s, [p])}
        for p in cut
    ]
    for x in leaves:
        whats = [d[0].position[item.name] for k, item in enumerate(f.items) if x.mask >> k & 1]
        own = d[0].position.get(rows_of(f, x.mask))
        whats += [] if own is None else [own]
        cells = {
            d[2].position[name_of(t, c)]
            for t in (*tables, ())
            for c in product(*(lines[names.index(name)][x.members[names.index(name)]] for name in t))
        }
        for at in product(whats, of_piece[x.piece], cells):
            yield at, x.number


def _absent(
    f: Family, leaves: Sequence[Leaf], names: Sequence[str], found: Mapping[str, Tree], breakdown: Dimension
) -> dict[tuple[str, str], str]:
    """Members that nobody asked for, or that are known of nobody: there is no number of them, not even nought."""
    out = {}
    for k, item in enumerate(f.items):
        for n, name in enumerate(names):
            seen = {x.members[n] for x in leaves if x.mask >> k & 1}
            if not seen or not seen <= {UNKNOWN, NOT_COLLECTED}:
                continue
            why = NOT_COLLECTED if NOT_COLLECTED in seen else UNKNOWN
            for cell in breakdown.members:
                member = members_of(cell).get(name, "")
                if member and REST not in member and (member != UNKNOWN or UNKNOWN not in seen):
                    out[item.name, cell] = why
    return out
