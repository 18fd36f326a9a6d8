"""How the tests of the round read a source: its text on one line, and the numbers in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
_TEENS = ("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {w: n for n, w in enumerate((*_SMALL, *_TEENS))} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
MULTIPLIERS = {"hundred": 100, "thousand": 1000, "million": 10**6, "m": 10**6, "billion": 10**9, "b": 10**9}
#: 'One' is an article more often than a count; where it counts, a row's fragment holds it.
_NUMBER = r"\d[\d,.]*\d|\d|(?<![\w-])(?:" + "|".join(w for w in WORDS if w not in {"zero", "one"})
TOKEN = re.compile(
    _NUMBER + r"|hundreds?|thousands?|millions?|billions?|dozens?|half|halves|doubl\w+|tripl\w+|quadrupl\w+"
    r"|twice|decades?|several)(?!\w)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:\s?(million|billion)\b|([MB])\b)?")


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    start: int
    end: int


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def tokens(text: str) -> list[Token]:
    """Everything that may be a number: digits and number words, in reading order."""
    return [Token(m.group(), *m.span()) for m in TOKEN.finditer(text)]


def places(fragment: str, text: str) -> list[tuple[int, int]]:
    """Where a fragment stands in a text; a digit at its edge is the edge of a number."""
    before = r"(?<![\d.,])" if fragment[:1].isdigit() else ""
    after = r"(?![\d]|[.,]\d)" if fragment[-1:].isdigit() else ""
    return [m.span() for m in re.finditer(before + re.escape(fragment) + after, text)]


def values(fragment: str) -> set[Decimal]:
    """The values that a fragment writes out, in digits or in English words."""
    found = set()
    for whole, part, word, letter in _DIGITS.findall(fragment):
        times = MULTIPLIERS.get((word or letter).lower(), 1)
        found.add(Decimal(whole.replace(",", "") + part) * times)
    run: list[int] = []
    for word in [*re.split(r"[\s-]+", fragment.lower()), ""]:
        word = word.strip(".,;:()“”\"'*")
        if word in WORDS:
            run.append(WORDS[word])
        elif word == "hundred" and run:
            run[-1] *= 100
        elif run:
            found |= {Decimal(sum(run)), *map(Decimal, run)}
            run = []
    return found
