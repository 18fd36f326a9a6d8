"""A sealed index: finds the rows that bear a value, while a copy of the table tells only its size.

After Cash and others, 'Dynamic Searchable Encryption in Very-Large Databases' (NDSS 2014, the basic
dictionary): the n-th row that bears a value stands under a label that is n, enciphered (AES-256) under a key
that is a keyed hash of the value (HMAC-SHA-256).
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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from mirps.base.crypto.keyring import KeyRing
from mirps.base.crypto.rules import CryptoFault, Place, padded, unpadded

LABEL_BYTES = 16
NOTE_BYTES = 31
#: Labels asked for at once in a first round; each further round reads on to this many times as far.
FIRST, GROWTH = 16, 4
_NONCE, _ID, _BLOCK, _TAG = 12, 16, 48, 16
#: No list is so long; and where its end is sought first: most lists have no entry yet, or a few.
_LONGEST, _FIRST_PROBES = 4**12, (0, 7, 63, 1023, 16383)
#: Entries of one registration come in steps of this many.
FILL = 8

#: Labels that are opened while the next are looked for: few enough that nobody waits long for the first.
_AT_ONCE = 800

Fetch = Callable[[Sequence[bytes]], Mapping[bytes, bytes]]
#: The same, asked now and answered when it is called.
Ask = Callable[[Sequence[bytes]], Callable[[], Mapping[bytes, bytes]]]


class Entry(NamedTuple):
    """One row that bears a value (its id, 16 bytes), and what was noted with it."""

    row: bytes
    note: bytes

    def __repr__(self) -> str:
        return f"Entry({self.row.hex()})"  # the note is part of a name


#: What `walk` gives where no entry stands, or none that opens.
HOLE = Entry(b"", b"")


class Postings:
    """The lists of one purpose ('people.names') under one version of the key."""

    def __init__(self, ring: KeyRing, purpose: str, version: int | None = None) -> None:
        self._key = ring.key("index", purpose, version)
        self._cipher = AESGCM(ring.key("entry", purpose, version))
        self._lists: dict[str, CipherContext] = {}
        self.spoilt: list[bytes] = []
        self._purpose = purpose
        self.version = ring.current if version is None else version

    def labels(self, value: str, at: Iterable[int]) -> list[bytes]:
        """The labels of the entries at these places of a value's list, from 0."""
        if value not in self._lists:
            of_value = AES(hmac.digest(self._key, value.encode(), "sha256"))
            # One block each and no place twice: a keyed function of the place, not a way of sealing anything.
            self._lists[value] = Cipher(of_value, ECB()).encryptor()  # noqa: S305
        labels = self._lists[value].update(b"".join([n.to_bytes(LABEL_BYTES, "big") for n in at]))
        return [labels[n : n + LABEL_BYTES] for n in range(0, len(labels), LABEL_BYTES)]

    def sealed(self, label: bytes, entry: Entry | None) -> bytes:
        """What stands under a label; `None` for an entry taken back. The note is cut to NOTE_BYTES."""
        plain = entry.row + entry.note[:NOTE_BYTES] if entry else b""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, padded(plain, _BLOCK), label)

    def opened(self, label: bytes, sealed: bytes) -> Entry | None:
        """Raises CryptoFault 'cannot-open' where the entry was altered or stood under another label."""
        try:
            plain = unpadded(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], label))
        except (InvalidTag, ValueError):
            raise CryptoFault("cannot-open", place=Place("index", self._purpose, label.hex())) from None
        return Entry(plain[:_ID], plain[_ID:]) if plain else None

    def read(self, values: Iterable[str], ask: Ask, most: int) -> dict[str, list[Entry]]:
        """The entries of each value, short lists whole: reading ends in the round that passes `most` in all.

        Lists are read side by side, further in each round, so that what is left unread is of the longest.
        Entries are opened here while the database looks for the next ones.
        What does not open was altered: it is passed over, since nobody else should be harder to find for it,
        and its label added to `spoilt`.
        """
        found: dict[str, list[Entry]] = {value: [] for value in values}
        reading, start, stop, total = list(found), 0, FIRST, 0
        while reading and start < stop:
            asked = {value: self.labels(value, range(start, stop)) for value in reading}
            entries: dict[bytes, Entry | None] = {}
            for there in _one_ahead([label for labels in asked.values() for label in labels], ask):
                entries |= {label: self.opened_or_hole(label, sealed) for label, sealed in there.items()}
            self.spoilt += [label for label, entry in entries.items() if entry is HOLE]
            reading = []
            for value, labels in asked.items():
                present = [entries[label] for label in labels if label in entries]
                found[value] += [entry for entry in present if entry and entry is not HOLE]
                total += len(present)
                if len(present) == len(labels):
                    reading.append(value)
            room = max(0, most - total) // max(1, len(reading))
            start, stop = stop, min(stop * GROWTH, stop + room)
        return found

    def walk(self, value: str, fetch: Fetch) -> Iterator[tuple[bytes, Entry | None]]:
        """A whole list, label by label: entries, None for those taken back, HOLE where one is gone or altered.

        Goes on behind a hole, to the end of the first round that has nothing: there is always a hole.
        """
        start, stop = 0, FIRST
        while True:
            labels = self.labels(value, range(start, stop))
            there = fetch(labels)
            for label in labels:
                yield label, self.opened_or_hole(label, there.get(label, b""))
            if not there:
                return
            start, stop = stop, stop * GROWTH

    def opened_or_hole(self, label: bytes, sealed: bytes) -> Entry | None:
        """An entry of chance is a hole too: it opens under no key."""
        try:
            return self.opened(label, sealed)
        except CryptoFault:
            return HOLE

    def ends(self, values: Iterable[str], fetch: Fetch) -> dict[str, int]:
        """How many entries each value has, blanks too: where the next one goes.

        Probes far apart, then in between, all values in each round together: a round costs about as much as
        a probe of each, so that four parts a round are the quickest.
        """
        between = dict.fromkeys(values, (-1, _LONGEST))  # the last that is there, the first that is not
        ends: dict[str, int] = {}
        while between:
            points = {value: _points(*bounds) for value, bounds in between.items()}
            asked = {value: self.labels(value, at) for value, at in points.items()}
            there = fetch([label for labels in asked.values() for label in labels])
            for value, labels in asked.items():
                last, absent = between.pop(value)
                for at, label in zip(points[value], labels, strict=True):
                    if label not in there:
                        absent = at
                        break
                    last = at
                if absent > last + 1:
                    between[value] = last, absent
                else:
                    ends[value] = absent
        return ends

    def additions(
        self, entries: Iterable[tuple[str, Entry]], ends: Mapping[str, int]
    ) -> list[tuple[bytes, bytes]]:
        """Labels and sealed entries to insert, in order of label so that no two desks wait in a ring.

        The table's key is the label: where another desk was quicker, the insert fails and is made anew.
        """
        taken: dict[str, list[Entry]] = {}
        for value, entry in entries:
            taken.setdefault(value, []).append(entry)
        rows = []
        for value, added in taken.items():
            labels = self.labels(value, range(ends[value], ends[value] + len(added)))
            rows += [(label, self.sealed(label, entry)) for label, entry in zip(labels, added, strict=True)]
        return sorted(rows)


