"""Patterns over masked sentences, and what a relation that does not hold is handed on as."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.relations import Breach

Place = tuple[Sentence, int]  # a mention: its sentence and its index there


@dataclass(frozen=True, slots=True)
class Hit:
    """A breach and the mentions that it is about. `sentence` is where it is reported."""

    breach: Breach
    sentence: Sentence
    places: tuple[Place, ...] = ()


_SLOT = re.compile(r"\{([a-z]+):(\w+)\}")
#: Words between two quantities of one clause; dates may stand among them.
GAP = r"(?:[^<.;()]|<[dhyr]\d+>){0,%d}?"


@lru_cache(maxsize=512)
def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern in which {c:a} is a count named a, {cm:b} a count or money, {gap} some words."""
    text = text.replace("{gap}", GAP % 90).replace("{few}", GAP % 35)
    text = _SLOT.sub(lambda m: rf"<[{m.group(1)}](?P<{m.group(2)}>\d+)>", text)
    return re.compile(text)


def slots(sent: Sentence, match: re.Match[str]) -> dict[str, Mention]:
    return {k: sent.mentions[int(v)] for k, v in match.groupdict().items() if v is not None and v.isdigit()}


def hit(breach: Breach | None, sent: Sentence, indexes: Sequence[int]) -> list[Hit]:
    return [Hit(breach, sent, tuple((sent, i) for i in indexes))] if breach else []


def named(match: re.Match[str], *names: str) -> list[int]:
    """The mention indexes of named slots that took part in the match."""
    got = match.groupdict()
    return [int(got[n]) for n in names if got.get(n) is not None]


def comparable(a: Mention, b: Mention) -> bool:
    """Whether two mentions can count the same thing: one kind, and nouns that do not speak against it."""
    if a.kind != b.kind:
        return False
    if a.kind == "m":
        return a.unit == b.unit or "XXX" in (a.unit, b.unit)
    return a.kin == b.kin or not a.kin or not b.kin
