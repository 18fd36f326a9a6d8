"""Amounts, dated exchange rates, and sums that say what they could not convert. Pure.

An amount is converted only by a rate that bears a day and a source, and the answer carries the rates it
was converted by; without one it stays in its own currency and out of the sum. Fractions keep a rate that
two amounts of a source imply exact: 150,000,000 lempiras come out as the dollars that the source gave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

#: A rate further than this from the day of an amount, in days, says nothing about it.
WITHIN = 366
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217), or in "" where the source names none."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Rate:
    """`value` of currency `target` were given for one of `origin` on a day. `key` leads to who says so;
    `implied` are the figures of the ledger that give one amount in both currencies, where it comes of them."""

    key: str
    origin: str
    target: str
    day: date
    value: Fraction
    implied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Used:
    """A rate as an amount was converted by it; `inverse` when it was read from right to left."""

    rate: Rate
    inverse: bool = False

    @property
    def factor(self) -> Fraction:
        return 1 / self.rate.value if self.inverse else self.rate.value


@dataclass(frozen=True, slots=True)
class Amount:
    """Money with the day it counts for (None: not stated) and what says so: the key of a record, and the
    figure of the ledger that it is read from."""

    money: Money
    day: date | None
    whence: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Converted:
    amount: Amount
    value: Decimal  # in the currency asked for
    by: tuple[Used, ...]  # none: it was in that currency already


@dataclass(frozen=True, slots=True)
class Total:
    """A sum in one currency, what it counts, and what stays out because no rate converts it."""

    currency: str
    counted: tuple[Converted, ...] = ()
    kept: tuple[Amount, ...] = ()

    @property
    def value(self) -> Decimal:
        return sum((c.value for c in self.counted), Decimal(0))

    @property
    def stated(self) -> bool:
        """Whether anything was stated at all."""
        return bool(self.counted or self.kept)

    @property
    def complete(self) -> bool:
        return not self.kept

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Every rate that it rests on, once."""
        return tuple(dict.fromkeys(used.rate for c in self.counted for used in c.by))


def total(
    amounts: Iterable[Amount], currency: str, rates: Collection[Rate], *, within: int = WITHIN
) -> Total:
    counted: list[Converted] = []
    kept: list[Amount] = []
    for a in amounts:
        found = convert(a, currency, rates, within=within)
        if found is None:
            kept.append(a)
        else:
            counted.append(found)
    return Total(currency, tuple(counted), tuple(kept))


def convert(amount: Amount, to: str, rates: Collection[Rate], *, within: int = WITHIN) -> Converted | None:
    """The amount in another currency, with the rates used; None when none of them fits its day.

    What a source itself gave in both currencies is converted as the source did. Otherwise a rate between
    the two currencies is taken before a way through a third, and of several the last one that was known on
    the day, or the first after it. An amount without a day, or without a currency, converts to nothing.
    """
    money = amount.money
    if not money.currency or not to:
        return None
    if money.currency == to:
        return Converted(amount, money.amount, ())
    said = [r for r in rates if amount.figure and amount.figure in r.implied]
    if given := _either(money.currency, to, said):
        return Converted(amount, _cents(Fraction(money.amount) * given[0].factor), (given[0],))
    if amount.day is None:
        return None
    way = _way(money.currency, to, amount.day, rates, within)
    if way is None:
        return None
    exact = Fraction(money.amount)
    for used in way:
        exact *= used.factor
    return Converted(amount, _cents(exact), way)


def _way(origin: str, to: str, day: date, rates: Collection[Rate], within: int) -> tuple[Used, ...] | None:
    if direct := _used(origin, to, day, rates, within):
        return (direct,)
    ways: list[tuple[Used, Used]] = []
    for third in sorted({r.origin for r in rates} | {r.target for r in rates}):
        first = _used(origin, third, day, rates, within)
        second = _used(third, to, day, rates, within)
        if first and second:
            ways.append((first, second))
    return min(ways, key=lambda w: max(_far(u, day) for u in w), default=None)


def _used(origin: str, to: str, day: date, rates: Collection[Rate], within: int) -> Used | None:
    fit = [u for u in _either(origin, to, rates) if abs((u.rate.day - day).days) <= within]
    return min(fit, key=lambda u: _far(u, day), default=None)


def _either(origin: str, to: str, rates: Iterable[Rate]) -> list[Used]:
    """The rates between two currencies, read either way."""
    known = [r for r in rates if r.value > 0]
    forth = [Used(r) for r in known if (r.origin, r.target) == (origin, to)]
    return forth + [Used(r, inverse=True) for r in known if (r.target, r.origin) == (origin, to)]


def _far(used: Used, day: date) -> tuple[bool, int, bool, str]:
    """Rates of the day or before it come first, the nearest of them; then the nearest after."""
    return (used.rate.day > day, abs((used.rate.day - day).days), used.inverse, used.rate.key)


def _cents(exact: Fraction) -> Decimal:
    cents = round(exact * 100)
    return Decimal(cents) / 100
