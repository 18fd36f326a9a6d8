"""Cases as rows, and what would be released of them; and an attacker who is told everything that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import highspy
import numpy as np
from tests.indicators.making import put, waiting

from mirps.evidence.disclosure import api as disclosure
from mirps.evidence.figures.api import TOTAL, parse_dimensions
from mirps.evidence.indicators import api as indicators
from mirps.evidence.indicators.counting import engine
from mirps.evidence.indicators.families import Family, families
from mirps.evidence.indicators.leaves import Leaf, leaves, pieces
from mirps.evidence.indicators.model import Over
from mirps.evidence.indicators.planning import Span
from mirps.evidence.releases.guarding import Guarded, guard
from mirps.evidence.releases.proposing import Asked, Proposed, above, propose
from mirps.evidence.releases.rules import Row
from mirps.evidence.releases.shaping import Shaped, place, shape

HALF = Span(date(2024, 1, 1), date(2024, 6, 30))
YEAR = Span(date(2024, 1, 1), date(2024, 9, 30))
NAMES = ("sex", "age")
CODES = ("asylum_decisions", "asylum_refusals")
FAR = 1e6


def family(*codes: str) -> Family:
    found = families(indicators.indicators()[c] for c in codes)
    assert len(found) == 1
    return found[0]


def case(n: int, **said: Any) -> dict[str, Any]:
    known = date(2024, 3, 1)
    return waiting(
        stage="decision", outcome="recognised", applied=date(2024, 1, 10), decided=known, recorded=known, case_id=n,
        person_id=n,
    ) | said  # fmt: skip


def proposed(
    rows: Sequence[Mapping[str, Any]], asked: Asked, *, at: datetime, codes: Iterable[str] = CODES
) -> Proposed:
    """What the next count proposes of these cases: the release of one family."""
    with engine(1) as db:
        chosen = [indicators.indicators()[c] for c in codes]
        [found] = propose(db, put(db, rows, []), chosen, asked, by="mirps count", at=at)
    return found


def counted(f: Family, rows: Sequence[Mapping[str, Any]], *spans: Span) -> tuple[Shaped, list[Leaf]]:
    with engine(1) as db:
        source = put(db, rows, [])[Over.CASES]
        found = leaves(db, source, f, "MEX", NAMES, spans)
    known = {d: m for d, m in above().items() if d in NAMES}
    return shape(f, found, NAMES, spans, pieces(spans), known), found


def guarded(s: Shaped, *earlier: disclosure.Release) -> Guarded:
    return guard(s, disclosure.rules(), earlier=earlier, public=[], quantiles={})


class Attacker:
    """Someone who knows each thing shown and that nothing counts less than zero: bounds by one linear program over
    the finest cells (which indicators count them, period, sex, age), written apart from the product's."""

    def __init__(self, f: Family, found: Sequence[Leaf], spans: Sequence[Span]) -> None:
        self.f, self.cut, self.spans = f, pieces(spans), spans
        known = above()
        lists = [
            sorted({place(x.members[n], known[d]) for x in found} | set(known[d]))
            for n, d in enumerate(NAMES)
        ]
        lists = [
            [m for m in held if m not in set(known[d].values())] for held, d in zip(lists, NAMES, strict=True)
        ]
        masks = sorted({x.mask for x in found})
        self.cells = [
            (m, p, sex, age)
            for m in masks
            for p in range(len(self.cut))
            for sex in lists[0]
            for age in lists[1]
        ]
        self.model = highspy.Highs()  # type: ignore[no-untyped-call]
        self.model.setOptionValue("output_flag", False)
        for _ in self.cells:
            self.model.addVar(0, FAR)

    def columns(self, item: str, span: Span, cell: str) -> list[int]:
        k = [i.name for i in self.f.items].index(item)
        wanted = parse_dimensions("" if cell == TOTAL else cell)
        known = above()

        def within(name: str, member: str) -> bool:
            line = [member.rstrip("~") if member != "~" else ""]
            line.append(known[name].get(line[0], ""))
            return name not in wanted or wanted[name] in line

        return [
            n for n, (m, p, sex, age) in enumerate(self.cells)
            if m >> k & 1 and span.first <= self.cut[p].first and self.cut[p].last <= span.last
            and within("sex", sex) and within("age", age)
        ]  # fmt: skip

    def told(self, rows: Sequence[Row], span: Span) -> None:
        for row in rows:
            if row.value is None:
                continue
            items = [i.name for i in self.f.items if i.code == row.code]
            if len(items) == 1:
                at = self.columns(items[0], span, row.cell)
                self.model.addRow(
                    float(row.value), float(row.value), len(at), np.array(at, np.int32), np.ones(len(at))
                )
                continue
            by: dict[int, float] = {}
            for n in self.columns(items[1], span, row.cell):
                by[n] = by.get(n, 0.0) + 100
            low, high = dict(by), dict(by)
            for n in self.columns(items[0], span, row.cell):
                low[n] = low.get(n, 0.0) - float(row.value) + 0.05
                high[n] = high.get(n, 0.0) - float(row.value) - 0.05
            for terms, bounds in ((low, (0.0, highspy.kHighsInf)), (high, (-highspy.kHighsInf, 0.0))):
                self.model.addRow(
                    *bounds, len(terms), np.array(list(terms), np.int32), np.array(list(terms.values()))
                )

    def bounds(self, item: str, span: Span, cell: str) -> tuple[float, float]:
        at = self.columns(item, span, cell)
        out = []
        for sign in (1.0, -1.0):
            cost = np.zeros(len(self.cells))
            cost[at] = sign
            self.model.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
            self.model.run()
            assert self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal
            out.append(sign * self.model.getObjectiveValue())
        return out[0], out[1]
