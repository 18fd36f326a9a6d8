"""The standing cubes of a node's own cases, brought up to what was exported: each day's file that is new or was
written anew is taken in; where that is not enough, all is counted in full."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from mirps.evidence.indicators.counting import parquet
from mirps.evidence.indicators.exporting import as_known
from mirps.evidence.indicators.model import Indicator, Over
from mirps.evidence.indicators.planning import Parents
from mirps.evidence.indicators.standing import Changed, Standing, Taken

#: Days that are taken in one by one before the floor is raised, and those that stay above it: figures as known on
#: any of them need no full count.
MOST, STAY = 62, 31


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done: `days` files were taken in, `full` says that all was counted anew, `touched` are the indicators
    in which a cell has changed (of a full count: all that are kept)."""

    days: int
    full: bool
    touched: frozenset[str]


def standing(folder: Path, indicators: Iterable[Indicator], parents: Parents) -> Standing:
    """The cubes beside the layers in a folder of exports."""
    held = folder / "export.json"
    key = json.loads(held.read_text(encoding="utf-8"))["key"] if held.exists() else ""
    return Standing(folder / "standing", indicators, parents, str(key))


def keep(db: duckdb.DuckDBPyConnection, folder: Path, stands: Standing) -> Kept:
    """Bring them up to the layers in the folder. Two at once would do the same work twice: the caller sees to it
    that it is alone."""
    there = _there(folder)
    try:
        return _caught_up(db, folder, stands, there)
    except Changed:
        return _begun(db, folder, stands, there)


def _there(folder: Path) -> Taken:
    out: Taken = {}
    for over in Over:
        for path in (folder / over.value).glob("*.parquet"):
            seen = path.stat()
            out[over, date.fromisoformat(path.stem)] = f"{seen.st_mtime_ns}-{seen.st_size}"
    return out


def _caught_up(db: duckdb.DuckDBPyConnection, folder: Path, stands: Standing, there: Taken) -> Kept:
    held = stands.taken()
    if held.keys() - there.keys():
        raise Changed(str(folder))
    new = sorted((day, over) for (over, day), mark in there.items() if held.get((over, day)) != mark)
    touched: set[str] = set()
    for day, over in new:
        file = folder / over.value / f"{day.isoformat()}.parquet"
        touched |= stands.take(db, over, day, parquet([file]), there[over, day])
    if stands.days()[1] > MOST:
        stands.settle(db, max(day for _, day in there) - timedelta(STAY))
    return Kept(len(new), False, frozenset(touched))


def _begun(db: duckdb.DuckDBPyConnection, folder: Path, stands: Standing, there: Taken) -> Kept:
    """A full count as known on the day before the last, which may not be over, and then that one."""
    last = max((day for _, day in there), default=date(1900, 1, 2))
    floor = last - timedelta(1)
    stands.begin(
        db, as_known(db, folder, floor), floor, {k: mark for k, mark in there.items() if k[1] <= floor}
    )
    taken = _caught_up(db, folder, stands, there)
    return Kept(taken.days, True, frozenset(i.code for i in stands.indicators))
