"""A shaped table through disclosure control: what is shown, what is not and why, what must be kept, what the audit
says. Pure. Loads a compiler: only who protects imports this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from mirps.evidence.disclosure.api import Flags, Protected, Release, Rules, Why, controlled, protect
from mirps.evidence.disclosure.attack import Attacker, linked
from mirps.evidence.disclosure.rules import Marked, mark
from mirps.evidence.disclosure.tables import Dimension, Floats, Sum, Table
from mirps.evidence.figures.rules import SUPPRESSED, TOTAL
from mirps.evidence.indicators.model import SUMMED, Indicator
from mirps.evidence.releases.rules import Row
from mirps.evidence.releases.shaping import BREAKDOWN, PERIOD, WHAT, Shaped

#: Cells that a refusal names.
MOST = 50
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Guarded:
    """`rows`: what may be shown. `kept`: true values and what was hidden, for the next release; sealed. `report`:
    the audit. `laid_bare`: cells that could be inferred; a table with any is refused."""

    rows: tuple[Row, ...]
    kept: Mapping[str, Any]
    report: Mapping[str, Any]
    laid_bare: tuple[Mapping[str, Any], ...]


def guard(
    s: Shaped, rules: Mapping[str, Rules], *, earlier: Sequence[Release], public: Sequence[tuple[str, str]],
    quantiles: Mapping[tuple[str, str], Decimal],
) -> Guarded:  # fmt: skip
    """`public`: (item, breakdown) that a document told before anything was protected. `quantiles`: the values of
    medians and the like."""
    stricter = _stricter(s, rules)
    known, most = _public(s, public)
    if s.family.quantile:
        return _direct(s, mark(s.table, rules["default"], stricter), known, quantiles)
    if base := s.family.members[0].protect.full:
        return _rounded(s, mark(s.table, rules["default"], stricter), base)
    done = protect(
        s.table, rules["default"], earlier=earlier, stricter=stricter, withheld=s.withheld, public=known,
        most=most,
    )  # fmt: skip
    bare = [{"cell": _named(s.table, c)} for c in done.hopeless[:MOST]] + [
        {"cell": _named(s.table, x.cell), "least": x.low, "most": x.high} for x in done.audit.narrow[:MOST]
    ]
    rows = tuple(_row(s, i, b, done.hidden, done.why) for i, b in _published(s))
    return Guarded(rows, kept(done.release()), _report(done, s), tuple(bare) if done.refused else ())


def _stricter(s: Shaped, rules: Mapping[str, Rules]) -> list[tuple[Flags, Rules]]:
    """Cells of indicators with rules of their own, and those of children, the strictest last."""
    size = s.table.values.size
    found = {"children": s.children.copy()}
    whats = s.table.dimensions[0].members
    for i in s.family.members:
        if i.protect.sensitivity == "default":
            continue
        cells = np.zeros(s.table.values.shape, np.bool_)
        cells[[n for n, name in enumerate(whats) if i.code in _codes(name)]] = True
        found[i.protect.sensitivity] = (
            found.get(i.protect.sensitivity, np.zeros(size, np.bool_)) | cells.ravel()
        )
    order = sorted(found, key=lambda c: (rules[c].threshold, rules[c].zeros.value == "hidden"))
    return [(found[c], rules[c]) for c in order]


def _public(s: Shaped, public: Sequence[tuple[str, str]]) -> tuple[Flags, Floats | None]:
    """The cells that are known because a document told them, under whatever name their rows go; and what each cell
    can be at most, since its rows are among those of such a one."""
    known, most = np.zeros(s.table.values.shape, np.bool_), np.full(s.table.values.shape, np.inf)
    what = s.table.dimensions[0]
    rows = [
        frozenset(next((x.parts for x in what.sums if x.total == n), (n,))) for n in range(len(what.members))
    ]
    for item, cell in public:
        own, at = what.position[item], s.table.dimensions[2].position[cell]
        known[[n for n, r in enumerate(rows) if r == rows[own]], 0, at] = True
        within = [n for n, r in enumerate(rows) if r <= rows[own]]
        most[within, 0, at] = np.minimum(most[within, 0, at], s.table.values[own, 0, at])
    return known.ravel(), most.ravel() if public else None


def _codes(what: str) -> set[str]:
    """The indicators that count these rows: `~a+b:part` names two."""
    return {name.partition(":")[0] for name in what.lstrip("~").split("+")}


def _published(s: Shaped) -> list[tuple[Indicator, str]]:
    """What is stated of each indicator, cell by cell."""
    out = []
    for i in s.family.members:
        item = s.family.items_of(i.code)[0]
        out += [(i, b) for b in s.breakdowns if not s.withheld[s.cell(item, b)]]
    return out


def _row(s: Shaped, i: Indicator, cell: str, hidden: Flags, why: Mapping[int, Why]) -> Row:
    items = s.family.items_of(i.code)
    if absence := s.absent.get((items[0], cell), ""):
        return Row(i.code, cell, None, absence)
    cells = [s.cell(item, cell) for item in items]
    if said := next((why[c].value for c in cells if hidden[c]), ""):
        return Row(i.code, cell, None, SUPPRESSED, said)
    values = [s.table.values.ravel()[c] for c in cells]
    if i.counts in SUMMED:
        return Row(i.code, cell, Decimal(int(values[0])))
    if not values[0]:
        return Row(i.code, cell, None)  # a share of nothing
    share = Decimal(int(values[1])) * 100 / Decimal(int(values[0]))
    return Row(i.code, cell, share.quantize(_TENTH))


def _direct(s: Shaped, marked: Marked, known: Flags, quantiles: Mapping[tuple[str, str], Decimal]) -> Guarded:
    """Quantiles: shown where enough rows are behind them. Nothing adds up to them."""
    i = s.family.members[0]
    values, rows = s.table.values.ravel(), []
    hidden = np.zeros(len(values), np.bool_)
    for _, cell in _published(s):
        at = s.cell(i.code, cell)
        if absence := s.absent.get((i.code, cell), ""):
            rows.append(Row(i.code, cell, None, absence))
        elif 0 < values[at] < marked.threshold[at] and not known[at]:
            hidden[at] = True
            rows.append(Row(i.code, cell, None, SUPPRESSED, Why.THRESHOLD.value))
        elif values[at]:
            rows.append(Row(i.code, cell, quantiles[i.code, cell]))
    report = {"method": "direct", "cells": len(rows), "hidden": int(hidden.sum()), "narrow": 0}
    nothing = np.zeros(len(values))
    return Guarded(tuple(rows), kept(Release(s.table, hidden, nothing, nothing)), report, ())


def _rounded(s: Shaped, marked: Marked, base: int) -> Guarded:
    """Every cell to a multiple of `base`, still adding up. Audited: knowing how it is done, could a small cell be
    narrowed down further than allowed?"""
    done = controlled(s.table, base)
    shown = done.values.ravel()
    bare = _narrowed(s.table, shown, done.furthest, marked)
    rows = []
    for i, cell in _published(s):
        item = s.family.items_of(i.code)[0]
        absence = s.absent.get((item, cell), "")
        value = None if absence else Decimal(int(shown[s.cell(item, cell)]))
        rows.append(Row(i.code, cell, value, absence, rounded=base))
    hidden = np.ones(len(shown), np.bool_)  # true values are nowhere shown
    report = {"method": "rounded", "base": base, "cells": len(rows), "hidden": 0, "narrow": len(bare),
              "furthest": done.furthest}  # fmt: skip
    return Guarded(
        tuple(rows), kept(Release(s.table, hidden, marked.up, marked.down)), report, tuple(bare[:MOST])
    )


def _narrowed(table: Table, shown: Floats, furthest: float, marked: Marked) -> list[dict[str, Any]]:
    """Small cells whose bounds, from all that is shown and how far rounding goes, are closer than asked."""
    v, found = table.values.ravel(), []
    for part in linked(table.equations, np.ones(len(v), np.bool_)):
        far = np.full(len(part.cells), furthest)
        attacker = Attacker(part, -np.minimum(far, shown[part.cells]), far)
        for column, c in enumerate(part.cells.tolist()):
            if not (marked.up[c] or marked.down[c]):
                continue
            most = shown[c] + attacker.reach(column, 1.0)[column]
            least = shown[c] + attacker.reach(column, -1.0)[column]
            if most < v[c] + min(marked.up[c], 1.0) - 1e-6 and least > v[c] - min(marked.down[c], 1.0) + 1e-6:
                found.append({"cell": _named(table, c), "least": float(least), "most": float(most)})
    return found


def _report(done: Protected, s: Shaped) -> dict[str, Any]:
    shown = [s.cell(item.name, b) for item in s.family.items for b in s.breakdowns]
    shown = [c for c in shown if not s.withheld[c]]
    why = [done.why[c].value for c in shown if done.hidden[c]]
    return {
        "method": "hidden", "cells": len(shown), "hidden": len(why), "why": {w: why.count(w) for w in sorted(set(why))},
        "asked": done.audit.asked, "programs": done.audit.programs, "narrow": len(done.audit.narrow),
        "hopeless": len(done.hopeless), "optimal": done.optimal,
    }  # fmt: skip


def _named(table: Table, cell: int) -> dict[str, str]:
    if cell >= table.values.size:
        return {"earlier": str(cell)}
    return dict(zip((WHAT, PERIOD, BREAKDOWN), table.key(cell), strict=True))


def kept(r: Release) -> dict[str, Any]:
    """A release as plain data, true values included: to be sealed."""
    return {
        "dimensions": [
            {"name": d.name, "members": list(d.members), "sums": [[s.total, list(s.parts)] for s in d.sums]}
            for d in r.table.dimensions
        ],
        "values": r.table.values.ravel().tolist(), "collected": np.flatnonzero(~r.table.collected.ravel()).tolist(),
        "hidden": np.flatnonzero(r.hidden).tolist(),
        "withheld": [] if r.withheld is None else np.flatnonzero(r.withheld).tolist(),
        "up": {str(c): float(r.up[c]) for c in np.flatnonzero(r.up).tolist()},
        "down": {str(c): float(r.down[c]) for c in np.flatnonzero(r.down).tolist()},
    }  # fmt: skip


def again(told: Mapping[str, Any]) -> Release:
    """The release that `kept` wrote."""
    dimensions = tuple(
        Dimension(d["name"], tuple(d["members"]), tuple(Sum(t, tuple(p)) for t, p in d["sums"]))
        for d in told["dimensions"]
    )
    shape = tuple(len(d.members) for d in dimensions)
    size = int(np.prod(shape))
    collected = ~_flags(size, told["collected"])
    table = Table(dimensions, np.array(told["values"], float).reshape(shape), collected.reshape(shape))
    return Release(table, _flags(size, told["hidden"]), _numbers(size, told["up"]), _numbers(size, told["down"]),
                   _flags(size, told["withheld"]))  # fmt: skip


def _flags(size: int, cells: Sequence[int]) -> Flags:
    out = np.zeros(size, np.bool_)
    out[list(cells)] = True
    return out


def _numbers(size: int, told: Mapping[str, float]) -> Floats:
    out = np.zeros(size)
    for c, number in told.items():
        out[int(c)] = number
    return out


def news(s: Shaped, before: Release, thresholds: Mapping[str, Rules]) -> str:
    """What a count has to tell beside the last release of the same period: `same`; `little`, where no total has
    changed by as much as may be told; else `more`."""
    then = {before.table.key(c): v for c, v in enumerate(before.table.values.ravel().tolist())}
    now = s.table.values.ravel()
    moved = [
        (b, abs(float(now[s.cell(item.name, b)]) - then.get((item.name, s.asked, b), 0.0)))
        for item in s.family.items
        for b in s.breakdowns
    ]
    if not any(by for _, by in moved):
        return "same"
    most = thresholds["default"].threshold
    return "more" if any(b == TOTAL and by >= most for b, by in moved) else "little"
