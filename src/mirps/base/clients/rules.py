"""What a client may be let do, its keys, and what a token is asked for with. Pure: the clock is given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jwk
from joserfc.errors import JoseError
from pyrage import x25519

from mirps.base.refusal import Refusal

#: The signatures of clients that are taken: each is bound to its kind of key, none is shared with us.
ALGORITHMS = ("ES256", "PS256", "RS256", "Ed25519")
GRANT = "client_credentials"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MOST_KEYS, LONGEST_KEYS, LONGEST_ASSERTION = 5, 20_000, 8_000
_LEAST_RSA = 2048  # bits


class ClientFault(Refusal):
    """Why a client is not registered or changed, as a text of data/texts/interop.yaml."""


class TokenRefused(Exception):
    """Why no token is given: `error` as RFC 6749 (5.2) names it, and the text that says what to do."""

    def __init__(self, error: str, key: str = "", **values: object) -> None:
        super().__init__(error)
        self.error, self.values = error, values
        self.key = f"interop.token.{key or error.replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class Scope:
    """One thing that a client may do. `purpose`: of the seat from which it then reads people."""

    code: str
    purpose: str = ""
    people: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """data/interop/scopes.yaml."""

    scopes: Mapping[str, Scope]
    minutes: int
    skew: int
    both: int
    a_minute: Mapping[str, int]


def read(given: Mapping[str, Any]) -> Terms:
    scopes = {code: Scope(code, **said) for code, said in given["scopes"].items()}
    token = given["token"]
    return Terms(
        scopes, int(token["minutes"]), int(token["skew"]), int(token["both"]), dict(given["a-minute"])
    )


def granted(asked: str, held: Iterable[str]) -> tuple[str, ...]:
    """The scopes of a token: all that the client holds, or those of them that it asks for. Raises TokenRefused."""
    may = tuple(held)
    wanted = tuple(dict.fromkeys(asked.split())) or may
    if not wanted or set(wanted) - set(may):
        raise TokenRefused("invalid_scope", held=" ".join(may))
    return wanted


def digest(secret: str) -> str:
    """A secret is made here, of 256 bits by chance: a plain digest of it can be tried by nobody."""
    return sha256(secret.encode()).hexdigest()


def read_keys(text: str) -> list[dict[str, Any]]:
    """The public keys that an institution gives: a JWK, a set of them, or PEM. Raises ClientFault."""
    if len(text) > LONGEST_KEYS:
        raise ClientFault("interop.fault.keys-long")
    try:
        keys = [_public(key) for key in _keys(text.strip())]
    except (
        JoseError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        UnsupportedAlgorithm,
    ) as fault:
        if isinstance(fault, ClientFault):
            raise
        raise ClientFault("interop.fault.keys-unread") from None
    if not 0 < len(keys) <= MOST_KEYS:
        raise ClientFault("interop.fault.keys-many", most=MOST_KEYS)
    return keys


def _keys(text: str) -> Sequence[Any]:
    if text.startswith("{"):
        told = json.loads(text)
        keys: Sequence[Any] = told.get("keys", [told])
        return keys
    if "PRIVATE" in text:
        raise ClientFault("interop.fault.keys-private")
    public = load_pem_public_key(text.encode("ascii"))
    if isinstance(public, Ed25519PublicKey):
        return [jwk.OKPKey.import_key(public)]
    if isinstance(public, EllipticCurvePublicKey):
        return [jwk.ECKey.import_key(public)]
    if isinstance(public, RSAPublicKey):
        return [jwk.RSAKey.import_key(public)]
    raise ClientFault("interop.fault.keys-kind")


def _public(given: Any) -> dict[str, Any]:
    """A key as it is kept: its public half, under its thumbprint (RFC 7638). Raises ClientFault."""
    if isinstance(given, Mapping) and {"d", "k"} & set(given):
        raise ClientFault("interop.fault.keys-private")
    key = jwk.import_key(dict(given)) if isinstance(given, Mapping) else given
    told = {k: v for k, v in key.as_dict(private=False).items() if k in ("kty", "crv", "x", "y", "n", "e")}
    small = isinstance(key.public_key, RSAPublicKey) and key.public_key.key_size < _LEAST_RSA
    if small or (told["kty"], told.get("crv", "")) not in (("EC", "P-256"), ("RSA", ""), ("OKP", "Ed25519")):
        raise ClientFault("interop.fault.keys-kind")
    return {**told, "kid": key.thumbprint()}


def read_sealing(text: str) -> str:
    """An age key (X25519), to which lists are sealed. Raises ClientFault."""
    try:
        return str(x25519.Recipient.from_str(text.strip()))
    except Exception as fault:  # pyrage raises an Exception of its own
        if isinstance(fault, MemoryError):
            raise
        raise ClientFault("interop.fault.sealing") from None
