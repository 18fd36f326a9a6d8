"""Quantification in words: amounts, rates with their days, names. Shared by the page and its workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel import Locale

from mirps.base.texts.api import day, number, say
from mirps.planning.results import api as results
from mirps.planning.results.api import Amount, Books, Group, Rate
from mirps.sharing.portal import wording
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk


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


class Names:
    """What the records of these books are called, and where they are."""

    def __init__(self, desk: Desk, books: Books, groups: Iterable[Group]) -> None:
        self.desk = desk
        keys = {c.key for c in books.costs} | {f.key for f in books.flows} | {r.key for r in books.rates}
        keys |= (
            {c.commitment for c in books.costs}
            | {k for f in books.flows for k in f.serves}
            | {g.key for g in groups}
        )
        keys |= set(books.roots.values()) | {k for f in books.flows for k in results.chain(f.key, books.fed)}
        self.called = showing.titles(desk, [k for k in keys if "/" in k])

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
