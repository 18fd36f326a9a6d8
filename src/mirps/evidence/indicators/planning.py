"""Which indicators share a scan, and the statements that count them. Pure: SQL that DuckDB and Spark both read.

Indicators that look at the same layer by the same milestone form a group. One scan takes a group to its finest
grain: a row for each combination of members and period that occurs, with a number for each thing that is counted.
Margins are then rolled up from those rows, one dimension after another, each from all that came before: that costs
about as much as the cells there are, where grouping sets cost the finest grain once for every combination.

Sums roll up as they are. Quantiles do not, but histograms of whole days do, and the quantile is read off exactly.
Different persons do not either: their sets are rolled up and counted last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mirps.evidence.figures.rules import NOT_COLLECTED, TOTAL, UNKNOWN
from mirps.evidence.indicators import model as m
from mirps.evidence.indicators.model import Counts, Grain, Indicator, Kind, Over, Where
from mirps.evidence.indicators.sql import day, text

#: Inner before outer, so that a margin over `office` stands before the one over `state` is taken from it.
_ORDER = ("office", *(d for d in m.DIMENSIONS if d != "office"))
#: Dimension -> member -> the member of which it is a part.
Parents = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are counted, first and last; stocks are those of the last."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators that one scan serves, and the numbers that it takes (SQL, each once)."""

    name: str
    over: Over
    at: str
    open: tuple[str, str] | None
    grain: Grain
    days: tuple[str, str] | None  # a histogram of the days between
    persons: bool
    dimensions: tuple[str, ...]
    where: str  # what holds for every row that any of them counts
    numbers: tuple[str, ...]
    members: tuple[Indicator, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return (
            *(("period",) if self.grain is not Grain.NONE else ()),
            *self.dimensions,
            *(("days",) if self.days else ()),
            *(("person_id",) if self.persons else ()),
        )

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f"n{k}" for k in range(len(self.numbers)))

    @property
    def summed(self) -> bool:
        """Whether a difference of rows is a difference of cells."""
        return not self.persons


@dataclass(frozen=True, slots=True)
class Step:
    """A statement: make `table` of `sql`, or add what it gives."""

    table: str
    sql: str
    add: bool = False


def plan(indicators: Iterable[Indicator], span: Span) -> list[Group]:
    found: dict[tuple[object, ...], list[Indicator]] = {}
    for i in indicators:
        persons = i.counts is Counts.PERSONS
        days = i.between if i.counts in m.QUANTILES else None
        # A quantile's rows carry days: it shares them only with those of the same dimensions.
        own = (i.dimensions, persons and i.code) if days or persons else ()
        found.setdefault((i.over, i.kind, i.at, i.open, i.grain, days, persons, own), []).append(i)
    return [_group(f"g{n}", held, span) for n, held in enumerate(found.values())]


def _group(name: str, held: Sequence[Indicator], span: Span) -> Group:
    first = held[0]
    wanted = {d for i in held for d in i.dimensions}
    counted = dict.fromkeys(n for i in held for n in numbers(i, span))
    return Group(
        name=name, over=first.over, at=first.at, open=first.open, grain=first.grain,
        days=first.between if first.counts in m.QUANTILES else None, persons=first.counts is Counts.PERSONS,
        dimensions=tuple(d for d in _ORDER if d in wanted), where=scanned(held, span), numbers=tuple(counted),
        members=tuple(held),
    )  # fmt: skip


def scanned(held: Sequence[Indicator], span: Span) -> str:
    """What holds for every row that any of these indicators of a group counts."""
    first = held[0]
    said = []
    if first.kind is Kind.FLOW:
        said.append(f"{first.at} BETWEEN {day(span.first)} AND {day(span.last)}")
    if first.open:
        said += [f"{first.open[0]} <= {day(span.last)}", not_yet(first.open[1], span)]
    if first.between and first.counts in m.QUANTILES:
        said.append(f"{first.between[0]} <= {first.between[1]}")
    if first.counts is Counts.PERSONS:
        said += ["person_id IS NOT NULL", *terms(first.where, span)]
    else:
        shared = [set(terms(i.where, span)) for i in held]
        said += sorted(set.intersection(*shared))
    return " AND ".join(said) or "true"


def numbers(i: Indicator, span: Span) -> list[str]:
    """What a cell of the indicator is made of: a number, or the part and the whole of a share."""
    wheres = [terms(i.where, span)]
    if i.of is not None:
        wheres.insert(0, wheres[0] + terms(i.of, span))
    return [_number(i.counts, terms) for terms in wheres]


def _number(counts: Counts, terms: Sequence[str]) -> str:
    said = f" FILTER (WHERE {' AND '.join(terms)})" if terms else ""
    what = f"sum({counts.value})" if counts in m.ADDED else "count(*)"
    return f"coalesce({what}{said}, 0)"


def terms(where: Where, span: Span) -> list[str]:
    out = [f"{column} IN ({', '.join(map(text, found))})" for column, found in where.among.items()]
    out += [f"{column} <= {day(span.last)}" for column in where.reached]
    out += [not_yet(column, span) for column in where.lacking]
    return out + [f"{column} >= {n}" for column, n in where.least.items()]


def not_yet(column: str, span: Span) -> str:
    return f"({column} IS NULL OR {column} > {day(span.last)})"


