"""Which State presides next: by rotation, in the alphabetical order of the States' names. Pure.

What is written (Regional Action Plan 2023): the presidency "is assigned on a rotating and alphabetical
basis among the member countries", a rule that the Salvadoran presidency of 2020 established. What is
not written, and is our reading: that a State which has already presided in a round is passed over until
every other has. Mexico had presided in 2019, before the rule: so Honduras was followed by Panama, not by
Mexico. That reading gives every turn since 2020; by the codes of the States (SLV after PAN) it would not.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that the rotation gives. `skipped`: who came before in the order and has had more turns."""

    year: int
    state: str
    after: str  # the State that presides before it
    skipped: tuple[str, ...]
    round: int  # how many times every State will have presided once this round is through


def alphabetical(names: Mapping[str, str]) -> list[str]:
    """States in the order of their names, without accents: {"MEX": "México", …} -> ["BLZ", …]."""
    return sorted(names, key=lambda state: _plain(names[state]))


def _plain(name: str) -> str:
    parted = unicodedata.normalize("NFD", name.casefold())
    return "".join(c for c in parted if not unicodedata.combining(c))


def following(order: Sequence[str], held: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Who follows the last of `held` (States in the order in which they presided), and who is passed
    over: walking on through the order, the first State that has not presided more often than another.

    Raises ValueError where nobody has presided yet: the rule does not say who begins.
    """
    if not held:
        raise ValueError("the rotation follows somebody: nobody has presided yet")
    turns = Counter(s for s in held if s in order)
    least = min((turns[s] for s in order), default=0)
    begin = order.index(held[-1]) + 1 if held[-1] in order else 0
    walk = [order[(begin + n) % len(order)] for n in range(len(order))]
    chosen = next(s for s in walk if turns[s] == least)
    return chosen, tuple(walk[: walk.index(chosen)])


def ahead(order: Sequence[str], held: Sequence[tuple[int, str]], years: int) -> list[Turn]:
    """The next `years` turns after the last (year, State) that presided."""
    if not held:
        return []
    out: list[Turn] = []
    past, year = [s for _, s in held], held[-1][0]
    for n in range(1, years + 1):
        state, skipped = following(order, past)
        round_ = 1 + min(Counter(past)[s] for s in order)
        out.append(Turn(year + n, state, past[-1], skipped, round_))
        past.append(state)
    return out


def explained(order: Sequence[str], held: Sequence[tuple[int, str]]) -> dict[int, Turn | None]:
    """Of each year that was held, the turn of the rule, where the rule gives the State that held it; None
    for the first and for a turn that the rule does not explain."""
    out: dict[int, Turn | None] = {}
    for n, (year, state) in enumerate(held):
        turn = ahead(order, held[:n], 1)
        out[year] = turn[0] if turn and turn[0].state == state else None
    return out
