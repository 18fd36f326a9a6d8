"""Which pairs are looked at: those with all ingredients of a rule in common, each once.

A record has a key for each combination of its values (two given names, two surnames: four pairs of names).
Keys are 64-bit mixtures: a chance collision adds a pair that comparing will refuse, and loses none. What is
found does not depend on the order of the records: a key that too many share is left out whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from mirps.people.duplicates.spec import Rule, Spec
from mirps.people.duplicates.table import Numbers, Table, Values
from mirps.people.duplicates.words import MISSING, THREADS, Codes, Ints

Keys = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

#: The lowest bits of a key hold the year of birth, where a rule asks for it.
_YEAR_BITS = np.uint64(12)
_MIX = np.uint64(0x9E3779B97F4A7C15)
#: Pairs that one step unfolds.
_STEP = 2_000_000


def pairs(table: Table, spec: Spec) -> tuple[Codes, Codes]:
    """Rows of both sides of every pair, the lesser first, in order, each pair once."""
    with ThreadPoolExecutor(THREADS) as pool:
        every = np.concatenate(list(pool.map(lambda rule: _of_rule(table, rule), spec.rules)))
    every.sort()
    every = every[np.append(True, every[1:] != every[:-1])[: len(every)]]
    return (every // table.size).astype(np.int32), (every % table.size).astype(np.int32)


def _of_rule(table: Table, rule: Rule) -> Ints:
    """Pairs as lesser row × rows of the table + greater row."""
    rows, keys = _keys(table, rule)
    born = table.born
    keys = keys >> _YEAR_BITS << _YEAR_BITS
    if rule.years is not None and born is not None:
        year = born.year[rows]
        rows, keys = rows[year > 0], keys[year > 0] | year[year > 0].astype(np.uint64)
    order = np.argsort(keys)
    rows, keys = rows[order], keys[order]
    ends, crowd = _runs(keys >> _YEAR_BITS)
    if rule.years is not None:
        ends = np.searchsorted(keys, keys + np.uint64(rule.years), "right")
    vague = born.vague[rows] if rule.vague and born is not None else np.ones(len(rows), np.bool_)
    found = [np.zeros(0, np.int64)]
    for one, other in _unfolded(rows, np.where(crowd <= rule.most, ends, 0), vague):
        found.append(np.minimum(one, other) * table.size + np.maximum(one, other))
    return np.concatenate(found)


def _runs(keys: Keys) -> tuple[Ints, Ints]:
    """Of each place in sorted keys, where the run of its key ends, and how long that is."""
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    long = np.diff(np.append(starts, len(keys)))
    return np.repeat(starts + long, long), np.repeat(long, long)


def _unfolded(rows: Ints, ends: Ints, vague: Mask) -> Iterator[tuple[Ints, Ints]]:
    """Each row with those after it, up to its end; one of the two vague."""
    place = np.arange(len(rows))
    after = np.maximum(ends - place - 1, 0)
    total = np.cumsum(after)
    start = 0
    while start < len(rows):
        base = total[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(total, base + _STEP, "right")))
        counts = after[start:end]
        left = np.repeat(place[start:end], counts)
        first = np.repeat(total[start:end] - counts - base, counts)
        right = left + 1 + np.arange(len(left)) - first
        start = end
        keep = (vague[left] | vague[right]) & (rows[left] != rows[right])
        yield rows[left[keep]], rows[right[keep]]


def _keys(table: Table, rule: Rule) -> tuple[Ints, Keys]:
    """Every record with each of its keys; none where an ingredient is missing."""
    rows = np.arange(table.size, dtype=np.int64)
    keys = np.zeros(table.size, np.uint64)
    for ingredient in rule.by:
        values = _values(table, ingredient)[rows]
        keys = np.repeat(keys, values.shape[1])
        rows = np.repeat(rows, values.shape[1])
        flat = values.reshape(-1)
        known = flat >= 0
        rows = rows[known]
        keys = _mixed(keys[known], flat[known])
    return rows, keys


def _mixed(keys: Keys, values: Ints) -> Keys:
    with np.errstate(over="ignore"):
        mixed = (keys ^ (values.astype(np.uint64) + np.uint64(1))) * _MIX
        return mixed ^ (mixed >> np.uint64(29))


def _values(table: Table, ingredient: str) -> Ints:
    """[n, ways]: the values of an ingredient, MISSING where there is none."""
    given, surnames = table.side("given").T, table.side("surnames").T
    match ingredient:
        case "given":
            return _once(given)
        case "first-given":
            return given[:, :1].astype(np.int64)
        case "givens":
            return _pair(given)
        case "surname":
            return _once(surnames)
        case "surnames":
            return _pair(surnames)
        case "born" | "anniversary" | "month" | "year":
            return _date(table, ingredient)
    column = table.columns[table.spec.field(ingredient).column]
    codes = (
        column.whole.T
        if isinstance(column, Numbers)
        else table.of(table.spec.field(ingredient).column, Values).code
    )
    return codes.astype(np.int64).reshape(table.size, -1)


def _once(sounds: Codes) -> Ints:
    found = sounds.astype(np.int64)
    found[found[:, 1] == found[:, 0], 1] = MISSING
    return found


def _pair(sounds: Codes) -> Ints:
    """Both parts in one, in no order."""
    low, high = sounds.min(axis=1).astype(np.int64), sounds.max(axis=1)
    return np.where(low >= 0, low << 31 | high, MISSING)[:, None]


def _date(table: Table, ingredient: str) -> Ints:
    """A date, or a piece of it. Day and month stand in no order: who exchanges them is found too."""
    born = table.born
    if born is None:
        return np.full((table.size, 1), MISSING, np.int64)
    year, month, day = (part.astype(np.int64) for part in (born.year, born.month, born.day))
    anniversary = np.minimum(month, day) * 100 + np.maximum(month, day)
    whole = (month > 0) & (day > 0)
    value, known = {
        "born": (year * 10_000 + anniversary, whole),
        "anniversary": (anniversary, whole),
        "month": (year * 100 + month, month > 0),
        "year": (year, year > 0),
    }[ingredient]
    return np.where((year > 0) & known, value, MISSING)[:, None]