def _points(last: int, absent: int) -> Sequence[int]:
    """Where to ask next for the end of a list: three places that part what is left in even ratios, or steps."""
    if absent == _LONGEST and last < 0:
        return _FIRST_PROBES
    if absent > 4 * (last + 2):
        ratio = ((absent + 1) / (last + 2)) ** 0.25
        points = {int((last + 2) * ratio**n) - 1 for n in (1, 2, 3)}
        return sorted(point for point in points if last < point < absent) or [last + 1]
    step = -(-(absent - last) // 4)
    return range(last + step, absent, step)


def cut(note: str) -> bytes:
    """A note as an entry keeps it."""
    return note.encode()[:NOTE_BYTES]


def filled(rows: Sequence[tuple[bytes, bytes]], step: int = FILL) -> list[tuple[bytes, bytes]]:
    """These entries and as many of chance as make a whole number of `step`, in order of label.

    What one registration adds comes together in a store that keeps the order of writing: filled up, it does
    not tell how many names a person has. An entry of chance is under no value's label and is never read.
    """
    length = _NONCE + _BLOCK + _TAG
    of_chance = [(os.urandom(LABEL_BYTES), os.urandom(length)) for _ in range(-len(rows) % step)]
    return sorted([*rows, *of_chance])


def _one_ahead(labels: Sequence[bytes], ask: Ask) -> Iterator[Mapping[bytes, bytes]]:
    """What stands under the labels, part by part, the next part always on its way."""
    parts = [labels[n : n + _AT_ONCE] for n in range(0, len(labels), _AT_ONCE)]
    coming = ask(parts[0])
    for part in parts[1:]:
        there, coming = coming(), ask(part)
        yield there
    yield coming()
