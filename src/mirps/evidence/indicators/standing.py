"""Cubes that stand on disk and are kept up to date by what changed: a day's events cost a day's work.

A group's table with all its margins is written once. What a day changes is counted like any rows, those that no
longer hold with weight -1 and those that hold now with weight 1, and rolled up by itself: sums of cells are then
those of a full count. Different persons cannot be kept so; they are counted when they are asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import duckdb

from mirps.evidence.indicators import planning
from mirps.evidence.indicators.counting import Cubes, parquet, quoted, run
from mirps.evidence.indicators.model import Indicator, Over
from mirps.evidence.indicators.planning import Group, Parents, Span

#: Everything that is known, whenever it was: flows by their periods, stocks as they are.
ALWAYS = Span(date(1900, 1, 1), date(9999, 12, 31))
_FORM = "FORMAT parquet, COMPRESSION zstd"


class Changed(ValueError):
    """The definitions are no longer those of the cubes: they must be counted in full."""


def kept(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Those whose cubes can stand: of cases, and of what can be added."""
    found = list(indicators)
    return [i for g in planning.plan(found, ALWAYS) if g.summed and g.over is Over.CASES for i in g.members]


def begin(db: duckdb.DuckDBPyConnection, folder: Path, indicators: Sequence[Indicator], cases: str,
          parents: Parents) -> None:  # fmt: skip
    """A full count of the table or files `cases`, and its groups written."""
    folder.mkdir(parents=True, exist_ok=True)
    cubes = Cubes(db, kept(indicators), ALWAYS).count({Over.CASES: cases}, parents)
    for old in folder.glob("*.parquet"):
        old.unlink()
    for g in cubes.groups:
        db.execute(f"COPY {g.name} TO {quoted(folder / f'{g.name}.0.parquet')} ({_FORM})")
    (folder / "groups.json").write_text(json.dumps({"mark": _mark(cubes.groups, parents)}), encoding="utf-8")


def add(db: duckdb.DuckDBPyConnection, folder: Path, indicators: Sequence[Indicator], changed: str,
        parents: Parents) -> int:  # fmt: skip
    """Take in rows of the table `changed`, which have a `weight`. Told is the number of the change; raises Changed.

    What is written becomes visible all at once, by the last file's name.
    """
    plain = planning.plan(kept(indicators), ALWAYS)
    _prove(folder, plain, parents)
    nth = 1 + max(int(p.name.split(".")[1]) for p in folder.glob("g[0-9]*.*"))
    groups = planning.plan(kept(indicators), ALWAYS, weighed=True)
    written = []
    for g in groups:
        there = " OR ".join(f"{c} <> 0" for c in g.columns)
        # What a change leaves as it was cancels out here, before any margin is taken.
        first = planning.finest(g, changed, parents)
        run(db, planning.Step(g.name, f"SELECT * FROM ({first.sql}) AS differs WHERE {there}"))
        if not db.execute(f"SELECT 1 FROM {g.name} LIMIT 1").fetchone():
            continue
        for step in planning.margins(g, parents):
            run(db, step)
        part = folder / f"{g.name}.{nth}.part"
        db.execute(f"COPY (SELECT * FROM {g.name} WHERE {there}) TO {quoted(part)} (FORMAT parquet)")
        written.append(part)
    for part in written:
        part.rename(part.with_suffix(".parquet"))
    return nth


def read(
    db: duckdb.DuckDBPyConnection, folder: Path, indicators: Sequence[Indicator], parents: Parents
) -> Cubes:
    """The cubes as they stand. Raises Changed."""
    cubes = Cubes(db, kept(indicators), ALWAYS)
    _prove(folder, cubes.groups, parents)
    for g in cubes.groups:
        sums = ", ".join(f"CAST(sum({c}) AS BIGINT) AS {c}" for c in g.columns)
        by = ", ".join(g.keys)
        files = parquet(sorted(folder.glob(f"{g.name}.*.parquet")))
        db.execute(f"CREATE OR REPLACE TEMP TABLE {g.name} AS SELECT {by}, {sums} FROM {files} GROUP BY {by}")
    return cubes.read()


def _prove(folder: Path, groups: Sequence[Group], parents: Parents) -> None:
    held = folder / "groups.json"
    if not held.exists() or json.loads(held.read_text(encoding="utf-8"))["mark"] != _mark(groups, parents):
        raise Changed(str(folder))


def _mark(groups: Sequence[Group], parents: Parents) -> str:
    said = [planning.finest(g, "cases", parents).sql for g in groups]
    return hashlib.sha256(json.dumps([said, parents], sort_keys=True).encode()).hexdigest()
