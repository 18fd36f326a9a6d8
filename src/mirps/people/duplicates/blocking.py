"""Which pairs are looked at: those with all ingredients of a rule in common, each once.

A record has a key for each combination of its values (two given names, two surnames: four pairs of names).
Keys are mixtures of 52 bits: a chance collision adds a pair that comparing will refuse, and loses none. What is
found does not depend on the order of the records: a key that too many share is left out whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from mirps.people.duplicates.cells import Codes, Ints, Keys, Mask, maybe_shared, mixed
from mirps.people.duplicates.spec import Rule, Spec
from mirps.people.duplicates.table import Numbers, Table, Values
from mirps.people.duplicates.words import MISSING, THREADS

#: Keys [ways, n] of the values of an ingredient, and which of them there are.
Keyed = tuple[Keys, Mask]

#: The lowest bits of a key hold the year of birth, where a rule asks for it.
_YEAR_BITS = np.uint64(12)
_ROW_BITS, _ROW = 32, (1 << 32) - 1
#: Pairs that one step unfolds.
_STEP = 500_000


def pairs(table: Table, spec: Spec) -> tuple[Ints, Ints]:
    """Rows of both sides of every pair, the lesser first, in order, each pair once."""
    values = {name: _keyed(n, _values(table, name)) for n, name in enumerate(_ingredients(spec), start=1)}
    with ThreadPoolExecutor(THREADS) as pool:
        every = np.concatenate(list(pool.map(lambda rule: _of_rule(table, rule, values), spec.rules)))
    every.sort()
    every = every[np.append(True, every[1:] != every[:-1])[: len(every)]]
    return every >> _ROW_BITS, every & _ROW


def _of_rule(table: Table, rule: Rule, values: Mapping[str, Keyed]) -> Ints:
    """Pairs as one number each, the lesser row before the greater."""
    rows, keys = _keys([values[ingredient] for ingredient in rule.by])
    born = table.born
    vague = born.vague[born.code] if rule.vague and born is not None else None
    shared = np.flatnonzero(maybe_shared(keys, None if vague is None else vague[rows]))
    rows, keys = rows[shared], keys[shared]
    if rule.years is not None and born is not None:
        year = born.year[born.code[rows]].astype(np.uint64)
        rows, keys = rows[year > 0], (keys | year)[year > 0]
    order = np.argsort(keys)
    rows, keys = rows[order], keys[order]
    ends, crowd = _runs(keys >> _YEAR_BITS)
    if rule.years is not None:
        ends = np.searchsorted(keys, keys + np.uint64(rule.years), "right")
    ends[crowd > rule.most] = 0
    found = [np.zeros(0, np.int64)]
    for one, other in _unfolded(rows, ends, None if vague is None else vague[rows]):
        found.append(np.minimum(one, other) << _ROW_BITS | np.maximum(one, other))
    return np.concatenate(found)


def _runs(keys: Keys) -> tuple[Ints, Ints]:
    """Of each place in sorted keys, where the run of its key ends, and how long that is."""
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    long = np.diff(np.append(starts, len(keys)))
    return np.repeat(starts + long, long), np.repeat(long, long)


def _unfolded(rows: Ints, ends: Ints, vague: Mask | None) -> Iterator[tuple[Ints, Ints]]:
    """Each row with those after it, up to its end; one of the two vague, where that is asked."""
    after = np.maximum(ends - np.arange(1, len(rows) + 1), 0)
    place = np.flatnonzero(after)
    after = after[place]
    total = np.cumsum(after)
    start = 0
    while start < len(place):
        base = total[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(total, base + _STEP, "right")))
        counts = after[start:end]
        left = np.repeat(place[start:end], counts)
        right = np.arange(1, len(left) + 1) + np.repeat(
            place[start:end] - total[start:end] + counts + base, counts
        )
        start = end
        one, other = rows[left], rows[right]
        keep = one != other
        if vague is not None:
            keep &= vague[left] | vague[right]
        yield one[keep], other[keep]


def _keys(values: Sequence[Keyed]) -> tuple[Ints, Keys]:
    """Every record with each of its keys; none where an ingredient is missing."""
    keys, known = values[0]
    for more, there in values[1:]:
        keys = (keys[:, None] + more).reshape(-1, keys.shape[1])
        known = (known[:, None] & there).reshape(keys.shape)
    return np.nonzero(known)[1], keys[known]


def _keyed(n: int, values: Ints) -> Keyed:
    """A mixture for each value of the nth ingredient, none of the bits of the year in it, and which there are."""
    keys = mixed(mixed(np.zeros(1, np.uint64), np.array([n])), values)
    return keys >> _YEAR_BITS << _YEAR_BITS, values >= 0


def _ingredients(spec: Spec) -> list[str]:
    return sorted({ingredient for rule in spec.rules for ingredient in rule.by})


def _values(table: Table, ingredient: str) -> Ints:
    """[ways, n]: the values of an ingredient, MISSING where there is none."""
    match ingredient:
        case "given":
            return _once(table.side("given"))
        case "first-given":
            return table.side("given")[:1].astype(np.int64)
        case "givens":
            return _pair(table.side("given"))
        case "surname":
            return _once(table.side("surnames"))
        case "surnames":
            return _pair(table.side("surnames"))
        case "born" | "anniversary" | "month" | "year":
            return _date(table, ingredient)
    column = table.columns[table.spec.field(ingredient).column]
    if isinstance(column, Numbers):
        return column.whole.astype(np.int64)
    return table.of(table.spec.field(ingredient).column, Values).code[None].astype(np.int64)


def _once(sounds: Codes) -> Ints:
    first, second = sounds.astype(np.int64)
    return np.stack([first, np.where(second == first, MISSING, second)])


def _pair(sounds: Codes) -> Ints:
    """Both parts in one, in no order."""
    low, high = sounds.min(axis=0).astype(np.int64), sounds.max(axis=0)
    return np.where(low >= 0, low << 31 | high, MISSING)[None]


def _date(table: Table, ingredient: str) -> Ints:
    """A date, or a piece of it. Day and month stand in no order: who exchanges them is found too."""
    born = table.born
    if born is None:
        return np.full((1, table.size), MISSING, np.int64)
    year, month, day = (part.astype(np.int64) for part in (born.year, born.month, born.day))
    anniversary = np.minimum(month, day) * 100 + np.maximum(month, day)
    whole = (month > 0) & (day > 0)
    value, known = {
        "born": (year * 10_000 + anniversary, whole),
        "anniversary": (anniversary, whole),
        "month": (year * 100 + month, month > 0),
        "year": (year, year > 0),
    }[ingredient]
    return np.where((year > 0) & known, value, MISSING)[born.code][None]
