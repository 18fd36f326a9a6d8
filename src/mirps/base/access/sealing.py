"""Secrets of second factors, sealed: a copy of the database opens none of them.

The key is derived (HKDF-SHA256, RFC 5869) from the installation's secret, which is kept outside the
database. Pure: the secret is given.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"mirps: secrets of second factors, 1"


class CannotOpen(ValueError):
    """Sealed with another secret, or changed since: its owner sets the second factor up anew."""


@cache
def _box(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Fernet(urlsafe_b64encode(key))


def seal(text: str, *, secret: str) -> str:
    return _box(secret).encrypt(text.encode()).decode()


def unseal(sealed: str, *, secret: str) -> str:
    """Raises CannotOpen."""
    try:
        return _box(secret).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen from None
