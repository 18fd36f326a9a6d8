"""Who enters for which institution, and what the pages of entering say: words for asks, cells and hints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, cached_property
from uuid import UUID, uuid4, uuid5

from django.http import Http404

from mirps.base.access.api import User
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import number, partial_date, say
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, Hint, Proposal, Ready
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import UNKNOWN, Figure, parse_dimensions
from mirps.evidence.rounds.api import Ask, Due, Stage, Status
from mirps.sharing.portal import wording
from mirps.web.jinja import at_home, locale_of
from mirps.web.pages.rounds.door import Desk, Refused


class Entering:
    """One institution's part of a round, for somebody who writes or hands over for it.

    Numbers are read and written as its State does, unless the reader chose a country.
    """

    def __init__(self, desk: Desk, institution: str) -> None:
        self.desk, self.institution = desk, institution
        self.state = institution.partition(".")[0]
        known = codelists.institutions().get(institution)
        if known is None or self.state not in codelists.locales():
            raise Http404
        self.writes = desk.may("entry.write", state=self.state, body=institution)
        self.submits = desk.may("entry.submit", state=self.state, body=institution)
        if not self.writes and not self.submits:
            raise Refused(desk.why_not("entry.write", state=self.state, body=institution))
        at_home(desk.request, self.state)
        desk.locale = locale_of(desk.request)
        self.lang, self.locale = desk.lang, desk.locale

    def require_write(self) -> None:
        self.desk.require("entry.write", state=self.state, body=self.institution)

    @property
    def name(self) -> str:
        return self.desk.institution_name(self.institution)

    @cached_property
    def things(self) -> list[Ready]:
        """Everything asked of the institution."""
        return entries.survey(self.desk.round.code, institution=self.institution)

    @property
    def trail(self) -> list[tuple[str, str]]:
        """The way back, for the crumbs of pages below the list."""
        return [(self.name, self.url("enter"))]

    def url(self, name: str, **parts: object) -> str:
        return self.desk.url(name, code=self.desk.round.code, institution=self.institution, **parts)

    @property
    def due(self) -> datetime | None:
        """By when the institution hands over."""
        return self.desk.due(Due.ENTRY, state=self.state, institution=self.institution)

    @property
    def late(self) -> bool:
        return self.due is not None and self.desk.now > self.due and self.desk.round.stage == Stage.OPEN

    def sentence(self, hint: Hint) -> str:
        return say(hint.key, self.lang, **{k: self._word(k, v) for k, v in hint.values.items()})

    def _word(self, key: str, value: object) -> str:
        if isinstance(value, Decimal | int):
            return number(value, self.locale)
        if isinstance(value, list | tuple):
            if key == "by":
                return ", ".join(wording.dimension(str(v), self.lang).lower() for v in value)
            return say("entries.or", self.lang).join(str(v) for v in value)
        return self.when(str(value)) if key == "when" else str(value)

    def read(self, text: str) -> tuple[Decimal | None, str]:
        """What was typed into a cell: (value, absence). Raises entries.NotRead."""
        return entries.read_cell(text[:200], self.locale, accepted())

    def shown(self, value: Decimal | None, absence: str) -> str:
        """What stands in a cell, as it would be typed."""
        return entries.show_cell(value, absence, self.locale, absence_words(self.lang))

    def computed(self, found: Proposal | None) -> str:
        """The value that was counted from cases, with the day that it reaches to; nothing for none."""
        return proposed(found, self.lang, self.locale)

    def when(self, text: str) -> str:
        """A date as exact as it was stated."""
        return partial_date(text, self.locale)

    def example(self) -> str:
        return number(Decimal("226029.5"), self.locale)

    def shut(self, cell: Cell) -> str:
        """Why nothing can be written into a cell, or nothing."""
        key = entries.writable(Stage(self.desk.round.stage), Status(cell.status))
        return say(key, self.lang) if key else ""


def proposed(found: Proposal | None, lang: str, locale: str) -> str:
    """'1,234 (30 June 2025, so far)': a computed figure in words; nothing for none."""
    if found is None:
        return ""
    value, when = wording.value(found.figure, lang, locale), wording.when(found.figure, lang, locale)
    return say(f"entries.computed.{'whole' if found.whole else 'so-far'}", lang, value=value, when=when)


@cache
def absence_words(lang: str) -> dict[str, str]:
    """Absence -> the word for it."""
    return {a: figures.absence(a, lang) for a in entries.ABSENCES}


@cache
def accepted() -> dict[str, str]:
    """Word, in lower case -> the absence that it means. Of both languages: people paste what they have."""
    out: dict[str, str] = {}
    for lang in ("es", "en"):
        for absence, word in absence_words(lang).items():
            more = say(f"entries.accepted.{absence.strip('_')}", lang).split(";")
            out |= {w.strip().lower(): absence for w in (word, *more)}
    return out


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked, in words."""

    name: str
    detail: str
    when: str
    unit: str


