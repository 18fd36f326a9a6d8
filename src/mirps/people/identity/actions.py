"""Keeping in the index by what somebody is found, and taking it back. In the caller's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, transaction

from mirps.base.crypto import api as crypto
from mirps.base.crypto.postings import Entry, Postings, cut, filled
from mirps.people.identity import fresh, places, sounds, store
from mirps.people.identity.queries import postings
from mirps.people.identity.terms import Terms

#: So often others may be quicker at the end of the same list: far more desks than any node has at one name.
_TRIES = 50
#: Families that wait for the index at most: a search looks at each.
_MOST_WAITING = 1000


def keep(rows: Mapping[UUID, Terms]) -> None:
    """Let these rows be found by their terms, all of them or none: a whole family in one probing.

    What is given is added to what stands. Call it once in a transaction: two desks that keep the same names
    wait for each other at the ends of lists, in one order only within one call.
    """
    added = [
        (value, Entry(row.bytes, note.encode()))
        for row, terms in rows.items()
        for value, note in terms.values()
    ]  # fmt: skip
    with transaction.atomic():
        if added:
            _add(added)
        sounds.hear({sound for terms in rows.values() for sound in terms.sounds()})


def keep_soon(rows: Mapping[UUID, Terms]) -> None:
    """The same for people who are new here: found from now on, in the index once `settle` comes by. Where too
    many wait for it, at once."""
    if fresh.count() >= _MOST_WAITING:
        keep(rows)
    else:
        fresh.wait(rows)


def settle(most: int = 10) -> int:
    """Put into the index who waits for it, some families in one transaction; how many."""
    with transaction.atomic():
        taken = fresh.taken(most)
        if taken:
            if added := [each for waiting in taken.values() for each in waiting.added]:
                _add(added)
            sounds.hear({sound for waiting in taken.values() for sound in waiting.sounds})
            fresh.done(taken)
    return len(taken)


def take_back(row: UUID, terms: Terms) -> int:
    """Undo one `keep` of these terms; how many entries were blanked.

    What another fact says too was kept once more for it, and still finds the row.
    """
    ring, wanted = crypto.ring(), Counter((value, cut(note)) for value, note in terms.values())
    blanks = []
    with transaction.atomic():
        while any(row.bytes in waiting.rows for waiting in fresh.waiting()) and settle():
            pass
        for lists in (postings(ring, version) for version in ring.versions):
            told = (entry for _, entry in lists.walk(places.of_row(row.bytes), store.fetch))
            noted = [entry.note for entry in told if entry and entry.row == row.bytes]
            for (value, note), times in wanted.items():
                own = Entry(row.bytes, note)
                standing = (label for label, entry in _around(lists, value, noted) if entry == own)
                blanks += [(label, lists.sealed(label, None)) for label in islice(standing, times)]
        store.overwrite(blanks)
    return len(blanks)


def _around(lists: Postings, value: str, noted: Sequence[bytes]) -> Iterable[tuple[bytes, Entry | None]]:
    """Where a row may stand in a list: where its own notes say; without any, the whole list."""
    if not noted:
        return lists.walk(value, store.fetch)
    there = store.fetch(lists.labels(value, places.read(noted, value)))
    return [(label, lists.opened_or_hole(label, sealed)) for label, sealed in there.items()]


def _add(added: Sequence[tuple[str, Entry]]) -> None:
    """Insert at the ends of the lists; where another desk was there first, look for the ends again."""
    ring = crypto.ring()
    lists = postings(ring)
    own = {places.of_row(entry.row) for _, entry in added}
    for tried in range(1, _TRIES + 1):
        ends = lists.ends({*own, *(value for value, _ in added)}, store.fetch)
        try:
            with transaction.atomic():
                rows = lists.additions([*added, *_noted(added, ends)], ends)
                store.insert(ring.current, filled(rows))
            return
        except IntegrityError:
            if tried == _TRIES:
                raise


def _noted(added: Sequence[tuple[str, Entry]], ends: Mapping[str, int]) -> Iterator[tuple[str, Entry]]:
    """What notes for each row where it will stand, in the order in which `additions` takes them."""
    taken, by_row = dict(ends), dict[bytes, list[tuple[str, int]]]()
    for value, entry in added:
        by_row.setdefault(entry.row, []).append((value, taken[value]))
        taken[value] += 1
    for row, standing in by_row.items():
        yield from ((places.of_row(row), Entry(row, note)) for note in places.notes(standing))
