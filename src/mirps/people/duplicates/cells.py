"""A column of a million texts as one run of bytes: read, cut and numbered without a million strings.

Python's strings cost a microsecond each for whatever is done to them; a column here is bytes with where each
cell begins and ends, and only texts that differ ever become strings. Texts are told apart by 64-bit mixtures
of their bytes: among ten million different ones two fall together once in some hundred thousand times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Keys = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

_ODD = np.uint64(0x9E3779B97F4A7C15)
#: Bytes that are mixed in at once.
_PIECE = 8
_LOW = np.array([(1 << 8 * n) - 1 for n in range(_PIECE + 1)], np.uint64)


@dataclass(frozen=True, slots=True)
class Cells:
    """Texts in UTF-8: `data` has eight bytes more at its end than any cell (`padded`)."""

    data: Bytes
    start: Ints
    end: Ints

    @classmethod
    def of(cls, texts: Iterable[str]) -> Cells:
        raw = [text.encode("utf-8", "replace") for text in texts]
        end = np.cumsum(np.fromiter(map(len, raw), np.int64, len(raw)))
        return cls(padded(b"".join(raw)), np.append(0, end[:-1])[: len(end)], end)

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, at: Ints | Codes | Mask) -> Cells:
        return Cells(self.data, self.start[at], self.end[at])

    def texts(self) -> list[str]:
        data = self.data.data
        bounds = zip(self.start.tolist(), self.end.tolist(), strict=True)
        return [str(data[a:b], "utf-8", "ignore") for a, b in bounds]

    def cut(self, most: int) -> Cells:
        return Cells(self.data, self.start, np.minimum(self.end, self.start + most))

    def split(self, byte: int) -> tuple[Cells, Ints]:
        """The pieces of every cell between such bytes, but empty ones, and the cell of each; in order."""
        marks = np.flatnonzero(self.data == byte)
        first = np.searchsorted(marks, self.start)
        inside = np.searchsorted(marks, self.end) - first
        cell = np.repeat(np.arange(len(self)), inside + 1)
        nth = np.arange(len(cell)) - np.repeat(np.cumsum(inside + 1) - inside - 1, inside + 1)
        marks = np.append(marks, 0)
        mark = first[cell] + nth
        start = np.where(nth == 0, self.start[cell], marks[mark - 1] + 1)
        end = np.where(nth == inside[cell], self.end[cell], marks[np.minimum(mark, len(marks) - 1)])
        held = np.flatnonzero(end > start)
        return Cells(self.data, start[held], end[held]), cell[held]

    def after(self, byte: int) -> Cells:
        """What stands after the last such byte of each cell; the whole cell where there is none."""
        marks = np.append(-1, np.flatnonzero(self.data == byte))
        last = marks[np.searchsorted(marks, self.end) - 1]
        return Cells(self.data, np.maximum(self.start, last + 1), self.end)

    def highest(self, classes: bytes) -> Bytes:
        """The highest class of the bytes of each cell, of all 256; of an empty one 0."""
        found = np.zeros(len(self), np.uint8)
        held = np.flatnonzero(self.end > self.start)
        if len(held):
            bounds = np.stack([self.start[held], self.end[held]], axis=1).reshape(-1)
            told = np.frombuffer(self.data.tobytes().translate(classes), np.uint8)
            found[held] = np.maximum.reduceat(told, bounds)[::2]
        return found

    def rewritten(self, at: Ints, texts: Iterable[str]) -> Cells:
        """With other texts at some places."""
        if not len(at):
            return self
        other = Cells.of(texts)
        start, end = self.start.copy(), self.end.copy()
        shift = len(self.data)
        start[at], end[at] = other.start + shift, other.end + shift
        return Cells(np.concatenate([self.data, other.data]), start, end)

    def keys(self) -> Keys:
        """A mixture of the bytes of each cell: of the same texts the same."""
        # Eight bytes from any place on, the first the lowest, whatever the machine.
        pieces = np.ndarray(len(self.data) - _PIECE + 1, "<u8", self.data, 0, (1,))
        long = self.end - self.start
        found = mixed(np.zeros(len(self), np.uint64), long)
        live, at = np.flatnonzero(long > 0), 0
        while len(live):
            piece = pieces[self.start[live] + at] & _LOW[np.minimum(long[live] - at, _PIECE)]
            found[live] = mixed(found[live], piece)
            at += _PIECE
            live = live[long[live] > at]
        return found

    def distinct(self) -> tuple[Cells, Ints]:
        """The different texts, and for each cell which of them it is."""
        first, code = distinct(self.keys())
        return self[first], code


def padded(raw: bytes) -> Bytes:
    """Bytes as Cells holds them."""
    return np.frombuffer(raw + bytes(_PIECE), np.uint8)


def mixed(keys: Keys, values: Ints | Keys) -> Keys:
    """Keys with one value more each; any two differ afterwards that differed in either and not in both."""
    with np.errstate(over="ignore"):
        found = keys ^ (values.astype(np.uint64) + np.uint64(1))
        for _ in range(2):
            found = found * _ODD
            found ^= found >> np.uint64(32)
        return found


def distinct(keys: Keys) -> tuple[Ints, Ints]:
    """One place of each different key, in order, and for each key which of those it is.

    Without sorting: each key writes its place into the slot that is its own, reads there who was last, and
    those who find another key try again among themselves.
    """
    owner = np.empty(len(keys), np.int64)
    live = np.arange(len(keys))
    while len(live):
        with np.errstate(over="ignore"):
            keys = keys * _ODD
            keys ^= keys >> np.uint64(32)
        slot, slots = _slots(keys)
        table = np.empty(slots, np.int32)
        table[slot] = np.arange(len(live), dtype=np.int32)
        last = table[slot]
        own = keys[last] == keys
        owner[live[own]] = live[last[own]]
        live, keys = live[~own], keys[~own]
    first = owner == np.arange(len(owner))
    return np.flatnonzero(first), (np.cumsum(first) - 1)[owner]


def maybe_shared(keys: Keys, wanted: Mask | None = None) -> Mask:
    """False for mixed keys that are surely alone (or surely, of those alike, none is wanted)."""
    slot, slots = _slots(keys)
    table = np.empty(slots, np.int32)
    place = np.arange(len(keys), dtype=np.int32)
    table[slot] = place
    shared = np.zeros(slots, np.bool_)
    shared[slot[table[slot] != place]] = True
    if wanted is not None:
        some = np.zeros(slots, np.bool_)
        some[slot[wanted]] = True
        shared &= some
    found: Mask = shared[slot]
    return found


def _slots(keys: Keys) -> tuple[Ints, int]:
    """A slot for each mixed key, and how many slots there are: two or more for every key."""
    bits = len(keys).bit_length() + 1
    return (keys >> np.uint64(64 - bits)).astype(np.int64), 1 << bits
