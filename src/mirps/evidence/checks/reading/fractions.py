"""Fractions in words, read as shares: 'half', 'two thirds', 'one in five', 'tres de cada diez'."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

#: How far a share in words may be from the exact one, as the size of a last digit.
STEP = Decimal("2.5")
_WORDS = {
    "en": "one two three four five six seven eight nine ten".split(),
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez".split(),
}
_DOZENS = {"twelve": 12, "twenty": 20, "doce": 12, "veinte": 20}
_ORD = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_ORD |= {
    "mitad": 2,
    "tercio": 3,
    "tercera": 3,
    "tercer": 3,
    "cuarto": 4,
    "cuarta": 4,
    "quinto": 5,
    "quinta": 5,
}
_ORD |= {"sexta": 6, "décima": 10, "decima": 10}
_FRACTIONS = {
    "en": re.compile(
        r"\b(?:(?!a\s(?:third|fourth|fifth|sixth|tenth)\s(?!of\b|are\b|is\b|was\b|were\b|ha[ds]\b|have\b|more\b|less\b|as\b|in\b|on\b|by\b|and\b|or\b|but\b|to\b|from\b|at\b|with\b|who\b|that\b|higher\b|lower\b|larger\b|smaller\b|were\b|came\b|said\b|did\b|do\b|could\b|than\b|still\b|live\b|over\b|above\b|below\b|\w+ed\b)[a-z])(?P<n>a|one|two|three|four)[\s-](?P<o>third|quarter|fourth|fifth|sixth|tenth)s?\b(?!\s+(?:(?:of|semester)\s+\d{4}|from\b|to date|in a row))"
        r"|(?P<h>half)\b(?!\s+(?:a\s|of\s+(?:the\s+year|\d{4})|year))"
        r"|(?P<a>one|two|three|four|five|six|seven|eight|nine|\d)\s+(?:(?:[a-z]+\s+)?(?:out\s+of|of|in)\s+every|out\s+of|(?:(?!of\b)[a-z]+\s+)?in)\s+"
        r"(?P<b>two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|(?:[2-9]|1[02]|20)(?![\w.,]*\d|\s+[a-z]*(?:office|countr|state|cit|place|municipal|department|month|day|week|year|district|centre|center|site|school|location|communit))))\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:(?:(?P<n>un|una|dos|tres|cuatro)\s+|la\s+|(?:el\s+)?otr[oa]\s+)(?P<o>tercio|cuarto|quinto|(?:tercera|cuarta|quinta|sexta|décima)(?=s?\s+partes?\b))s?"
        r"(?:\s+partes?)?\b(?!\s+(?:reuni|edici|vez|parte\s+del\s+a))|la\s+(?P<h>mitad)"
        r"|(?P<a>un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|\d)\s+de\s+cada\s+"
        r"(?P<b>dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|veinte|(?:[2-9]|1[02]|20)(?!\d|[.,]\d)))\b",
        re.IGNORECASE,
    ),
}

#: 'Two and a [half]': no share of anything.
_AND_A = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty))\sand\sa\s$", re.IGNORECASE
)


def scan(text: str, lang: str) -> Iterator[tuple[int, int, Decimal]]:
    """Where each fraction begins and ends, and its share in per cent."""
    for match in _FRACTIONS[lang].finditer(text):
        if not (match["h"] and _AND_A.search(text[max(0, match.start() - 30) : match.start()])):
            yield match.start(), match.end(), _value(match, lang)


def _value(match: re.Match[str], lang: str) -> Decimal:
    got = match.groupdict()
    if got["h"]:
        top, bottom = 1, 2
    elif got["o"]:
        top, bottom = _small(got["n"] or "1", lang), _ORD[got["o"].lower()]
    else:
        top, bottom = _small(got["a"], lang), _small(got["b"], lang)
    return (Decimal(top) / Decimal(bottom) * 100).quantize(Decimal("0.01"))


def _small(word: str, lang: str) -> int:
    if word.isdigit():
        return int(word)
    words = _WORDS[lang]
    if word.lower() in _DOZENS:
        return _DOZENS[word.lower()]
    return words.index(word.lower()) + 1 if word.lower() in words else 1
