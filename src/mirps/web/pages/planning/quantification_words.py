"""Quantification in words: amounts, rates with their days, names. Shared by the page and its workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel import Locale

from mirps.base.texts.api import day, number, say
from mirps.planning.results import api as results
from mirps.planning.results.api import Amount, Books, Flow, Gap, Group, Overdrawn, Rate
from mirps.sharing.portal import wording
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk

#: Rows of a list, and names in a row, that the page shows; the workbook holds all.
MOST = 100
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Asked:
    currency: str
    by: str
    counted: str
    state: str | None
    year: str | None


def currency_name(code: str, lang: str) -> str:
    return wording.capital(f"{Locale(lang).currencies.get(code, code)} ({code})")


def state_name(desk: Desk, code: str) -> str:
    return wording.state(code, desk.lang) if code else say("record.region", desk.lang)


def year_name(desk: Desk, year: str) -> str:
    return year if year.isdigit() else say(f"quant.year.{year or 'none'}", desk.lang)


@dataclass(frozen=True, slots=True)
class Way:
    """A flow, whether it enters the sums, and what is paid out of it."""

    flow: Flow
    enters: bool
    onward: tuple[Way, ...]

    def keys(self) -> set[str]:
        return {self.flow.key}.union(*(w.keys() for w in self.onward))


def ways_of(books: Books) -> list[Way]:
    """Money that passes through several hands, from where it enters."""
    held = {f.key: f for f in books.flows}
    onward: dict[str, list[str]] = {}
    for key, sources in books.fed.items():
        for s in sources:
            if s in held and key in held:
                onward.setdefault(s, []).append(key)
    entered = {f.key for f in results.entering(books.flows, books.fed)}

    def way(key: str) -> Way:
        return Way(held[key], key in entered, tuple(way(k) for k in sorted(onward.get(key, ()))[:MOST]))

    return [way(k) for k in sorted(onward) if k in entered][:MOST]


def within(g: Group) -> list[str]:
    """The keys of the costs and contributions of a group."""
    return [*(c.key for c in g.costs), *(f.key for f in g.flows)]


def shown_keys(
    groups: Sequence[Group], whole: Gap, ways: Iterable[Way], over: Iterable[Overdrawn]
) -> set[str]:
    """The records that the page names."""
    found = {g.key for g in groups[:MOST]} | {k for g in groups[:MOST] for k in within(g)[:MOST_NAMED]}
    found |= {a.whence for a in whole.kept[:MOST]} | {r.key for r in whole.rates}
    found |= {c.amount.whence for t in whole.totals for c in [c for c in t.counted if c.by][:MOST]}
    found |= {k for h in whole.held[:MOST] for k in (h.cost, h.by)} | {k for o in over for k in o.out_of}
    return found.union(*(w.keys() for w in ways))


def every_key(books: Books, groups: Sequence[Group]) -> set[str]:
    """The records that the workbook names."""
    return {g.key for g in groups} | {c.key for c in books.costs} | {f.key for f in books.flows}


class Names:
    """What the records of these books are called, and where they are."""

    def __init__(self, desk: Desk, keys: Iterable[str]) -> None:
        self.desk = desk
        self.called = showing.titles(desk, {k for k in keys if "/" in k})

    def of(self, key: str) -> tuple[str, str]:
        """(title, address) of a record; a closed one by that word."""
        if key in self.called:
            return self.called[key], showing.address_of(key, self.desk.lang)
        return say("record.closed", self.desk.lang), ""

    def group(self, by: str, key: str) -> tuple[str, str]:
        if by == "state":
            href = self.desk.url("state", code=key) if key else ""
            return state_name(self.desk, key), href
        if by == "year":
            return year_name(self.desk, key), ""
        return self.of(key) if key else (say(f"quant.no-{by}", self.desk.lang), "")


def plain(desk: Desk, value: Decimal, currency: str) -> str:
    places = None if value == value.to_integral_value() else 2
    words = number(value, desk.locale, places)
    return f"{currency}\u00a0{words}" if currency else say("record.no-currency", desk.lang, amount=words)


def money(desk: Desk, a: Amount) -> str:
    return plain(desk, a.money.amount, a.money.currency)


def why_kept(a: Amount) -> str:
    """Why an amount converts to nothing: no currency, no day, or no rate near its day."""
    if not a.money.currency:
        return "currency"
    return "day" if a.day is None else "rate"


def rate_words(desk: Desk, r: Rate) -> tuple[str, str, str]:
    """(the rate, its day, the address of who says it)."""
    words = say("quant.rate", desk.lang, one=r.origin, value=rate_number(desk, r.value), other=r.target,
                back=rate_number(desk, 1 / r.value))  # fmt: skip
    return words, day(r.day, desk.locale), showing.address_of(r.key, desk.lang)


def rate_number(desk: Desk, value: Fraction) -> str:
    """Six significant figures: enough to follow a sum, and not more than a rate means."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    places = max(0, 5 - exact.adjusted())
    return number(round(exact, places).normalize() + 0, desk.locale)


def asked_words(desk: Desk, asked: Asked) -> str:
    """What was asked for, in a sentence for the sheet's head."""
    said = [say(f"quant.counted.{asked.counted}", desk.lang)]
    if asked.state is not None:
        said.append(state_name(desk, asked.state))
    if asked.year is not None:
        said.append(year_name(desk, asked.year))
    return "; ".join(said)
