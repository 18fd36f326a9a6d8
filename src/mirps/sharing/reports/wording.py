"""A figure in words: its value as the reader's country writes it, its qualifier, what and when."""

from __future__ import annotations

import re

from mirps.base.codelists import api as lists
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure, Measure, capital, short_day, stated_in
from mirps.evidence.figures.api import document_title as document
from mirps.evidence.figures.api import state_name as state

__all__ = [
    "capital",
    "describe",
    "document",
    "label",
    "members",
    "short_day",
    "state",
    "stated_in",
    "value",
    "when",
]


def value(figure: Figure, lang: str, locale: str, form: str = "") -> str:
    """The value in words. `form`: '' with its qualifier, bare without, abs without sign either.

    An absent value is said to be unknown, not collected or withheld.
    """
    words = figures.amount(figure, lang, locale, size=form == "abs")
    return words if form else figures.qualified(words, figure, lang)


def when(figure: Figure, lang: str, locale: str) -> str:
    """The day or the period that the figure speaks of, short enough for a table on paper."""
    return figures.when(figure, lang, locale, short=True)


def members(figure: Figure, lang: str) -> list[str]:
    """The names of the members to which the figure is restricted, dimension by dimension."""
    return [figures.member(key, code, lang) for key, code in figure.members().items()]


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
