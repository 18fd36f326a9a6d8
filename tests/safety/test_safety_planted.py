"""A thousand planted people are found nowhere: not in the database's files, dumps, logs, cache, mails, pages."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psycopg
import pytest
from tests.conftest import ROOT
from tests.product import environment
from tests.safety.planted import Needles, folded, people, sound

PG_DUMP = Path("/usr/lib/postgresql/15/bin/pg_dump")


@cache
def needles() -> Needles:
    return Needles(people())


def plant(home: Path, database: str = "") -> str:
    """Run the node; what it said on its two channels."""
    env = environment(home, database) | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.safety.planting"], env=env, cwd=ROOT, capture_output=True, timeout=900,
        check=False,
    )  # fmt: skip
    (home / "channels.txt").write_bytes(done.stdout + done.stderr)
    return "" if done.returncode == 0 else done.stderr.decode()[-3000:]


def contents(path: Path) -> Iterator[bytes]:
    """A file's bytes, and what is packed in it."""
    data = path.read_bytes()
    yield data
    if path.suffix == ".gz":
        yield gzip.decompress(data)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from (packed.read(name) for name in packed.namelist())


def leaks(*folders: Path) -> dict[str, list[bytes]]:
    files = [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()]
    found: dict[str, list[bytes]] = {}
    for path in files:
        try:
            hits = [hit for data in contents(path) for hit in needles().found(data)]
        except FileNotFoundError:  # a running cluster takes its own caches away (pg_internal.init)
            continue
        if hits:
            found[path.name] = hits[:5]
    return found


ONE = people()[17]
DRESSES = {
    "as written": f"x {ONE.given} y".encode(),
    "capitals": ONE.first.upper().encode(),
    "without accents": folded(ONE.second).encode(),
    "utf-16": f"a{ONE.given}b".encode("utf-16"),
    "latin-1": ONE.given.encode("latin-1"),
    "hex": ONE.first.encode().hex().upper().encode(),
    "base64": b64encode(f'{{"given":"{ONE.given}","surnames":"{ONE.first}"}}'.encode()),
    "json": ONE.note.encode("ascii", "backslashreplace"),
    "backwards": ONE.second.lower()[::-1].encode(),
    "cut short": folded(ONE.given)[:9].encode(),
    "as heard": sound(max(ONE.words, key=len)).encode(),
    "document": f"({ONE.document})".encode(),
    "telephone": f"+{ONE.phone},".encode(),
    "digest": hashlib.sha256(ONE.given.lower().encode()).hexdigest().encode(),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_search_finds_a_name_in_every_dress(dress: str) -> None:
    far = b"\xff" * 100_003 + DRESSES[dress] + b"\0" * 77
    assert needles().found(far), dress


def test_the_search_finds_nothing_where_nothing_is() -> None:
    product = b"".join(p.read_bytes() for p in sorted((ROOT / "data").rglob("*.yaml")))
    assert needles().found(product + os.urandom(1 << 20) + os.urandom(1 << 19).hex().encode()) == []


@pytest.mark.slow
def test_nobody_planted_is_found_in_anything_that_a_node_on_sqlite_leaves(tmp_path: Path) -> None:
    assert plant(tmp_path) == ""
    (tmp_path / "keys.json").unlink()
    written = {p.name for p in tmp_path.rglob("*") if p.is_file()}
    assert {
        "mirps.sqlite3",
        "store",
        "store-wal",
        "dump.sql",
        "debug.log",
        "error-0.html",
        "cache.bin",
    } <= written
    assert (tmp_path / "debug.log").stat().st_size > 1_000_000, "statements are in the log, with their values"
    assert leaks(tmp_path) == {}


@pytest.mark.slow
@pytest.mark.postgres
def test_nobody_planted_is_found_in_anything_that_a_node_on_postgresql_leaves(tmp_path: Path) -> None:
    server = os.environ["MIRPS_DATABASE_URL"]
    if not server.startswith("postgres"):
        pytest.skip("needs the PostgreSQL cluster")
    with psycopg.connect(server, autocommit=True) as raw:
        for statement in (
            "DROP DATABASE IF EXISTS planted",
            "CREATE ROLE planted_owner LOGIN NOSUPERUSER NOBYPASSRLS",
            "CREATE ROLE planted_pages LOGIN NOSUPERUSER NOBYPASSRLS",
            "GRANT planted_pages TO planted_owner",
            "CREATE DATABASE planted OWNER planted_owner",
            "ALTER DATABASE planted SET log_statement = 'all'",
        ):
            raw.execute(statement)
        row = raw.execute("SHOW data_directory").fetchone()
    assert row
    cluster, database = (
        Path(row[0]).parent,
        re.sub(r"//[^@]*@(.*)/[^/]*$", r"//planted_owner@\1/planted", server),
    )
    try:
        assert plant(tmp_path, database) == ""
        dump = subprocess.run(
            [PG_DUMP, re.sub(r"/[^/]*$", "/planted", server)], check=True, capture_output=True
        ).stdout
        (tmp_path / "dump.sql").write_bytes(dump)
        with psycopg.connect(server, autocommit=True) as raw:
            raw.execute("CHECKPOINT")
        (tmp_path / "keys.json").unlink()
        assert b"people_fact" in dump
        assert leaks(tmp_path, cluster) == {}
    finally:
        with psycopg.connect(server, autocommit=True) as raw:
            raw.execute("DROP DATABASE planted WITH (FORCE)")
            raw.execute("DROP ROLE planted_owner, planted_pages")
