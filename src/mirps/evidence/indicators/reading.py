"""An indicator's file as an Indicator, or every fault with its line. Pure: it takes bytes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from mirps.base.marked.reading import Reading
from mirps.base.marked.tree import Node, tree
from mirps.evidence.figures.rules import Flow, Measure
from mirps.evidence.indicators import model as m
from mirps.evidence.indicators.model import Counts, Grain, Indicator, Kind, Over, Where

_TOP = (
    "indicator", "name", "description", "unit", "population", "kind", "over", "counts", "where", "of", "at", "open",
    "between", "dimensions", "grain", "additive", "quality", "protect", "measure", "stage", "series", "plan",
    "proposal",
)  # fmt: skip
_NEEDS = (
    "indicator",
    "name",
    "description",
    "unit",
    "population",
    "kind",
    "counts",
    "dimensions",
    "additive",
)
_NUMBERS = ("missed", "people")
#: Members that an answer of ours can have; the others are a State's own codes.
_MEMBERS = {"outcome": m.OUTCOMES, "ending": m.ENDINGS}


@dataclass(frozen=True, slots=True)
class Known:
    """Codes that a file may name; an empty collection is not asked."""

    units: Collection[str] = ()
    populations: Collection[str] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    plan: Collection[str] = ()
    sensitivities: Collection[str] = ()


def read(raw: bytes, file: str, known: Known | None = None) -> Indicator:
    """Raises Faults with everything that is wrong."""
    top, r = tree(raw, file), Reading(file)
    given = r.parts(top, _TOP, _NEEDS)
    known = known or Known()
    over = r.choice(given.get("over"), Over, Over.CASES)
    got = Indicator(
        code=r.name(given.get("indicator")),
        name=r.words(given.get("name"), top),
        description=r.words(given.get("description"), top),
        unit=r.code(given.get("unit"), known.units),
        population=r.code(given.get("population"), known.populations),
        kind=r.choice(given.get("kind"), Kind, Kind.FLOW),
        over=over,
        counts=r.choice(given.get("counts"), Counts, Counts.CASES),
        dimensions=_dimensions(r, given.get("dimensions"), over),
        grain=r.choice(given.get("grain"), Grain, Grain.NONE),
        additive=_additive(r, given.get("additive")),
        where=_where(r, given.get("where"), over) or Where(),
        of=_where(r, given.get("of"), over),
        at=_time(r, given.get("at"), over),
        open=_pair(r, given.get("open"), over, ("from", "until")),
        between=_pair(r, given.get("between"), over, ("from", "to")),
        quality=_quality(r, given.get("quality")),
        protect=_protect(r, given.get("protect"), known.sensitivities),
        measure=r.code(given.get("measure"), known.measures),
        stage=r.text(given.get("stage")),
        series=r.text(given.get("series")),
        plan=tuple(r.code(n, known.plan) for n in r.items(given.get("plan"))),
        proposal=r.yes(given.get("proposal")),
        line=top.line,
    )
    if not r.faults:
        _prove(r, got, given, top, known.measures.get(got.measure))
    r.end()
    return got


def _columns(over: Over) -> tuple[str, ...]:
    return m.CASES_COLUMNS if over is Over.CASES else m.ACTS_COLUMNS


def _dimensions(r: Reading, node: Node | None, over: Over) -> tuple[str, ...]:
    found = []
    for item in r.items(node):
        name = r.text(item)
        if not r.known(item, name, [d for d in m.DIMENSIONS if d in _columns(over)]):
            continue
        if name in found:
            r.fault(item, "twice", found=name)
            continue
        found.append(name)
    for inner, outer in m.WITHIN.items():
        if inner in found and outer not in found:
            r.fault(node, "within", inner=inner, outer=outer)
    return tuple(found)


def _time(r: Reading, node: Node | None, over: Over) -> str:
    return r.code(node, m.MILESTONES if over is Over.CASES else ("happened",))


def _pair(r: Reading, node: Node | None, over: Over, names: tuple[str, str]) -> tuple[str, str] | None:
    if node is None:
        return None
    given = r.parts(node, names, names)
    first, last = (_time(r, given.get(name), over) for name in names)
    if first and first == last:
        r.fault(node, "same_milestone", found=first)
    return first, last


def _where(r: Reading, node: Node | None, over: Over) -> Where | None:
    if node is None:
        return None
    columns = _columns(over)
    given = r.parts(node, ("among", "reached", "lacking", "least"))
    among = {}
    for name, listed in r.entries(given.get("among")).items():
        r.known(listed, name, [d for d in m.DIMENSIONS if d in columns])
        among[name] = tuple(r.text(n) for n in r.items(listed))
        for n, member in zip(r.items(listed), among[name], strict=True):
            if name in _MEMBERS:
                r.known(n, member, _MEMBERS[name])
    numbers = r.entries(given.get("least"))
    for name, number in numbers.items():
        r.known(number, name, [n for n in _NUMBERS if n in columns])
    return Where(
        among,
        tuple(_time(r, n, over) for n in r.items(given.get("reached"))),
        tuple(_time(r, n, over) for n in r.items(given.get("lacking"))),
        {name: r.number(n, 0, 10_000) for name, n in numbers.items()},
    )


def _additive(r: Reading, node: Node | None) -> m.Additive:
    if node is None:
        return m.Additive(False, False, False)
    names = ("time", "place", "population")
    given = r.parts(node, names, names)
    return m.Additive(*(r.yes(given.get(name)) for name in names))


def _quality(r: Reading, node: Node | None) -> m.Quality:
    if node is None:
        return m.Quality()
    given = r.parts(node, (*m.RULES, "blocks"))
    known = r.entries(given.get("known"))
    for name, n in known.items():
        r.known(n, name, m.DIMENSIONS)
    most = {"least": 10_000, "ordered": 100, "past": 100, "jump": 1_000}
    numbers = {name: r.number(given[name], 1, high) for name, high in most.items() if name in given}
    blocks = []
    for item in r.items(given.get("blocks")):
        name = r.text(item)
        if r.known(item, name, m.RULES) and name not in given:
            r.fault(item, "blocks_nothing", found=name)
        blocks.append(name)
    return m.Quality(
        {name: r.number(n, 1, 100) for name, n in known.items()}, **numbers, blocks=tuple(blocks)
    )


def _protect(r: Reading, node: Node | None, sensitivities: Collection[str]) -> m.Protect:
    if node is None:
        return m.Protect()
    given = r.parts(node, ("sensitivity", "tables", "full"))
    tables = []
    for item in r.items(given.get("tables")):
        names = tuple(name.strip() for name in r.text(item).split("*"))
        for name in names:
            r.known(item, name, [d for d in m.DIMENSIONS if d != "state"])
        if len(set(names)) < len(names) or names in tables:
            r.fault(item, "twice", found="*".join(names))
        tables.append(names)
    return m.Protect(
        r.code(given["sensitivity"], sensitivities) if "sensitivity" in given else "default",
        tuple(tables),
        r.number(given["full"], 2, 1000) if "full" in given else 0,
    )


def _prove(r: Reading, i: Indicator, given: Mapping[str, Node], top: Node, measure: Measure | None) -> None:
    """What the parts say of each other, and of the measure."""
    _needed(r, given, top, "of", i.counts is Counts.SHARE)
    _needed(r, given, top, "between", i.counts in m.QUANTILES)
    _needed(r, given, top, "open", i.kind is Kind.STOCK)
    if i.kind is Kind.FLOW and not i.at:
        r.fault(top, "lacks", name="at")
    if i.grain is not Grain.NONE and not i.at:
        r.fault(given["grain"], "grain_without")
    if i.between and i.at != i.between[1]:
        r.fault(given["between"], "between_at", at=i.between[1])
    if i.over is Over.ACTS and (i.kind is Kind.STOCK or i.counts not in (Counts.CASES, Counts.PERSONS)):
        r.fault(given["counts"], "acts_counted")
    if i.quality.jump and i.counts not in m.SUMMED:
        r.fault(given["quality"], "not_with", name="jump")
    if i.quality.ordered and i.over is Over.ACTS:
        r.fault(given["quality"], "not_with", name="ordered")
    for name in i.quality.known:
        if name not in i.dimensions:
            r.fault(given["quality"], "no_such", found=name)
    for name in (d for names in i.protect.tables for d in names):
        if name not in i.dimensions:
            r.fault(given["protect"], "no_such", found=name)
    _adds(r, i, given)
    if measure is not None:
        _measured(r, i, given, measure)


def _needed(r: Reading, given: Mapping[str, Node], top: Node, name: str, wanted: bool) -> None:
    if wanted and name not in given:
        r.fault(top, "lacks", name=name)
    elif not wanted and name in given:
        r.fault(given[name], "not_with", name=name)


def _adds(r: Reading, i: Indicator, given: Mapping[str, Node]) -> None:
    """Only sums add up; stocks never over time; persons nowhere, since one may be in several cells."""
    a = i.additive
    if i.counts not in m.SUMMED and (a.time or a.place or a.population):
        r.fault(given["additive"], "adds_not", counts=i.counts)
    elif i.kind is Kind.STOCK and a.time:
        r.fault(given["additive"], "adds_stock")


def _measured(r: Reading, i: Indicator, given: Mapping[str, Node], measure: Measure) -> None:
    """The figure ledger knows the measure: what the file says of it must not differ."""
    flows = {Flow(i.kind.value)} if i.counts in m.SUMMED else {Flow.RATE, Flow.PARAMETER, Flow(i.kind.value)}
    if measure.stock_flow not in flows:
        r.fault(given["measure"], "measure_kind", found=i.measure, said=measure.stock_flow)
    said = (measure.additive_time, measure.additive_place, measure.additive_population)
    if i.counts in m.SUMMED and said != (i.additive.time, i.additive.place, i.additive.population):
        r.fault(given["measure"], "measure_adds", found=i.measure)
    if not i.series and i.counts in m.SUMMED and i.unit != measure.unit:
        r.fault(given["unit"], "measure_unit", found=i.unit, said=measure.unit)
