"""What can stand for a member of a dimension without any sum noticing: for a municipality each other one of its
department; or its department less (so that the department above shows the same) and a municipality of another; or
its total less. All that can stand for each other are one class; a way through two classes and back
(`kernel.cycle`) leaves every sum of both dimensions as it was. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from mirps.evidence.disclosure.tables import Dimension, Floats, Ints, Table

#: Members of one class; longer ways in it; unfinished ones followed at each step; members that end each.
MOST, LONGER, DEEP, ENDS = 480, 64, 6, 3
#: Dimensions that ways are looked for in; beyond, linear programs.
DIMENSIONS = 4

#: Members with their signs; and in which sums (+1 their total, -1 a part) something stands.
Bundle = tuple[tuple[int, float], ...]
Image = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Exchanges:
    """Bundle `b` is the cells `off[start[b]:start[b+1]]` (as steps in the flat table) with `sign`. Member `m` of
    dimension `d`, at `base[d] + m`, may be exchanged for the bundles `low:high`, of which `own` is itself."""

    start: Ints
    off: Ints
    sign: Floats
    low: Ints
    high: Ints
    own: Ints
    base: Ints
    stride: Ints
    pairs: Ints


class _Kin:
    """The classes of one dimension. `size` of a member says which come first: the largest."""

    def __init__(self, dimension: Dimension, size: Floats) -> None:
        self.images: list[list[tuple[int, float]]] = [[] for _ in dimension.members]
        self.sums: list[list[tuple[int, float]]] = []
        for e, s in enumerate(dimension.sums):
            parts = sorted(s.parts, key=lambda p: -size[p])
            self.sums.append([(s.total, 1.0), *((p, -1.0) for p in parts)])
            for m, sign in self.sums[-1]:
                self.images[m].append((e, sign))
        self._held: dict[Image, list[Bundle]] = {}

    def of(self, member: int) -> list[Bundle]:
        """The member itself is among them, with the sign that it has there."""
        image = tuple(self.images[member])
        if not image:
            return [((member, 1.0),), ()]
        sign = image[0][1]
        key = tuple((e, s * sign) for e, s in image)
        if key not in self._held:
            self._held[key] = list(self._grown(dict(key)))
        own: Bundle = ((member, sign),)
        kin = self._held[key]
        return kin if own in kin else [own, *kin[: MOST - 1]]

    def _grown(self, image: Mapping[int, float]) -> Iterator[Bundle]:
        """Shortest first: at each step the first sum that is not even yet is made so by one of its members."""
        waiting: list[tuple[Bundle, Mapping[int, float]]] = [((), image)]
        longer = 0
        for bundle, left in waiting:
            e, by = next(iter(left.items()))
            ends = further = 0
            if abs(by) > 1:
                continue
            for m, sign in self.sums[e][: MOST if not bundle else DEEP + 1]:
                if longer >= LONGER or any(m == b for b, _ in bundle):
                    continue
                rest = self._less(left, m, by * sign)
                if not rest and (not bundle or ends < ENDS):
                    ends, longer = ends + 1, longer + bool(bundle)
                    yield (*bundle, (m, by * sign))
                elif rest and len(waiting) < LONGER and further <= DEEP:
                    further += 1
                    waiting.append(((*bundle, (m, by * sign)), rest))

    def _less(self, left: Mapping[int, float], member: int, times: float) -> Mapping[int, float]:
        rest = dict(left)
        for e, sign in self.images[member]:
            rest[e] = rest.get(e, 0.0) - times * sign
        return {e: by for e, by in rest.items() if by}


def exchanges(table: Table) -> Exchanges:
    """Of every member of a table of up to four dimensions; one of one dimension gets another of one member."""
    shape = table.values.shape
    start, counts, off = [0], [], []  # type: tuple[list[int], list[int], list[int]]
    sign: list[float] = []
    spans: list[tuple[int, int, int]] = []
    for i, d in enumerate(table.dimensions):
        stride = int(np.prod(shape[i + 1 :]))
        kin = _Kin(d, table.values.sum(axis=tuple(a for a in range(len(shape)) if a != i)))
        laid: dict[int, tuple[int, dict[Bundle, int], list[Bundle]]] = {}
        for m in range(len(d.members)):
            bundles = kin.of(m)
            if id(bundles) not in laid:
                laid[id(bundles)] = (len(start) - 1, {b: k for k, b in enumerate(bundles)}, bundles)
                for b in bundles:
                    off += [member * stride for member, _ in b]
                    sign += [s for _, s in b]
                    start.append(len(off))
            at, where, _ = laid[id(bundles)]
            own = where.get(((m, 1.0),), where.get(((m, -1.0),), 0))
            spans.append((at, at + len(bundles), at + own))
        counts.append(len(d.members))
    if len(shape) == 1:
        spans.append((len(start) - 1, len(start) + 1, len(start) - 1))
        start += [len(off) + 1, len(off) + 1]
        off, sign, counts = [*off, 0], [*sign, 1.0], [*counts, 1]
    low, high, own_at = (np.array(x, np.int64) for x in zip(*spans, strict=True))
    return Exchanges(
        np.array(start, np.int64), np.array(off, np.int64), np.array(sign), low, high, own_at,
        np.cumsum([0, *counts[:-1]]).astype(np.int64),
        np.array([int(np.prod(counts[i + 1 :])) for i in range(len(counts))], np.int64), _pairs(counts),
    )  # fmt: skip


def _pairs(counts: list[int]) -> Ints:
    """Two dimensions that a way goes through and the others (-1: none), the largest first."""
    order = sorted(range(len(counts)), key=lambda i: -counts[i])
    rows = []
    for a in range(len(order)):
        for b in range(a + 1, len(order)):
            rest = [order[k] for k in range(len(order)) if k not in (a, b)]
            rows.append([order[a], order[b], *rest, -1, -1][:4])
    return np.array(rows, np.int64)
