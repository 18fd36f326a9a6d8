"""A figure in words, the same on pages, in reports and in answers of the API: value, time, names."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from babel.dates import format_date, format_skeleton

from mirps.base.codelists import api as lists
from mirps.base.texts.api import day, number, say
from mirps.evidence.figures.rules import ABSENCES, Figure, Origin, Qualifier

MONEY = frozenset({"USD", "EUR", "CAD", "HNL"})
SHARES = frozenset({"percent", "percent_change"})
NBSP = "\u00a0"

_BELOW = re.compile(r"\b(?:less|fewer|lower) than|\bunder\b|\bbelow\b", re.IGNORECASE)
_ABOVE = re.compile(r"\b(?:more|greater|higher) than|\bover\b|\babove\b", re.IGNORECASE)


def absence(code: str, lang: str) -> str:
    """Why there is no value, or no member: total, unknown, not collected, withheld."""
    return say(f"figure.absence.{code.strip('_')}", lang)


def amount(figure: Figure, lang: str, locale: str, *, size: bool = False) -> str:
    """The value with its unit mark (`size`: without its sign), or why there is none."""
    if figure.value is None:
        return absence(figure.absence, lang)
    words = number(abs(figure.value) if size else figure.value, locale)
    if figure.unit in SHARES:
        return words + ("%" if lang == "en" else f"{NBSP}%")
    if figure.unit in MONEY:
        return f"{figure.unit}{NBSP}{words}"
    return words


def qualified(words: str, figure: Figure, lang: str) -> str:
    """'more than 266,000', 'cerca de 588': the qualifier in the words that the source used for it."""
    if figure.value is None or figure.qualifier is Qualifier.EXACT:
        return words
    return say(f"figure.qualifier.{_qualifier(figure)}", lang, n=words)


def _qualifier(figure: Figure) -> str:
    if figure.qualifier is Qualifier.AT_MOST and _BELOW.search(figure.fragment):
        return "fewer" if figure.unit not in SHARES | MONEY else "below"
    if figure.qualifier is Qualifier.AT_LEAST and figure.fragment and not _ABOVE.search(figure.fragment):
        return "from"
    return figure.qualifier.value


def universe(figure: Figure, lang: str) -> str:
    """Within what the figure counts (a programme, an event); as recorded where it has no Spanish yet."""
    return figure.universe if lang == "en" else lists.universes().get(figure.universe, figure.universe)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def when(figure: Figure, lang: str, locale: str, *, short: bool = False) -> str:
    """The day or the period that the figure speaks of; empty if the source gave none.

    `short` writes days as 30 sept 2024, for tables; otherwise whole months and years are told as such.
    """
    if figure.as_of:
        return short_day(figure.as_of, locale) if short else day(figure.as_of, locale)
    return span(figure.period_start, figure.period_end, lang, locale, short=short)


@lru_cache(maxsize=4_000)
def span(start: date | None, end: date | None, lang: str, locale: str, *, short: bool = False) -> str:
    """A period as people say it: a year, whole months, or from a day to a day."""
    form = short_day if short else day
    if start and end:
        if start == end:
            return form(start, locale)
        if not short and _whole_months(start, end):
            return _months(start, end, lang, locale)
        return say("figure.when.span", lang, start=form(start, locale), end=form(end, locale))
    if end:
        return say("figure.when.until", lang, end=form(end, locale))
    return say("figure.when.since", lang, start=form(start, locale)) if start else ""


def _months(start: date, end: date, lang: str, locale: str) -> str:
    same = start.year == end.year
    if same and (start.month, end.month) == (1, 12):
        return str(start.year)
    last = format_date(end, _MONTH_YEAR[lang], locale=locale)
    if same and start.month == end.month:
        return last
    first = format_date(start, "MMMM" if same else _MONTH_YEAR[lang], locale=locale)
    return say("figure.when.span", lang, start=first, end=last)


_MONTH_YEAR = {"es": "MMMM 'de' y", "en": "MMMM y"}


def _whole_months(start: date, end: date) -> bool:
    return start.day == 1 and end.day == monthrange(end.year, end.month)[1]


@lru_cache(maxsize=5_000)
def short_day(value: date, locale: str) -> str:
    """30 sept 2024. With the month as a word: es-PA's medium date, 09/30/2024, reads as another day elsewhere."""
    return format_skeleton("yMMMd", value, locale=locale)


def state_name(code: str, lang: str) -> str:
    """A State by its everyday name; a wider area by its whole one, for its short one is a code."""
    found = lists.states().get(code)
    if found is None:
        return code
    return found.extra[f"short_{lang}"] if found.extra["kind"] == "state" else found.name(lang)


def document_title(code: str, lang: str) -> str:
    """The document's title; a figure that was corrected here has none."""
    if not code:
        return say("figure.corrected-here", lang)
    found = lists.documents().get(code)
    return found[f"title_{lang}"] if found else code


def institution_name(code: str, lang: str) -> str:
    """An institution by its name; a code that the list does not hold, as it is."""
    found = lists.institutions().get(code)
    return found.name(lang) if found else code


def stated_in(figure: Figure, lang: str, round: str = "") -> str:
    """Where a figure was stated: its document; for one entered in a round that people worked in, the
    institution and that round ('Instituto Nacional de Migración (HND), ronda 2025'); for one that was
    computed, the cases of its State."""
    if figure.origin is Origin.COMPUTED:
        return say("figure.computed-in", lang, state=state_name(figure.state, lang))
    if figure.document or not entered(figure, round):
        return document_title(figure.document, lang)
    who = institution_name(figure.source, lang)
    if f"({figure.state})" not in who:
        who = f"{who} ({figure.state})"
    return say("figure.entered-in", lang, institution=who, round=round)


def stated_in_short(figure: Figure, lang: str, round: str = "") -> str:
    """The same where the institution stands beside it: the document's code, 'Ronda 2025', or 'Casos'."""
    if figure.origin is Origin.COMPUTED:
        return say("figure.computed-short", lang)
    if figure.document:
        return figure.document
    if entered(figure, round):
        return say("figure.in-round", lang, round=round)
    return document_title("", lang)


def entered(figure: Figure, round: str) -> bool:
    """Whether an institution entered the figure in the round (rounds.figure_id), rather than a document
    having stated it or somebody having corrected what one stated."""
    return bool(not figure.document and figure.source and round) and figure.id.startswith(
        f"r{round.lower()}-"
    )


def member(key: str, code: str, lang: str) -> str:
    """The name of a dimension's member; the four absences in words."""
    if code in ABSENCES:
        return absence(code, lang)
    known = lists.dimensions().get(key)
    return known.name(code, lang) if known and code in known else state_name(code, lang)
