"""From the layers that are counted to releases that wait for a person: counted, shaped, protected, audited, kept.

Loads a compiler: only who protects imports this, and not the door (api).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.codelists.api import dimensions
from mirps.evidence.disclosure import api as disclosure
from mirps.evidence.figures.api import TOTAL, UNKNOWN
from mirps.evidence.indicators import quality
from mirps.evidence.indicators.api import Indicator, Kind, Over
from mirps.evidence.indicators.api import indicators as every_indicator
from mirps.evidence.indicators.counting import Cubes
from mirps.evidence.indicators.families import Family, families
from mirps.evidence.indicators.layers import parents
from mirps.evidence.indicators.leaves import leaves, overlapping, pieces
from mirps.evidence.indicators.model import SUMMED
from mirps.evidence.indicators.planning import Span
from mirps.evidence.releases import guarding, queries
from mirps.evidence.releases.guarding import Guarded
from mirps.evidence.releases.models import Release
from mirps.evidence.releases.rules import OPEN, Row, Stage, persons
from mirps.evidence.releases.sealing import opened, sealed
from mirps.evidence.releases.shaping import Shaped, breakdowns_of, name_of, shape
from mirps.evidence.releases.stating import figure

#: Dimensions that the figure ledger knows: published where an indicator's file does not say otherwise.
STATED = ("sex", "age", "nationality")
Sources = Mapping[Over, str]
#: Indicator -> what anybody may read of its quality.
Notes = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom and when releases are wanted. `round`: in which their figures are stated."""

    state: str
    round: str
    span: Span
    known_on: date


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a count. `told`: `new`, `same`, `little` (changed by less than may be told; it waits)."""

    family: str
    told: str
    release: Release | None = None


def above() -> dict[str, dict[str, str]]:
    """Of each dimension that figures are stated by, the published members with the whole that each is a part of."""
    out = {}
    for d in STATED:
        listed = {code: c.extra.get("parent") or TOTAL for code, c in dimensions()[d].items()}
        plain = {code: p for code, p in listed.items() if p != TOTAL or "_" not in code}
        out[d] = plain | {UNKNOWN: TOTAL}
    return out


def propose(
    db: duckdb.DuckDBPyConnection, sources: Sources, indicators: Iterable[Indicator], asked: Asked, *, by: str,
    at: datetime,
) -> list[Proposed]:  # fmt: skip
    """Count and protect each family that one of the indicators is of, for a State and period: always the whole
    family, for the others may be public. What is as it was is not proposed again."""
    wanted, out = {i.code for i in indicators}, []
    for f in families(every_indicator().values()):
        if f.over in sources and not wanted.isdisjoint(i.code for i in f.members):
            found = _one(db, sources, f, asked, by=by, at=at)
            out += [found] if found else []
    return out


def _one(
    db: duckdb.DuckDBPyConnection, sources: Sources, f: Family, asked: Asked, *, by: str, at: datetime
) -> Proposed | None:
    held = queries.out(asked.state, [i.code for i in f.members])
    shaped, spans = _shaped(db, sources[f.over], f, asked, held)
    if shaped is None:
        return None
    rules = disclosure.rules()
    same_period = [r for r in held if _span(r) == spans[0]]
    if same_period:
        before = guarding.again(opened(same_period[-1])["kept"])
        told = guarding.news(shaped, before, rules)
        if told != "more":
            return Proposed(f.name, told, same_period[-1])
    earlier = [guarding.again(opened(r)["kept"]) for r in held if _span(r) in spans]
    guarded = guarding.guard(
        shaped,
        rules,
        earlier=earlier,
        public=_public(shaped, asked),
        quantiles=_quantiles(db, sources, f, asked),
    )
    judged = quality.judged(db, sources, f.members, asked.span).get(asked.state, {})
    notes = {code: [n.told() for n in found] for code, found in judged.items()}
    return _kept(f, guarded, asked, notes, by=by, at=at)


def _span(r: Release) -> Span:
    """Of stocks the last day alone tells two apart."""
    return Span(r.first or r.last, r.last)


def _shaped(
    db: duckdb.DuckDBPyConnection, source: str, f: Family, asked: Asked, held: Sequence[Release]
) -> tuple[Shaped | None, list[Span]]:
    own = Span(asked.span.last, asked.span.last) if f.kind is Kind.STOCK else asked.span
    spans, cut = [own], [own]
    if f.lasting:
        spans += overlapping(own, [_span(r) for r in held])
        cut = pieces(spans)
    known = above()
    names = list(dict.fromkeys(n for i in f.members for t in breakdowns_of(i, known) for n in t))
    counted = [asked.span] if f.kind is Kind.STOCK else spans
    found = leaves(db, source, f, asked.state, names, counted)
    if not any(leaf.number for leaf in found):
        return None, spans
    return shape(f, found, names, spans, cut, known), spans


def _quantiles(
    db: duckdb.DuckDBPyConnection, sources: Sources, f: Family, asked: Asked
) -> dict[tuple[str, str], Decimal]:
    if not f.quantile:
        return {}
    cubes = Cubes(db, f.members, asked.span).count(sources, parents())
    out = {}
    for i in f.members:
        for c in cubes.cells(i.code, state=asked.state):
            named = {d: m for d, m in c.members.items() if d != "state" and m != TOTAL}
            if c.period is None and c.value is not None:
                out[i.code, name_of(tuple(named), tuple(named.values()))] = c.value
    return out


def _public(s: Shaped, asked: Asked) -> list[tuple[str, str]]:
    """Cells that a document told before anything was protected."""
    told = queries.told_before(asked.state, s.family.members)
    out: list[tuple[str, str]] = []
    if not told:
        return out
    for i in (i for i in s.family.members if i.measure and i.counts in SUMMED):
        for cell in s.breakdowns:
            value = Decimal(int(s.table.values.ravel()[s.cell(i.code, cell)]))
            said = figure(i, asked.state, Row(i.code, cell, value), first=asked.span.first, last=asked.span.last,
                          known_on=asked.known_on)  # fmt: skip
            if value in told.get(said.subject(), ()):
                out.append((i.code, cell))
    return out


@transaction.atomic
def _kept(f: Family, g: Guarded, asked: Asked, notes: Notes, *, by: str, at: datetime) -> Proposed:
    """A release that waits; the one that waited takes no other's place, and a count that says the same changes
    nothing."""
    first = None if f.kind is Kind.STOCK else asked.span.first
    open_ = Release.objects.select_for_update().filter(
        state=asked.state, family=f.name, first=first, last=asked.span.last, round=asked.round, stage__in=OPEN
    )
    row = open_.order_by("-counted_at").first()
    said: dict[str, Any] = {"kept": g.kept, "why": {f"{r.code} {r.cell}": r.why for r in g.rows if r.why},
                            "bare": list(g.laid_bare), "quality": notes}  # fmt: skip
    if row is not None and opened(row) == said:
        return Proposed(f.name, "same", row)
    row = row or Release(state=asked.state, family=f.name, round=asked.round)
    row.first, row.last, row.known_on, row.counted_at = first, asked.span.last, asked.known_on, at
    row.indicators = [i.code for i in f.members]
    row.persons = persons(i.protect.sensitivity for i in f.members)
    row.stage = Stage.REFUSED if g.laid_bare else Stage.PROPOSED
    row.shown = [] if g.laid_bare else [r.told() | {"why": ""} for r in g.rows]
    row.report = dict(g.report) | {"quality": notes}
    row.sealed = sealed(row, said)
    row.save()
    record(
        by=by, at=at, act=f"release.{row.stage}", subject=f"release {row.pk}",
        detail={"state": row.state, "indicators": row.indicators},
    )  # fmt: skip
    return Proposed(f.name, "new", row)
