"""What stands in the code of a letter: signed, small, and no more than the paper itself tells. Pure.

A JSON Web Signature in its compact form (RFC 7515) with Ed25519 (RFC 8037), whose claims are those of RFC 7519:
any library of the kind verifies it, and so does a page without a line. No name stands in it, nor the case's
number: `sub` is a keyed digest of name and day of birth, whose key (`control`) is printed on the paper and is
not in the code, so that a photograph of the code alone confirms nobody (docs/adr/0024).
"""

from __future__ import annotations

import hmac
import json
import secrets
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

#: The only algorithm taken, whatever a header says.
ALGORITHM = "EdDSA"
LETTER, STATUSES = "letter", "statuslist+jwt"
#: A code is read from paper; longer is no code of ours.
LONGEST = 4_000
_DIGEST_BYTES = 12
#: Those of registration numbers: none is taken for another.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CONTROL_LETTERS = 8


class Wrong(StrEnum):
    """Why something is not taken for a letter of ours."""

    FORM = "form"  # it is no such code at all
    KEY = "key"  # signed by a key that nobody here knows
    SIGNATURE = "signature"  # altered, or made by somebody else


class NotSigned(ValueError):
    def __init__(self, why: Wrong) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Claims:
    """What is signed. `document`: `procedure.document`. `slot`: its place in the list of what no longer holds.
    `until`: the last day on which it holds (None: no end)."""

    issuer: str
    serial: str
    document: str
    issued: date
    subject: str
    slot: int
    until: date | None = None

    def told(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "iss": self.issuer, "jti": self.serial, "doc": self.document, "iat": _seconds(self.issued),
            "sub": self.subject, "st": self.slot,
        }  # fmt: skip
        return out | ({"exp": _seconds(self.until)} if self.until else {})

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Claims:
        """Raises NotSigned 'form'."""
        try:
            until = _day(told["exp"]) if "exp" in told else None
            return cls(
                issuer=str(told["iss"]), serial=str(told["jti"]), document=str(told["doc"]),
                issued=_day(told["iat"]), subject=str(told["sub"]), slot=int(told["st"]), until=until,
            )  # fmt: skip
        except (KeyError, ValueError, TypeError, OverflowError, OSError):
            raise NotSigned(Wrong.FORM) from None


def _seconds(day: date) -> int:
    """Days, told as JWT tells moments: the day's noon in UTC, which is that day in all of the Americas."""
    return int(datetime.combine(day, time(12), UTC).timestamp())


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


def key_id(public: Ed25519PublicKey) -> str:
    return b64(sha256(raw(public)).digest()[:6])


def raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def signed(told: Mapping[str, Any], key: Ed25519PrivateKey, typ: str = LETTER) -> str:
    """The compact signature over these claims. Equal claims under one key give equal texts."""
    header = {"alg": ALGORITHM, "kid": key_id(key.public_key()), "typ": typ}
    body = f"{b64(_json(header))}.{b64(_json(told))}"
    return f"{body}.{b64(key.sign(body.encode()))}"


def read(text: str, keys: Mapping[str, bytes], typ: str = LETTER) -> tuple[str, dict[str, Any]]:
    """The key's id and the claims, once the signature holds. `keys`: id -> public key. Raises NotSigned."""
    plain = "".join(text.split())
    parts = plain.split(".")
    if (len(plain) > LONGEST and typ == LETTER) or len(parts) != 3:
        raise NotSigned(Wrong.FORM)
    try:
        header, told = json.loads(unb64(parts[0])), json.loads(unb64(parts[1]))
        signature = unb64(parts[2])
    except (ValueError, RecursionError):
        raise NotSigned(Wrong.FORM) from None
    if not isinstance(header, dict) or not isinstance(told, dict):
        raise NotSigned(Wrong.FORM)
    if header.get("alg") != ALGORITHM or header.get("typ") != typ or "crit" in header:
        raise NotSigned(Wrong.FORM)
    public = keys.get(str(header.get("kid")))
    if public is None:
        raise NotSigned(Wrong.KEY)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, f"{parts[0]}.{parts[1]}".encode())
    except (InvalidSignature, ValueError):
        raise NotSigned(Wrong.SIGNATURE) from None
    return str(header["kid"]), told


# --- whose it is, without saying so


def new_control() -> str:
    """Eight letters for the paper alone: some 39 bits, which nobody who has the code alone can try."""
    return "".join(secrets.choice(LETTERS) for _ in range(_CONTROL_LETTERS))


def subject(name: str, born: str, control: str) -> str:
    """The keyed digest of a name and a day of birth (ISO 8601, as exact as it is known; empty: unknown)."""
    said = f"{_plain(name)}|{''.join(c for c in born if c.isdigit())}"
    return b64(hmac.digest(_plain(control).encode(), said.encode(), "sha256")[:_DIGEST_BYTES])


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _plain(text: str) -> str:
    """Capitals and digits alone: accents, strokes and spaces are typed differently by everybody. The page that
    verifies (static/site/verify.js) does the same."""
    bare = "".join(
        c for c in unicodedata.normalize("NFD", text.upper()) if unicodedata.category(c)[0] in "LN"
    )
    return unicodedata.normalize("NFC", bare)


# --- texts of bytes


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    """Raises ValueError for what is not written in the one way in which it can be."""
    found = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64(found) != text:
        raise ValueError("not base64url")
    return found


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()
