"""Keeping in the index by what somebody is found, and taking it back. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from mirps.base.crypto import api as crypto
from mirps.base.crypto.postings import Entry, filled
from mirps.people.identity import sounds, store
from mirps.people.identity.queries import postings
from mirps.people.identity.terms import Terms

#: So often others may be quicker at the end of the same list: far more desks than any node has at one name.
_TRIES = 50


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


def take_back(row: UUID, terms: Terms) -> int:
    """Let this row no longer be found by these terms; how many entries were blanked.

    Each list is read until the row stands in it no more, so a very common surname takes a second.
    """
    ring, values = crypto.ring(), {value for value, _ in terms.values()}
    with transaction.atomic():
        blanks = [
            (label, lists.sealed(label, None))
            for lists in (postings(ring, version) for version in ring.versions)
            for value in values
            for label, entry in lists.walk(value, store.fetch)
            if entry and entry.row == row.bytes
        ]
        store.overwrite(blanks)
    return len(blanks)


def _add(added: Sequence[tuple[str, Entry]]) -> None:
    """Insert at the ends of the lists; where another desk was there first, look for the ends again."""
    ring = crypto.ring()
    lists = postings(ring)
    for tried in range(1, _TRIES + 1):
        ends = lists.ends((value for value, _ in added), store.fetch)
        try:
            with transaction.atomic():
                store.insert(ring.current, filled(lists.additions(added, ends)))
            return
        except IntegrityError:
            if tried == _TRIES:
                raise
