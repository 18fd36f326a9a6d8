"""A figure in words: its value as the reader's country writes it, its qualifier, what and when."""

from __future__ import annotations

from mirps.base.codelists import api as lists
from mirps.base.texts.api import day, number, say
from mirps.evidence.figures.api import ABSENCES, Figure, Measure, Qualifier

_MONEY = {"USD", "EUR", "CAD", "HNL"}
_SHARES = {"percent", "percent_change"}
_NBSP = "\u00a0"


def value(figure: Figure, lang: str, locale: str, form: str = "") -> str:
    """The value in words. `form`: '' with its qualifier, bare without, abs without sign either.

    An absent value is said to be unknown, not collected or withheld.
    """
    if figure.value is None:
        return say(f"reports.absence.{ABSENCES.index(figure.absence)}", lang)
    amount = abs(figure.value) if form == "abs" else figure.value
    words = number(amount, locale)
    if figure.unit in _SHARES:
        words += "%" if lang == "en" else f"{_NBSP}%"
    elif figure.unit in _MONEY:
        words = f"{figure.unit}{_NBSP}{words}"
    if form or figure.qualifier is Qualifier.EXACT:
        return words
    return say(f"reports.qualifier.{figure.qualifier.value}", lang, n=words)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def when(figure: Figure, lang: str, locale: str) -> str:
    """The day or the period that the figure speaks of; empty if the source gave none."""
    if figure.as_of:
        return day(figure.as_of, locale, "medium")
    if figure.period_start and figure.period_end:
        return say(
            "reports.period",
            lang,
            start=day(figure.period_start, locale, "medium"),
            end=day(figure.period_end, locale, "medium"),
        )
    if figure.period_end:
        return say("reports.until", lang, end=day(figure.period_end, locale, "medium"))
    if figure.period_start:
        return say("reports.since", lang, start=day(figure.period_start, locale, "medium"))
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
        if member in ABSENCES:
            out.append(say(f"reports.absence.{ABSENCES.index(member)}", lang))
        elif key in known and member in known[key]:
            out.append(known[key].name(member, lang))
        else:
            out.append(state(member, lang))
    return out


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
    found = lists.documents().get(code)
    return found[f"title_{lang}"] if found else code
