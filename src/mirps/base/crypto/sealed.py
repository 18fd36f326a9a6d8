"""Sealed values: what stands in a column instead of a name, a date of birth, a number or a note.

AES-256-GCM with a random nonce of 96 bits: two equal values never look equal. Deterministic sealing
(AES-SIV) is not offered, since nothing is looked up by its sealed value. NIST SP 800-38D allows 2**32
values under one key with random nonces; each field has a key of its own, and a node of 1.2 million
people seals a few million values of a field between two rotations.

    format (1 byte) | key version (1) | nonce (12) | padded text, encrypted | tag (16)
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mirps.base.crypto.keyring import KeyRing
from mirps.base.crypto.rules import BLOCK, CryptoFault, Place, packed, padded, unpadded

FORMAT = 1
_NONCE = 12
_TAG = 16
_HEAD = 2
#: Bytes that sealing adds to the padded text.
OVERHEAD = _HEAD + _NONCE + _TAG


class Sealer:
    """Seals with the ring's current key and opens with whichever version the value names."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self._ciphers: dict[tuple[int, str], AESGCM] = {}

    def seal(self, text: str, place: Place, *, block: int = BLOCK) -> bytes:
        return self.seal_bytes(text.encode(), place, block=block)

    def open(self, sealed: bytes, place: Place) -> str:
        """Raises CryptoFault 'not-sealed', 'key-unknown', 'cannot-open'."""
        return self.open_bytes(sealed, place).decode()

    def seal_json(self, value: object, place: Place, *, block: int = BLOCK) -> bytes:
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), place, block=block)

    def open_json(self, sealed: bytes | memoryview, place: Place) -> Any:
        """What `seal_json` sealed, as a database gives it. Raises CryptoFault as `open` does."""
        return json.loads(self.open(bytes(sealed), place))  # of bytes it would guess the encoding each time

    def seal_bytes(self, plain: bytes, place: Place, *, block: int = BLOCK) -> bytes:
        head = bytes((FORMAT, self.ring.current))
        nonce = os.urandom(_NONCE)
        cipher = self._cipher(place.field, self.ring.current)
        return head + nonce + cipher.encrypt(nonce, padded(plain, block), _bound(head, place))

    def open_bytes(self, sealed: bytes, place: Place) -> bytes:
        """Raises CryptoFault 'not-sealed', 'key-unknown', 'cannot-open'."""
        version = version_of(sealed, place)
        head, nonce, rest = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
        try:
            plain = self._cipher(place.field, version).decrypt(nonce, rest, _bound(head, place))
            return unpadded(plain)
        except (InvalidTag, ValueError) as fault:
            if isinstance(fault, CryptoFault):
                raise
            raise CryptoFault("cannot-open", place=place) from None

    def resealed(self, sealed: bytes, place: Place, *, block: int = BLOCK) -> bytes:
        """The same value under the current key; as it is where it is already so."""
        if version_of(sealed, place) == self.ring.current:
            return sealed
        return self.seal_bytes(self.open_bytes(sealed, place), place, block=block)

    def _cipher(self, field: str, version: int) -> AESGCM:
        use = (version, field)
        if use not in self._ciphers:
            self._ciphers[use] = AESGCM(self.ring.key("field", field, version))
        return self._ciphers[use]


def version_of(sealed: bytes, place: Place) -> int:
    """The version of the key that sealed this. Raises CryptoFault 'not-sealed'."""
    if len(sealed) < OVERHEAD + 1 or sealed[0] != FORMAT:
        raise CryptoFault("not-sealed", place=place)
    return sealed[1]


def _bound(head: bytes, place: Place) -> bytes:
    return _of_column(head, place.table, place.column) + packed(place.row)


@lru_cache(maxsize=1_000)
def _of_column(head: bytes, table: str, column: str) -> bytes:
    return packed(head, table, column)
