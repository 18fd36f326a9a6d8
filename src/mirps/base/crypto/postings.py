"""A sealed index: finds the rows that bear a value, while a copy of the table tells only its size.

After Cash and others, 'Dynamic Searchable Encryption in Very-Large Databases' (NDSS 2014, the basic
dictionary): the n-th row that bears a value stands under a label that is a keyed hash of the value and n.
No two entries have the same label, so there are no frequencies to compare with a census; what stands under
the label is the row's id, sealed to it. Whoever has the key asks for the labels 0, 1, 2 … of a value until
one is missing. An entry is never removed (a hole would end the list): it is overwritten with an empty one.

Pure: the database is two functions that the caller gives (`Fetch`) or rows that it inserts.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from mirps.base.crypto.keyring import KeyRing
from mirps.base.crypto.rules import Place
from mirps.base.crypto.sealed import Sealer

LABEL_BYTES = 16
#: Labels asked for at once in a first round; each further round asks for this many times more.
FIRST, GROWTH = 32, 4
_BLOCK = 32

Fetch = Callable[[Sequence[bytes]], Mapping[bytes, bytes]]


class Postings:
    """The lists of one purpose ('people.names') under one version of the key."""

    def __init__(self, ring: KeyRing, purpose: str, version: int | None = None) -> None:
        self._key = ring.key("index", purpose, version)
        self._purpose = purpose
        self._sealer = Sealer(ring)

    def labels(self, value: str, start: int, stop: int) -> list[bytes]:
        """The labels of the entries from `start` up to `stop`."""
        of_value = hmac.digest(self._key, value.encode(), "sha256")
        return [
            hmac.digest(of_value, n.to_bytes(4, "big"), "sha256")[:LABEL_BYTES] for n in range(start, stop)
        ]

    def entry(self, label: bytes, row: UUID | None) -> bytes:
        """What stands under a label: the row, or nothing (`None`, an entry taken back), of one length."""
        return self._sealer.seal_bytes(row.bytes if row else b"", self._place(label), block=_BLOCK)

    def row(self, label: bytes, entry: bytes) -> UUID | None:
        """Raises CryptoFault where the entry was altered or stood under another label."""
        plain = self._sealer.open_bytes(entry, self._place(label))
        return UUID(bytes=plain) if plain else None

    def read(self, values: Iterable[str], fetch: Fetch, most: int) -> dict[str, list[UUID]]:
        """The rows of each value, at most `most` of one, in as few rounds as their lengths allow."""
        found: dict[str, list[UUID]] = {value: [] for value in values}
        reading, start, stop = list(found), 0, min(FIRST, most)
        while reading and start < stop:
            asked = {value: self.labels(value, start, stop) for value in reading}
            entries = fetch([label for labels in asked.values() for label in labels])
            reading = []
            for value, labels in asked.items():
                present = [(label, entries[label]) for label in labels if label in entries]
                rows = (self.row(label, entry) for label, entry in present)
                found[value].extend(row for row in rows if row)
                if len(present) == len(labels):
                    reading.append(value)
            start, stop = stop, min(stop * GROWTH, most)
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
        self, values: Iterable[str], row: UUID, ends: Mapping[str, int]
    ) -> list[tuple[bytes, bytes]]:
        """The entries to insert, ordered by label so that two desks never wait for each other in a ring.

        The table's key is the label: where another desk was quicker, the insert fails and is made anew.
        """
        labels = [self.labels(value, ends[value], ends[value] + 1)[0] for value in values]
        return sorted((label, self.entry(label, row)) for label in labels)

    def _place(self, label: bytes) -> Place:
        return Place("index", self._purpose, label.hex())
