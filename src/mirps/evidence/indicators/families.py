"""Indicators that count the same rows, and what each of them publishes of those rows. Pure.

Whoever holds all that is published adds and subtracts: decisions less recognitions are refusals. So indicators that
may count one row belong together, and are protected together (evidence/releases). A share publishes its whole and
its part. Quantiles stand alone: nothing adds up to them. Different persons are in none: sums of theirs are no sums,
and nothing proves yet how far they can be worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mirps.evidence.indicators import model as m
from mirps.evidence.indicators.model import Counts, Indicator, Kind, Over, Where


@dataclass(frozen=True, slots=True)
class Item:
    """Rows that an indicator counts: `part` is that of a share, `whole` its whole; else the name is the code's."""

    name: str
    code: str
    wheres: tuple[Where, ...]


@dataclass(frozen=True)
class Family:
    """`number`: what is added up of each row. `quantile`: only rows are counted, and values stand beside them."""

    over: Over
    kind: Kind
    at: str
    open: tuple[str, str] | None
    number: Counts
    quantile: bool
    items: tuple[Item, ...]
    members: tuple[Indicator, ...]

    @property
    def name(self) -> str:
        """The family by its first indicator, as long as it has the same ones."""
        return min(i.code for i in self.members)

    @property
    def lasting(self) -> bool:
        """Whether counts of periods that follow each other add up to those of both."""
        return self.kind is Kind.FLOW and not self.quantile

    def items_of(self, code: str) -> list[str]:
        """The names of what is counted for an indicator, the whole of a share first."""
        return [x.name for x in self.items if x.code == code]


def families(indicators: Iterable[Indicator]) -> list[Family]:
    """In the order of their names. One of different persons is in none."""
    alike: dict[tuple[object, ...], list[Indicator]] = {}
    for i in sorted(indicators, key=lambda i: i.code):
        if i.counts is not Counts.PERSONS:
            alike.setdefault(_key(i), []).append(i)
    found = [_family(part) for held in alike.values() for part in _connected(held)]
    return sorted(found, key=lambda f: f.name)


def _key(i: Indicator) -> tuple[object, ...]:
    quantile = i.counts in m.QUANTILES
    at = "" if i.kind is Kind.STOCK else i.at
    return (i.over, i.kind, at, i.open, _number(i), quantile and i.code, i.protect.full)


def _family(held: Sequence[Indicator]) -> Family:
    first = held[0]
    quantile = first.counts in m.QUANTILES
    at = "" if first.kind is Kind.STOCK else first.at
    items = tuple(item for i in held for item in _items(i))
    return Family(first.over, first.kind, at, first.open, _number(first), quantile, items, tuple(held))


def _number(i: Indicator) -> Counts:
    """What is added up of each row; of a share or a quantile rows are counted."""
    return i.counts if i.counts in m.SUMMED else Counts.CASES


def _items(i: Indicator) -> list[Item]:
    if i.of is None:
        return [Item(i.code, i.code, (i.where,))]
    return [Item(f"{i.code}:whole", i.code, (i.where,)), Item(f"{i.code}:part", i.code, (i.where, i.of))]


def _connected(held: Sequence[Indicator]) -> list[list[Indicator]]:
    """Those that may count one row, directly or by way of others."""
    parts: list[list[Indicator]] = []
    for i in held:
        near = [p for p in parts if any(not _apart(i.where, other.where) for other in p)]
        parts = [p for p in parts if p not in near] + [[*(x for p in near for x in p), i]]
    return parts


def _apart(one: Where, other: Where) -> bool:
    """Whether no row can be in both."""
    return any(
        not set(one.among[d]) & set(other.among[d]) for d in one.among.keys() & other.among.keys()
    ) or bool({*one.reached} & {*other.lacking} or {*one.lacking} & {*other.reached})
