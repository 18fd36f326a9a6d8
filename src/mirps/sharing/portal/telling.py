"""A finding in words: its name, what is stated, what would follow, and who answered what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from string import Template

from mirps.base.codelists import api as lists
from mirps.base.texts import api as texts
from mirps.base.texts.api import number, say
from mirps.evidence.checks import stated_dates
from mirps.evidence.checks.messages import TEXTS as SHARED
from mirps.evidence.checks.over_ledger.messages import TEXTS, Said
from mirps.evidence.figures.api import Figure, Measure
from mirps.sharing.portal.shelf import Doubt, Shelf
from mirps.sharing.portal.wording import span
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
        stated=_written(doubt.stated, lang, locale),
        expected=_written(doubt.expected, lang, locale),
        figures=doubt.figures,
    )


def kind_name(kind: str, lang: str) -> str:
    return _text(f"finding.kind.{kind}", lang) or kind.replace("_", " ")


def message(doubt: Doubt, shelf: Shelf, lang: str, locale: str) -> str:
    """What is stated and what would follow, after the State and the measure; nobody is accused."""
    if not doubt.figures:
        return stated_dates.message(doubt.params, lang, locale)
    first = shelf.public[doubt.figures[0]].figure
    return about(doubt, first, shelf.measure(first.measure), lang, locale)


def about(doubt: Said, first: Figure, measure: Measure | None, lang: str, locale: str) -> str:
    """The same of any finding, from the figure that it names first."""
    values = {"stated": doubt.stated, "expected": doubt.expected, **doubt.params}
    if first.value is not None:
        values.setdefault("value", f"{first.value:f}")
    said = {name: _written(text, lang, locale) for name, text in values.items()}
    found = TEXTS.get(doubt.kind) or SHARED.get(doubt.kind)
    if found is None:
        key = "expected" if doubt.expected else "stated"
        sentence = say(f"portal.finding.message.{key}", lang, **{k: said[k] for k in ("stated", "expected")})
    else:
        sentence = Template(found[0] if lang == "es" else found[1]).safe_substitute(said)
    what = measure.name(lang) if measure else first.measure
    return say(
        "portal.finding.message.whole", lang, state=state_name(first.state, lang), what=what, said=sentence
    )


_PIECES = re.compile(r"( [+×] )")
#: Dates as exact as they were stated. A year of its own may as well be an amount.
_PARTIAL = re.compile(r"\d{4}-(0\d|1[0-2])|\d{4}/(\d{4}|\.\.)")


def _written(text: str, lang: str, locale: str) -> str:
    """A finding's value as people write it: a number, a sum, a period, a day, or a unit's name."""
    if text in lists.units():
        return lists.units().name(text, lang)
    start, _, end = text.partition("/")
    try:
        return span(date.fromisoformat(start), date.fromisoformat(end or start), lang, locale)
    except ValueError:
        pass
    if _PARTIAL.fullmatch(text):
        return texts.partial_date(text, locale)
    return "".join(_number(piece, locale) for piece in _PIECES.split(text))


def _number(text: str, locale: str) -> str:
    try:
        return number(Decimal(text), locale) if text[:1] in "-0123456789" else text
    except InvalidOperation:
        return text


def _text(key: str, lang: str) -> str:
    return say(key, lang) if key in texts.catalogue() else ""
