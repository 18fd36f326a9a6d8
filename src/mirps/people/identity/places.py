"""Where in the lists a row stands: kept in the index itself, under the row's own value, so that what is taken
back need not be sought through every García. Pure.

A note of places is a mark, then for each place two bytes of the value's hash and three of the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import islice

from mirps.base.crypto.postings import NOTE_BYTES

_MARK = b"\x00"  # no name, document or date begins so
_HASH, _PLACE = 2, 3


def of_row(row: bytes) -> str:
    """The value in the index under which a row's places stand."""
    return f"row:{row.hex()}"


def notes(places: Iterable[tuple[str, int]]) -> Iterator[bytes]:
    """Value and place, as many to a note as it has room for."""
    each = iter(places)
    room = (NOTE_BYTES - len(_MARK)) // (_HASH + _PLACE)
    while some := list(islice(each, room)):
        yield _MARK + b"".join(_hash(value) + at.to_bytes(_PLACE, "big") for value, at in some)


def is_note(note: bytes) -> bool:
    return note[:1] == _MARK


def read(noted: Iterable[bytes], value: str) -> list[int]:
    """The places of a value; rarely also one of another value with the same hash, where the row does not stand."""
    wanted, size = _hash(value), _HASH + _PLACE
    cut = (note[at : at + size] for note in noted for at in range(len(_MARK), len(note), size))
    return [int.from_bytes(each[_HASH:], "big") for each in cut if each[:_HASH] == wanted]


def _hash(value: str) -> bytes:
    return blake2b(value.encode(), digest_size=_HASH).digest()
