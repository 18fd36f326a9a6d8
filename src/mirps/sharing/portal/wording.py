"""A figure in words: its value as the reader's country writes it, what, where, when, and whence.

Everything a page says of a figure comes from here, so that a list, a card, a search result
and the figure's own page never say two things.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.dates import format_date

from mirps.base.codelists import api as lists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.evidence.figures import api as ledger
from mirps.evidence.figures.api import ABSENCES, Figure, Measure, Qualifier

#: Units that are written with the value itself, so that no noun follows it.
WITH_VALUE = frozenset({"percent", "percent_change", "difference", "USD", "EUR", "CAD", "HNL", "XXX"})


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as a row or a card shows it."""

    id: str
    href: str
    value: str  # with its qualifier and unit mark: "more than 266,000", "46%"
    plain: bool  # whether the value is exact and known
    unit: str  # the noun that follows the value, or nothing
    measure: str
    measure_name: str
    state: str
    state_name: str
    detail: str  # what it is restricted to, or nothing
    when: str
    document: str
    institution: str  # acronym or name of the body that reported it
    institution_code: str


def line(figure: Figure, measure: Measure | None, lang: str, locale: str) -> Line:
    return Line(
        id=figure.id,
        href=f"/{lang}/figure/{figure.id}/",
        value=value(figure, lang, locale),
        plain=figure.value is not None and figure.qualifier is Qualifier.EXACT,
        unit=unit(figure, lang),
        measure=figure.measure,
        measure_name=measure.name(lang) if measure else figure.measure,
        state=figure.state,
        state_name=state(figure.state, lang),
        detail=capital("; ".join(details(figure, lang))),
        when=when(figure, lang, locale),
        document=figure.document,
        institution=acronym(figure.source, lang),
        institution_code=figure.source,
    )


def amount(figure: Figure, lang: str, locale: str) -> str:
    """The bare value with its unit mark, or why there is none. A change says which way it goes."""
    words = ledger.amount(figure, lang, locale)
    rises = figure.unit in {"percent_change", "difference"} and figure.value is not None and figure.value > 0
    return f"+{words}" if rises else words


def value(figure: Figure, lang: str, locale: str) -> str:
    """The value with its qualifier: 'more than 266,000', 'cerca de 588', 'not collected'."""
    return ledger.qualified(amount(figure, lang, locale), figure, lang)


def unit(figure: Figure, lang: str) -> str:
    if figure.value is None or figure.unit in WITH_VALUE or figure.value == 1:
        return ""
    return lists.units().name(figure.unit, lang)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def state(code: str, lang: str) -> str:
    """The State's short name; a wider area's whole name, for its short one is a code."""
    found = lists.states().get(code)
    if found is None:
        return code
    return found.extra[f"short_{lang}"] if found.extra["kind"] == "state" else found.name(lang)


def document(code: str, lang: str) -> str:
    """The document's title; a figure that was corrected here has none."""
    if not code:
        return say("figure.corrected-here", lang)
    found = lists.documents().get(code)
    return found[f"title_{lang}"] if found else code


def institution(code: str, lang: str) -> str:
    return lists.institutions().name(code, lang) if code else ""


def acronym(code: str, lang: str) -> str:
    """The body's acronym, or its name where it has none."""
    found = lists.institutions().get(code)
    if found is None:
        return code
    return found.extra.get("acronym") or found.name(lang)


def member(key: str, code: str, lang: str) -> str:
    """The name of a dimension's member; the four absences in words."""
    if code in ABSENCES:
        return ledger.absence(code, lang)
    known = lists.dimensions().get(key)
    return known.name(code, lang) if known and code in known else state(code, lang)


def details(figure: Figure, lang: str) -> list[str]:
    """What the figure is restricted to, beside its measure, State and time."""
    out = []
    if figure.population not in {"", "NAP"}:
        out.append(lists.populations().name(figure.population, lang).lower())
    out += [member(k, v, lang) for k, v in figure.members().items()]
    if figure.stage:
        out.append(stage(figure.stage, lang))
    if figure.place:
        out.append(figure.place)
    if figure.series:
        out.append(figure.series)
    return out


