"""A register as rows of bits: a Bloom filter of each registration under a key that two States alone have. Pure.

Bits of a token: HMAC-SHA-256 under the key gives sixteen places at once (random hashing; double hashing of two
values, as first published, was broken by its regularities: Niedermeyer and others 2014). The filter then is turned
by secret permutations, `taps` of them, laid over each other with exclusive or (diffusion: Armknecht and others
2023); with one it is only turned.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mirps.people.linkage.scheme import Scheme
from mirps.people.linkage.tokens import Columns, of_rows

Words = npt.NDArray[np.uint64]
Bits = npt.NDArray[np.bool_]

_PLACES = 16  # places in one HMAC, two bytes each
_STEP = 4_000  # rows laid out at once


def derived(key: bytes, purpose: str) -> bytes:
    """A key for one purpose from the key of a linkage (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"mirps linkage {purpose}".encode()).derive(
        key
    )


def check_value(key: bytes) -> str:
    """What shows that two encoded with one key, and nothing else about it."""
    return derived(key, "check")[:8].hex()


def encoded(columns: Columns, scheme: Scheme, key: bytes) -> Words:
    """A row of `scheme.size` bits for each registration, in the order given."""
    secret = derived(key, "bits")
    turns = [_turn(derived(key, f"turn {n}"), scheme.size) for n in range(scheme.taps)]
    rows: list[Words] = []
    waiting: list[list[bytes]] = []

    def lay() -> None:
        plain = _filters(waiting, scheme.size)
        mixed = np.bitwise_xor.reduce([plain[:, turn] for turn in turns])
        rows.append(np.packbits(mixed, axis=1, bitorder="little").view(np.uint64))
        waiting.clear()

    for tokens in of_rows(columns, scheme):
        waiting.append([_places(secret, token, scheme.parts[n].bits) for n, token in tokens])
        if len(waiting) == _STEP:
            lay()
    if waiting:
        lay()
    return np.concatenate(rows) if rows else np.zeros((0, scheme.size // 64), np.uint64)


def _places(secret: bytes, token: str, bits: int) -> bytes:
    """Two bytes for each bit that a token sets."""
    found = hmac.digest(secret, token.encode("utf-8", "replace"), "sha256")
    for more in range(1, -(-bits // _PLACES)):
        found += hmac.digest(secret, f"{more}#{token}".encode("utf-8", "replace"), "sha256")
    return found[: 2 * bits]


def _filters(rows: Sequence[Sequence[bytes]], size: int) -> Bits:
    joined = [b"".join(row) for row in rows]
    at = np.frombuffer(b"".join(joined), "<u2").astype(np.int64) & (size - 1)
    row = np.repeat(np.arange(len(rows)), [len(j) // 2 for j in joined])
    found = np.zeros((len(rows), size), np.bool_)
    found[row, at] = True
    return found


def _turn(secret: bytes, size: int) -> npt.NDArray[np.int64]:
    """A permutation that only the key gives."""
    drawn = b"".join(hmac.digest(secret, n.to_bytes(4, "big"), "sha256") for n in range(size // 4))
    return np.argsort(np.frombuffer(drawn, "<u8"), kind="stable")
