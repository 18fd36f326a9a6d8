"""Agreements and counts in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import catalogue, number, say
from mirps.evidence.figures import api as figures
from mirps.people.linkage import api as rows
from mirps.sharing.exchange import api as exchange
from mirps.sharing.linkage import api as links
from mirps.sharing.linkage.api import Agreement, Count, Stage, Terms
from mirps.web.desk import Desk
from mirps.web.pages.nodes import called


@dataclass(frozen=True, slots=True)
class Told:
    """An agreement as a page shows it. `ours`: this node's State is one of the two."""

    held: Agreement
    terms: Terms
    stage: Stage
    name: str
    comparer: str
    attributes: str
    groups: str
    counts: list[tuple[Count, str]]
    ours: bool

    @property
    def over(self) -> bool:
        return self.stage in (Stage.ENDED, Stage.DECLINED)


def told(desk: Desk, held: Agreement) -> Told:
    terms, lang = links.terms_of(held), desk.lang
    return Told(
        held=held, terms=terms, stage=links.stage_of(held, on=desk.now.date()), name=pair(terms, lang),
        comparer=called(terms.comparer, lang), attributes=named("attribute", terms.attributes, lang),
        groups=named("group", ("way", *terms.groups), lang),
        counts=[(c, period(desk, c.period)) for c in held.counts.all()], ours=exchange.node() in terms.states,
    )  # fmt: skip


def pair(terms: Terms, lang: str) -> str:
    return say("linkage.page.pair", lang, one=called(terms.one, lang), other=called(terms.other, lang))


def named(kind: str, codes: tuple[str, ...], lang: str) -> str:
    """What terms name; as it is where another State's version names what this one does not know."""
    keys = [(f"linkage.{kind}.{code}", code) for code in codes]
    return ", ".join(say(key, lang) if key in catalogue() else code for key, code in keys)


def period(desk: Desk, code: str) -> str:
    days = links.days_of(code)
    return figures.span(*days, desk.lang, desk.locale) if days else say("linkage.page.once", desk.lang)


def member(name: str, code: str, terms: Terms, lang: str) -> str:
    """A member of a dimension in words: an age group, a sex, a country, an order of registrations."""
    if code == links.TOTAL:
        return say("linkage.total", lang)
    if name == "way":
        return say(f"linkage.way.{code}", lang, one=called(terms.one, lang), other=called(terms.other, lang))
    if (key := f"linkage.member.{name}.{code}") in catalogue():
        return say(key, lang)
    return codelists.country_name(code, lang) if name == "nationality" else figures.member(name, code, lang)


def value(desk: Desk, found: int | None) -> str:
    return say("linkage.suppressed", desk.lang) if found is None else number(found, locale=desk.locale)


def few(desk: Desk, found: int, least: int) -> str:
    """How many were left out; of few, only that they are few."""
    if 0 < found < least:
        return say("linkage.page.few", desk.lang, n=least)
    return number(found, locale=desk.locale)


def left_out(desk: Desk, row: Count, terms: Terms) -> list[tuple[str, str]]:
    """Who is in none of this State's rows, and how many they are."""
    sent: Mapping[str, Any] = row.sent
    partner = called(terms.partner(exchange.node()), desk.lang)
    return [
        (say(f"linkage.left-out.{why}", desk.lang, partner=partner), few(desk, int(sent[why]), terms.threshold))
        for why in rows.LEFT_OUT if why in sent
    ]  # fmt: skip
