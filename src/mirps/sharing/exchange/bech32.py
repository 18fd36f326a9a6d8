"""How age writes a secret key: Bech32 (BIP 173) over 32 bytes. Pure.

pyrage makes keys only of chance or of this text, and ours come from the key file.
"""

from __future__ import annotations

from collections.abc import Iterable

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_HRP = "age-secret-key-"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def age_secret(secret: bytes) -> str:
    """`AGE-SECRET-KEY-1…`"""
    words = _fives(secret)
    spread = [ord(c) >> 5 for c in _HRP] + [0] + [ord(c) & 31 for c in _HRP]
    check = _polymod([*spread, *words, 0, 0, 0, 0, 0, 0]) ^ 1
    words += [check >> 5 * (5 - n) & 31 for n in range(6)]
    return f"{_HRP}1{''.join(_LETTERS[w] for w in words)}".upper()


def _fives(data: bytes) -> list[int]:
    """Bytes as groups of five bits, the last one filled with zeros."""
    size = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << (size * 5 - len(data) * 8)
    return [number >> 5 * (size - 1 - n) & 31 for n in range(size)]


def _polymod(words: Iterable[int]) -> int:
    check = 1
    for word in words:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ word
        for n, generator in enumerate(_GENERATOR):
            check ^= generator if top >> n & 1 else 0
    return check
