"""The finest cells of a family, by which of its indicators count them: what disclosure control starts from. Pure.

One scan. The number of an indicator is the sum over the masks that have its bit, of a period the sum over its
pieces, of a margin the sum over its members; nothing that is published can be worked out of less than this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import duckdb

from mirps.evidence.indicators.families import Family
from mirps.evidence.indicators.model import ADDED, Kind, Over
from mirps.evidence.indicators.planning import Span, not_yet, terms
from mirps.evidence.indicators.sql import day, text


@dataclass(frozen=True, slots=True)
class Leaf:
    """So many rows (or people, or signatures) of a State: `mask` has bit k where item k counts them, `piece` is the
    place of the period among `pieces`, `members` those of the dimensions asked for."""

    mask: int
    piece: int
    members: tuple[str, ...]
    number: int


def pieces(spans: Sequence[Span]) -> list[Span]:
    """Periods that do not overlap, of which each of `spans` is a whole number."""
    cuts = sorted({s.first for s in spans} | {s.last + timedelta(1) for s in spans})
    made = [Span(a, b - timedelta(1)) for a, b in pairwise(cuts)]
    return [p for p in made if any(s.first <= p.first and p.last <= s.last for s in spans)]


def leaves(
    db: duckdb.DuckDBPyConnection, source: str, f: Family, state: str, dimensions: Sequence[str],
    spans: Sequence[Span],
) -> list[Leaf]:  # fmt: skip
    """Of a State, over the rows of `source` (a table or files of the engine). A flow may have several `spans`, each
    piece of which is counted; everything else is as on the last day of the one span."""
    last = max(s.last for s in spans)
    asked = Span(min(s.first for s in spans), last)
    bits = [_bit(k, [t for w in item.wheres for t in terms(w, asked)]) for k, item in enumerate(f.items)]
    shown = [" + ".join(bits), _piece(f, pieces(spans)), *dimensions]
    column = f"sum({f.number.value})" if f.number in ADDED else "count(*)"
    by = ", ".join(str(n + 1) for n in range(len(shown)))
    rows = db.execute(
        f"SELECT {', '.join(shown)}, CAST({column} AS BIGINT) FROM {source} "
        f"WHERE {' AND '.join(_held(f, asked, state))} GROUP BY {by}"
    ).fetchall()
    return [
        Leaf(mask, piece, tuple(members), number)
        for mask, piece, *members, number in rows
        if mask and piece >= 0 and number
    ]


def at_rest(db: duckdb.DuckDBPyConnection, views: Mapping[Over, str]) -> dict[Over, str]:
    """Layers that are views, worked out once for all that is asked of them."""
    for over, view in views.items():
        db.execute(f"CREATE OR REPLACE TEMP TABLE rest_{over.value} AS SELECT * FROM {view}")
    return {over: f"rest_{over.value}" for over in views}


def _held(f: Family, asked: Span, state: str) -> list[str]:
    out = [f"state = {text(state)}"]
    if f.kind is Kind.FLOW:
        out.append(f"{f.at} BETWEEN {day(asked.first)} AND {day(asked.last)}")
    if f.open:
        out += [f"{f.open[0]} <= {day(asked.last)}", not_yet(f.open[1], asked)]
    if f.quantile and (between := f.members[0].between):
        out.append(f"{between[0]} <= {between[1]}")
    return out


def _bit(k: int, said: Sequence[str]) -> str:
    return f"CASE WHEN {' AND '.join(said) or 'true'} THEN {1 << k} ELSE 0 END"


def _piece(f: Family, found: Sequence[Span]) -> str:
    if f.kind is not Kind.FLOW or len(found) == 1:
        return "0"
    cases = " ".join(
        f"WHEN {f.at} BETWEEN {day(p.first)} AND {day(p.last)} THEN {n}" for n, p in enumerate(found)
    )
    return f"CASE {cases} ELSE -1 END"


def covering(span: Span, found: Sequence[Span]) -> list[int]:
    """The places of the pieces that make up a span."""
    return [n for n, p in enumerate(found) if span.first <= p.first and p.last <= span.last]


def overlapping(span: Span, others: Sequence[Span]) -> list[Span]:
    """Those of `others` that share days with `span`, or with one that does: by them it could be worked out."""
    near, rest = [span], [s for s in dict.fromkeys(others) if s != span]
    while found := [
        s for s in rest if any(s.first <= n.last + _ONE and n.first <= s.last + _ONE for n in near)
    ]:
        near += found
        rest = [s for s in rest if s not in found]
    return near[1:]


_ONE = timedelta(1)