def stage(code: str, lang: str) -> str:
    key = f"portal.stage.{code}"
    return say(key, lang) if key in texts.catalogue() else code


def dimension(key: str, lang: str) -> str:
    name = f"portal.dimension.{key}"
    return say(name, lang) if name in texts.catalogue() else key


def when(figure: Figure, lang: str, locale: str) -> str:
    if figure.as_of:
        return texts.day(figure.as_of, locale)
    return span(figure.period_start, figure.period_end, lang, locale)


def compared(figure: Figure, lang: str, locale: str) -> str:
    """The time that a change is measured against, or nothing."""
    return span(figure.compare_start, figure.compare_end, lang, locale)


@lru_cache(maxsize=4000)
def span(start: date | None, end: date | None, lang: str, locale: str) -> str:
    """A period as people say it: a year, whole months, or from a day to a day."""
    if start and end:
        if start == end:
            return texts.day(start, locale)
        if _whole_months(start, end):
            if start.year == end.year and (start.month, end.month) == (1, 12):
                return str(start.year)
            same = start.year == end.year
            first = format_date(start, "MMMM" if same else _MONTH_YEAR[lang], locale=locale)
            last = format_date(end, _MONTH_YEAR[lang], locale=locale)
            return (
                last
                if same and start.month == end.month
                else say("portal.when.months", lang, start=first, end=last)
            )
        return say("portal.when.days", lang, start=texts.day(start, locale), end=texts.day(end, locale))
    if end:
        return say("portal.when.until", lang, end=texts.day(end, locale))
    if start:
        return say("portal.when.since", lang, start=texts.day(start, locale))
    return ""


_MONTH_YEAR = {"es": "MMMM 'de' y", "en": "MMMM y"}


def _whole_months(start: date, end: date) -> bool:
    return start.day == 1 and end.day == monthrange(end.year, end.month)[1]


def restrictions(figure: Figure, lang: str, locale: str) -> list[tuple[str, str, str]]:
    """All that a figure is restricted to: what, in words, and the language of those words."""
    out: list[tuple[str, str, str]] = []

    def add(key: str, words: str, of: str = lang) -> None:
        if words:
            out.append((say(f"portal.restriction.{key}", lang), words, of))

    states = lists.states()
    add("state", states.name(figure.state, lang))
    add("place", figure.place)
    if figure.population:
        add("population", lists.populations().name(figure.population, lang))
    for key, code in figure.members().items():
        out.append((dimension(key, lang), capital(member(key, code, lang)), lang))
    add("when", when(figure, lang, locale) or say("portal.when.none", lang))
    add("compared", compared(figure, lang, locale))
    if figure.stage:
        add("stage", capital(stage(figure.stage, lang)))
    add("universe", ledger.universe(figure, lang))
    add("series", figure.series)
    if figure.unit in {"percent"}:
        add("base", say("portal.base.share", lang))
    return out


_PARAGRAPH = re.compile(r",\s*(after the indicators, )?paragraphs? (\d+)$")


def place_in(locator: str, lang: str) -> tuple[str, str]:
    """Where in its document: the heading, in the document's language, and the paragraph in the reader's."""
    found = _PARAGRAPH.search(locator)
    if not found:
        return locator, ""
    return locator[: found.start()], say("portal.source.paragraph", lang, n=found.group(2))


def citation(
    figure: Figure, measure: Measure | None, *, lang: str, locale: str, address: str, version: int
) -> str:
    """How to cite a figure, with its stable address and the ledger's version."""
    return say(
        "portal.cite.text",
        lang,
        what=measure.name(lang) if measure else figure.measure,
        state=lists.states().name(figure.state, lang),
        value=value(figure, lang, locale),
        when=when(figure, lang, locale) or say("portal.when.none", lang),
        document=document(figure.document, lang),
        place=figure.locator,
        id=figure.id,
        version=version,
        address=address,
    )
