"""A figure in words: its value as the reader's country writes it, its qualifier, what and when."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from babel.dates import format_skeleton

from mirps.base.codelists import api as lists
from mirps.base.texts.api import say
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure, Measure


def value(figure: Figure, lang: str, locale: str, form: str = "") -> str:
    """The value in words. `form`: '' with its qualifier, bare without, abs without sign either.

    An absent value is said to be unknown, not collected or withheld.
    """
    words = figures.amount(figure, lang, locale, size=form == "abs")
    return words if form else figures.qualified(words, figure, lang)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


@lru_cache(maxsize=5_000)
def short_day(value: date, locale: str) -> str:
    """30 sept 2024. With the month as a word: es-PA's medium date, 09/30/2024, reads as another day elsewhere."""
    return format_skeleton("yMMMd", value, locale=locale)


def when(figure: Figure, lang: str, locale: str) -> str:
    """The day or the period that the figure speaks of; empty if the source gave none."""
    if figure.as_of:
        return short_day(figure.as_of, locale)
    if figure.period_start and figure.period_end:
        return say(
            "reports.period",
            lang,
            start=short_day(figure.period_start, locale),
            end=short_day(figure.period_end, locale),
        )
    if figure.period_end:
        return say("reports.until", lang, end=short_day(figure.period_end, locale))
    if figure.period_start:
        return say("reports.since", lang, start=short_day(figure.period_start, locale))
    return ""


def state(code: str, lang: str) -> str:
    """A State by its everyday name, a wider area by its full one."""
    found = lists.states().get(code)
    if found is None:
        return code
    return found.extra[f"short_{lang}"] if found.extra["kind"] == "state" else found.name(lang)


def members(figure: Figure, lang: str) -> list[str]:
    """The names of the members to which the figure is restricted, dimension by dimension."""
    known = lists.dimensions()
    out = []
    for key, member in figure.members().items():
        if member in figures.ABSENCES:
            out.append(figures.absence(member, lang))
        elif key in known and member in known[key]:
            out.append(known[key].name(member, lang))
        else:
            out.append(state(member, lang))
    return out


def label(figure: Figure, measure: Measure | None, lang: str) -> str:
    """What is counted, so that no two rows of a table read alike: with universe, place and members."""
    name = measure.name(lang) if measure else figure.measure
    more = [figures.universe(figure, lang), *members(figure, lang), figure.place]
    if figure.population not in {"", "NAP"} and not figure.universe:
        people = lists.populations().name(figure.population, lang).lower()
        more.insert(0, "" if _says(name, people) else people)
    more = [words for words in more if words]
    return f"{name} ({'; '.join(more)})" if more else name


def _says(name: str, people: str) -> bool:
    """Whether a measure's name says already whom it counts."""
    stems = {w[:6] for w in re.findall(r"\w{5,}", people) if not w.startswith(("person", "people"))}
    return stems <= {w[:6] for w in re.findall(r"\w{5,}", name.lower())}


def describe(figure: Figure, measure: Measure | None, lang: str) -> str:
    """What is counted: the measure, and in brackets what it is restricted to."""
    name = measure.name(lang) if measure else figure.measure
    more = members(figure, lang)
    if figure.population not in {"", "NAP"}:
        more.insert(0, lists.populations().name(figure.population, lang).lower())
    if figure.place:
        more.append(figure.place)
    return f"{name} ({'; '.join(more)})" if more else name


def document(code: str, lang: str) -> str:
    """The document's title; a figure that was corrected here has none."""
    if not code:
        return say("figure.corrected-here", lang)
    found = lists.documents().get(code)
    return found[f"title_{lang}"] if found else code
