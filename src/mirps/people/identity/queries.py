"""Who is found by a name, a document, a telephone or a birth date: ids, before any row was read."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from mirps.base.crypto import api as crypto
from mirps.base.crypto.postings import Entry, Postings
from mirps.base.prepared.api import piped
from mirps.people.identity import finding, fresh, sounds, store
from mirps.people.identity.finding import Candidate
from mirps.people.identity.names import Name
from mirps.people.identity.terms import looked_up, named

log = logging.getLogger(__name__)

PURPOSE = "people"
#: Entries that one search reads: further down a list nobody is found.
MOST = 3000


def find(name: Name, *, most: int = MOST) -> list[Candidate[UUID]]:
    """Everybody who may be meant, best first, each once with a degree from 0 to 1.

    Where nobody fits, each part is asked for once more as others here bear it. A search reads about `most`
    entries: who gets nearly as many candidates back has asked for too little (one common surname).
    """
    waiting = fresh.waiting()
    ranked = finding.ranked(name, _read(finding.asked(name), most, waiting))
    if not ranked or ranked[0].degree < finding.FITS:
        heard = [*sounds.known(), *(sound for each in waiting for sound in each.sounds)]
        nearby = finding.asked_nearby(name, heard)
        ranked = finding.in_order([*ranked, *finding.ranked(name, _read(nearby, most, waiting), nearby)])
    return [Candidate(UUID(bytes=found.row), found.degree) for found in ranked]


def find_exact(purpose: str, value: str, *, most: int = MOST) -> list[UUID]:
    """Who is kept with this document, telephone or birth date (`terms` says how each is brought to one form)."""
    wanted = looked_up(purpose, value)
    entries = _entries([wanted], most, fresh.waiting())[wanted] if wanted else []
    return [UUID(bytes=row) for row in dict.fromkeys(entry.row for entry in entries)]


def postings(ring: crypto.KeyRing, version: int | None = None) -> Postings:
    """The lists of this node's people."""
    return Postings(ring, PURPOSE, version)


def _read(keys: Iterable[str], most: int, waiting: Iterable[fresh.Waiting]) -> dict[str, list[Entry]]:
    by_value = {named(key): key for key in keys}
    return {by_value[value]: entries for value, entries in _entries(by_value, most, waiting).items()}


def _entries(values: Iterable[str], most: int, waiting: Iterable[fresh.Waiting]) -> dict[str, list[Entry]]:
    """The entries of each value, under every version of the key: while a rotation runs, some are under each.

    And of those that wait for the index, who are asked for first: whoever is put into it meanwhile is found twice,
    never not at all.
    """
    ring = crypto.ring()
    found: dict[str, list[Entry]] = {value: [] for value in values}
    for version in ring.versions:
        lists = postings(ring, version)
        with piped():
            read = lists.read(found, store.ask, most)
        for value, entries in read.items():
            found[value] += entries
        if lists.spoilt:
            log.error("%d entries of the index were altered: mirps keys compare --mend", len(lists.spoilt))
    for each in waiting:
        for value in found.keys() & each.entries.keys():
            found[value] += each.entries[value]
    return found
