"""A protected table as rows: for everybody, to keep for the next release, and as a report of the audit. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from mirps.evidence.disclosure.layout import Layout, circular
from mirps.evidence.disclosure.protecting import Protected
from mirps.evidence.disclosure.releases import Release
from mirps.evidence.disclosure.rules import Why
from mirps.evidence.disclosure.tables import Dimension, Floats, Sum, Table
from mirps.evidence.figures.rules import NOT_COLLECTED, SUPPRESSED

#: Cells named in a report of an audit.
MOST = 200


def number(value: float) -> str:
    return f"{value:.10g}"


def shown(done: Protected) -> Iterator[dict[str, str]]:
    """What may be published: each cell, its value, or the absence that stands for it. A hidden margin is marked
    as one, so that nobody looks for the fault in the sum."""
    leaves = _is_leaf(done.table)
    v, collected = done.table.values.ravel(), done.table.collected.ravel()
    for cell in range(len(v)):
        row = dict(zip((d.name for d in done.table.dimensions), done.table.key(cell), strict=True))
        hidden = bool(done.hidden[cell])
        absence = SUPPRESSED if hidden else "" if collected[cell] else NOT_COLLECTED
        level = "cell" if leaves[cell] else "margin"
        yield row | {"value": "" if absence else number(v[cell]), "absence": absence, "level": level}


def kept(done: Protected) -> Iterator[dict[str, str]]:
    """What the next release needs, true values included: it never leaves the office."""
    v = done.table.values.ravel()
    for cell in range(len(v)):
        row = dict(zip((d.name for d in done.table.dimensions), done.table.key(cell), strict=True))
        yield row | {
            "value": number(v[cell]), "absence": "" if done.table.collected.ravel()[cell] else NOT_COLLECTED,
            "why": done.why.get(cell, Why.NONE).value, "up": number(done.marked.up[cell]),
            "down": number(done.marked.down[cell]),
        }  # fmt: skip


def layout(table: Table) -> str:
    """The dimensions as they were, so that later ones may have other members."""
    found = {
        d.name: {"members": d.members, "sums": [[s.total, list(s.parts)] for s in d.sums]}
        for d in table.dimensions
    }
    return json.dumps(found, ensure_ascii=False) + "\n"


def layout_again(text: str) -> Layout:
    """Raises ValueError, TypeError, KeyError or IndexError for what `layout` did not write."""
    dimensions: dict[str, Dimension | None] = {}
    for name, given in json.loads(text).items():
        members = tuple(str(m) for m in given["members"])
        sums = tuple(Sum(int(total), tuple(int(p) for p in parts)) for total, parts in given["sums"])
        found = Dimension(name, members, sums)
        if circular(found) or any(not 0 <= m < len(members) for s in sums for m in (s.total, *s.parts)):
            raise ValueError("sums of no members, or in a circle")
        dimensions[name] = found
    return Layout(dimensions)


def again(table: Table, whys: Floats, ups: Floats, downs: Floats) -> Release:
    """A release from what was kept: arrays in the table's shape, `whys` 1 where a cell was hidden."""
    return Release(table, whys.ravel() > 0, ups.ravel(), downs.ravel())


def report(done: Protected) -> dict[str, Any]:
    """The audit as data: what was asked, what was done, and every cell that fails."""
    a, t = done.audit, done.table
    names = [d.name for d in t.dimensions]

    def cell(c: int) -> dict[str, str]:
        return dict(zip(names, t.key(c), strict=True)) if c < t.values.size else {"earlier": str(c)}

    found: dict[str, Any] = {
        "sensitivity": done.rules.code, "exempt": done.exempt, "refused": done.refused,
        "cells": t.values.size, "hidden": int(done.hidden.sum()),
        "why": {w.value: sum(1 for x in done.why.values() if x is w) for w in Why if w is not Why.NONE},
        "cost": round(done.cost, 3), "optimal": done.optimal,
        "audit": {"asked": a.asked, "by_witness": a.by_witness, "programs": a.programs, "sampled": a.sampled,
                  "narrow": len(a.narrow)},
        "narrow": [
            {"cell": cell(x.cell), "bounds": [x.low, x.high], "asked": [x.asked_low, x.asked_high]}
            for x in a.narrow[:MOST]
        ],
        "cannot_be_protected": [cell(c) for c in done.hopeless[:MOST]],
    }  # fmt: skip
    if a.exact:
        v = t.values.ravel()
        found["bounds"] = [
            {"cell": cell(c), "least": round(float(v[c] - a.seen_low[c]), 6),
             "most": None if a.seen_high[c] >= 1e6 else round(float(v[c] + a.seen_high[c]), 6)}
            for c in np.flatnonzero(done.hidden).tolist()
        ]  # fmt: skip
    return found


def _is_leaf(table: Table) -> np.ndarray:
    leaf = np.ones(table.values.shape, np.bool_)
    for axis, d in enumerate(table.dimensions):
        totals = sorted({s.total for s in d.sums})
        np.moveaxis(leaf, axis, 0)[totals] = False
    return leaf.ravel()
