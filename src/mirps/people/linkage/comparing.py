"""All rows of one register against all of another, and who is likely one person. Pure.

Every pair is compared: keys by which to look at fewer would tell whoever compares which people share a name. Ten
thousand million pairs take a minute of one processor (numba), and no pair is lost to a shortcut.

The likeness of two rows is how many bits they share above what chance would have them share, of how many they
could: 0 for strangers, 1 for the same. It is reckoned from the bits in which they differ and how full both are,
the same way with one tap and with more.
"""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,no-untyped-call,call-arg"
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit
from numba.extending import intrinsic

from mirps.people.linkage.encoding import Words

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

THREADS = 2
#: Rows of the second register that stay in the cache while those of the first pass by.
_TILE = 128


def filled(rows: Words) -> Ints:
    """How many bits of each row are set."""
    found: Ints = np.bitwise_count(rows).sum(axis=1).astype(np.int64)
    return found


def share(differ: Floats, taps: int) -> Floats:
    """What part of the filter's bits stands behind a part of the bits that left it (the piling-up lemma, Matsui
    1993, backwards)."""
    found: Floats = (1 - np.clip(1 - 2 * differ, 0, 1) ** (1 / taps)) / 2
    return found


def likeness(apart: Ints, one: Ints, other: Ints, size: int, taps: int) -> Floats:
    """Of pairs that differ in so many bits, of rows in which so many are set."""
    a, b, d = (share(x / size, taps) for x in (one, other, apart))
    chance = a * b
    found: Floats = ((a + b - d) / 2 - chance) / np.maximum((a + b) / 2 - chance, 1e-9)
    return found


def near(one: Words, other: Words, *, threshold: float, taps: int) -> tuple[Ints, Ints, Floats]:
    """Every pair whose likeness reaches the threshold: its rows and the likeness, the likest first."""
    size = one.shape[1] * 64
    order = np.argsort(filled(other), kind="stable")
    turned, full, fuller = other[order], filled(one), filled(other)[order]
    most = _furthest(full, fuller, size, taps, threshold)
    parts = [slice(n * len(one) // THREADS, (n + 1) * len(one) // THREADS) for n in range(THREADS)]
    columns = np.unique(fuller, return_inverse=True)[1].astype(np.int64)
    lines = np.unique(full, return_inverse=True)[1].astype(np.int64)
    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(lambda p: _found(one[p], turned, lines[p], columns, most), parts))
    a = np.concatenate([found[0] + part.start for found, part in zip(done, parts, strict=True)])
    b, apart = (np.concatenate([found[n] for found in done]) for n in (1, 2))
    sums = likeness(apart, full[a], fuller[b], size, taps)
    best = np.lexsort((order[b], a, -sums))
    return a[best], order[b[best]], sums[best]


def pairs(one: Words, other: Words, *, threshold: float, taps: int) -> tuple[Ints, Ints, Floats]:
    """The same, each row in one pair at most: the likest first. Whoever writes one person many times into one
    register is so counted once."""
    a, b, sums = near(one, other, threshold=threshold, taps=taps)
    taken_a, taken_b = np.zeros(len(one), np.bool_), np.zeros(len(other), np.bool_)
    kept = []
    for n, (x, y) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        if not (taken_a[x] or taken_b[y]):
            taken_a[x] = taken_b[y] = True
            kept.append(n)
    at = np.array(kept, np.int64)
    return a[at], b[at], sums[at]


def _furthest(full: Ints, fuller: Ints, size: int, taps: int, threshold: float) -> npt.NDArray[np.int32]:
    """For each fullness of the first and of the second: in how many bits two rows may differ."""
    a, b = share(np.unique(full)[:, None] / size, taps), share(np.unique(fuller)[None, :] / size, taps)
    chance = a * b
    apart = a + b - 2 * (chance + threshold * ((a + b) / 2 - chance))
    return np.floor(size * (1 - np.clip(1 - 2 * apart, 0, 1) ** taps) / 2).astype(np.int32)


def _found(one: Words, other: Words, lines: Ints, columns: Ints, most: Any) -> tuple[Ints, Ints, Ints]:
    room = 4 * (len(one) + len(other)) + 1024
    while True:
        out = np.empty((room, 3), np.int64)
        count = int(_search(one, other, lines, columns, most, out))
        if count <= room:
            return out[:count, 0].copy(), out[:count, 1].copy(), out[:count, 2].copy()
        room = count


@intrinsic
def _ones(typing, word):
    """How many bits of a word are set: the processor's own instruction."""
    return word(word), lambda context, builder, signature, args: builder.ctpop(args[0])


@njit(cache=True, nogil=True)
def _search(one, other, lines, columns, most, out):
    count, words = 0, one.shape[1]
    for begin in range(0, other.shape[0], _TILE):
        end = min(begin + _TILE, other.shape[0])
        for i in range(one.shape[0]):
            line = lines[i]
            for j in range(begin, end):
                apart = np.uint64(0)
                for w in range(words):
                    apart += _ones(one[i, w] ^ other[j, w])
                if np.int64(apart) <= most[line, columns[j]]:
                    if count < out.shape[0]:
                        out[count, 0], out[count, 1], out[count, 2] = i, j, apart
                    count += 1
    return count
