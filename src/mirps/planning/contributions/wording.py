"""A contribution in words, in the reader's language and country: for pages, workbooks and files alike."""

from __future__ import annotations

from decimal import Decimal

from mirps.base.texts.api import number, partial_date, say
from mirps.planning.contributions.rules import Contribution, Line
from mirps.planning.records import api as records


def money(value: Decimal, currency: str, exactness: str, lang: str, locale: str) -> str:
    """'more than EUR 6,200,000'; an amount without a currency says so."""
    written = number(value, locale)
    words = f"{currency} {written}" if currency else say("record.no-currency", lang, amount=written)
    return say(f"contributions.exactly.{exactness}", lang, amount=words)


def amount(c: Contribution, lang: str, locale: str) -> str:
    """What it is worth, or why no amount is told."""
    if c.amount is not None:
        return money(c.amount, c.currency, c.exactness, lang, locale)
    return say("contributions.in-kind" if c.in_kind else "contributions.no-amount", lang)


def summed(line: Line, lang: str, locale: str) -> str:
    return money(line.total, line.currency, line.exactness, lang, locale)


def choice(field: str, option: str, lang: str) -> str:
    return say(f"kind.contribution.choice.{field}.{option}", lang) if option else ""


def donor(code: str, lang: str) -> str:
    return records.name_of("institutions", code, lang) if code in records.listed("institutions") else code


def places(c: Contribution, lang: str) -> str:
    return ", ".join(records.name_of("states", s, lang) for s in c.states) or say(
        "contributions.no-place", lang
    )


def when(c: Contribution, lang: str, locale: str) -> str:
    """The period that it covers, or when it was made."""
    if c.starts and c.ends and c.starts != c.ends:
        return f"{partial_date(c.starts, locale)} – {partial_date(c.ends, locale)}"
    if c.starts and not c.ends:
        return say("contributions.since", lang, day=partial_date(c.starts, locale))
    found = c.starts or c.ends or c.made
    return partial_date(found, locale) if found else say("contributions.no-day", lang)
