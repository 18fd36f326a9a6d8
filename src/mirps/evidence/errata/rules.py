"""What a correction is, and how corrections of published figures are numbered. Pure: no Django, no clock.

A published figure is never changed: a new statement supersedes it. That is an erratum, numbered in its
round (E1, E2 …). A number once given is cited, so it never moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mirps.base.refusal import Refusal

#: What a correction may not change: it states the same thing, of the same State, anew.
FIXED = frozenset({"id", "supersedes", "status", "state", "measure"})
#: Where the old statement stands. The new one stands there only if it is said so again.
EVIDENCE = ("document", "locator", "fragment")
#: The fewest letters that a reason has, in each language.
SHORTEST_REASON = 10
#: The longest texts that a statement holds (characters; see figures.models.FigureRow).
LONGEST: Mapping[str, int] = {"id": 64, "locator": 300, "fragment": 200, "universe": 200, "place": 80,
                              "stage": 40, "series": 80, "dimensions": 200}  # fmt: skip
#: Digits of a value before its decimal point.
MOST_DIGITS = 18


class Refused(Refusal):
    """Why a correction is not taken. `key` is a text that `values` fill; `field` is what to mend."""

    def __init__(self, key: str, field: str = "", **values: object) -> None:
        super().__init__(key, **values)
        self.field = field


class Superseded(Refused):
    """Somebody stated the figure anew meanwhile. `by` is the statement that stands now, if one does."""

    def __init__(self, old: str, by: str = "") -> None:
        super().__init__("export.fault.superseded", id=old)
        self.by = by


@dataclass(frozen=True, slots=True)
class Correction:
    """A published figure, `old`, stated anew as `new`. `number` is 0 while it has none."""

    round: str
    old: str
    new: str
    at: datetime
    number: int = 0


def reason_faults(reason_es: str, reason_en: str) -> list[str]:
    """The languages in which the reason is missing or too short."""
    given = {"es": reason_es, "en": reason_en}
    return [lang for lang, words in given.items() if len(words.strip()) < SHORTEST_REASON]


def numbered(corrections: Iterable[Correction]) -> dict[str, int]:
    """The number of each correction in its round, by the figure that it replaces.

    Numbers that were given stay. The others follow them by day, then by the figure's id, so that the
    same corrections come to the same numbers in whatever order they are told. Raises ValueError when
    one figure is corrected twice or one number of a round stands for two.
    """
    out: dict[str, int] = {}
    taken: dict[str, set[int]] = {}
    ordered = sorted(corrections, key=lambda c: (c.number == 0, c.number, c.at, c.old))
    for c in ordered:
        if c.old in out:
            raise ValueError(f"{c.old} is corrected twice")
        held = taken.setdefault(c.round, set())
        number = c.number or max(held, default=0) + 1
        if number in held:
            raise ValueError(f"number {number} of round {c.round} stands twice")
        held.add(number)
        out[c.old] = number
    return out


def threads(corrections: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Every figure that was or followed a correction -> its thread, the first statement first.

    `corrections` are (old, new) pairs in any order. Each figure is followed by one at most.
    """
    after = dict(corrections)
    followed = set(after.values())
    out: dict[str, tuple[str, ...]] = {}
    for first in after.keys() - followed:
        thread = [first]
        while thread[-1] in after:
            thread.append(after[thread[-1]])
        out.update(dict.fromkeys(thread, tuple(thread)))
    return out
