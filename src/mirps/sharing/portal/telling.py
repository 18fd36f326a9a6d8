"""A finding in words: its name, what is stated, what would follow, and who answered what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from mirps.base.texts import api as texts
from mirps.base.texts.api import number, say
from mirps.sharing.portal.shelf import Doubt, Shelf
from mirps.sharing.portal.wording import state as state_name


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a page shows it."""

    code: str
    kind: str
    severity: str
    standing: str
    state: str
    name: str
    why: str
    message: str
    stated: str
    expected: str
    figures: tuple[str, ...]


def told(doubt: Doubt, shelf: Shelf, lang: str, locale: str) -> Told:
    return Told(
        code=doubt.code,
        kind=doubt.kind,
        severity=doubt.severity,
        standing=doubt.standing,
        state=doubt.state,
        name=kind_name(doubt.kind, lang),
        why=_text(f"finding.why.{doubt.kind}", lang) or say("portal.finding.why-general", lang),
        message=message(doubt, shelf, lang, locale),
        stated=_number(doubt.stated, locale),
        expected=_number(doubt.expected, locale),
        figures=doubt.figures,
    )


def kind_name(kind: str, lang: str) -> str:
    return _text(f"finding.kind.{kind}", lang) or kind.replace("_", " ")


def message(doubt: Doubt, shelf: Shelf, lang: str, locale: str) -> str:
    """What is stated and what would follow from the other figures; nobody is accused."""
    first = shelf.public[doubt.figures[0]].figure
    measure = shelf.measure(first.measure)
    key = "expected" if doubt.expected else "stated"
    return say(
        f"portal.finding.message.{key}",
        lang,
        what=measure.name(lang) if measure else first.measure,
        state=state_name(first.state, lang),
        stated=_number(doubt.stated, locale),
        expected=_number(doubt.expected, locale),
    )


def _number(text: str, locale: str) -> str:
    try:
        return number(Decimal(text), locale)
    except InvalidOperation:
        return text


def _text(key: str, lang: str) -> str:
    return say(key, lang) if key in texts.catalogue() else ""
