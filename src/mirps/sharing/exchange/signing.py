"""Signed claims: JSON Web Signatures in compact form (RFC 7515) with Ed25519 (RFC 8037, RFC 9864). Pure."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from mirps.sharing.exchange.rules import NotTaken

#: The only algorithm taken, whatever a header says.
ALGORITHM = "Ed25519"
PACKAGE, CARD, VISIT = "mirps-package", "mirps-card", "mirps-visit"
#: What a reader of anybody's bytes may meet beside the library's own errors.
_FAULTS = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(public: bytes) -> str:
    return urlsafe_b64encode(sha256(public).digest()[:12]).decode()


def signed(told: Mapping[str, Any], key: Ed25519PrivateKey, typ: str) -> str:
    """Equal claims under one key give equal texts."""
    header = {"alg": ALGORITHM, "kid": key_id(raw(key.public_key())), "typ": typ}
    return jws.serialize_compact(
        header, json.dumps(told, sort_keys=True, separators=(",", ":")).encode(), OKPKey.import_key(key),
        algorithms=[ALGORITHM],
    )  # fmt: skip


def claims(text: str, typ: str) -> tuple[str, dict[str, Any]]:
    """The id of the key and the claims, of which nothing is proved yet. Raises NotTaken 'form'."""
    try:
        found = jws.extract_compact(text.encode("ascii"))
        told = json.loads(found.payload)
        header = found.headers()
        kid = header["kid"]
    except _FAULTS:
        raise NotTaken("form") from None
    plain = isinstance(told, dict) and isinstance(kid, str) and "crit" not in header
    if not plain or header.get("alg") != ALGORITHM or header.get("typ") != typ:
        raise NotTaken("form")
    return kid, told


def prove(text: str, public: bytes) -> None:
    """Raises NotTaken 'altered' where this key did not sign this text."""
    try:
        key = OKPKey.import_key(Ed25519PublicKey.from_public_bytes(public))
        jws.deserialize_compact(text.encode("ascii"), key, algorithms=[ALGORITHM])
    except _FAULTS:
        raise NotTaken("altered") from None