def thing(ask: Ask, lang: str, locale: str) -> Thing:
    figure = Figure(
        id="", document="", locator="", fragment="", state=ask.state, sector=ask.sector, measure=ask.measure,
        value=None, unit=ask.unit, population=ask.population, dimensions=ask.dimensions, stage=ask.stage,
        universe=ask.universe, place=ask.place, period_start=ask.period_start, period_end=ask.period_end,
        as_of=ask.as_of, series=ask.series,
    )  # fmt: skip
    measure = figures.measures().get(ask.measure)
    detail = [*wording.details(figure, lang), *filter(None, [figures.universe(figure, lang)])]
    return Thing(
        name=measure.name(lang) if measure else ask.measure,
        detail=wording.capital("; ".join(detail)),
        when=wording.when(figure, lang, locale),
        unit=codelists.units().name(ask.unit, lang),
    )


def label(ask: Ask, dimensions: str, lang: str) -> str:
    """A cell's name beside its ask's: 'Total', 'Women', 'Sex: not known'."""
    own = parse_dimensions(ask.dimensions)
    parts = {k: v for k, v in parse_dimensions(dimensions).items() if own.get(k) != v}
    if not parts:
        return say("entries.total", lang)
    words = [
        f"{wording.dimension(k, lang)}: {wording.member(k, v, lang)}" if v == UNKNOWN
        else wording.capital(wording.member(k, v, lang))
        for k, v in parts.items()
    ]  # fmt: skip
    return " · ".join(words)


def group(ask: Ask, dimensions: str) -> str:
    """The breakdown that a cell belongs to: '', 'sex', 'age', 'age*sex'."""
    own = parse_dimensions(ask.dimensions)
    return "*".join(sorted(k for k, v in parse_dimensions(dimensions).items() if own.get(k) != v))


def group_name(key: str, lang: str) -> str:
    words = [wording.dimension(k, lang).lower() for k in key.split("*")]
    return say("entries.by", lang, what=say("entries.and", lang).join(words))


def node_or(username: str) -> str:
    """The code of the node that acted for its people (sharing/exchange), else the user name as it is."""
    return username.removeprefix("mirps node ")


def names(users: Iterable[str]) -> Mapping[str, str]:
    """User name -> the name that people know somebody by."""
    wanted = {u for u in users if u}
    rows = User.objects.filter(username__in=wanted).order_by("pk")
    known = {u.username: f"{u.first_name} {u.last_name}".strip() for u in rows}
    return {u: known.get(u) or node_or(u) for u in wanted}


def uuid_of(text: str) -> UUID:
    """The mark of a form or a post; a new one for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def post_mark(form: UUID, *parts: object) -> UUID:
    """The mark of one cell's post in a form without JavaScript: the same form sent twice, with the same
    in it, is one statement."""
    return uuid5(form, "|".join(str(p) for p in parts))
