"""Costs and contributions side by side, by commitment, plan, State or year. Pure.

A contribution counts here when it names a commitment, when a cost names it, or when it is for one State
alone; others belong to no gap and are told of elsewhere. In each group, and in any total over groups, what
enters counts once (flows.entering): a total is therefore never the sum of its rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from mirps.planning.results.flows import Flow
from mirps.planning.results.gaps import Cost, Gap, gap
from mirps.planning.results.money import Rate

BY = ("commitment", "plan", "state", "year")


@dataclass(frozen=True, slots=True)
class Group:
    key: str  # of a commitment or plan, a State, a year, "many" years; "" where none is named
    gap: Gap
    costs: tuple[Cost, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True)
class Books:
    """Everything that a gap is worked out from. `states`: the State of a flow that is for one alone;
    `above` and `roots`: what a commitment stands under, and the plan or instrument that it is of;
    `owners`: the State of a commitment."""

    costs: Sequence[Cost]
    flows: Sequence[Flow]
    fed: Mapping[str, Collection[str]]
    rates: Collection[Rate]
    states: Mapping[str, str] = field(default_factory=dict)
    above: Mapping[str, str] = field(default_factory=dict)
    roots: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def paying(self) -> Mapping[str, Sequence[Cost]]:
        """The costs that name a flow, by its key."""
        out: dict[str, list[Cost]] = {}
        for c in self.costs:
            for k in c.paid_by:
                out.setdefault(k, []).append(c)
        return out

    def commitments(self, f: Flow) -> frozenset[str]:
        """What a flow pays for, by its own word or a cost's."""
        return f.serves | {c.commitment for c in self.paying.get(f.key, ()) if c.commitment}

    def state(self, f: Flow) -> str:
        """The State that a flow is for; "" for several or the region."""
        if f.key in self.states:
            return self.states[f.key]
        named = {c.state for c in self.paying.get(f.key, ())} | {self.owners.get(k, "") for k in f.serves}
        return named.pop() if len(named) == 1 else ""

    def tied(self) -> list[Flow]:
        """The flows that belong to a gap at all."""
        return [f for f in self.flows if f.serves or f.key in self.paying or f.key in self.states]

    def within(self, *, state: str | None = None, year: str | None = None) -> Books:
        """The costs and flows of one State ("": the region's) and year ("many", "": see Group)."""
        costs = [c for c in self.costs if state in (None, c.state) and year in (None, cost_year(c))]
        flows = [f for f in self.flows if state in (None, self.state(f)) and year in (None, flow_year(f))]
        return replace(self, costs=costs, flows=flows)

    def gap(self, currency: str) -> Gap:
        return self._gap(self.costs, self.tied(), currency)

    def grouped(self, by: str, currency: str) -> list[Group]:
        """A group for each key, those that name none last."""
        costs: dict[str, list[Cost]] = {}
        flows: dict[str, list[Flow]] = {}
        for c in self.costs:
            costs.setdefault(self._key(by, c), []).append(c)
        for f in self.tied():
            for key in self._keys(by, f):
                flows.setdefault(key, []).append(f)
        keys = sorted({*costs, *flows}, key=lambda k: (k == "", k))
        return [
            Group(
                k,
                self._gap(costs.get(k, []), flows.get(k, []), currency),
                tuple(costs.get(k, ())),
                tuple(flows.get(k, ())),
            )
            for k in keys
        ]

    def _gap(self, costs: Sequence[Cost], flows: Collection[Flow], currency: str) -> Gap:
        return gap(costs, flows, fed=self.fed, above=self.above, currency=currency, rates=self.rates)

    def _key(self, by: str, c: Cost) -> str:
        if by == "state":
            return c.state
        if by == "year":
            return cost_year(c)
        return self.roots.get(c.commitment, c.commitment) if by == "plan" else c.commitment

    def _keys(self, by: str, f: Flow) -> Iterable[str]:
        if by == "state":
            return [self.state(f)]
        if by == "year":
            return [flow_year(f)]
        named = self.commitments(f)
        if by == "plan":
            named = frozenset(self.roots.get(k, k) for k in named)
        return sorted(named) or [""]


def cost_year(c: Cost) -> str:
    """The year of a cost; "many" for several, "" for none stated."""
    if c.period.year is not None:
        return str(c.period.year)
    return "many" if c.period.first else ""


def flow_year(f: Flow) -> str:
    return str(f.day.year) if f.day else ""
