"""Every case as it stood on a day, found by its pseudonym: arrays on disk, in the order of the pseudonyms.

A case is found by halving, so finding a day's cases costs what they are, however many stand here. The arrays are
never changed: what a day adds is kept beside them (`standing`) until all is written anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mirps.evidence.indicators.changing import ABSENT, ROWS, Ints, Mask, Rows
from mirps.evidence.indicators.model import Over

SLICE = 500_000


@dataclass(frozen=True, slots=True)
class Shelf:
    """Cases by ascending id, each once: the day of its row's recording, and the row."""

    ids: Ints
    recorded: NDArray[np.int32]
    rows: Rows

    def find(self, ids: Ints) -> tuple[Mask, Ints]:
        """Which of these there are, and where; the place of one that is not here means nothing."""
        if not len(self.ids):
            return np.zeros(len(ids), bool), np.zeros(len(ids), np.int64)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return self.ids[places] == ids, places


def sorted_shelf(ids: Ints, recorded: int, rows: Rows) -> Shelf:
    """The rows of one day."""
    order = np.argsort(ids)
    return Shelf(ids[order], np.full(len(ids), recorded, np.int32), rows[order])


def opened(folder: Path) -> Shelf:
    """A shelf on disk, of which only what is asked for is read."""
    return Shelf(
        _mapped(folder / "ids", np.dtype("<i8")),
        _mapped(folder / "recorded", np.dtype("<i4")),
        _mapped(folder / "rows", ROWS[Over.CASES]),
    )


def _mapped(path: Path, kind: np.dtype[Any]) -> NDArray[Any]:
    if not path.stat().st_size:
        return np.empty(0, kind)
    return np.memmap(path, kind, "r")


def write(folder: Path, parts: Iterable[Shelf]) -> None:
    """Parts of a shelf, one after the other, in the order of their ids."""
    with (
        (folder / "ids").open("wb") as ids,
        (folder / "recorded").open("wb") as recorded,
        (folder / "rows").open("wb") as rows,
    ):
        for part in parts:
            for out, array in ((ids, part.ids), (recorded, part.recorded), (rows, part.rows)):
                np.ascontiguousarray(array).tofile(out)


def merged(below: Shelf, days: list[Shelf]) -> Iterator[Shelf]:
    """Each case as it was recorded last, in parts."""
    ends = [*below.ids[SLICE::SLICE].tolist(), None]
    held = [below, *days]
    begin = [0] * len(held)
    for end in ends:
        upto = [len(s.ids) if end is None else int(np.searchsorted(s.ids, end)) for s in held]
        cut = [
            Shelf(s.ids[b:u], s.recorded[b:u], s.rows[b:u]) for s, b, u in zip(held, begin, upto, strict=True)
        ]
        yield _last(cut)
        begin = upto


def _last(held: list[Shelf]) -> Shelf:
    ids = np.concatenate([s.ids for s in held])
    recorded = np.concatenate([s.recorded for s in held])
    rows = np.concatenate([s.rows for s in held])
    order = np.lexsort((recorded, ids))
    last = np.concatenate((np.diff(ids[order]) != 0, [True]))[: len(order)]
    return Shelf(ids[order][last], recorded[order][last], rows[order][last])


def history(ids: Ints, day: int, held: Iterable[Shelf]) -> tuple[Shelf, Shelf]:
    """How each case stood up to a day, and how it stood next: from all that is held. Where it stood in no way, its
    day is ABSENT."""
    before = Shelf(ids, np.full(len(ids), ABSENT, np.int32), np.zeros(len(ids), ROWS[Over.CASES]))
    after = Shelf(ids, before.recorded.copy(), before.rows.copy())
    for shelf in held:
        there, places = shelf.find(ids)
        at = np.flatnonzero(there)
        recorded, rows = shelf.recorded[places[at]], shelf.rows[places[at]]
        upto = recorded <= day
        _take(before, at, recorded, rows, upto & (recorded > before.recorded[at]))
        first = (after.recorded[at] == ABSENT) | (recorded < after.recorded[at])
        _take(after, at, recorded, rows, ~upto & first)
    return before, after


def _take(into: Shelf, at: Ints, recorded: NDArray[np.int32], rows: Rows, chosen: Mask) -> None:
    into.recorded[at[chosen]] = recorded[chosen]
    into.rows[at[chosen]] = rows[chosen]
