"""Who gives to whom: sums that count money once, however many hands it passes through. Pure.

A flow is money from a giver to a taker. What a fund hands on to an implementer came to it from a donor:
both flows are kept and shown, and a total counts the one that enters. A flow names those it is paid
out of (`out_of`); what a pot gives (a fund, which has nothing of its own) is paid out of all that it was
given. In a total over some flows those count that no other of them feeds, directly or by others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from mirps.planning.results.money import Amount, Money


@dataclass(frozen=True, slots=True)
class Flow:
    """`serves` are the keys of the commitments it pays for; `day` the day it counts for (None: not stated);
    `own` when a State gives it for itself; `figure` the one of the ledger that the amount is read from."""

    key: str
    giver: str
    taker: str
    money: Money
    day: date | None = None
    out_of: tuple[str, ...] = ()
    serves: frozenset[str] = frozenset()
    own: bool = False
    figure: str = ""

    @property
    def amount(self) -> Amount:
        return Amount(self.money, self.day, self.key, self.figure)


class Circle(ValueError):
    """Money that is said to come out of itself. `path` are the keys around the circle, first and last the same."""

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__(" > ".join(path))
        self.path = path


@dataclass(frozen=True, slots=True)
class Overdrawn:
    """More is handed on out of some flows than came in, in one currency: a remark, never a correction."""

    out_of: tuple[str, ...]
    came: Money
    went: Money
    onward: tuple[str, ...]


def feeding(flows: Iterable[Flow], pots: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """key -> keys of the flows that it is paid out of, directly. Raises Circle.

    Keys that name no flow given are left out; what a flow says itself goes before its giver being a pot.
    """
    held = {f.key: f for f in flows}
    into: dict[str, list[str]] = {}
    for f in held.values():
        if f.taker in pots:
            into.setdefault(f.taker, []).append(f.key)
    found = {}
    for f in held.values():
        named = [k for k in f.out_of if k in held]
        found[f.key] = tuple(sorted(named or (into.get(f.giver, []) if f.giver in pots else [])))
    try:
        TopologicalSorter(found).prepare()
    except CycleError as e:
        raise Circle(tuple(reversed(e.args[1]))) from None
    return found


def entering(flows: Collection[Flow], fed: Mapping[str, Collection[str]]) -> list[Flow]:
    """Those of `flows` that enter: no other of them feeds them, directly or through flows that are not
    among them. `fed` is what `feeding` made of all flows there are, so that a way out of the scope and back
    into it is seen."""
    among = {f.key for f in flows}
    ordered = sorted(flows, key=lambda f: f.key)
    return [f for f in ordered if among.isdisjoint(chain(f.key, fed))]


def chain(key: str, fed: Mapping[str, Collection[str]]) -> list[str]:
    """The flows that a flow comes out of, the nearest first, each once."""
    out: dict[str, None] = {}
    stack = list(fed.get(key, ()))
    while stack:
        k = stack.pop(0)
        if k not in out:
            out[k] = None
            stack.extend(fed.get(k, ()))
    return list(out)


def overdrawn(flows: Iterable[Flow], fed: Mapping[str, Collection[str]]) -> list[Overdrawn]:
    """Where more is handed on than came in, by what it is paid out of; only within one currency."""
    held = {f.key: f for f in flows}
    onward: dict[tuple[str, ...], list[Flow]] = {}
    for key, sources in fed.items():
        if sources and key in held:
            onward.setdefault(tuple(sources), []).append(held[key])
    out = []
    for sources, gone in sorted(onward.items()):
        came = [held[k].money for k in sources if k in held]
        currencies = {m.currency for m in came} | {f.money.currency for f in gone}
        if len(currencies) != 1 or "" in currencies:
            continue
        currency = currencies.pop()
        given = sum((m.amount for m in came), Decimal(0))
        went = sum((f.money.amount for f in gone), Decimal(0))
        if went > given:
            keys = tuple(f.key for f in gone)
            out.append(Overdrawn(sources, Money(given, currency), Money(went, currency), keys))
    return out
