"""A sealed index: finds the rows that bear a value, while a copy of the table tells only its size.

After Cash and others, 'Dynamic Searchable Encryption in Very-Large Databases' (NDSS 2014, the basic
dictionary): the n-th row that bears a value stands under a label that is a keyed hash of the value and n.
No two entries have the same label, so there are no frequencies to compare with a census; what stands under
the label is sealed to it. Whoever has the key asks for the labels 0, 1, 2 … of a value until one is
missing. An entry is never removed (a hole would end the list): it is overwritten with an empty one.

An entry is a row's id and up to 31 bytes of its own, so that most candidates are judged without a look at
the rows themselves. All entries are of one length.

    nonce (12 bytes) | id and note, padded to 48, encrypted | tag (16)

Pure: the database is a function that the caller gives (`Fetch`) and rows that it inserts.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mirps.base.crypto.keyring import KeyRing
from mirps.base.crypto.rules import CryptoFault, Place, padded, unpadded

LABEL_BYTES = 16
NOTE_BYTES = 31
#: Labels asked for at once in a first round; each further round reads on to this many times as far.
FIRST, GROWTH = 32, 4
_NONCE, _ID, _BLOCK, _TAG = 12, 16, 48, 16
#: Entries of one registration come in steps of this many.
FILL = 8

Fetch = Callable[[Sequence[bytes]], Mapping[bytes, bytes]]


class Entry(NamedTuple):
    """One row that bears a value, and what was noted with it."""

    row: UUID
    note: bytes

    def __repr__(self) -> str:
        return f"Entry({self.row})"  # the note is part of a name


class Postings:
    """The lists of one purpose ('people.names') under one version of the key."""

    def __init__(self, ring: KeyRing, purpose: str, version: int | None = None) -> None:
        self._key = ring.key("index", purpose, version)
        self._cipher = AESGCM(ring.key("entry", purpose, version))
        self._purpose = purpose

    def labels(self, value: str, start: int, stop: int) -> list[bytes]:
        """The labels of the entries from `start` up to `stop`."""
        of_value = hmac.digest(self._key, value.encode(), "sha256")
        return [
            hmac.digest(of_value, n.to_bytes(4, "big"), "sha256")[:LABEL_BYTES] for n in range(start, stop)
        ]

    def sealed(self, label: bytes, entry: Entry | None) -> bytes:
        """What stands under a label; `None` for an entry taken back. The note is cut to NOTE_BYTES."""
        plain = entry.row.bytes + entry.note[:NOTE_BYTES] if entry else b""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, padded(plain, _BLOCK), label)

    def opened(self, label: bytes, sealed: bytes) -> Entry | None:
        """Raises CryptoFault 'cannot-open' where the entry was altered or stood under another label."""
        try:
            plain = unpadded(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], label))
        except (InvalidTag, ValueError):
            raise CryptoFault("cannot-open", place=Place("index", self._purpose, label.hex())) from None
        return Entry(UUID(bytes=plain[:_ID]), plain[_ID:]) if plain else None

    def read(self, values: Iterable[str], fetch: Fetch, most: int) -> dict[str, list[Entry]]:
        """The entries of each value, short lists whole: reading ends in the round that passes `most` in all.

        Lists are read side by side, further in each round, so that what is left unread is of the longest.
        """
        found: dict[str, list[Entry]] = {value: [] for value in values}
        reading, start, stop, total = list(found), 0, FIRST, 0
        while reading and start < stop:
            asked = {value: self.labels(value, start, stop) for value in reading}
            entries = fetch([label for labels in asked.values() for label in labels])
            reading = []
            for value, labels in asked.items():
                present = [(label, entries[label]) for label in labels if label in entries]
                opened = (self.opened(label, sealed) for label, sealed in present)
                found[value].extend(entry for entry in opened if entry)
                total += len(present)
                if len(present) == len(labels):
                    reading.append(value)
            room = max(0, most - total) // max(1, len(reading))
            start, stop = stop, min(stop * GROWTH, stop + room)
        return found

    def ends(self, values: Iterable[str], fetch: Fetch) -> dict[str, int]:
        """How many entries each value has, blanks too: where the next one goes.

        Probes at powers of four, then halves what is left, all values in each round together.
        """
        low = dict.fromkeys(values, 0)  # every entry below is there
        high: dict[str, int] = {}  # this one is not
        powers = [4**n - 1 for n in range(12)]
        probed = {value: [self.labels(value, n, n + 1)[0] for n in powers] for value in low}
        there = fetch([label for labels in probed.values() for label in labels])
        for value, labels in probed.items():
            hits = sum(label in there for label in labels)
            low[value], high[value] = (powers[hits - 1] + 1 if hits else 0), powers[min(hits, 11)]
        while open_ := [value for value in low if low[value] < high[value]]:
            middle = {v: (low[v] + high[v]) // 2 for v in open_}
            asked = {v: self.labels(v, n, n + 1)[0] for v, n in middle.items()}
            there = fetch(list(asked.values()))
            for value, label in asked.items():
                if label in there:
                    low[value] = middle[value] + 1
                else:
                    high[value] = middle[value]
        return low

    def additions(
        self, values: Iterable[str], entry: Entry, ends: Mapping[str, int]
    ) -> list[tuple[bytes, bytes]]:
        """Labels and sealed entries to insert, in order of label so that no two desks wait in a ring.

        The table's key is the label: where another desk was quicker, the insert fails and is made anew.
        """
        labels = [self.labels(value, ends[value], ends[value] + 1)[0] for value in values]
        return sorted((label, self.sealed(label, entry)) for label in labels)


def filled(rows: Sequence[tuple[bytes, bytes]], step: int = FILL) -> list[tuple[bytes, bytes]]:
    """These entries and as many of chance as make a whole number of `step`, in order of label.

    What one registration adds comes together in a store that keeps the order of writing: filled up, it does
    not tell how many names a person has. An entry of chance is under no value's label and is never read.
    """
    length = _NONCE + _BLOCK + _TAG
    of_chance = [(os.urandom(LABEL_BYTES), os.urandom(length)) for _ in range(-len(rows) % step)]
    return sorted([*rows, *of_chance])
