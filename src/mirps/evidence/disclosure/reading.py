"""Rows of a file as a table, or every fault with its line, reason and remedy. Pure.

A row is one cell: a member of each dimension (empty is the total) and its value, or why it has none (`absence`).
Cells of leaves that do not stand there are zeros; margins that do not are computed; those that do must add up.
For magnitudes three more columns: `first`, `second` (the two largest contributions) and `givers` (how many)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np

from mirps.base.marked.faults import Fault, Faults
from mirps.evidence.disclosure.layout import Layout, flat_over
from mirps.evidence.disclosure.tables import Dimension, Flags, Floats, Table, with_margins
from mirps.evidence.figures.rules import ABSENCES, NOT_COLLECTED, SUPPRESSED, TOTAL

EXTRA = ("first", "second", "givers")
OTHER = ("absence", "why")
MOST_CELLS = 2_000_000
ENOUGH = 100
Row = tuple[int, Mapping[str, str]]


@dataclass
class _Reader:
    file: str
    layout: Layout
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, column: str, key: str, **values: object) -> None:
        if len(self.faults) < ENOUGH:
            told = tuple((k, str(v)) for k, v in values.items())
            self.faults.append(Fault(self.file, line, column, key, told))

    def end(self) -> None:
        if self.faults:
            raise Faults(self.faults)


def read(rows: Iterable[Row], columns: Sequence[str], file: str, layout: Layout | None = None) -> Table:
    """`rows`: line numbers with the row's texts by column. Without a layout every column but the value's own is
    a flat dimension. Raises Faults."""
    special = {(layout or Layout({})).value, *EXTRA, *OTHER}
    layout = layout or Layout({c: None for c in columns if c not in special})
    r = _Reader(file, layout)
    for name in (*layout.dimensions, layout.value):
        if name not in columns:
            near = get_close_matches(name, columns, 1)
            r.fault(1, name, "table_column", found=name, near=near[0] if near else ", ".join(columns[:8]))
    for name in columns:
        if name not in layout.dimensions and name not in special:
            r.fault(1, name, "table_column_unknown", found=name, known=", ".join(layout.dimensions))
    r.end()
    every = list(rows)
    if not every:
        r.fault(1, "", "table_empty")
    r.end()
    dimensions = [
        d or flat_over(name, [row.get(name) or TOTAL for _, row in every])
        for name, d in layout.dimensions.items()
    ]
    size = math.prod(len(d.members) for d in dimensions)
    if size > MOST_CELLS:
        r.fault(0, "", "table_large", most=MOST_CELLS)
    r.end()
    return _filled(r, every, dimensions, [e for e in EXTRA if e in columns])


def _filled(r: _Reader, rows: Sequence[Row], dimensions: Sequence[Dimension], extra: Sequence[str]) -> Table:
    shape = tuple(len(d.members) for d in dimensions)
    values = np.zeros(shape)
    line_of = np.zeros(shape, np.int64)
    collected = np.ones(shape, np.bool_)
    more = {e: np.zeros(shape) for e in extra}
    for line, row in rows:
        at = _place(r, line, row, dimensions)
        if at is None:
            continue
        if line_of[at]:
            r.fault(line, "", "table_twice", other=line_of[at])
            continue
        line_of[at] = line
        absence = row.get("absence") or ""
        if absence:
            _absent(r, line, absence)
            collected[at] = absence != NOT_COLLECTED
            continue
        values[at] = _number(r, line, r.layout.value, row.get(r.layout.value) or "", whole=not extra)
        for e in extra:
            more[e][at] = _number(r, line, e, row.get(e) or "", whole=e == "givers")
    r.end()
    _whole(r, dimensions, values, line_of, collected)
    r.end()
    return Table(tuple(dimensions), values, collected, more)


def _place(
    r: _Reader, line: int, row: Mapping[str, str], dimensions: Sequence[Dimension]
) -> tuple[int, ...] | None:
    at = []
    for d in dimensions:
        member = row.get(d.name) or TOTAL
        if member == TOTAL and TOTAL not in d.position:
            tops = {s.total for s in d.sums} - {p for s in d.sums for p in s.parts}
            member = d.members[min(tops)] if len(tops) == 1 else member
        if member not in d.position:
            near = get_close_matches(member[:60], d.members, 1)
            r.fault(
                line, d.name, "table_member", found=member, near=near[0] if near else ", ".join(d.members[:6])
            )
            return None
        at.append(d.position[member])
    return tuple(at)


def _absent(r: _Reader, line: int, absence: str) -> None:
    if absence == SUPPRESSED:
        r.fault(line, "absence", "table_suppressed")
    elif absence != NOT_COLLECTED:
        r.fault(line, "absence", "table_absence", found=absence, known=", ".join(ABSENCES[2:]))


def _number(r: _Reader, line: int, column: str, text: str, *, whole: bool) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number > 1e12 or (whole and number != round(number)):
        r.fault(line, column, "table_whole" if whole else "table_number", found=text or "…")
        return 0.0
    if number < 0:
        r.fault(line, column, "table_negative", found=text)
        return 0.0
    return number


def _whole(
    r: _Reader, dimensions: Sequence[Dimension], values: Floats, line_of: np.ndarray, collected: Flags
) -> None:
    """Compute the margins, in place, and compare those that were given."""
    given = values.copy()
    for axis, d in enumerate(dimensions):
        lines = np.moveaxis(values, axis, 0)
        for s in d.sums:
            lines[s.total] = 0.0
    with_margins(dimensions, values)
    for at in np.argwhere(~collected & (values > 0))[:ENOUGH]:
        where = tuple(int(i) for i in at)
        r.fault(int(line_of[where]), "absence", "table_not_collected", sum=f"{values[where]:g}")
    values[~collected] = 0.0
    wrong = (line_of > 0) & collected & (np.abs(given - values) > 1e-6 * np.maximum(1, np.abs(values)))
    for at in np.argwhere(wrong)[:ENOUGH]:
        where = tuple(int(i) for i in at)
        line = int(line_of[where])
        cell = ", ".join(d.members[i] for d, i in zip(dimensions, where, strict=True))
        r.fault(line, cell, "table_sum", found=f"{given[where]:g}", sum=f"{values[where]:g}")
    for i, d in enumerate(dimensions):  # second groupings of the same total must agree with the first
        lines = np.moveaxis(values, i, 0)
        for s in d.sums:
            if np.abs(lines[s.total] - lines[list(s.parts)].sum(axis=0)).max(initial=0) > 1e-6:
                r.fault(0, d.name, "table_groupings", found=d.members[s.total])
