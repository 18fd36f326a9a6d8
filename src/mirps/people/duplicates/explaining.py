"""Why two registrations are held for one person: what each field gives, in bits and in words.

The bits of the fields and of the beginning add up to the score, to the thousandth; nothing else goes in.
"""

from __future__ import annotations

from dataclasses import dataclass

from mirps.base.texts.api import say
from mirps.people.duplicates.records import Record
from mirps.people.duplicates.scoring import MILLI, RELATIVE, Verdict, probability_of
from mirps.people.identity.comparing import compare
from mirps.people.identity.names import read
from mirps.people.identity.wording import told as told_of_names


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one field says. `level` is one of spec.LEVELS, '' where one of the two says nothing."""

    field: str
    level: str
    millibits: int

    @property
    def bits(self) -> float:
        return self.millibits / MILLI


@dataclass(frozen=True, slots=True)
class Scored:
    """One candidate, judged. `against` is the alternative that was hardest to rule out: stranger or relative.

    `prior` is where the sum begins, before anything was compared.
    """

    id: str
    millibits: int
    verdict: Verdict
    against: str
    prior: int
    fields: tuple[Contribution, ...]

    @property
    def bits(self) -> float:
        return self.millibits / MILLI

    @property
    def probability(self) -> float:
        return probability_of(self.millibits)


def told(scored: Scored, new: Record, candidate: Record, lang: str) -> list[tuple[str, float]]:
    """The reasons in one language, each with its bits, the strongest first; the beginning comes last.

    With names as they were written: for the eyes of the officer who compares the two files.
    """
    reasons = [
        (_told(c, new, candidate, lang), c.bits)
        for c in sorted(scored.fields, key=lambda c: -abs(c.millibits))
        if c.level
    ]
    start = "duplicates.start.relative" if scored.against == RELATIVE else "duplicates.start.stranger"
    return [*reasons, (say(start, lang), scored.prior / MILLI)]


def _told(one: Contribution, new: Record, candidate: Record, lang: str) -> str:
    name = say(f"duplicates.field.{one.field}", lang)
    if one.field in ("given", "surnames") and one.level != "crossed":
        words = _names(one.field, new, candidate, lang)
    else:
        words = say(f"duplicates.level.{one.field}.{one.level}", lang)
    return say("duplicates.reason", lang, field=name, words=words)


def _names(side: str, new: Record, candidate: Record, lang: str) -> str:
    likeness = compare(read(new.given, new.surnames), read(candidate.given, candidate.surnames))
    reasons = [told_of_names(r, lang) for r in likeness.reasons if r.side == side]
    return "; ".join(dict.fromkeys(reasons)) or say("duplicates.level.moved", lang)
