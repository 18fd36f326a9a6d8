"""A figure's value in words, the same on pages, in reports and in answers of the API."""

from __future__ import annotations

import re

from mirps.base.codelists import api as lists
from mirps.base.texts.api import number, say
from mirps.evidence.figures.rules import Figure, Qualifier

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
