"""A figure in words: its value as the reader's country writes it, what, where, when, and whence.

Everything a page says of a figure comes from here, so that a list, a card, a search result
and the figure's own page never say two things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mirps.base.codelists import api as lists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.evidence.figures import api as ledger
from mirps.evidence.figures.api import Figure, Measure, Qualifier, capital, member, span, when
from mirps.evidence.figures.api import document_title as document
from mirps.evidence.figures.api import state_name as state

__all__ = [
    "Line", "acronym", "amount", "capital", "citation", "compared", "details", "dimension", "document",
    "institution", "line", "member", "place_in", "restrictions", "span", "stage", "state", "unit", "value",
    "when",
]  # fmt: skip

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
    whence: str  # the document's code, the round that it was entered in, or that it was corrected here
    institution: str  # acronym or name of the body that reported it
    institution_code: str


def line(figure: Figure, measure: Measure | None, lang: str, locale: str, round: str = "") -> Line:
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
        whence=ledger.stated_in_short(figure, lang, round),
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


def institution(code: str, lang: str) -> str:
    return lists.institutions().name(code, lang) if code else ""


def acronym(code: str, lang: str) -> str:
    """The body's acronym, or its name where it has none."""
    found = lists.institutions().get(code)
    if found is None:
        return code
    return found.extra.get("acronym") or found.name(lang)


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


def compared(figure: Figure, lang: str, locale: str) -> str:
    """The time that a change is measured against, or nothing."""
    return span(figure.compare_start, figure.compare_end, lang, locale)


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
    figure: Figure, measure: Measure | None, *, lang: str, locale: str, address: str, version: int,
    round: str = "",
) -> str:  # fmt: skip
    """How to cite a figure, with its stable address and the ledger's version."""
    in_round = ledger.entered(figure, round)
    return say(
        "portal.cite.entered" if in_round else "portal.cite.text",
        lang,
        what=measure.name(lang) if measure else figure.measure,
        state=lists.states().name(figure.state, lang),
        value=value(figure, lang, locale),
        when=when(figure, lang, locale) or say("portal.when.none", lang),
        document=ledger.stated_in(figure, lang, round),
        place=figure.locator,
        id=figure.id,
        version=version,
        address=address,
    )
