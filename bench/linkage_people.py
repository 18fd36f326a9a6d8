"""Two States' registers of made-up people, some of whom are in both: as hard as the people of `dedup_people`.

`registers(COUNT, SEED)` gives two lists of COUNT registrations each, in the columns of `dedup_people`; a tenth of
each is of people who are in the other as well, written there by another desk that erred as desks do at a second
registration. Families are torn apart by chance: brothers, twins and parents of whoever is in one register stand
in the other without them, which is the hard half.
"""

from __future__ import annotations

import random
from dataclasses import replace

from bench.dedup_people import Life, Written, _again, _first, _lives, _place, _row, columns

#: Of each register: people who are in the other as well.
BOTH = 0.10

Columns = dict[str, list[str]]


def registers(count: int, seed: int, states: tuple[str, str] = ("MEX", "CRI")) -> tuple[Columns, Columns]:
    """Both registers by column; `who` is the truth, the same number in both for one person."""
    chance = random.Random(seed)
    both = round(count * BOTH)
    lives = list(_lives(2 * count - both, chance, seed))
    chance.shuffle(lives)
    one = [(life, _first(life, chance)) for life in lives[:count]]
    other = [(life, _again(life, chance)) for life in lives[:both]]
    other += [(life, _first(life, chance)) for life in lives[count:]]
    return _columns(one, states[0], chance), _columns(other, states[1], chance)


def _columns(rows: list[tuple[Life, Written]], state: str, chance: random.Random) -> Columns:
    chance.shuffle(rows)
    return columns(
        _row(n, life.who, replace(one, place=_place(state, chance))) for n, (life, one) in enumerate(rows)
    )