def finest(g: Group, source: str, parents: Parents) -> Step:
    """The one scan."""
    shown = []
    if g.grain is not Grain.NONE:
        shown.append(f"CAST(date_trunc('{g.grain.value}', {g.at}) AS DATE) AS period")
    shown += [_leaf(d, parents.get(d, {})) for d in g.dimensions]
    if g.days:
        # Every engine calls the days between two dates otherwise: each puts its own words in.
        shown.append(f"{{days:{g.days[0]}:{g.days[1]}}} AS days")
    if g.persons:
        shown.append("person_id")
    by = ", ".join(str(n + 1) for n in range(len(shown)))
    if g.persons:
        return Step(g.name, f"SELECT DISTINCT {', '.join(shown)} FROM {source} WHERE {g.where}")
    numbers = [f"CAST({sql} AS BIGINT) AS {name}" for sql, name in zip(g.numbers, g.columns, strict=True)]
    grouped = f" GROUP BY {by}" if shown else ""
    return Step(g.name, f"SELECT {', '.join((*shown, *numbers))} FROM {source} WHERE {g.where}{grouped}")


def _leaf(dimension: str, parents: Mapping[str, str]) -> str:
    """A member that is known only as its whole (a child of an age unknown) is a part of its own."""
    wholes = sorted(set(parents.values()))
    if not wholes:
        return dimension
    cases = " ".join(f"WHEN {text(w)} THEN {text(f'{w}{UNKNOWN}')}" for w in wholes)
    return f"CASE {dimension} {cases} ELSE {dimension} END AS {dimension}"


def margins(g: Group, parents: Parents) -> list[Step]:
    """From the finest rows to all margins."""
    steps = []
    for dimension in g.dimensions:
        within = dict(parents.get(dimension, {}))
        inner = next((i for i, outer in m.WITHIN.items() if outer == dimension and i in g.dimensions), "")
        over = f"{inner} = '{TOTAL}'" if inner else ""
        if within:
            within |= {f"{w}{UNKNOWN}": w for w in within.values()}
            cases = " ".join(f"WHEN {text(part)} THEN {text(whole)}" for part, whole in within.items())
            listed = ", ".join(map(text, within))
            steps.append(_rolled(g, dimension, f"CASE {dimension} {cases} END", f"{dimension} IN ({listed})"))
            wholes = ", ".join(map(text, sorted({*within.values(), UNKNOWN, NOT_COLLECTED})))
            over = f"{dimension} IN ({wholes})"
        steps.append(_rolled(g, dimension, text(TOTAL), over))
    if g.grain is not Grain.NONE:
        steps.append(_rolled(g, "period", "CAST(NULL AS DATE)", ""))
    return steps


def _rolled(g: Group, key: str, becomes: str, where: str) -> Step:
    shown = [f"{becomes} AS {k}" if k == key else k for k in g.keys]
    only = f" WHERE {where}" if where else ""
    if g.persons:
        return Step(g.name, f"SELECT DISTINCT {', '.join(shown)} FROM {g.name}{only}", add=True)
    by = ", ".join(str(n + 1) for n in range(len(shown)))
    sums = [f"CAST(sum({c}) AS BIGINT) AS {c}" for c in g.columns]
    return Step(g.name, f"SELECT {', '.join((*shown, *sums))} FROM {g.name}{only} GROUP BY {by}", add=True)


def cells(g: Group, i: Indicator, span: Span) -> str:
    """The indicator's cells out of its group's table: period (where it has any), its dimensions, `value`, and `n`,
    the rows behind it. A cell in which nothing is counted is not there."""
    keys = [*(["period"] if g.grain is not Grain.NONE else []), *i.dimensions]
    others = [f"{d} = '{TOTAL}'" for d in g.dimensions if d not in i.dimensions]
    if g.persons:
        by = f" GROUP BY {', '.join(keys)}"
        counted = "CAST(count(*) AS BIGINT)"
        return f"SELECT {', '.join(keys)}, {counted} AS value, {counted} AS n FROM {g.name}{_all(others)}{by}"
    names = [g.columns[g.numbers.index(sql)] for sql in numbers(i, span)]
    if i.counts in m.QUANTILES:
        value = f"{names[0]}_{m.QUANTILES[i.counts]} AS value"
        there = _all([*others, f"{names[0]} > 0"])
        return f"SELECT {', '.join((*keys, value, f'{names[0]} AS n'))} FROM {g.name}_read{there}"
    value = names[0]
    if i.counts is Counts.SHARE:
        value = f"CAST({names[0]} AS DOUBLE) * 100 / CAST({names[1]} AS DOUBLE)"
    there = _all([*others, f"{names[-1]} <> 0"])
    return f"SELECT {', '.join((*keys, f'{value} AS value', f'{names[-1]} AS n'))} FROM {g.name}{there}"


def quantiles(g: Group) -> Step:
    """The quantiles of all cells of a group with days, each number's once: the least number of days that so much of
    the rows do not exceed."""
    by = ", ".join(k for k in g.keys if k != "days")
    over = f"OVER (PARTITION BY {by}"
    upto = ", ".join(
        f"sum({c}) {over} ORDER BY days) AS {c}_upto, sum({c}) {over}) AS {c}_all" for c in g.columns
    )
    read = ", ".join(
        f"CAST(min(days) FILTER (WHERE {c}_upto * 100 >= {c}_all * {share} AND {c}_all > 0) AS BIGINT) AS {c}_{share}"
        for c in g.columns
        for share in m.QUANTILES.values()
    )
    alls = ", ".join(f"CAST(max({c}_all) AS BIGINT) AS {c}" for c in g.columns)
    return Step(
        f"{g.name}_read",
        f"SELECT {by}, {read}, {alls} FROM (SELECT {by}, days, {upto} FROM {g.name}) AS s GROUP BY {by}",
    )


def _all(terms: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(terms)}" if terms else ""
