"""1.2 million made-up people in the sealed index, made once and kept in out/ for as long as its code stands.

They are drawn by tests/people/made.py; each has a name, a birth date and a document, every fourth a
telephone, and four come together as one registration. Entries are written in order of label, which is by
chance, so that the table is laid out as it would be after a rotation. The same entries, as PostgreSQL's COPY
takes them, lie beside the SQLite database.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np
import psycopg
from tests.people import made

from mirps.base.crypto import keyring
from mirps.base.crypto.postings import Entry, Postings, filled
from mirps.base.crypto.rules import Place
from mirps.base.crypto.sealed import Sealer
from mirps.base.crypto.tokens import token
from mirps.people.identity import names
from mirps.people.identity.terms import BORN, DOCUMENT, PHONE, Terms

ROOT = Path(__file__).resolve().parents[1]
SEED = 1
FORMAT = b"1"  # of what this module itself writes
FAMILY = 4
_PARTS = 64
_ROW = np.dtype([("label", "S16"), ("sealed", "V76")])
#: A row of COPY in binary: how many fields, then each with its length.
_COPIED = np.dtype(
    [("fields", ">i2"), ("l", ">i4"), ("label", "V16"), ("v", ">i4"), ("version", ">i2"), ("s", ">i4"),
     ("sealed", "V76")]
)  # fmt: skip
_HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)


@dataclass(frozen=True)
class Built:
    folder: Path
    count: int

    @property
    def keys(self) -> Path:
        return self.folder / "keys.json"

    @property
    def database(self) -> Path:
        return self.folder / "mirps.sqlite3"

    @property
    def rows(self) -> list[Path]:
        return sorted(self.folder.glob("rows-*.bin"))

    def people(self) -> list[made.Made]:
        return list(made.people(self.count, SEED))


def built(count: int) -> Built:
    """The index of so many people, made now if it is not there or if the code that makes it has changed."""
    kept = ROOT / "out" / "bench-people"
    found = Built(kept / f"{count}-{_code()}", count)
    if not (found.folder / "done").exists():
        for old in kept.glob(f"{count}-*"):
            shutil.rmtree(old)
        found.folder.mkdir(parents=True)
        began = perf_counter()
        total = _fill(found)
        print(f"   {count:,} people, {total:,} entries made in {perf_counter() - began:.0f} s", flush=True)
        (found.folder / "done").touch()
    return found


def terms(person: made.Made, chance: random.Random) -> Terms:
    """What a made-up person is found by: the same for the same `chance`."""
    exact = {BORN: (str(person.born),), DOCUMENT: (f"{chance.randrange(10**12, 10**13)}",)}
    if chance.random() < 0.25:
        exact[PHONE] = (f"{chance.randrange(2 * 10**7, 10**8)}",)
    return Terms((names.read(person.given, person.surnames),), exact)


def copy(found: Built, url: str) -> None:
    """Put the entries and sounds into a PostgreSQL database that has the tables."""
    began = perf_counter()
    with psycopg.connect(url) as db:
        with db.cursor().copy(
            "copy people_entry (label, version, sealed) from stdin (format binary)"
        ) as into:
            into.write(_HEAD)
            for path in found.rows:
                rows = np.fromfile(path, _ROW)
                copied = np.empty(len(rows), _COPIED)
                copied["fields"], copied["l"], copied["v"], copied["s"] = 3, 16, 2, 76
                copied["version"] = 1
                copied["label"], copied["sealed"] = rows["label"].astype("V16"), rows["sealed"]
                into.write(copied.tobytes())
            into.write(b"\xff\xff")
        sounds = sqlite3.connect(found.database).execute("select token, sealed from people_sound order by id")
        db.cursor().executemany("insert into people_sound (token, sealed) values (%s, %s)", sounds.fetchall())
        db.commit()
        db.autocommit = True
        db.execute("vacuum analyze people_entry")
    print(f"   … into PostgreSQL in {perf_counter() - began:.0f} s", flush=True)


def _fill(found: Built) -> int:
    ring = keyring.make(found.keys)
    heard = _rows(found, Postings(ring, "people"))
    env = {**os.environ, "MIRPS_HOME": str(found.folder), "DJANGO_SETTINGS_MODULE": "mirps.config.settings"}
    env.pop("MIRPS_DATABASE_URL", None)
    mirps = str(Path(sys.executable).with_name("mirps"))
    subprocess.run([mirps, "manage", "migrate", "-v0"], env=env, cwd=ROOT, check=True)
    db = sqlite3.connect(found.database)
    db.execute("pragma synchronous=off")
    total = 0
    for path in found.rows:
        rows = np.fromfile(path, _ROW)
        rows = rows[np.argsort(rows["label"])]
        rows.tofile(path)
        total += len(rows)
        data = rows.tobytes()
        each = ((data[at : at + 16], data[at + 16 : at + 92]) for at in range(0, len(data), 92))
        db.executemany("insert into people_entry (version, label, sealed) values (1, ?, ?)", each)
        db.commit()
    sealer = Sealer(ring)
    for word in heard:
        mark = token(ring, "people.sound", word)
        sealed = sealer.seal(word, Place("people_sound", "sealed", mark.hex()))
        db.execute("insert into people_sound (token, sealed) values (?, ?)", (mark, sealed))
    db.commit()
    db.close()
    return total


def _rows(found: Built, lists: Postings) -> list[str]:
    """Every entry, into a file by the first bits of its label; the sounds heard, in the order they came."""
    files = [(found.folder / f"rows-{n:02}.bin").open("wb") for n in range(_PARTS)]
    ends: dict[str, int] = {}
    heard: dict[str, None] = {}
    for family in _families(found.count):
        rows = []
        for row, each in family:
            for value, note in each.values():
                at = ends.get(value, 0)
                ends[value] = at + 1
                (label,) = lists.labels(value, (at,))
                rows.append((label, lists.sealed(label, Entry(row, note.encode()))))
            heard.update(dict.fromkeys(sorted(each.sounds())))
        for label, sealed in filled(rows):
            files[label[0] * _PARTS // 256].write(label + sealed)
    for file in files:
        file.close()
    return list(heard)


def _families(count: int) -> Iterator[list[tuple[bytes, Terms]]]:
    chance, people = random.Random(SEED), made.people(count, SEED)
    while family := list(islice(people, FAMILY)):
        yield [(person.id.bytes, terms(person, chance)) for person in family]


def _code() -> str:
    """What the code makes of a few people under a key of zeros: changes when anything that matters does."""
    digest = hashlib.sha256(FORMAT)
    lists = Postings(keyring.KeyRing(1, {1: bytes(keyring.KEY_BYTES)}), "people")
    for family in _families(400):
        for row, each in family:
            for value, note in each.values():
                digest.update(row + lists.labels(value, (0,))[0] + note.encode())
    return digest.hexdigest()[:12]
