"""How well and how fast made-up people are found through the sealed index: `python -m tests.people.measure`.

Arguments: how many people (100000), how many searches (1000), how many entries a search may read (3000).
Under tools/with-postgres, on PostgreSQL. 1.2 million people are stood for by cutting what a search may read
in proportion, and by asking that the truth stand among the first 20 in proportion too (the first two of
100,000), which is harder than the real thing; times are fitted to the entries read and carried up.
"""

from __future__ import annotations

import os
import random
import sqlite3
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import numpy as np
import psycopg
from tests.people import made

from mirps.base.crypto import keyring
from mirps.base.crypto.postings import Entry, Postings, filled
from mirps.people.identity import finding
from mirps.people.identity.names import Name, read

FULL = 1_200_000
MOST = 3000


class Store:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "index.sqlite3"
        self.db = sqlite3.connect(self.path)
        self.db.execute("pragma journal_mode=wal")
        self.db.execute("create table entry (label blob primary key, sealed blob not null) without rowid")

    def fetch(self, labels: Sequence[bytes]) -> Mapping[bytes, bytes]:
        marks = ",".join("?" * len(labels))
        return dict(self.db.execute(f"select label, sealed from entry where label in ({marks})", labels))

    def insert(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        self.db.executemany("insert into entry values (?, ?)", rows)
        self.db.commit()

    def size(self) -> int:
        self.db.execute("pragma wal_checkpoint(truncate)")
        return self.path.stat().st_size

    def fill(self, people: Sequence[made.Made], postings: Postings) -> int:
        ends: dict[str, int] = {}
        rows: list[tuple[bytes, bytes]] = []
        for person in people:
            for key, note in finding.keys(read(person.given, person.surnames)).items():
                at = ends.get(key, 0)
                ends[key] = at + 1
                entry = Entry(person.id.bytes, note.encode())
                rows += postings.additions([(key, entry)], {key: at})
        rows.sort()
        self.insert(rows)
        self.sounds = sorted({word for key in ends for word in key.split("+") if word.isalpha()})
        return len(rows)


class PostgresStore(Store):
    def __init__(self, url: str) -> None:
        self.postgres = psycopg.connect(url, autocommit=True)
        self.postgres.execute("create table entry (label bytea primary key, sealed bytea not null)")

    def fetch(self, labels: Sequence[bytes]) -> Mapping[bytes, bytes]:
        asked = "select label, sealed from entry where label = any(%s)"
        return dict(self.postgres.execute(asked, [list(labels)], binary=True).fetchall())

    def insert(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        with self.postgres.cursor().copy("copy entry from stdin (format binary)") as copy:
            copy.set_types(["bytea", "bytea"])
            for row in rows:
                copy.write_row(row)

    def size(self) -> int:
        self.postgres.execute("vacuum analyze entry")
        (size,) = self.postgres.execute("select pg_total_relation_size('entry')").fetchone() or (0,)
        return int(size)


def main(count: int = 100_000, searches: int = 1000, at_most: int = MOST) -> None:
    share = count / FULL
    most, first = max(40, int(at_most * share)), max(1, round(20 * share))
    chance = random.Random(7)
    people = list(made.people(count))
    postings = Postings(keyring.new(), "people.names")
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("MIRPS_DATABASE_URL", "")
        store = PostgresStore(url) if url.startswith("postgres") else Store(Path(folder))
        began = perf_counter()
        entries = store.fill(people, postings)
        print(f"{count} people, {entries / count:.1f} entries each, kept in {perf_counter() - began:.0f} s")
        print(f"{store.size() / count:.0f} bytes each")
        for mistake in (
            made.second_misspelt,
            made.both_misspelt,
            made.surnames_swapped,
            made.second_given_left_out,
        ):
            _round(store, postings, people, chance, searches, (most, first, at_most), mistake)
        _registering(store, postings, chance)


def _round(store, postings, people, chance, searches, limits, mistake):  # type: ignore[no-untyped-def]
    most, first, at_most = limits
    times, found, late, read_ = [], 0, 0, []
    for person in chance.sample(people, searches):
        wrong = mistake(person, chance)
        began = perf_counter()
        name = read(wrong.given, wrong.surnames)
        ranked, read_so_far = _search(store, postings, name, most)
        times.append((perf_counter() - began) * 1000)
        read_.append(read_so_far)
        rows = list(dict.fromkeys(c.row for c in ranked))
        place = rows.index(person.id.bytes) if person.id.bytes in rows else 10**9
        found += place < first
        late += first <= place < 10**9
    tenths = quantiles(times, n=20)
    print(
        f"{mistake.__name__}: {found / searches:.1%} among the first {first}, {late / searches:.1%} later; "
        f"median {median(times):.1f} ms, 95% {tenths[18]:.1f} ms; entries read: median {median(read_):.0f}, "
        f"95% {quantiles(read_, n=20)[18]:.0f}, mean {sum(read_) / searches:.0f}"
    )
    slope, start = np.polyfit(read_, times, 1)
    full = [start + slope * min(at_most, n * FULL / len(people)) for n in read_]
    print(
        f"  {start:.1f} ms and {slope * 1000:.0f} us for each entry; so at 1.2 million: "
        f"median {median(full):.1f} ms, 95% {quantiles(full, n=20)[18]:.1f} ms"
    )


def _search(
    store: Store, postings: Postings, name: Name, most: int
) -> tuple[list[finding.Candidate[bytes]], int]:
    """Everybody found and how many entries were read; a second time, nearby, where nobody fits."""
    got = postings.read(finding.asked(name), store.fetch, most)
    ranked, total = finding.ranked(name, got), sum(map(len, got.values()))
    if not ranked or ranked[0].degree < finding.FITS:
        nearby = finding.asked_nearby(name, store.sounds)
        more = postings.read(nearby, store.fetch, most)
        ranked = sorted([*ranked, *finding.ranked(name, more, nearby)], key=lambda c: -c.degree)
        total += sum(map(len, more.values()))
    return ranked, total


def _registering(store: Store, postings: Postings, chance: random.Random) -> None:
    times = []
    for person in list(made.people(200, seed=2)):
        began = perf_counter()
        name = read(person.given, person.surnames)
        _search(store, postings, name, MOST)
        kept = finding.keys(name)
        ends = postings.ends(kept, store.fetch)
        rows = postings.additions([(k, Entry(person.id.bytes, n.encode())) for k, n in kept.items()], ends)
        store.insert(filled(rows))
        times.append((perf_counter() - began) * 1000)
    print(
        f"registering (search and keep): median {median(times):.1f} ms, 95% {quantiles(times, n=20)[18]:.1f} ms"
    )


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
