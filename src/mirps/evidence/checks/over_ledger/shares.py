"""Percentages: against their base and part, and together against the whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.over_ledger.hierarchy import dimension_splits
from mirps.evidence.checks.over_ledger.parts import CLOSE, finding
from mirps.evidence.checks.over_ledger.rows import SUBJECT, Index, Ints, Rows
from mirps.evidence.checks.relations import CONTRADICTION, Breach, plain, share_of, shares
from mirps.evidence.figures.rules import TOTAL, UNKNOWN, Flow, Role

#: A whole last digit of each share: what rounding can hide in a sum of few shares, when screening.
ROOM = 0.01


def check_shares(rows: Rows) -> Iterator[LedgerFinding]:
    percent = rows.mask("unit", ["percent"]) & ~np.isnan(rows.value)
    percent &= ~rows.mask("role", [Role.TRIANGULATION])
    # A measure that is itself a rate (a project's progress) is no share of a count.
    chosen = np.flatnonzero(percent & rows.measured("stock_flow", Flow.STOCK, Flow.FLOW))
    if len(chosen):
        yield from _possible(rows, chosen)
        yield from _against_base(rows, chosen)
        yield from _together(rows, chosen)


def _possible(rows: Rows, chosen: Ints) -> Iterator[LedgerFinding]:
    for row in chosen[(rows.low[chosen] > 100 + CLOSE) | (rows.high[chosen] < -CLOSE)]:
        stated = plain(rows.quantity(int(row)).value)
        breach = Breach("share_impossible", CONTRADICTION, stated, "0-100", {"share": stated})
        yield finding(rows, breach, [int(row)])


def _against_base(rows: Rows, chosen: Ints) -> Iterator[LedgerFinding]:
    """A share beside the count of its members and the count of its base, all three stated."""
    everyone = rows.code("dimensions", "")
    if everyone < 0:
        return
    others = [c for c in SUBJECT if c != "dimensions"]
    counted = np.flatnonzero(rows.summable)
    dims = rows.codes["dimensions"]
    for unit in sorted({rows.measures[m].unit for m in rows.names["measure"] if m in rows.measures}):
        code = rows.code("unit", unit)
        if code < 0:
            continue
        as_counts = {"unit": np.full(rows.n, code, dtype=np.int64)}
        group, wanted = rows.keys(others, as_counts)
        index = Index(rows, counted, group, dims, len(rows.names["dimensions"]))
        of_unit = chosen[dims[chosen] != everyone]
        base, part = index.find(wanted[of_unit], everyone), index.find(wanted[of_unit], dims[of_unit])
        for share, b, p in zip(of_unit, base, part, strict=True):
            if b >= 0 and p >= 0:
                breach = share_of(rows.quantity(int(p)), rows.quantity(int(b)), rows.quantity(int(share)))
                if breach:
                    yield finding(rows, breach, [int(share), int(b), int(p)])


def _together(rows: Rows, chosen: Ints) -> Iterator[LedgerFinding]:
    """Shares of one whole along one set of members."""
    group = rows.key([c for c in SUBJECT if c != "dimensions"])
    index = Index(rows, chosen, group, rows.codes["dimensions"], len(rows.names["dimensions"]))
    present = {rows.names["dimensions"][c] for c in np.unique(rows.codes["dimensions"][chosen])}
    everyone = np.unique(group[chosen])
    for split in dimension_splits(present, rows.hierarchy.dimensions, whole_stated=False):
        if split.whole:  # the share of a part's part may be of the part or of the whole
            continue
        stated = [p for p in split.parts if p in present and not p.endswith((f"={UNKNOWN}", f"={TOTAL}"))]
        found = np.stack([index.find(everyone, rows.code("dimensions", p)) for p in split.parts])
        summed = np.where(found >= 0, rows.value[found], 0.0).sum(axis=0)
        complete = bool(split.needed) and split.needed <= set(stated)
        for n in np.flatnonzero((summed > 100 + ROOM) | (complete & (summed < 100 - ROOM))):
            parts = [int(r) for r in found[:, n] if r >= 0]
            held = {rows.columns["dimensions"][r] for r in parts}
            exhaustive = bool(split.needed) and split.needed <= held
            if breach := shares([rows.quantity(r) for r in parts], exhaustive=exhaustive):
                yield finding(rows, breach, parts, axis=split.axis)
