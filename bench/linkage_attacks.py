"""Attacks on encodings by whoever compares them and has no key: which share of the people is named.

*Patterns* (after Christen and others 2017 and 2018): bits that one token sets come together. Bits are put into
groups by how they correlate, groups are aligned with the tokens of a population of other people by how often they
come, and each record is given the name of the person of that population who has most of the tokens that it seems
to have. *Graph* (after Vidanage and others 2020, and percolation from seeds, Yartseva and Grossglauser 2013): the
attacker has the very register in clear, encodes it under a key of their own, and matches the two graphs of
likeness: first by fullness and nearest neighbours, then by likeness to those matched already. *Dictionary*: with a
guessed key and with the true one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from mirps.people.linkage import comparing, encoding, tokens
from mirps.people.linkage.scheme import Scheme

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Columns = Mapping[str, Sequence[str]]

#: Tokens of the population that patterns are aligned with; how much two bits of one token correlate at least.
_VOCABULARY, _TOGETHER, _SCALE = 300, 0.15, 1.0
#: Neighbours looked at first, seeds taken in each round, rounds.
_NEIGHBOURS, _SEEDS, _ROUNDS = 12, 0.05, 6


def patterns(rows: encoding.Words, population: Columns, scheme: Scheme) -> Ints:
    """For each row the person of the population whose name it is given; -1 where nothing is seen."""
    bits = np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little").astype(np.float32)
    groups = _groups(bits)
    if not groups:
        return np.full(len(rows), -1, np.int64)
    seen = np.stack([bits[:, g].mean(axis=1) > 0.99 for g in groups], axis=1)
    held = [{t for _, t in row} for row in tokens.of_rows(population, scheme)]
    often = [t for t, _ in Counter(t for row in held for t in row).most_common(_VOCABULARY)]
    has = np.array([[t in row for t in often] for row in held], np.float32)
    aligned = _aligned(seen.astype(np.float32), has)
    known = has[:, aligned]
    apart = seen.sum(axis=1)[:, None] + known.sum(axis=1)[None, :] - 2 * seen.astype(np.float32) @ known.T
    found = apart.argmin(axis=1)
    found[~seen.any(axis=1)] = -1
    return found


def _groups(bits: npt.NDArray[np.float32]) -> list[Ints]:
    """Bits that come together, each in one group: the strongest ties first, all of a group tied to all."""
    off = bits - bits.mean(axis=0)
    off /= np.maximum(off.std(axis=0), 1e-9)
    tie = off.T @ off / len(bits)
    np.fill_diagonal(tie, 0)
    free, groups = np.ones(len(tie), np.bool_), []
    for bit in np.argsort(-tie.max(axis=1)):
        if not free[bit]:
            continue
        group = [int(bit)]
        for other in np.argsort(-tie[bit])[:40]:
            if free[other] and tie[other, group].min() > max(_TOGETHER, 0.6 * tie[bit].max()):
                group.append(int(other))
        if len(group) >= 3:
            free[group] = False
            groups.append(np.array(group))
    return groups


def _aligned(seen: npt.NDArray[np.float32], has: npt.NDArray[np.float32]) -> Ints:
    """To each group the token that comes about as often, and beside the same others: from the few that come most
    often outwards."""
    often, known = seen.mean(axis=0), has.mean(axis=0)
    beside, with_ = _ties(seen), _ties(has)
    order = np.argsort(-often)
    found, seeds = _matched(np.log(often)[:, None], np.log(known)[:, None]), 6
    while True:
        sure = order[:seeds]
        one = np.concatenate([_SCALE * np.log(often)[:, None], beside[:, sure]], axis=1)
        other = np.concatenate([_SCALE * np.log(known)[:, None], with_[:, found[sure]]], axis=1)
        found = _matched(one, other)
        if seeds >= len(order):
            return found
        seeds = int(seeds * 1.5)


def _ties(seen: npt.NDArray[np.float32]) -> Floats:
    off = (seen - seen.mean(axis=0)) / np.maximum(seen.std(axis=0), 1e-9)
    return np.asarray(off.T @ off / len(off), np.float64)


def _matched(one: Floats, other: Floats) -> Ints:
    """Each of the first with one of the second, the nearest pairs first."""
    apart = np.abs(one[:, None, :] - other[None, :, :]).mean(axis=2)
    found, taken = np.full(len(one), -1, np.int64), np.zeros(len(other), np.bool_)
    for at in np.argsort(apart, axis=None):
        x, y = divmod(int(at), len(other))
        if found[x] < 0 and not taken[y]:
            found[x], taken[y] = y, True
    found[found < 0] = 0
    return found


def named(found: Ints, true: Columns, population: Columns) -> float:
    """The share of rows that were given their own first given name and first surname."""

    def first(columns: Columns, n: int) -> tuple[str, str]:
        given, surnames = tokens._sounds(columns["given"][n], columns["surnames"][n])
        return (given or ("",))[0], (surnames or ("",))[0]

    right = [g >= 0 and first(true, n) == first(population, int(g)) for n, g in enumerate(found)]
    return float(np.mean(right))


def guessing(true: Columns, population: Columns) -> float:
    """The same for whoever says the commonest name of the population of everybody."""
    names = Counter(zip(population["given"], population["surnames"], strict=True))
    said = [g.split()[0] + "|" + s.split()[0] for g, s in names.elements() if g and s]
    most = Counter(said).most_common(1)[0][0]
    mine = [
        g.split()[0] + "|" + s.split()[0]
        for g, s in zip(true["given"], true["surnames"], strict=True)
        if g and s
    ]
    return mine.count(most) / len(true["given"])


def graph(rows: encoding.Words, own: encoding.Words, taps: int, floor: float = 0.0) -> Ints:
    """For each row of the register the row of the attacker's own encoding that it is taken for. `floor`: likeness
    below it counts as none, for encodings in which strangers share nothing but chance."""
    theirs, ours = _likeness(rows, taps, floor), _likeness(own, taps, floor)
    found = _nearest(_first_look(rows, theirs, floor), _first_look(own, ours, floor), 0 if floor else 1)
    for _ in range(_ROUNDS):
        seeds = _seeds(theirs, ours, found)
        one = np.concatenate([_first_look(rows, theirs, floor), 50 * theirs[:, seeds]], axis=1)
        other = np.concatenate([_first_look(own, ours, floor), 50 * ours[:, found[seeds]]], axis=1)
        found = _nearest(one, other, 0) if floor else _nearest(theirs[:, seeds], ours[:, found[seeds]], 1)
    return found


def _likeness(rows: encoding.Words, taps: int, floor: float) -> Floats:
    full = comparing.filled(rows)
    apart = np.stack([np.bitwise_count(row[None] ^ rows).sum(axis=1) for row in rows]).astype(np.int64)
    found = comparing.likeness(apart, full[:, None], full[None, :], rows.shape[1] * 64, taps)
    np.fill_diagonal(found, 0)
    found[found < floor] = 0
    return found


def _first_look(rows: encoding.Words, like: Floats, floor: float) -> Floats:
    """How full each row is and how like its nearest; with a floor both in steps of what chance makes of them."""
    full = comparing.filled(rows)[:, None].astype(np.float64)
    near = -np.sort(-like, axis=1)[:, :_NEIGHBOURS]
    if floor:
        return np.concatenate([full / 5, near / 0.02], axis=1)
    return np.concatenate(
        [full, near, like.mean(axis=1, keepdims=True), like.std(axis=1, keepdims=True)], axis=1
    )


def _nearest(one: Floats, other: Floats, scaled: int) -> Ints:
    scale = np.maximum(one.std(axis=0), 1e-9) if scaled else 1.0
    a, b = one / scale, other / scale
    found: Ints = ((a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2 * a @ b.T).argmin(axis=1)
    return found


def _seeds(theirs: Floats, ours: Floats, found: Ints) -> Ints:
    """The rows of whose match the attacker is surest: whose likeness to all others agrees best."""
    agree = np.array([_agreement(theirs[n], ours[m], found) for n, m in enumerate(found)])
    return np.argsort(-agree)[: max(20, int(len(found) * _SEEDS))]


def _agreement(row: Floats, own: Floats, found: Ints) -> float:
    a, b = row - row.mean(), own[found] - own[found].mean()
    return float(a @ b / max(np.sqrt((a @ a) * (b @ b)), 1e-9))


def dictionary(rows: encoding.Words, clear: Columns, scheme: Scheme, key: bytes) -> float:
    """The share of rows that whoever has this key and the register in clear finds by encoding it."""
    own = encoding.encoded(clear, scheme, key)
    return float((rows == own).all(axis=1).mean())
