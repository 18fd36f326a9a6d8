"""Cubes that stand on disk and are kept up to date by what changed: a day's events cost a day's work.

The cubes and every case are written as they stood on one day, the floor. Of each later day of recording are kept its
rows and what they change in the cubes: how a case stood before weighs -1, how it stands now 1. So cubes as they were
known on any day from the floor on are sums; days may come late, in any order, and again. Different persons cannot be
kept so; they are counted when they are asked for.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from mirps.evidence.indicators import changing, planning, shelf
from mirps.evidence.indicators.changing import ROWS, Ints, Members, Rows, day_number, day_of
from mirps.evidence.indicators.counting import Cubes, parquet
from mirps.evidence.indicators.model import DIMENSIONS, Counts, Indicator, Over
from mirps.evidence.indicators.planning import Group, Parents, Span
from mirps.evidence.indicators.shelf import Shelf
from mirps.evidence.indicators.sql import text

#: Everything that is known, whenever it was: flows by their periods, stocks as they are.
ALWAYS = Span(date(1900, 1, 1), date(9999, 12, 31))
_FORM = "FORMAT parquet, COMPRESSION zstd"
_TABLES = """
CREATE TABLE said (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE members (dimension TEXT, nth INTEGER, member TEXT, PRIMARY KEY (dimension, nth)) WITHOUT ROWID;
CREATE TABLE days (layer TEXT, day INTEGER, ids BLOB, rows BLOB, PRIMARY KEY (layer, day));
CREATE TABLE taken (layer TEXT, day INTEGER, mark TEXT NOT NULL, PRIMARY KEY (layer, day)) WITHOUT ROWID;
CREATE TABLE changes (day INTEGER, cube TEXT, cells BLOB);
"""
_DAYS = "SELECT day, ids, rows FROM days WHERE layer = 'cases'"


#: A layer's day -> the mark of what was taken in.
Taken = dict[tuple[Over, date], str]
_Weighed = tuple[int, Rows, Ints]


class Changed(ValueError):
    """The definitions are no longer those of the cubes, or days are asked for that lie below the floor: they must be
    counted in full."""


def kept(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Those whose cubes can stand: of what can be added."""
    return [i for i in indicators if i.counts is not Counts.PERSONS]


class Standing:
    """The cubes in a folder. Whoever changes them must be alone; readers need not be."""

    def __init__(self, folder: Path, indicators: Iterable[Indicator], parents: Parents, of: str = "") -> None:
        """`of`: what else must be the same, such as the key of the pseudonyms."""
        self.folder, self.parents, self.of = folder, parents, of
        self.indicators = kept(indicators)
        self.groups = planning.plan(self.indicators, ALWAYS)

    # Beginning

    def begin(
        self,
        db: duckdb.DuckDBPyConnection,
        sources: Mapping[Over, str],
        floor: date,
        taken: Taken | None = None,
    ) -> None:
        """A full count of tables or files as they were known on a day, and every case as it stood."""
        self.folder.mkdir(parents=True, exist_ok=True)
        db.execute(f"SET temp_directory = {text(self.folder / 'spilled')}")
        Cubes(db, self.indicators, ALWAYS).count(sources, self.parents)
        members = Members()
        with self._fresh() as home:
            self._write_cubes(db, home)
            shelf.write(home, _shelves(db, sources[Over.CASES], home / "sorted.parquet", members))
        part = self.folder / "standing.part"
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as store, store:
            store.executescript(_TABLES)
            said = {"mark": self._mark(), "home": home.name, "floor": str(day_number(floor))}
            store.executemany("INSERT INTO said VALUES (?, ?)", said.items())
            _note(store, members)
            for (over, day), mark in (taken or {}).items():
                _took(store, over, day, mark)
        part.replace(self.folder / "standing.sqlite")
        self._tidy(home.name)

    @contextmanager
    def _fresh(self) -> Iterator[Path]:
        """A folder of a number not used yet."""
        nth = 1 + max((int(p.name) for p in self.folder.glob("[0-9]*")), default=0)
        home = self.folder / str(nth)
        home.mkdir()
        try:
            yield home
        except BaseException:
            shutil.rmtree(home)
            raise

    def _write_cubes(self, db: duckdb.DuckDBPyConnection, home: Path) -> None:
        for g in self.groups:
            db.execute(f"COPY {g.name} TO {text(home / f'{g.name}.parquet')} ({_FORM})")

    def _tidy(self, home: str) -> None:
        """The folder before this one stays, for whoever reads just now."""
        for old in self.folder.glob("[0-9]*"):
            if int(old.name) < int(home) - 1:
                shutil.rmtree(old)

    # A day

    def take(
        self, db: duckdb.DuckDBPyConnection, over: Over, day: date, source: str, mark: str = ""
    ) -> set[str]:
        """Take in a day's rows of a layer, for the first time or again, from a table or file (`mark`: which state of
        it). Told are the indicators in which a cell has changed. All of it becomes visible at once, or nothing."""
        with self._open() as store, store:
            store.execute("BEGIN IMMEDIATE")
            members = _members(store)
            ids, rows = _read(db, source, over, members)
            nth = day_number(day)
            differs = self._cases if over is Over.CASES else self._acts
            touched = {
                code
                for at, changed, weight in differs(store, nth, ids, rows)
                for code in self._change(store, over, at, changed, weight, members)
            }
            _note(store, members)
            _took(store, over, day, mark)
        return touched

    def taken(self) -> Taken:
        """What has been taken in, by its marks. Raises Changed."""
        with self._open() as store:
            rows = store.execute("SELECT layer, day, mark FROM taken").fetchall()
        return {(Over(layer), day_of(day)): mark for layer, day, mark in rows}

    def _cases(self, store: sqlite3.Connection, day: int, ids: Ints, rows: Rows) -> Iterator[_Weighed]:
        """What the day changes on itself, and what that changes on the next day that tells of the same case."""
        new = shelf.sorted_shelf(ids, day, rows)
        before, after = shelf.history(new.ids, day, self._shelves(store))
        said = np.flatnonzero((before.recorded == changing.ABSENT) | (before.rows != new.rows))
        stood = said[before.recorded[said] != changing.ABSENT]
        yield day, *_weighed(before.rows[stood], new.rows[said])
        later = said[after.recorded[said] != changing.ABSENT]
        for at in np.unique(after.recorded[later]):
            on = later[after.recorded[later] == at]
            there = on[before.recorded[on] != changing.ABSENT]
            yield int(at), *_weighed(new.rows[on], before.rows[there])
        _keep(store, Over.CASES, day, new.ids, new.rows)

    def _acts(self, store: sqlite3.Connection, day: int, ids: Ints, rows: Rows) -> Iterator[_Weighed]:
        if day <= self._floor(store):
            raise Changed(str(self.folder))
        held = store.execute("SELECT rows FROM days WHERE layer = 'acts' AND day = ?", (day,)).fetchone()
        yield day, *_weighed(np.frombuffer(held[0] if held else b"", ROWS[Over.ACTS]), rows)
        _keep(store, Over.ACTS, day, ids, rows)

    def _shelves(self, store: sqlite3.Connection) -> Iterator[Shelf]:
        """The latest first; of the same day, what was taken in since before what stands."""
        for day, ids, rows in store.execute(f"{_DAYS} ORDER BY day DESC"):
            yield _shelf(day, ids, rows)
        yield shelf.opened(self._home(store))

    def _change(self, store: sqlite3.Connection, over: Over, day: int, rows: Rows, weight: Ints,
                members: Members) -> Iterator[str]:  # fmt: skip
        for g in (g for g in self.groups if g.over is over):
            cells = changing.change(g, rows, weight, members, self.parents, ALWAYS)
            if cells is not None:
                store.execute("INSERT INTO changes VALUES (?, ?, ?)", (day, g.name, cells.tobytes()))
                for i in g.members:
                    named = (g.columns[g.numbers.index(n)] for n in planning.numbers(i, ALWAYS))
                    if any(cells[c].any() for c in named):
                        yield i.code

    # Reading

    def read(
        self, db: duckdb.DuckDBPyConnection, codes: Iterable[str] | None = None, on: date | None = None
    ) -> Cubes:
        """The cubes (of some indicators) as they stand, or as they were known on a day. Raises Changed."""
        wanted = {i.code for i in self.indicators} if codes is None else set(codes)
        groups = [g for g in self.groups if wanted & {i.code for i in g.members}]
        cubes = Cubes(db, [i for i in self.indicators if i.code in wanted], ALWAYS, groups)
        with self._open() as store:
            store.execute("BEGIN")
            upto = self._upto(store, on)
            members = _members(store)
            for g in groups:
                self._stand(db, store, g, members, upto)
        return cubes.read()

    def _upto(self, store: sqlite3.Connection, on: date | None) -> int:
        upto = day_number(on or ALWAYS.last)
        if upto < self._floor(store):
            raise Changed(str(self.folder))
        return upto

    def _stand(self, db: duckdb.DuckDBPyConnection, store: sqlite3.Connection, g: Group, members: Members,
               upto: int) -> None:  # fmt: skip
        """A group's table: what stood, and what has changed since."""
        rows = store.execute("SELECT cells FROM changes WHERE cube = ? AND day <= ?", (g.name, upto))
        cells = np.frombuffer(b"".join(row[0] for row in rows), changing.cell_type(g))
        since = {name: np.ascontiguousarray(cells[name]) for name in cells.dtype.names or ()}
        joined, shown = [], []
        for k in g.keys:
            said = f"since.{k}"
            if k in DIMENSIONS:
                names = members.of(k)
                db.register(f"m_{k}", {"nth": np.arange(len(names)), "member": np.array(names, object)})
                joined.append(f"JOIN m_{k} ON m_{k}.nth = since.{k}")
                said = f"m_{k}.member AS {k}"
            elif k == "period":
                said = f"CASE WHEN period > {changing.ABSENT} THEN DATE '1970-01-01' + period END AS period"
            shown.append(said)
        by, numbers = ", ".join(g.keys), ", ".join(g.columns)
        sums = ", ".join(f"CAST(sum({c}) AS BIGINT) AS {c}" for c in g.columns)
        stood = f"SELECT {by}, {numbers} FROM {parquet([self._home(store) / f'{g.name}.parquet'])}"
        db.register("since", since)
        changed = f"SELECT {', '.join(shown)}, {numbers} FROM since {' '.join(joined)}"
        db.execute(f"CREATE OR REPLACE TEMP TABLE {g.name} AS SELECT {by}, {sums} "
                   f"FROM ({stood} UNION ALL {changed}) AS told GROUP BY {by}")  # fmt: skip
        db.unregister("since")

    def days(self) -> tuple[date, int]:
        """The floor, and how many days of cases have been taken in since. Raises Changed."""
        with self._open() as store:
            many = store.execute("SELECT count(*) FROM days WHERE layer = 'cases'").fetchone()[0]
            return day_of(self._floor(store)), many

    def settle(self, db: duckdb.DuckDBPyConnection, floor: date) -> None:
        """Raise the floor: what was taken in up to this day is written into what stands. Costs what there is, so once
        in many days."""
        self.read(db, on=floor)
        upto = day_number(floor)
        with self._open() as store, self._fresh() as home:
            self._write_cubes(db, home)
            held = store.execute(f"{_DAYS} AND day <= ? ORDER BY day", (upto,))
            shelf.write(home, shelf.merged(shelf.opened(self._home(store)), [_shelf(*row) for row in held]))
            with store:
                store.execute("BEGIN IMMEDIATE")
                store.execute("DELETE FROM days WHERE day <= ?", (upto,))
                store.execute("DELETE FROM changes WHERE day <= ?", (upto,))
                store.execute("UPDATE said SET value = ? WHERE name = 'home'", (home.name,))
                store.execute("UPDATE said SET value = ? WHERE name = 'floor'", (str(upto),))
        self._tidy(home.name)

    # What is held

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        held = self.folder / "standing.sqlite"
        if not held.exists():
            raise Changed(str(self.folder))
        with closing(sqlite3.connect(held, timeout=60, isolation_level=None)) as store:
            if _said(store, "mark") != self._mark():
                raise Changed(str(self.folder))
            yield store

    def _home(self, store: sqlite3.Connection) -> Path:
        return self.folder / _said(store, "home")

    def _floor(self, store: sqlite3.Connection) -> int:
        return int(_said(store, "floor"))

    def _mark(self) -> str:
        said = [
            (planning.finest(g, "rows", self.parents).sql, g.over, changing.cell_type(g).descr)
            for g in self.groups
        ]
        return hashlib.sha256(json.dumps([said, self.parents, self.of], sort_keys=True).encode()).hexdigest()


def _weighed(gone: Rows, come: Rows) -> tuple[Rows, Ints]:
    return np.concatenate((gone, come)), np.repeat(np.array([-1, 1]), (len(gone), len(come)))


def _said(store: sqlite3.Connection, name: str) -> str:
    return str(store.execute("SELECT value FROM said WHERE name = ?", (name,)).fetchone()[0])


def _took(store: sqlite3.Connection, over: Over, day: date, mark: str) -> None:
    store.execute("INSERT OR REPLACE INTO taken VALUES (?, ?, ?)", (over.value, day_number(day), mark))


def _keep(store: sqlite3.Connection, over: Over, day: int, ids: Ints, rows: Rows) -> None:
    said = (over.value, day, ids.tobytes(), rows.tobytes())
    store.execute("INSERT OR REPLACE INTO days VALUES (?, ?, ?, ?)", said)


def _shelf(day: int, ids: bytes, rows: bytes) -> Shelf:
    found = np.frombuffer(ids, "<i8")
    return Shelf(found, np.full(len(found), day, np.int32), np.frombuffer(rows, ROWS[Over.CASES]))


def _members(store: sqlite3.Connection) -> Members:
    known: dict[str, list[str]] = {}
    for dimension, member in store.execute("SELECT dimension, member FROM members ORDER BY dimension, nth"):
        known.setdefault(dimension, []).append(member)
    return Members(known)


def _note(store: sqlite3.Connection, members: Members) -> None:
    rows = [(d, n, member) for d in DIMENSIONS for n, member in enumerate(members.of(d))]
    store.executemany("INSERT OR IGNORE INTO members VALUES (?, ?, ?)", rows)


def _read(db: duckdb.DuckDBPyConnection, source: str, over: Over, members: Members) -> tuple[Ints, Rows]:
    """A layer's rows as arrays, and their cases' ids. A source may have members as their numbers already."""
    kind = ROWS[over]
    names = kind.names or ()
    got: dict[str, Any] = db.execute(f"SELECT case_id, {', '.join(names)} FROM {source}").fetchnumpy()
    ids = np.asarray(got["case_id"], np.int64)
    rows = np.empty(len(ids), kind)
    for name in names:
        column = got[name]
        if column.dtype == object:
            rows[name] = members.codes(name, column.tolist())
        elif column.dtype.kind == "M":
            days = np.ma.asarray(column).astype("datetime64[D]").astype(np.int64)
            rows[name] = np.ma.filled(days, changing.ABSENT)
        else:
            rows[name] = np.asarray(column)
    return ids, rows


def _shelves(db: duckdb.DuckDBPyConnection, source: str, between: Path, members: Members) -> Iterator[Shelf]:
    """Every case of a source by ascending id, part by part, however many there are."""
    shown = ["case_id", "recorded"]
    for name in ROWS[Over.CASES].names or ():
        if name in DIMENSIONS:
            for (member,) in db.execute(f"SELECT DISTINCT {name} FROM {source} ORDER BY 1").fetchall():
                members.code(name, member)
            listed = ", ".join(map(text, members.of(name)))
            shown.append(f"CAST(enum_code(CAST({name} AS ENUM ({listed}))) AS USMALLINT) AS {name}")
        else:
            shown.append(name)
    form = f"{_FORM}, ROW_GROUP_SIZE {shelf.SLICE}"
    db.execute(f"COPY (SELECT {', '.join(shown)} FROM {source} ORDER BY case_id) TO {text(between)} ({form})")
    lowest = db.execute(f"""SELECT CAST(stats_min AS BIGINT) FROM parquet_metadata({text(between)})
        WHERE path_in_schema = 'case_id' AND stats_min IS NOT NULL ORDER BY 1""").fetchall()
    begins = [row[0] for row in lowest]
    for begin, end in zip_longest(begins, begins[1:]):
        upto = f" AND case_id < {end}" if end is not None else ""
        part = f"(SELECT * FROM {parquet([between])} WHERE case_id >= {begin}{upto} ORDER BY case_id)"
        ids, rows = _read(db, part, Over.CASES, members)
        recorded = db.execute(f"SELECT recorded - DATE '1970-01-01' AS d FROM {part}").fetchnumpy()["d"]
        yield Shelf(ids, np.asarray(recorded, np.int32), rows)
    between.unlink()
