"""Which cells tell too much by themselves, and how far they must be hidden. Pure.

Threshold, dominance (n, k), p per cent and fewest givers are the rules of the field (Hundepool and others,
Statistical Disclosure Control, 2012, chapter 4), with the protection that each asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mirps.base.marked.reading import Reading
from mirps.base.marked.tree import Node, tree
from mirps.base.texts.rules import Text
from mirps.evidence.disclosure.tables import Flags, Floats, Table


class Certainty(StrEnum):
    A = "A"
    B = "B"
    C = "C"
    PROPOSAL = "proposal"


class Zeros(StrEnum):
    SHOWN = "shown"
    HIDDEN = "hidden"


class Why(StrEnum):
    """Why a cell is not shown. NONE: it is."""

    NONE = ""
    THRESHOLD = "threshold"
    ZERO = "zero"
    GIVERS = "givers"
    DOMINANCE = "dominance"
    P_PERCENT = "p_percent"
    REVISION = "revision"  # the difference to what was published earlier is itself a small count
    EARLIER = "earlier"  # was hidden in an earlier release, and nothing has changed
    OTHERS = "others"  # only so that another cell cannot be worked out
    WITHHELD = "withheld"  # no part of what is published; only must not be worked out where it is small


@dataclass(frozen=True, slots=True)
class Rules:
    """One sensitivity. `reach`: per cent of the value; 0 is "to the threshold"."""

    code: str
    name: Text
    threshold: int
    reach: int
    zeros: Zeros
    largest: int
    share: int
    p_percent: int
    givers: int
    certainty: Certainty
    source: Text


@dataclass(frozen=True)
class Marked:
    """What the rules ask of each cell (flat arrays): why it is hidden, how far bounds must lie, and the threshold
    that it is held against."""

    why: Mapping[int, Why]
    hidden: Flags
    up: Floats
    down: Floats
    threshold: Floats


def read(raw: bytes, file: str) -> Mapping[str, Rules]:
    """The rules by sensitivity. Raises Faults with everything that is wrong."""
    r = Reading(file)
    given = r.parts(tree(raw, file), ("rules",), ("rules",))
    found = {code: _one(r, code, node) for code, node in r.entries(given.get("rules")).items()}
    r.end()
    return found


_KEYS = (
    "name", "threshold", "reach", "zeros", "dominance", "p_percent", "givers", "certainty", "source",
)  # fmt: skip


def _one(r: Reading, code: str, node: Node) -> Rules:
    given = r.parts(node, _KEYS, _KEYS)
    reach = given.get("reach")
    dominance = given.get("dominance")
    nk = r.parts(dominance, ("n", "k"), ("n", "k")) if dominance else {}
    return Rules(
        code=code,
        name=r.words(given.get("name"), node),
        threshold=r.number(given.get("threshold"), 2, 1000),
        reach=0 if reach is not None and reach.text == "to_threshold" else r.number(reach, 1, 100),
        zeros=r.choice(given.get("zeros"), Zeros, Zeros.SHOWN),
        largest=r.number(nk.get("n"), 1, 2),
        share=r.number(nk.get("k"), 1, 100),
        p_percent=r.number(given.get("p_percent"), 1, 100),
        givers=r.number(given.get("givers"), 1, 1000),
        certainty=r.choice(given.get("certainty"), Certainty, Certainty.PROPOSAL),
        source=r.words(given.get("source"), node),
    )


#: Cells (flat) to which other rules apply than to the rest of their table.
Stricter = Sequence[tuple[Flags, Rules]]


def mark(table: Table, rules: Rules, stricter: Stricter = ()) -> Marked:
    """Cells that tell too much by themselves. A table with `givers` is one of magnitudes, else of counts."""
    found = _marked(table, rules)
    for cells, others in stricter:
        found = _merged(found, _marked(table, others), cells)
    return found


def _marked(table: Table, rules: Rules) -> Marked:
    return _magnitudes(table, rules) if "givers" in table.extra else _counts(table, rules)


def _merged(these: Marked, those: Marked, cells: Flags) -> Marked:
    """`those` for `cells`, `these` for all others."""
    why = {c: w for c, w in these.why.items() if not cells[c]} | {
        c: w for c, w in those.why.items() if cells[c]
    }
    return Marked(
        why, np.where(cells, those.hidden, these.hidden), np.where(cells, those.up, these.up),
        np.where(cells, those.down, these.down), np.where(cells, those.threshold, these.threshold),
    )  # fmt: skip


def _counts(table: Table, rules: Rules) -> Marked:
    v, asked = table.values.ravel(), table.collected.ravel()
    small = asked & (v > 0) & (v < rules.threshold)
    zero = asked & (v == 0) & (rules.zeros is Zeros.HIDDEN)
    half = np.ceil(v / 2)
    up = np.where(
        small, np.maximum(np.ceil(v * rules.reach / 100), 1) if rules.reach else rules.threshold - v, 0.0
    )
    down = np.where(small, np.maximum(np.ceil(v * rules.reach / 100), 1) if rules.reach else half, 0.0)
    up = np.where(zero, rules.threshold if not rules.reach else 1, up).astype(np.float64)
    why = dict.fromkeys(np.flatnonzero(small).tolist(), Why.THRESHOLD)
    why |= dict.fromkeys(np.flatnonzero(zero).tolist(), Why.ZERO)
    return Marked(
        why, small | zero, up, np.minimum(down, v).astype(np.float64), np.full(len(v), float(rules.threshold))
    )


def _magnitudes(table: Table, rules: Rules) -> Marked:
    v, asked = table.values.ravel(), table.collected.ravel()
    first, second = table.extra["first"].ravel(), table.extra["second"].ravel()
    givers = table.extra["givers"].ravel()
    few = asked & (givers > 0) & (givers < rules.givers)
    top = first + (second if rules.largest == 2 else 0.0)
    heavy = asked & (v > 0) & (top > v * rules.share / 100)
    near = asked & (v > 0) & (v - first - second < first * rules.p_percent / 100)
    need = np.zeros(len(v))
    need = np.where(few, np.maximum(need, v * rules.p_percent / 100), need)
    need = np.where(heavy, np.maximum(need, top * 100 / rules.share - v), need)
    need = np.where(near, np.maximum(need, first * rules.p_percent / 100 - (v - first - second)), need)
    why: dict[int, Why] = {}
    for flags, name in ((near, Why.P_PERCENT), (heavy, Why.DOMINANCE), (few, Why.GIVERS)):
        why |= dict.fromkeys(np.flatnonzero(flags).tolist(), name)
    return Marked(why, few | heavy | near, need, np.minimum(need, v), np.full(len(v), float(rules.threshold)))
