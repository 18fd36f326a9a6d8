"""Counting by DuckDB: Parquet in, cubes with all margins out. No database of ours, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from mirps.evidence.figures.rules import NOT_COLLECTED, TOTAL, UNKNOWN
from mirps.evidence.indicators import planning
from mirps.evidence.indicators.model import Counts, Grain, Indicator, Over
from mirps.evidence.indicators.planning import Group, Parents, Span
from mirps.evidence.indicators.sql import DAYS, text

MEMORY = "700MB"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a cube. `period`: the first day of the week, month ... (None: the whole span). `absence`: why
    there is no value (figures.rules). `n`: the rows behind it."""

    members: Mapping[str, str]
    period: date | None
    value: Decimal | None
    n: int = 0
    absence: str = ""


@contextmanager
def engine(threads: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory that reaches for nothing but files: no extensions, no network."""
    config: dict[str, Any] = {
        "memory_limit": MEMORY, "autoinstall_known_extensions": False, "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }  # fmt: skip
    if threads:
        config["threads"] = threads
    db = duckdb.connect(config=config)
    try:
        yield db
    finally:
        db.close()


class Cubes:
    """The cubes of some indicators over one span, counted and held in an engine."""

    def __init__(
        self, db: duckdb.DuckDBPyConnection, indicators: Sequence[Indicator], span: Span,
        groups: Sequence[Group] | None = None,
    ) -> None:  # fmt: skip
        """`groups`: those that hold the indicators, where they were planned together with others."""
        self.db, self.span = db, span
        self.sources: Mapping[Over, str] = {}
        self.indicators = {i.code: i for i in indicators}
        self.groups = planning.plan(indicators, span) if groups is None else groups

    def count(self, sources: Mapping[Over, str], parents: Parents) -> Cubes:
        """`sources`: layer -> the table, view or file of the engine that holds it."""
        self.sources = sources
        for g in self.groups:
            run(self.db, planning.finest(g, sources[g.over], parents))
            for step in planning.margins(g, parents):
                run(self.db, step)
        return self.read()

    def read(self) -> Cubes:
        """Quantiles, from the histograms that the groups' tables hold."""
        for g in (g for g in self.groups if g.days):
            run(self.db, planning.quantiles(g))
        return self

    def group(self, code: str) -> Group:
        return next(g for g in self.groups if any(i.code == code for i in g.members))

    def sql(self, code: str) -> str:
        """The cells of an indicator as a query of the engine."""
        return planning.cells(self.group(code), self.indicators[code], self.span)

    def cells(self, code: str, **members: str) -> Iterator[Cell]:
        """Cells in no order; with `members`, those alone (a dimension that is not named: any)."""
        i = self.indicators[code]
        at = [f"{name} = ?" for name in members]
        only = f" WHERE {' AND '.join(at)}" if at else ""
        rows = self.db.execute(f"SELECT * FROM ({self.sql(code)}) AS c{only}", list(members.values()))
        while many := rows.fetchmany(10_000):
            for row in many:
                yield _cell(i, row)

    def cell(self, code: str, period: date | None = None, **members: str) -> Cell:
        """One cell. Where a member was never asked for or never known, it says so; else nothing is zero."""
        i = self.indicators[code]
        wanted = {d: members.get(d, TOTAL) for d in i.dimensions}
        for found in self.cells(code, **wanted):
            if found.period == period:
                return found
        for d in (d for d, member in wanted.items() if member not in (TOTAL, UNKNOWN, NOT_COLLECTED)):
            across = {k: v for k, v in wanted.items() if k != d}
            there = {
                c.members[d]
                for c in self.cells(code, **across)
                if c.period == period and c.members[d] != TOTAL
            }
            if there and there <= {UNKNOWN, NOT_COLLECTED}:
                absence = NOT_COLLECTED if NOT_COLLECTED in there else UNKNOWN
                return Cell(wanted, period, None, 0, absence)
        empty = None if i.counts in (Counts.SHARE, Counts.MEDIAN, Counts.P90) else Decimal(0)
        return Cell(wanted, period, empty, 0, "" if empty is not None else UNKNOWN)

    def write(self, folder: Path) -> list[Path]:
        """Each cube as Parquet, `<code>.parquet`."""
        folder.mkdir(parents=True, exist_ok=True)
        out = []
        for code in self.indicators:
            out.append(folder / f"{code}.parquet")
            self.db.execute(f"COPY ({self.sql(code)}) TO {text(out[-1])} (FORMAT parquet, COMPRESSION zstd)")
        return out


def _cell(i: Indicator, row: Sequence[Any]) -> Cell:
    *keys, value, n = row
    period = keys.pop(0) if i.grain is not Grain.NONE else None
    said = Decimal(value) if isinstance(value, int) else Decimal(repr(value))
    return Cell(dict(zip(i.dimensions, keys, strict=True)), period, said, n)


def run(db: duckdb.DuckDBPyConnection, step: planning.Step) -> None:
    sql = spoken(step.sql)
    if step.add:
        db.execute(f"INSERT INTO {step.table} {sql}")
    else:
        db.execute(f"CREATE OR REPLACE TEMP TABLE {step.table} AS {sql}")


def spoken(sql: str) -> str:
    """What DuckDB calls differently."""
    return DAYS.sub(r"CAST(date_diff('day', \1, \2) AS INTEGER)", sql)


def parquet(paths: Iterable[Path]) -> str:
    """Files as a table of the engine."""
    return f"read_parquet([{', '.join(map(text, paths))}])"
