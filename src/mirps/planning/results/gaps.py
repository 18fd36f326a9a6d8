"""What commitments cost, who pays, and what is lacking, in the reader's currency. Pure.

Nothing counts twice: of a plan's tree an amount stated higher up holds those below it of the same period,
and of contributions only what enters counts (flows.py). What could not be converted is named (money.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mirps.planning.records.dates import first_day, last_day
from mirps.planning.results.flows import Flow, entering
from mirps.planning.results.money import Amount, Money, Rate, Total, total


class Part(StrEnum):
    NEED = "need"
    OWN = "own"  # what the State pays of its own
    OTHER = "other"  # what others pay, where no contribution of its own tells of it


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, as exact as stated; both empty when nothing was."""

    starts: str = ""
    ends: str = ""

    @property
    def first(self) -> date | None:
        held = self.starts or self.ends
        return first_day(held) if held else None

    @property
    def last(self) -> date | None:
        held = self.ends or self.starts
        return last_day(held) if held else None

    @property
    def year(self) -> int | None:
        """The one year that it lies in; None when it spans several or none is stated."""
        if self.first is None or self.last is None or self.first.year != self.last.year:
            return None
        return self.first.year

    def meets(self, other: Period) -> bool:
        """Whether they may speak of the same days; a period not stated meets every other."""
        if not (self.first and self.last and other.first and other.last):
            return True
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Stated:
    """An amount as a cost states it, typed or read from a figure of the ledger."""

    money: Money
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one commitment costs in one period: `parts` are the amounts stated, by part."""

    key: str
    commitment: str  # the key of what it is the cost of; "" where the source names none
    state: str  # "" for the region's
    period: Period
    parts: Mapping[Part, tuple[Stated, ...]]
    #: Keys of the contributions that pay for it.
    paid_by: frozenset[str] = frozenset()

    def amounts(self, part: Part) -> list[Amount]:
        return [Amount(s.money, self.period.last, self.key, s.figure) for s in self.parts.get(part, ())]


@dataclass(frozen=True, slots=True)
class Held:
    """A cost that stays out of a part's total because one higher up in the plan holds it."""

    part: Part
    cost: str
    by: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Need, the State's own money, what others give, and what is lacking. `own` and `other` hold what the
    costs state and the contributions that enter."""

    need: Total
    own: Total
    other: Total
    held: tuple[Held, ...] = ()

    @property
    def value(self) -> Decimal | None:
        """Need less all that was given, as far as it could be converted; None where no need was.
        Negative when more was given than needed."""
        if not self.need.counted:
            return None
        return self.need.value - self.given

    @property
    def given(self) -> Decimal:
        return self.own.value + self.other.value

    @property
    def totals(self) -> tuple[Total, ...]:
        return (self.need, self.own, self.other)

    @property
    def kept(self) -> list[Amount]:
        """Every amount that no rate converts, and that is therefore in none of the sums."""
        return [a for t in self.totals for a in t.kept]

    @property
    def rates(self) -> list[Rate]:
        return list(dict.fromkeys(r for t in self.totals for r in t.rates))


def gap(
    costs: Sequence[Cost], flows: Collection[Flow], *, fed: Mapping[str, Collection[str]], above: Mapping[str, str],
    currency: str, rates: Collection[Rate],
) -> Gap:  # fmt: skip
    """The gap over some costs and the contributions to them. `above`: commitment -> what it stands under;
    `fed`: see flows.feeding."""
    came = entering(flows, fed)
    amounts: dict[Part, list[Amount]] = {
        Part.NEED: [],
        Part.OWN: [f.amount for f in came if f.own],
        Part.OTHER: [f.amount for f in came if not f.own],
    }
    held: list[Held] = []
    for part, found in amounts.items():
        counted, inside = topmost(costs, part, above)
        held += inside
        found += [a for c in counted for a in c.amounts(part)]
    need, own, other = (total(found, currency, rates) for found in amounts.values())
    return Gap(need, own, other, tuple(held))


def topmost(costs: Iterable[Cost], part: Part, above: Mapping[str, str]) -> tuple[list[Cost], list[Held]]:
    """Those costs that count in a part's total, and those that one higher up in the plan holds already."""
    stated = [c for c in costs if c.parts.get(part)]
    by: dict[str, list[Cost]] = {}
    for c in stated:
        if c.commitment:
            by.setdefault(c.commitment, []).append(c)
    counted, inside = [], []
    for c in stated:
        holder = _holder(c, by, above)
        if holder is None:
            counted.append(c)
        else:
            inside.append(Held(part, c.key, holder.key))
    return counted, inside


def _holder(cost: Cost, by: Mapping[str, Sequence[Cost]], above: Mapping[str, str]) -> Cost | None:
    seen: set[str] = set()
    at = above.get(cost.commitment, "") if cost.commitment else ""
    while at and at not in seen:
        seen.add(at)
        for other in by.get(at, ()):
            if other is not cost and other.period.meets(cost.period):
                return other
        at = above.get(at, "")
    return None
