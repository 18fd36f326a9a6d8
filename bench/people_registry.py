"""The made-up people of bench/people_index.py as whole files: 1.2 million persons in a million groups.

900,000 are alone, the others in threes. Of each: a name, a birth, a sex, a nationality, a document, a consent, a
membership, and of every fourth a telephone: what an individual registration asks for, sealed as the product
seals it. Made once into files that PostgreSQL's COPY takes, kept beside the index; SQLite is filled from them.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from psycopg import sql
from tests.people import made

from bench.people_index import ROOT, SEED, Built, terms
from mirps.people.identity.terms import DOCUMENT, PHONE

CHUNK = 20_000
#: Who serves the pages on PostgreSQL.
ROLE = "bench_pages"
#: Of ten people, nine are alone and the others in threes: a million groups for 1.2 million.
ALONE, OF = 9, 12
OFFICES = ("MEX.COMAR.TAP", "MEX.COMAR.CDMX", "MEX.COMAR.TIJ", "MEX.COMAR.PAL")
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
HELD = ("state", "institution", "office", "recorded_at", "by")
COLUMNS = {
    "person": ("id", *HELD, "number", "level", "registered_at"),
    "group": ("id", *HELD, "number", "kind", "level", "registered_at"),
    "fact": ("id", *HELD, "kind", "person_id", "group_id", "sealed", "withdrawn", "in_force", "sensitivity",
             "happened_at", "device", "submission"),
}  # fmt: skip
Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(index: Built) -> Path:
    """The folder of the rows of all files, made now if they are not there."""
    folder = index.folder / "registry"
    if not (folder / "done").exists():
        folder.mkdir(exist_ok=True)
        began = perf_counter()
        with (
            (folder / "person").open("w") as p,
            (folder / "group").open("w") as g,
            (folder / "fact").open("w") as f,
        ):
            files = {"person": p, "group": g, "fact": f}
            with get_context("spawn").Pool(2, _begin, (str(index.folder),)) as pool:
                for text in pool.imap(_chunk, _chunks(index.count)):
                    for name, lines in text.items():
                        files[name].write(lines)
        (folder / "done").touch()
        print(f"   {index.count:,} files made in {perf_counter() - began:.0f} s", flush=True)
    return folder


def into_postgresql(index: Built, url: str) -> None:
    began, folder = perf_counter(), rows_of(index)
    with psycopg.connect(url) as db:
        # Every row's ends stand, and an index is made quicker of all rows than row by row.
        db.execute("set session_replication_role = replica; set maintenance_work_mem = '512MB'")
        later = db.execute(
            "select indexname, indexdef from pg_indexes"
            " where tablename = 'people_fact' and indexdef not like '%UNIQUE%'"
        ).fetchall()
        for index_name, _ in later:
            db.execute(sql.SQL("drop index {}").format(sql.Identifier(index_name)))
        for name, columns in COLUMNS.items():
            named = ", ".join(f'"{c}"' for c in columns)
            with (
                (folder / name).open("rb") as rows,
                db.cursor().copy(f"copy people_{name} ({named}) from stdin") as to,
            ):
                while block := rows.read(1 << 20):
                    to.write(block)
        for _, made in later:
            db.execute(made)
        db.commit()
        db.autocommit = True
        db.execute("vacuum analyze")
    print(f"   … files into PostgreSQL in {perf_counter() - began:.0f} s", flush=True)


def as_served(url: str) -> None:
    """Go on, with the servers that are started from here, as the role that serves the pages of a node and owns
    nothing (docs/custody.md): row security is in the figures."""
    from django.db import connection

    from mirps.people.custody import rows

    with connection.cursor() as cursor:
        cursor.execute("select from pg_roles where rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"create role {ROLE} login")
    rows.grant(ROLE)
    connect_as(ROLE)
    owner = urlsplit(url)
    os.environ["MIRPS_DATABASE_URL"] = owner._replace(
        netloc=f"{ROLE}@{owner.netloc.rpartition('@')[2]}"
    ).geturl()
    if rows.faults():
        raise RuntimeError(f"row security does not hold: {rows.faults()}")


def connect_as(user: str) -> None:
    """Go on in this process as another user of the same database."""
    from django.db import connection

    connection.close()
    connection.settings_dict["USER"] = user


def sqlite_of(index: Built) -> Path:
    """A database that holds index and files with the tables of today, made now if it is not there; to be copied, not
    changed."""
    whole, half = _sqlite_of(index), index.folder / "half.sqlite3"
    migrations = sorted(ROOT.glob("src/mirps/*/migrations/*.py"))
    digest = sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()[:12]
    today = index.folder / f"whole-{digest}.sqlite3"
    if not today.exists():
        began = perf_counter()
        if before := sorted(index.folder.glob("whole-*.sqlite3"), key=lambda path: path.stat().st_mtime):
            before[-1].rename(half)  # what it lacks is less
        else:
            subprocess.run(["cp", str(whole), str(half)], check=True)
        _migrate(index, half)
        half.rename(today)
        print(f"   … brought to the tables of today in {perf_counter() - began:.0f} s", flush=True)
    return today


def _migrate(index: Built, database: Path) -> None:
    env = {**os.environ, "MIRPS_HOME": str(index.folder), "MIRPS_DATABASE_URL": f"sqlite:///{database}",
           "DJANGO_SETTINGS_MODULE": "mirps.config.settings"}  # fmt: skip
    mirps = str(Path(sys.executable).with_name("mirps"))
    subprocess.run([mirps, "manage", "migrate", "-v0"], env=env, cwd=ROOT, check=True)
    db = sqlite3.connect(database)
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()


def _sqlite_of(index: Built) -> Path:
    """The same with the tables of the day on which it was made."""
    whole, half = index.folder / "whole.sqlite3", index.folder / "half.sqlite3"
    folder = rows_of(index)
    if not whole.exists():
        began = perf_counter()
        subprocess.run(["cp", str(index.database), str(half)], check=True)
        _migrate(index, half)
        db = sqlite3.connect(half)
        db.executescript("pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-3000000;")
        for name, columns in COLUMNS.items():
            marks = ", ".join("?" * len(columns))
            named = ", ".join(f'"{c}"' for c in columns)
            db.executemany(
                f"insert into people_{name} ({named}) values ({marks})", _read(folder / name, columns)
            )
            db.commit()
        db.execute("analyze")
        db.execute("pragma journal_mode=wal")
        db.close()
        half.rename(whole)
        print(f"   … files into SQLite in {perf_counter() - began:.0f} s", flush=True)
    return whole


def _read(path: Path, columns: tuple[str, ...]) -> Iterator[list[Any]]:
    """Rows of COPY as Django keeps them in SQLite."""
    flags = {columns.index(c) for c in ("withdrawn", "in_force") if c in columns}
    ids = {n for n, c in enumerate(columns) if c in ("id", "person_id", "group_id", "submission")}
    blob = columns.index("sealed") if "sealed" in columns else -1
    with path.open() as lines:
        for line in lines:
            row: list[Any] = [None if v == "\\N" else v for v in line.rstrip("\n").split("\t")]
            for n in ids:
                row[n] = row[n] and row[n].replace("-", "")
            for n in flags:
                row[n] = row[n] == "t"
            if blob >= 0:
                row[blob] = bytes.fromhex(row[blob][3:])
            yield row


def _chunks(count: int) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """People with their documents and telephones, as the index was made of them."""
    chance, people = random.Random(SEED), made.people(count, SEED)
    first = 0
    while some := list(islice(people, CHUNK)):
        said = []
        for p in some:
            exact = terms(p, chance).exact
            said.append((p.id, p.given, p.surnames, str(p.born), exact[DOCUMENT][0], *exact.get(PHONE, ())))
        yield first, said
        first += len(some)


def _begin(home: str) -> None:
    os.environ |= {"MIRPS_HOME": home, "DJANGO_SETTINGS_MODULE": "mirps.config.settings"}
    os.environ.pop("MIRPS_DATABASE_URL", None)
    import django

    django.setup()


def _chunk(given: tuple[int, list[tuple[Any, ...]]]) -> dict[str, str]:
    from uuid_utils.compat import uuid7

    from mirps.people.registry.api import number
    from mirps.people.registry.sealing import place, sealed

    first, people = given
    out: Rows = {name: [] for name in COLUMNS}
    group = size = 0
    for n, (person, names, surnames, born, document, *phone) in enumerate(people, first):
        at = BEGAN + timedelta(seconds=50 * n)
        held = ("MEX", "MEX.COMAR", OFFICES[n % len(OFFICES)], at, "bench")
        alone = n % OF < ALONE
        if size == 0:
            group, submission, size = uuid7(), uuid7(), 1 if alone else 3
            kind = "single" if alone else "household"
            out["group"].append((group, *held, number("MEX", group, mark="G"), kind, "individual", at))
        size -= 1
        head = alone or size == 2
        out["person"].append((person, *held, number("MEX", person), "individual", at))
        said: list[tuple[str, dict[str, Any], UUID | None]] = [
            ("name", {"given": names, "surnames": surnames, "use": "current", "sure": "stated"}, None),
            ("birth", {"date": born}, None),
            ("sex", {"sex": "FM"[n % 2]}, None),
            ("nationality", {"country": "HND", "standing": "claimed"}, None),
            ("document", {"type": "id", "number": document, "country": "HND", "seen": "original"}, None),
            ("consent", {"purpose": "registration", "given": "given", "how": "spoken"}, None),
            ("membership", {"role": "head" if head else "child", "began": "registered"}, group),
            *(("contact", {"channel": "phone", "value": p, "safety": "safe"}, None) for p in phone),
        ]
        for kind, data, of in said:
            id_ = uuid7()
            value = "\\\\x" + sealed(data, place(kind, id_, person, of, None)).hex()
            out["fact"].append((id_, *held, kind, person, of, value, "f", "t", "", at, "bench", submission))
    return {name: "".join(map(_line, rows)) for name, rows in out.items()}


def _line(row: Iterable[Any]) -> str:
    return (
        "\t".join(
            "\\N" if v is None else str(v).removesuffix("+00:00") if isinstance(v, datetime) else str(v)
            for v in row
        )
        + "\n"
    )
