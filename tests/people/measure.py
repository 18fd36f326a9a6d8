"""How well and how fast made-up people are found through the sealed index: `python -m tests.people.measure`.

Arguments: how many people (100000), how many searches (1000). A million is stood for by a larger share of
everything read: `most` is what a search may read at 1.2 million, cut here in proportion, and the truth must
stand among the first 20 in proportion too (the first two of 100,000), which is harder than the real thing.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

import numpy as np
from tests.people import made

from mirps.base.crypto import keyring
from mirps.base.crypto.postings import Entry, Postings
from mirps.people.identity import finding
from mirps.people.identity.names import read

FULL = 1_200_000
MOST = 3000


class Store:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "index.sqlite3"
        self.db = sqlite3.connect(self.path)
        self.db.execute("pragma journal_mode=wal")
        self.db.execute("create table entry (label blob primary key, sealed blob not null) without rowid")
        self.rounds = self.asked = 0

    def fetch(self, labels: Sequence[bytes]) -> Mapping[bytes, bytes]:
        self.rounds += 1
        self.asked += len(labels)
        marks = ",".join("?" * len(labels))
        return dict(self.db.execute(f"select label, sealed from entry where label in ({marks})", labels))

    def fill(self, people: Sequence[made.Made], postings: Postings) -> int:
        ends: dict[str, int] = {}
        rows: list[tuple[bytes, bytes]] = []
        for person in people:
            for key, note in finding.keys(read(person.given, person.surnames)).items():
                at = ends.get(key, 0)
                ends[key] = at + 1
                entry = Entry(person.id, note.encode())
                rows += postings.additions([key], entry, {key: at})
        rows.sort()
        self.db.executemany("insert into entry values (?, ?)", rows)
        self.db.commit()
        return len(rows)


def main(count: int = 100_000, searches: int = 1000, most: int = 0, first: int = 0) -> None:
    share = count / FULL
    most, first = most or max(100, int(MOST * share)), first or max(1, round(20 * share))
    chance = random.Random(7)
    people = list(made.people(count))
    postings = Postings(keyring.new(), "people.names")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        began = perf_counter()
        entries = store.fill(people, postings)
        print(f"{count} people, {entries / count:.1f} entries each, kept in {perf_counter() - began:.0f} s")
        store.db.execute("pragma wal_checkpoint(truncate)")
        print(f"{store.path.stat().st_size / count:.0f} bytes each")
        for mistake in (made.second_misspelt, made.surnames_swapped, made.second_given_left_out):
            _round(store, postings, people, chance, searches, most, first, mistake)
        _registering(store, postings, chance)


def _round(store, postings, people, chance, searches, most, first, mistake):  # type: ignore[no-untyped-def]
    times, found, late, read_ = [], 0, 0, []
    for person in chance.sample(people, searches):
        wrong = mistake(person, chance)
        store.asked = 0
        began = process_time()
        name = read(wrong.given, wrong.surnames)
        got = postings.read(finding.asked(name), store.fetch, most)
        ranked = finding.ranked(name, got)
        times.append((process_time() - began) * 1000)
        read_.append(sum(map(len, got.values())))
        rows = [c.row for c in ranked]
        place = rows.index(person.id) if person.id in rows else 10**9
        found += place < first
        late += first <= place < 10**9
    tenths = quantiles(times, n=20)
    print(
        f"{mistake.__name__}: {found / searches:.1%} among the first {first}, {late / searches:.1%} later; "
        f"median {median(times):.1f} ms, 95% {tenths[18]:.1f} ms; entries read: median {median(read_):.0f}, "
        f"95% {quantiles(read_, n=20)[18]:.0f}, mean {sum(read_) / searches:.0f}"
    )
    slope, start = np.polyfit(read_, times, 1)
    full = [start + slope * min(MOST, n * FULL / len(people)) for n in read_]
    print(
        f"  {start:.1f} ms and {slope * 1000:.0f} us for each entry; so at 1.2 million: "
        f"median {median(full):.1f} ms, 95% {quantiles(full, n=20)[18]:.1f} ms"
    )


def _registering(store: Store, postings: Postings, chance: random.Random) -> None:
    times = []
    for person in list(made.people(200, seed=2)):
        began = process_time()
        name = read(person.given, person.surnames)
        finding.ranked(name, postings.read(finding.asked(name), store.fetch, MOST))
        kept = finding.keys(name)
        ends = postings.ends(kept, store.fetch)
        rows = [
            r for k, n in kept.items() for r in postings.additions([k], Entry(person.id, n.encode()), ends)
        ]
        store.db.executemany("insert into entry values (?, ?)", rows)
        store.db.commit()
        times.append((process_time() - began) * 1000)
    print(
        f"registering (search and keep): median {median(times):.1f} ms, 95% {quantiles(times, n=20)[18]:.1f} ms"
    )


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
