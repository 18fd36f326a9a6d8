"""The million cases of bench/cases_made.py in PostgreSQL, filled once: their cluster stays beside them.

    python -m bench.cases_kept           fill both databases, where they are not
    python -m bench.cases_kept 20000     fewer cases

A bench works in the kept cluster itself. What it adds (its officers, some decisions, decrees) stays: hundreds of rows
among millions. Where it was not filled to the end, it is filled anew; so it is where `postgresql-filled` beside it is
taken away, as after a dozen runs, which have decided most of what waits at the office that they ask for.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from time import perf_counter

import psycopg
from psycopg import sql

from bench.cases_made import COLUMNS, Built, built, sqlite_of

KEPT = 200_000
#: The bands of which nothing is filled.
OTHERS = ("evidence", "planning", "sharing")


def cluster_of(found: Built) -> Path | None:
    """Where the cluster stands, or will; one that was left half filled is taken away. None for few cases, which are
    filled in anew in seconds, and of which a bench would soon have decided all."""
    if found.count < KEPT:
        return None
    folder = found.folder / "postgresql"
    if folder.exists() and not _mark(found).exists():
        shutil.rmtree(folder)
    return folder


def _mark(found: Built) -> Path:
    return found.folder / "postgresql-filled"


def fill(found: Built, url: str) -> None:
    """COPY into a database that has the tables, unless it holds them already."""
    if _mark(found).exists():
        return
    began = perf_counter()
    with psycopg.connect(url) as db:
        # Every row's ends stand, and an index is made quicker of all rows than row by row.
        db.execute("set session_replication_role = replica; set maintenance_work_mem = '1GB'")
        later = db.execute(
            "select c.relname, pg_get_indexdef(c.oid) from pg_index i join pg_class c on c.oid = i.indexrelid"
            " where i.indrelid::regclass::text = any(%s)"
            " and not exists (select from pg_constraint o where o.conindid = c.oid)",
            [list(COLUMNS)],
        ).fetchall()
        for name, _ in later:
            db.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
        for table in COLUMNS:
            _copied(found, db, table)
        for _, made in later:
            db.execute(made)
        db.commit()
        db.autocommit = True
        db.execute("vacuum analyze")
    if found.count >= KEPT:
        _mark(found).touch()
    print(f"   … into PostgreSQL in {perf_counter() - began:.0f} s", flush=True)


def as_first(url: str) -> None:
    """What a bench before has left that would stand in the way: looks of its officers, who have their limits; tables
    of areas that hold none of this, which are made anew as they are today; and the rows that each suspension left dead,
    which a database that goes on running clears away by itself within minutes."""
    with psycopg.connect(url) as db:
        if db.execute("select to_regclass('people_reading')").fetchone() != (None,):
            db.execute("set session_replication_role = replica; delete from people_readingof")
            db.execute("delete from people_reading")
        held = db.execute(
            "select tablename from pg_tables where schemaname = 'public' and split_part(tablename, '_', 1) = any(%s)",
            [list(OTHERS)],
        ).fetchall()
        for (table,) in held:
            db.execute(sql.SQL("drop table {} cascade").format(sql.Identifier(table)))
        if db.execute("select to_regclass('django_migrations')").fetchone() != (None,):
            db.execute("delete from django_migrations where app = any(%s)", [list(OTHERS)])
        db.commit()
        db.autocommit = True
        for table in ("casework_standing", "people_reading", "people_readingof"):
            if db.execute("select to_regclass(%s)", [table]).fetchone() != (None,):
                db.execute(sql.SQL("vacuum analyze {}").format(sql.Identifier(table)))


def _copied(found: Built, db: psycopg.Connection, table: str) -> None:
    named = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table].split()))
    told = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), named)
    for path in found.parts(table):
        with path.open("rb") as rows, db.cursor().copy(told) as to:
            while block := rows.read(1 << 20):
                to.write(block)


def main(count: int) -> None:
    from bench.cases import in_home

    found = built(count)
    print(f"   SQLite: {sqlite_of(found)}", flush=True)
    in_home("postgresql", found, "bench.cases", "filled")
    print(f"   PostgreSQL: {cluster_of(found) or 'filled each time'}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
