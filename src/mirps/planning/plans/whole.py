"""A plan with all that is known of it, and how each of its parts stands on a day. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from mirps.evidence.figures.api import Figure, Measure
from mirps.planning.plans.lights import Computed, Dates, Light, Stated, Sum, last_said, light
from mirps.planning.plans.readings import Ledger, Unclear, reading
from mirps.planning.plans.rules import Branch, Node, Tree


@dataclass(frozen=True, slots=True)
class Plan:
    key: str
    title: Mapping[str, str]
    sort: str = ""
    state: str = ""  # whose it is; empty: the region's
    body: str = ""
    starts: date | None = None
    due: date | None = None
    institutions: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    status: str = ""
    in_force: bool = True

    @property
    def code(self) -> str:
        return self.key.partition("/")[2]

    def called(self, lang: str) -> str:
        return self.title.get(lang) or self.title.get("en" if lang == "es" else "es") or self.code

    @property
    def owners(self) -> tuple[str, ...]:
        """Who answers for it: those it names, else the institution or team whose it is."""
        return (*self.institutions, *self.bodies) or ((self.body,) if self.body else ())


@dataclass(frozen=True, slots=True)
class Gauge:
    """A series with the way it is to go: of a node itself, or of an indicator that it names."""

    series: str
    baseline: Decimal | None = None
    target: Decimal | None = None
    indicator: str = ""


@dataclass(frozen=True)
class Whole:
    plan: Plan
    tree: Tree
    said: Mapping[str, tuple[Stated, ...]] = field(default_factory=dict)  # by node, and by the plan's key
    gauges: Mapping[str, tuple[Gauge, ...]] = field(default_factory=dict)  # by node

    @property
    def measures(self) -> frozenset[str]:
        """The measures of the ledger that it stands on."""
        return frozenset(g.series.partition(" ")[0] for held in self.gauges.values() for g in held)

    @property
    def figures(self) -> frozenset[str]:
        """The figures that statements name."""
        return frozenset(s.figure for held in self.said.values() for s in held if s.figure)


@dataclass(frozen=True, slots=True)
class Judged:
    """How a node stands. One that only holds others together has a sum and no light of its own."""

    light: Light | None = None
    sum: Sum | None = None
    stated: Stated | None = None
    shown: Computed | None = None
    unclear: Unclear | None = None
    gauge: Gauge | None = None


#: A published figure by its identifier.
FigureOf = Callable[[str], Figure | None]


def judged(
    whole: Whole, today: date, *, ledger: Ledger, measures: Mapping[str, Measure], figure: FigureOf
) -> dict[str, Judged]:
    """Every node of a plan as it stands on a day, in one pass, and the plan itself under its own key."""
    out: dict[str, Judged] = {}
    sums = [_judge(whole, b, today, ledger, measures, figure, out, (None, None)) for b in whole.tree.branches]
    own = last_said(_told(whole, whole.plan.key, figure), today)
    out[whole.plan.key] = Judged(sum=_added(sums), stated=own)
    return out


def _judge(
    whole: Whole, b: Branch, today: date, ledger: Ledger, measures: Mapping[str, Measure], figure: FigureOf,
    out: dict[str, Judged], above: tuple[date | None, date | None],
) -> Sum:  # fmt: skip
    """Judge a branch; how many of each colour it holds."""
    n = b.node
    starts, due = n.starts or above[0], n.due or above[1]
    under = [_judge(whole, x, today, ledger, measures, figure, out, (starts, due)) for x in b.under]
    stated = last_said(_told(whole, n.key, figure), today)
    shown, unclear, gauge = _read(whole, n, today, ledger, measures)
    if b.under and stated is None and shown is None and n.due is None:
        out[n.key] = Judged(sum=_added(under), unclear=unclear, gauge=gauge)
        return _added(under)
    dates = Dates(starts or whole.plan.starts, due or whole.plan.due, own=n.due is not None)
    found = light(dates, stated, shown, today)
    out[n.key] = Judged(found, _added(under) if b.under else None, stated, shown, unclear, gauge)
    return _added([*under, Sum.of([found])])


def _told(whole: Whole, key: str, figure: FigureOf) -> list[Stated]:
    """What was said of a node, with the per cent that its figure gives instead of one that was typed."""
    out = []
    for s in whole.said.get(key, ()):
        f = figure(s.figure) if s.figure else None
        if s.figure:
            per_cent = f.value if f is not None and f.unit == "percent" else None
            s = replace(s, percent=per_cent, figure=s.figure if f is not None else "")
        out.append(s)
    return out


def _read(
    whole: Whole, n: Node, today: date, ledger: Ledger, measures: Mapping[str, Measure]
) -> tuple[Computed | None, Unclear | None, Gauge | None]:
    """What the ledger shows of the first gauge that it can be read by; else why not."""
    wrong: tuple[None, Unclear | None, Gauge | None] = (None, None, None)
    fallback: tuple[Computed, None, Gauge] | None = None
    for g in whole.gauges.get(n.key, ()):
        found = reading(
            g.series, ledger, measures.get(g.series.partition(" ")[0]), starts=n.starts or whole.plan.starts,
            until=today, baseline=g.baseline, target=g.target,
        )  # fmt: skip
        if isinstance(found, Unclear):
            wrong = (None, found, g)
        elif found.share is not None:
            return found, None, g
        else:
            fallback = fallback or (found, None, g)
    return fallback or wrong


def _added(sums: list[Sum]) -> Sum:
    return Sum(
        sum(s.red for s in sums), sum(s.amber for s in sums), sum(s.green for s in sums),
        sum(s.grey for s in sums), sum(s.late for s in sums),
    )  # fmt: skip
