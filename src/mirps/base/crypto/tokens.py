"""Keyed tokens: the same value gives the same token for one purpose, and nothing without the key.

HMAC-SHA-256 (RFC 2104, FIPS 198-1), cut to 16 bytes, with a key for each purpose. A column of such tokens
shows which rows are equal and how often: fit for what is unique (an idempotency mark, a device's number),
never for names or anything that a census counts. Those are looked up through `postings`.
"""

from __future__ import annotations

import hmac

from mirps.base.crypto.keyring import KeyRing

TOKEN_BYTES = 16


def token(ring: KeyRing, purpose: str, value: str, version: int | None = None) -> bytes:
    """16 bytes. Raises CryptoFault 'key-unknown'."""
    key = ring.key("token", purpose, version)
    return hmac.digest(key, value.encode(), "sha256")[:TOKEN_BYTES]


def candidates(ring: KeyRing, purpose: str, value: str) -> list[bytes]:
    """The tokens under every key still held: what to look up while a rotation runs."""
    return [token(ring, purpose, value, version) for version in ring.versions]


def same(one: bytes, other: bytes) -> bool:
    """Whether two tokens are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)
