"""Pairs against the truth: what was found of it, and the best threshold that the truth would choose."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def pairs_of(who: Ints) -> Ints:
    """Every pair of rows of one person, as lesser × rows + greater, in order."""
    order = np.argsort(who, kind="stable")
    found, apart = [np.zeros(0, np.int64)], 1
    while (same := who[order[apart:]] == who[order[:-apart]]).any():
        one, other = order[:-apart][same], order[apart:][same]
        found.append(np.minimum(one, other) * len(who) + np.maximum(one, other))
        apart += 1
    return np.sort(np.concatenate(found))


def matched(one: npt.ArrayLike, other: npt.ArrayLike, true: Ints, rows: int) -> npt.NDArray[np.bool_]:
    low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other)
    return np.isin(low * rows + high, true)


def f1(found: int, right: int, true: int) -> float:
    return 2 * right / (found + true)


def best(scores: npt.ArrayLike, right: npt.NDArray[np.bool_], true: int) -> tuple[float, float]:
    """The score from which on F1 is best, and that F1; pairs of one score are held together."""
    scores = np.asarray(scores)
    order = np.argsort(-scores, kind="stable")
    each = 2 * np.cumsum(right[order]) / (np.arange(1, len(order) + 1) + true)
    each[:-1][scores[order][1:] == scores[order][:-1]] = 0
    at = int(np.argmax(each))
    return float(scores[order][at]), float(each[at])
