"""Taking an applicant's names out of what readers see in the first reading. Pure.

Names of the institution, its short names and those of its State are put out of sight, whatever their
accents. It hides what would be seen at a glance; the applicant is told where a name stands and asked to
write without it, because nothing can hide what a text tells between the lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

#: What stands where a name stood.
MASK = "▇▇▇"
#: Shorter names would hide ordinary words; they count only as they are written, in capitals.
SHORT = 5


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """The names that a text says, each once, in their order."""
    return [name for name in dict.fromkeys(names) if name and _pattern(name).search(_plain(text, name))]


def masked(text: str, names: Iterable[str]) -> str:
    """The text with every name put out of sight, the longest first."""
    for name in sorted({n for n in names if n}, key=len, reverse=True):
        spots = [m.span() for m in _pattern(name).finditer(_plain(text, name))]
        for start, end in reversed(spots):
            text = text[:start] + MASK + text[end:]
    return text


def _pattern(name: str) -> re.Pattern[str]:
    parts = [re.escape(p) for p in _plain(name, name).split()]
    return re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)")


def _plain(text: str, name: str) -> str:
    """The text letter by letter without accents (and without capitals, for a name that is not short), as
    long as it was: what is found in it stands at the same place in the text."""
    plain = "".join(_letter(c) for c in text)
    return plain if len(name) < SHORT else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def _letter(c: str) -> str:
    base = unicodedata.normalize("NFD", c)[0]
    return base if base.isalpha() == c.isalpha() else c
