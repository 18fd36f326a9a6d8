"""How good what is counted is, by the rules of the indicator's file: is enough known (complete), do a case's days come
in their order (consistent), is no day later than its recording and no figure far from the one before (plausible).

A figure's readers are told which rules hold. By how much one fails is for the office: beside a total, a share of
unknown is a count, and nothing of this went through disclosure control.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mirps.evidence.figures.rules import NOT_COLLECTED, UNKNOWN
from mirps.evidence.indicators.model import ADDED, MILESTONES, Indicator, Kind, Over
from mirps.evidence.indicators.planning import Span, scanned
from mirps.evidence.indicators.sql import text

if TYPE_CHECKING:  # who only reads notes does not load it
    import duckdb

#: Rows below which a figure may jump by chance.
STEADY = 30


@dataclass(frozen=True, slots=True)
class Note:
    """A rule (model.RULES) about a dimension or about all: whether it is met (None: too little to say), the bound of
    the file, and what was found: per cent, or rows. `blocks`: what fails it may not leave."""

    rule: str
    about: str
    bound: int
    met: bool | None
    blocks: bool
    found: Decimal | None = None

    def told(self) -> dict[str, Any]:
        """What anybody may read."""
        return {
            "rule": self.rule, "about": self.about, "bound": self.bound, "met": self.met, "blocks": self.blocks,
        }  # fmt: skip


def note(told: Mapping[str, Any]) -> Note:
    """The note that `told` wrote."""
    return Note(told["rule"], told["about"], told["bound"], told["met"], told["blocks"])


def blocked(notes: Iterable[Note]) -> bool:
    return any(n.blocks and n.met is False for n in notes)


def judged(
    db: duckdb.DuckDBPyConnection, sources: Mapping[Over, str], indicators: Iterable[Indicator], span: Span
) -> dict[str, dict[str, list[Note]]]:
    """State -> indicator -> its notes, for what is counted of a span. One scan an indicator, and one of the span
    before for those that may not jump."""
    out: dict[str, dict[str, list[Note]]] = {}
    for i in (i for i in indicators if i.over in sources):
        before = _numbers(db, sources[i.over], i, _before(i, span)) if i.quality.jump else {}
        for state, found in _numbers(db, sources[i.over], i, span).items():
            out.setdefault(state, {})[i.code] = _notes(i, found, before.get(state, {}))
    return out


def _numbers(
    db: duckdb.DuckDBPyConnection, source: str, i: Indicator, span: Span
) -> dict[str, dict[str, int]]:
    """State -> rows, those of them for which each rule holds, and what is counted."""
    q = i.quality
    shown = {"rows": "count(*)"}
    shown |= {
        f"known_{d}": f"count(*) FILTER (WHERE {d} NOT IN ({text(UNKNOWN)}, {text(NOT_COLLECTED)}))"
        for d in q.known
    }
    if q.ordered:
        ordered = " AND ".join(f"({c} IS NULL OR {c} >= applied)" for c in MILESTONES[1:])
        shown["ordered"] = f"count(*) FILTER (WHERE applied IS NOT NULL AND {ordered})"
    if q.past:
        shown["past"] = f"count(*) FILTER (WHERE {i.at or (i.open or ('',))[0]} <= recorded)"
    shown["value"] = f"coalesce(sum({i.counts.value}), 0)" if i.counts in ADDED else "count(*)"
    told = ", ".join(f"CAST({sql} AS BIGINT)" for sql in shown.values())
    rows = db.execute(
        f"SELECT state, {told} FROM {source} WHERE {scanned([i], span)} GROUP BY state"
    ).fetchall()
    return {state: dict(zip(shown, found, strict=True)) for state, *found in rows}


def _before(i: Indicator, span: Span) -> Span:
    """As many days just before; of a stock the day before the span."""
    last = span.first - timedelta(1)
    return Span(last, last) if i.kind is Kind.STOCK else Span(last - (span.last - span.first), last)


def _notes(i: Indicator, found: Mapping[str, int], before: Mapping[str, int]) -> list[Note]:
    q, rows = i.quality, found["rows"]
    out = [_share(i, "known", d, least, found[f"known_{d}"], rows) for d, least in q.known.items()]
    out += [
        _share(i, rule, "", least, found[rule], rows)
        for rule, least in (("ordered", q.ordered), ("past", q.past))
        if least
    ]
    if q.least:
        out.append(Note("least", "", q.least, rows >= q.least, "least" in q.blocks, Decimal(rows)))
    if q.jump:
        out.append(_jump(i, found["value"], before.get("value", 0)))
    return out


def _share(i: Indicator, rule: str, about: str, least: int, part: int, rows: int) -> Note:
    found = Decimal(100 * part) / rows if rows else None
    met = None if found is None else found >= least
    return Note(rule, about, least, met, rule in i.quality.blocks, found)


def _jump(i: Indicator, value: int, before: int) -> Note:
    most, blocks = i.quality.jump, "jump" in i.quality.blocks
    if before < STEADY:
        return Note("jump", "", most, None, blocks)
    found = abs(Decimal(100 * (value - before)) / before)
    return Note("jump", "", most, found <= most, blocks, found)


def failing(notes: Sequence[Note]) -> list[Note]:
    return [n for n in notes if n.met is False]
