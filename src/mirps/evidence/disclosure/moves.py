"""How a member of a dimension can rise while every sum holds: with it its totals up to some level, and against
it another member below that level with its own totals. Products of such moves, one in each dimension, change a
table without changing what is published; that is what protects a cell (Repsilber's hypercubes, here over
hierarchies). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mirps.evidence.disclosure.tables import Dimension, Floats, Ints, Sum

#: Ways down from a total to a leaf that are tried, and moves of one member in all.
DEEP, MOST = 24, 400


@dataclass(frozen=True)
class Moves:
    """`signs` (moves x members): +1 for what rises with the member, -1 for what falls. The first `near` moves
    stay among members of the same total."""

    members: Ints
    signs: Floats
    near: int

    @cached_property
    def touched(self) -> Floats:
        return np.abs(self.signs)

    def nearest(self) -> Moves:
        if self.near in (0, len(self.signs)):
            return self
        signs = self.signs[: self.near]
        used = np.flatnonzero(signs.any(axis=0))
        return Moves(self.members[used], signs[:, used], self.near)


class Lattice:
    """The moves of each member of a dimension, worked out once. `size` of a member tells which ways down come
    first: the largest."""

    def __init__(self, dimension: Dimension, size: Floats) -> None:
        self._over: dict[int, list[Sum]] = {}
        self._under: dict[int, list[Sum]] = {}
        for s in dimension.sums:
            self._under.setdefault(s.total, []).append(s)
            for p in s.parts:
                self._over.setdefault(p, []).append(s)
        self._size = size
        self._ways: dict[tuple[int, int], list[tuple[int, ...]]] = {}
        self._wide: dict[int, tuple[Moves, Moves]] = {}
        #: A member in several sums at once moves all of them; products of single paths cannot, and LPs do.
        self.plain = all(len(s) == 1 for s in (*self._over.values(), *self._under.values()))

    def of(self, member: int) -> tuple[Moves, Moves]:
        """The moves among near members, and all of them."""
        held = self._wide.get(member)
        if held is None:
            wide = self._made(member)
            held = self._wide[member] = (wide.nearest(), wide)
        return held

    def _down(self, member: int, most: int) -> list[tuple[int, ...]]:
        """Ways from a member down to a leaf."""
        if member not in self._under:
            return [(member,)]
        held = self._ways.get((member, most))
        if held is None:
            held = self._ways[member, most] = self._grown(member, most)
        return held

    def _grown(self, member: int, most: int) -> list[tuple[int, ...]]:
        ways: list[tuple[int, ...]] = [(member,)]
        while any(w[-1] in self._under for w in ways):
            grown = []
            for w in ways:
                if w[-1] not in self._under:
                    grown.append(w)
                    continue
                parts = self._under[w[-1]][0].parts
                best = sorted(parts, key=lambda p: -self._size[p])[:most]
                grown += [(*w, p) for p in best]
            ways = grown[:most]
        return ways

    def _made(self, member: int) -> Moves:
        made: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        near = 0
        for way in self._down(member, DEEP):
            made += [(way, against) for against in self._against(member)]
        near = len(made)
        up = member
        rising: tuple[int, ...] = ()
        while up in self._over:
            up = self._over[up][0].total
            rising = (*rising, up)
            against = self._against(up) or [()]
            for way in self._down(member, 4):
                made += [((*way, *rising), a) for a in against]
        if not made or up == member:
            made += [(way, ()) for way in self._down(member, DEEP)]
        elif up not in self._over and rising:
            made += [((*way, *rising), ()) for way in self._down(member, 4)]
        made = list(dict.fromkeys(made))[:MOST]
        used = sorted({m for rise, fall in made for m in (*rise, *fall)})
        at = {m: i for i, m in enumerate(used)}
        signs = np.zeros((len(made), len(used)))
        for i, (rise, fall) in enumerate(made):
            signs[i, [at[m] for m in rise]] = 1
            signs[i, [at[m] for m in fall]] = -1
        return Moves(np.array(used, np.int64), signs, min(near, len(made)))

    def _against(self, member: int) -> list[tuple[int, ...]]:
        """Ways down of the members that share a total with this one."""
        if member not in self._over:
            return []
        others = [p for p in self._over[member][0].parts if p != member]
        return [w for o in others for w in self._down(o, 3)]
