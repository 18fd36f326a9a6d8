"""A plan with all that is known of it, and how each of its parts stands on a day. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from mirps.evidence.figures.api import Entry, Measure
from mirps.planning.plans.lights import Computed, Dates, Light, Stated, Sum, last_said, light
from mirps.planning.plans.readings import Ledger, Memo, Unclear, reading
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
    """What a node is measured by: a series with the way it is to go, or an indicator (`data` what it says)."""

    series: str
    baseline: Decimal | None = None
    target: Decimal | None = None
    indicator: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


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


#: A published statement of the ledger by its identifier.
EntryOf = Callable[[str], Entry | None]
#: What an indicator shows of a State (empty: of the region) by a day.
IndicatorOf = Callable[[Gauge, str, date], Computed | None]


@dataclass(frozen=True, slots=True)
class Sight:
    """What may be looked at to judge: the ledger, and how an indicator is read from it."""

    ledger: Ledger
    entry: EntryOf
    measures: Mapping[str, Measure]
    indicator: IndicatorOf = lambda _gauge, _state, _on: None
    memo: Memo = field(default_factory=dict)


def judged(whole: Whole, today: date, sight: Sight) -> dict[str, Judged]:
    """Every node of a plan as it stands on a day, in one pass, and the plan itself under its own key."""
    out: dict[str, Judged] = {}
    sums = [_judge(whole, b, today, sight, out, (None, None)) for b in whole.tree.branches]
    own = last_said(_told(whole, whole.plan.key, sight), today)
    out[whole.plan.key] = Judged(sum=_added(sums), stated=own)
    return out


def _judge(
    whole: Whole, b: Branch, today: date, sight: Sight, out: dict[str, Judged],
    above: tuple[date | None, date | None],
) -> Sum:  # fmt: skip
    """Judge a branch; how many of each colour it holds."""
    n = b.node
    starts, due = n.starts or above[0], n.due or above[1]
    under = [_judge(whole, x, today, sight, out, (starts, due)) for x in b.under]
    stated = last_said(_told(whole, n.key, sight), today)
    shown, unclear, gauge = _read(whole, n, today, sight)
    if b.under and stated is None and shown is None and n.due is None:
        out[n.key] = Judged(sum=_added(under), unclear=unclear, gauge=gauge)
        return _added(under)
    dates = Dates(starts or whole.plan.starts, due or whole.plan.due, own=n.due is not None)
    found = light(dates, stated, shown, today)
    out[n.key] = Judged(found, _added(under) if b.under else None, stated, shown, unclear, gauge)
    return _added([*under, Sum.of([found])])


def _told(whole: Whole, key: str, sight: Sight) -> list[Stated]:
    """What was said of a node, with the per cent that its figure gives instead of one that was typed."""
    out = []
    for s in whole.said.get(key, ()):
        if s.figure:
            e = sight.entry(s.figure)
            per_cent = e.figure.value if e is not None and e.figure.unit == "percent" else None
            s = replace(s, percent=per_cent, figure=s.figure if e is not None else "")
        out.append(s)
    return out


def _read(
    whole: Whole, n: Node, today: date, sight: Sight
) -> tuple[Computed | None, Unclear | None, Gauge | None]:
    """What the ledger shows of the first gauge that shows how far it is; else the first that shows a value;
    else why none does."""
    wrong: tuple[None, Unclear | None, Gauge | None] = (None, None, None)
    value: tuple[Computed, None, Gauge] | None = None
    for g in whole.gauges.get(n.key, ()):
        found = _of_gauge(whole, n, g, today, sight)
        if isinstance(found, Unclear):
            wrong = (None, found, g)
        elif found.share is not None:
            return found, None, g
        else:
            value = value or (found, None, g)
    return value or wrong


def _of_gauge(whole: Whole, n: Node, g: Gauge, today: date, sight: Sight) -> Computed | Unclear:
    if g.indicator:
        return sight.indicator(g, whole.plan.state, today) or Unclear("none")
    return reading(
        g.series, sight.ledger, sight.measures.get(g.series.partition(" ")[0]), starts=n.starts or whole.plan.starts,
        until=today, baseline=g.baseline, target=g.target, memo=sight.memo,
    )  # fmt: skip


def _added(sums: list[Sum]) -> Sum:
    return Sum(
        sum(s.red for s in sums), sum(s.amber for s in sums), sum(s.green for s in sums),
        sum(s.grey for s in sums), sum(s.late for s in sums),
    )  # fmt: skip
