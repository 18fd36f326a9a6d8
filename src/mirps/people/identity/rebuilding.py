"""The index beside the rows that it is made of: made anew under a new key, compared, mended.

Whoever keeps the rows says so with `follow`. Both jobs open every entry once, in order of label, which is by
chance, and neither needs to know how far the other, or itself when broken off, has come.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Protocol
from uuid import UUID

from django.db import IntegrityError, transaction

from mirps.base.crypto import api as crypto
from mirps.base.crypto.postings import HOLE, Entry, Postings, cut
from mirps.people.identity import fresh, places, sounds, store
from mirps.people.identity.actions import keep, settle
from mirps.people.identity.queries import postings
from mirps.people.identity.terms import Terms

#: Rows in one transaction: few, so that desks at work wait for none of them.
BATCH = 50


class Source(Protocol):
    """The rows that the index is made of."""

    def ids(self) -> Iterable[UUID]:
        """Everybody who should be found."""
        ...

    def terms(self, rows: Sequence[UUID]) -> Mapping[UUID, Terms]:
        """By what each is found; locked, where the database can, until the transaction ends."""
        ...


_SOURCE: list[Source] = []


def follow(source: Source) -> None:
    """Make the index of these rows; there is one source."""
    _SOURCE[:] = [source]


class Index:
    """The index as something that a rotation makes anew (`crypto.hold`)."""

    name = "people_entry"

    def any(self) -> bool:
        return store.count() > 0

    def left(self, version: int) -> int:
        return store.count(version) + sounds.under(version).count()

    def renewed(self, ring: crypto.KeyRing) -> Iterator[int]:
        """People in no order, so that the new index does not tell who came after whom; then the old one goes."""
        old = [version for version in ring.versions[1:] if self.left(version)]
        if not old:
            return
        source = _source()
        rows = list(source.ids())
        there = {row for waiting in fresh.waiting() for row in waiting.rows}  # these go under the current key
        there |= {entry.row for _, entry in opened(postings(ring))}
        waiting = [row for row in rows if row.bytes not in there]
        secrets.SystemRandom().shuffle(waiting)
        for at in range(0, len(waiting), BATCH):
            with transaction.atomic():
                keep(source.terms(waiting[at : at + BATCH]))
            yield len(waiting[at : at + BATCH])
        for version in old:
            store.drop(version)
            sounds.under(version).delete()


def hold() -> None:
    """Have the index made anew when the node's keys rotate."""
    crypto.hold(Index())
    fresh.hold()


@dataclass(frozen=True, slots=True)
class Compared:
    """How many rows were compared; who is not found by all that they should be, and who by what they should not."""

    rows: int
    lost: frozenset[UUID]
    stale: frozenset[UUID]


def compare(*, mend: bool = False) -> Compared:
    """Compare every row with the index, and put the index right where `mend` says so. Who waits for it goes in first.

    Somebody is found by more than their terms where they were let go, or a correction came between: such
    entries are blanked. Raises CryptoFault 'rotation-first' while part of the index is under an old key.
    """
    ring = crypto.ring()
    for version in ring.versions[1:]:
        if store.count(version):
            raise crypto.CryptoFault("rotation-first", version=version)
    while settle():
        pass
    lists, source = postings(ring), _source()
    doubtful, rows = _doubtful(lists, source)
    standing: dict[bytes, list[bytes]] = {row: [] for row in doubtful}
    for label, entry in opened(lists) if doubtful else ():
        if entry.row in standing:
            standing[entry.row].append(label)
    lost, stale = set(), set()
    for row, labels in standing.items():
        missing, surplus = _settled(lists, source, row, labels, mend=mend)
        if missing:
            lost.add(UUID(bytes=row))
        if surplus:
            stale.add(UUID(bytes=row))
    return Compared(rows, frozenset(lost), frozenset(stale))


def opened(lists: Postings) -> Iterator[tuple[bytes, Entry]]:
    """Every entry under this version of the key that finds somebody: no blanks, none of chance, no notes of places."""
    for label, sealed in store.scan(lists.version):
        entry = lists.opened_or_hole(label, sealed)
        if entry and entry is not HOLE and not places.is_note(entry.note):
            yield label, entry


def _doubtful(lists: Postings, source: Source) -> tuple[list[bytes], int]:
    """Rows of which the notes in the index do not add up to the notes that their terms give."""
    balance: dict[bytes, int] = {}
    for _, entry in opened(lists):
        balance[entry.row] = balance.get(entry.row, 0) + _weight(entry.note)
    rows = 0
    ids = iter(source.ids())
    while batch := list(islice(ids, 500)):
        rows += len(batch)
        with transaction.atomic():
            expected = source.terms(batch)
        for row in batch:
            notes = [note for _, note in expected[row].values()] if row in expected else []
            left = balance.pop(row.bytes, 0) - sum(_weight(cut(note)) for note in notes)
            if left:
                balance[row.bytes] = left
    return list(balance), rows


def _settled(
    lists: Postings, source: Source, row: bytes, labels: Sequence[bytes], *, mend: bool
) -> tuple[list[tuple[str, str]], list[bytes]]:
    """What is missing and what is too much, mended where asked. A desk may take a hole meanwhile: then again."""
    while True:
        try:
            with transaction.atomic():
                if any(row in waiting.rows for waiting in fresh.waiting()):
                    return [], []  # it came meanwhile, is found, and goes into the index by itself
                missing, surplus = _judged(lists, source, row, labels)
                if mend:
                    _mend(lists, row, missing, surplus)
            return missing, surplus
        except IntegrityError:
            continue


def _judged(
    lists: Postings, source: Source, row: bytes, labels: Sequence[bytes]
) -> tuple[list[tuple[str, str]], list[bytes]]:
    """What this row should stand under and does not, and the labels where it should not stand."""
    terms = source.terms([UUID(bytes=row)]).get(UUID(bytes=row), Terms())
    missing: list[tuple[str, str]] = []
    right: set[bytes] = set()
    for (value, note), times in Counter(terms.values()).items():
        own = Entry(row, cut(note))
        standing = [label for label, entry in lists.walk(value, store.fetch) if entry == own][:times]
        right.update(standing)
        missing += [(value, note)] * (times - len(standing))
    return missing, [label for label in labels if label not in right]


def _mend(lists: Postings, row: bytes, missing: Sequence[tuple[str, str]], surplus: Sequence[bytes]) -> None:
    """Missing entries go into the holes of their lists first, so that whoever stands behind is reached again."""
    again = []
    for value, note in missing:
        walked = enumerate(lists.walk(value, store.fetch))
        at, hole = next((at, label) for at, (label, entry) in walked if entry is HOLE)
        again.append((value, at))
        sealed = lists.sealed(hole, Entry(row, note.encode()))
        if store.fetch([hole]):
            store.overwrite([(hole, sealed)])
        else:
            store.insert(lists.version, [(hole, sealed)])
    if again:
        own = places.of_row(row)
        ends = lists.ends([own], store.fetch)
        store.insert(
            lists.version, lists.additions([(own, Entry(row, n)) for n in places.notes(again)], ends)
        )
    store.overwrite([(label, lists.sealed(label, None)) for label in surplus])


def _weight(note: bytes) -> int:
    return 1 + int.from_bytes(blake2b(note, digest_size=8).digest(), "big")


def _source() -> Source:
    if not _SOURCE:
        raise RuntimeError("nobody follows the index: identity.follow() was not called")
    return _SOURCE[0]
