"""From two registers' rows to how many people are in both, by group and by where they were registered first. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mirps.people.linkage.comparing import pairs
from mirps.people.linkage.encoded import Rows, numbers_of
from mirps.people.linkage.scheme import Scheme

#: First in the one and then in the other, the other way round, or in the same quarter of a year.
WAYS = ("onward", "back", "together")


def counted(one: Rows, other: Rows, scheme: Scheme) -> npt.NDArray[np.float64]:
    """[ways, members of each dimension]: people in both registers, in the group in which they were registered
    first. Groups stand under their numbers. Each row counts once at most, however often somebody was written."""
    a, b, _ = pairs(one.bits, other.bits, threshold=scheme.threshold, taps=scheme.taps)
    first, then = one.when[a], other.when[b]
    way = np.where(first < then, 0, np.where(first > then, 1, 2))
    groups = np.where((way == 1)[:, None], other.groups[b], one.groups[a])
    found = np.zeros((len(WAYS), *map(len, scheme.groups.values())))
    np.add.at(found, (way, *groups.T), 1)
    return found


def explained(scheme: Scheme, key: bytes, name: str, number: int) -> str:
    """The member of a dimension that goes under this number."""
    return scheme.groups[name][numbers_of(scheme, key, name).index(number)]
