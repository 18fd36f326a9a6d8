"""The same thing stated more than once: other values, other units; and growth against both its ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.over_ledger.parts import CLOSE, finding
from mirps.evidence.checks.over_ledger.rows import ABOUT_WHAT, NO_DAY, SUBJECT, SUMMABLE, Rows, groups
from mirps.evidence.checks.relations import CONTRADICTION, WARNING, Breach, Quantity, change, plain, restated
from mirps.evidence.figures.rules import Flow, Role

COMPARES = ("percent_change", "difference")


def check_same(rows: Rows) -> Iterator[LedgerFinding]:
    yield from _restated(rows)
    yield from _units(rows)
    yield from _growth(rows)


def _restated(rows: Rows) -> Iterator[LedgerFinding]:
    """Statements of one subject that leave no common value, within a document and between documents."""
    stated = ~np.isnan(rows.value)
    # People's stories share no subject; a flow without any date may be two events.
    told = rows.measured("sector", "stories")
    dated = np.zeros(rows.n, dtype=np.bool_)
    for column in ("period_end", "as_of"):
        dated |= rows.day(column) != NO_DAY
    once = rows.measured("stock_flow", Flow.STOCK, Flow.RATE, Flow.PARAMETER)
    key = rows.key(SUBJECT)
    chosen = np.flatnonzero(stated & ~told & (dated | once))
    for group in groups(key, chosen):
        if rows.low[group].max() <= rows.high[group].min() + CLOSE:
            continue
        order = sorted((int(r) for r in group), key=rows.id)
        order.sort(key=lambda r: rows.columns["role"][r] == Role.TRIANGULATION)
        first = order[0]
        for again in order[1:]:
            if breach := restated(rows.quantity(first), rows.quantity(again)):
                kept = rows.columns["role"][again] == Role.TRIANGULATION
                yield finding(
                    rows, replace(breach, severity=WARNING if kept else breach.severity), [again, first]
                )


def _units(rows: Rows) -> Iterator[LedgerFinding]:
    """One measure of one State counted now in one unit, now in another: the series cannot be compared."""
    kinds = rows.hierarchy.unit_kinds
    yield from _wrong_kind(rows)
    summable = [u for u in rows.names["unit"] if kinds.get(u, "count") == "count"]
    chosen = np.flatnonzero(rows.summable & rows.mask("unit", summable))
    key = rows.key([c for c in ABOUT_WHAT if c not in {"unit", "stage"}])
    unit = rows.codes["unit"]
    for group in groups(key, chosen):
        if (unit[group] == unit[group[0]]).all():
            continue
        when = {int(r): rows.columns["as_of"][r] or rows.columns["period_end"][r] for r in group}
        order = sorted(when, key=lambda r: (when[r], rows.id(r)), reverse=True)
        for again in order[1:]:
            if (
                unit[again] != unit[order[0]]
                and rows.columns["document"][again] != rows.columns["document"][order[0]]
            ):
                first, other = rows.columns["unit"][order[0]], rows.columns["unit"][again]
                breach = Breach("unit_differs", WARNING, first, other, {"unit": first, "other": other})
                yield finding(rows, breach, [order[0], again])
                break


def _wrong_kind(rows: Rows) -> Iterator[LedgerFinding]:
    """People where the measure is money, and the like. Shares and changes go with every measure."""
    kinds = rows.hierarchy.unit_kinds
    for measure, code in ((m, n) for n, m in enumerate(rows.names["measure"]) if m in rows.measures):
        own = rows.measures[measure].unit
        if kinds.get(own) not in SUMMABLE:
            continue
        at_odds = [u for u in rows.names["unit"] if u in kinds and kinds[u] in SUMMABLE - {kinds[own]}]
        for row in np.flatnonzero((rows.codes["measure"] == code) & rows.mask("unit", at_odds)).tolist():
            unit = rows.columns["unit"][row]
            breach = Breach("unit_wrong", CONTRADICTION, unit, own, {"first": unit, "again": own})
            yield finding(rows, breach, [row], value=plain(rows.quantity(row).value))


def _growth(rows: Rows) -> Iterator[LedgerFinding]:
    """A stated change beside the values that it compares, where both are stated."""
    changes = np.flatnonzero(rows.mask("unit", COMPARES) & ~np.isnan(rows.value)).tolist()
    if not changes:
        return
    others = [c for c in ABOUT_WHAT if c not in {"unit", "stage"}]
    key = rows.key(others)
    valued = rows.summable
    starts, ends, days = rows.columns["period_start"], rows.columns["period_end"], rows.columns["as_of"]
    for row in changes:
        c_start, c_end = rows.columns["compare_start"][row], rows.columns["compare_end"][row]
        near = np.flatnonzero(valued & (key == key[row])).tolist()
        before = [r for r in near if (days[r] or ends[r]) == c_end and (days[r] or starts[r] == c_start)]
        after = [
            r
            for r in near
            if (days[r] or ends[r]) == (days[row] or ends[row]) and (days[r] or starts[r] == starts[row])
        ]
        for a, b in ((a, b) for a in before for b in after if rows.codes["unit"][a] == rows.codes["unit"][b]):
            yield from _change(rows, row, a, b)


def _change(rows: Rows, row: int, before: int, after: int) -> Iterator[LedgerFinding]:
    said = rows.quantity(row)
    unit = "percent" if said.unit == "percent_change" else rows.columns["unit"][before]
    size = Quantity(abs(said.value), unit, said.qualifier, said.step)
    direction = (said.value > 0) - (said.value < 0)
    breach = change(rows.quantity(before), rows.quantity(after), size, direction=direction)
    if breach:
        yield finding(rows, breach, [row, before, after])
