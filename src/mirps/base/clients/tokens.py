"""Tokens: a client proves who it is (RFC 6749 client credentials: a secret, or RFC 7523 a signed assertion) and is
given a short-lived signed token (RFC 9068), which is read without a look into the database but for whether the client
still stands.

The signing key comes from the node's key file and is written nowhere.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from mirps.base.clients import queries, rules
from mirps.base.clients.models import Client, SpentAssertion
from mirps.base.clients.rules import TokenRefused
from mirps.base.crypto import api as crypto

ALGORITHM = "Ed25519"
TYPE = "at+jwt"
TOKEN_PATH = "oauth/token"  # noqa: S105 - an address
#: What a reader of anybody's bytes may meet beside the library's own errors.
_FAULTS = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a token speaks for."""

    client: Client
    scopes: tuple[str, ...]


def issuer() -> str:
    return str(settings.ADDRESS).rstrip("/")


def token(form: Mapping[str, str], authorization: str, *, at: datetime) -> dict[str, Any]:
    """The answer to a request for a token. Raises TokenRefused."""
    if form.get("grant_type", "") != rules.GRANT:
        raise TokenRefused("unsupported_grant_type" if form.get("grant_type") else "invalid_request")
    row = _proved(form, authorization, at)
    scopes, terms = rules.granted(form.get("scope", ""), row.scopes), queries.terms()
    until = at + timedelta(minutes=terms.minutes)
    claims = {
        "iss": issuer(), "sub": row.pk, "client_id": row.pk, "aud": issuer(), "scope": " ".join(scopes),
        "iat": int(at.timestamp()), "exp": int(until.timestamp()), "jti": uuid4().hex,
    }  # fmt: skip
    key = _key(crypto.ring().current)
    text = jwt.encode(
        {"alg": ALGORITHM, "typ": TYPE, "kid": key.thumbprint()}, claims, key, algorithms=[ALGORITHM]
    )
    Client.objects.filter(pk=row.pk).update(used_at=at)
    return {
        "access_token": text,
        "token_type": "Bearer",
        "expires_in": terms.minutes * 60,
        "scope": claims["scope"],
    }


def bearer(text: str, *, at: datetime) -> Bearer | None:
    """Who this token speaks for; None for one that is none, has run out, or whose client no longer stands."""
    try:
        found = jwt.decode(text.encode("ascii"), KeySet([*_keys()]), algorithms=[ALGORITHM])
        if found.header.get("typ") != TYPE or "crit" in found.header:
            return None
        _claims(at, iss=issuer(), aud=issuer()).validate(found.claims)
        name, said = str(found.claims["client_id"]), str(found.claims["scope"])
    except _FAULTS:
        return None
    row = queries.in_force(name)
    return Bearer(row, tuple(s for s in said.split() if s in row.scopes)) if row else None


def jwks() -> dict[str, Any]:
    """The public keys that tokens are signed with, the current first."""
    return {"keys": [{**k.as_dict(private=False), "kid": k.thumbprint(), "alg": ALGORITHM, "use": "sig"}
                     for k in _keys()]}  # fmt: skip


def _proved(form: Mapping[str, str], authorization: str, at: datetime) -> Client:
    """The client that asks, by exactly one way of proving itself. Raises TokenRefused."""
    assertion, basic = form.get("client_assertion", ""), authorization.startswith("Basic ")
    ways = [bool(assertion), basic, "client_secret" in form]
    if sum(ways) != 1:
        raise TokenRefused("invalid_request" if sum(ways) else "invalid_client")
    if assertion:
        if form.get("client_assertion_type") != rules.ASSERTION:
            raise TokenRefused("invalid_request")
        return _by_assertion(assertion, at)
    name, secret = _basic(authorization) if basic else (form.get("client_id", ""), form["client_secret"])
    row = queries.in_force(name)
    held = [row.secret] if row and row.secret else []
    if row and row.before and row.before_until and at < row.before_until:
        held.append(row.before)
    right = [hmac.compare_digest(rules.digest(secret), d) for d in (held or [rules.digest("")])]
    if row is None or not held or not any(right):
        raise TokenRefused("invalid_client")
    return row


def _basic(authorization: str) -> tuple[str, str]:
    try:
        name, _, secret = (
            b64decode(authorization.removeprefix("Basic "), validate=True).decode().partition(":")
        )
    except ValueError:
        raise TokenRefused("invalid_client") from None
    return unquote_plus(name), unquote_plus(secret)


def _by_assertion(text: str, at: datetime) -> Client:
    """RFC 7523, section 3: signed by a key of the client's, for us, for a short while, once."""
    terms = queries.terms()
    longest = timedelta(minutes=terms.minutes, seconds=terms.skew)
    try:
        if len(text) > rules.LONGEST_ASSERTION:
            raise ValueError
        said = json.loads(jws.extract_compact(text.encode("ascii")).payload)
        row = queries.in_force(str(said["sub"]))
        if row is None or not row.keys:
            raise ValueError
        found = jwt.decode(text, KeySet.import_key_set({"keys": row.keys}), algorithms=list(rules.ALGORITHMS))
        if "crit" in found.header:
            raise ValueError
        ours = [issuer(), f"{issuer()}/{TOKEN_PATH}"]
        _claims(at, iss=row.pk, sub=row.pk, aud=ours).validate(found.claims)
        until = datetime.fromtimestamp(found.claims["exp"], UTC)
        if until > at + longest or not 8 <= len(str(found.claims["jti"])) <= 200:
            raise ValueError
    except (*_FAULTS, OverflowError, OSError):
        raise TokenRefused("invalid_client", "assertion") from None
    _spend(f"{row.pk}\n{found.claims['jti']}", until + timedelta(seconds=terms.skew), at)
    return row


def _claims(at: datetime, **wanted: str | list[str]) -> jwt.JWTClaimsRegistry:
    asked: dict[str, Any] = {
        name: {"essential": True, "values" if isinstance(v, list) else "value": v}
        for name, v in wanted.items()
    }
    return jwt.JWTClaimsRegistry(
        now=int(at.timestamp()), leeway=queries.terms().skew, exp={"essential": True}, **asked
    )


def _spend(said: str, until: datetime, at: datetime) -> None:
    """Use an assertion up, in every process at once. Raises TokenRefused for one that was used."""
    SpentAssertion.objects.filter(until__lt=at).delete()
    try:
        with transaction.atomic():
            SpentAssertion.objects.create(id=rules.digest(said), until=until)
    except IntegrityError:
        raise TokenRefused("invalid_client", "spent") from None


def _key(version: int) -> OKPKey:
    private = Ed25519PrivateKey.from_private_bytes(crypto.ring().key("clients-sign", "tokens", version))
    return OKPKey.import_key(private)


def _keys() -> list[OKPKey]:
    """One for each version of the key file, the newest first; each under its thumbprint."""
    return [OKPKey.import_key(k.as_dict(private=True), {"kid": k.thumbprint()})
            for k in map(_key, crypto.ring().versions)]  # fmt: skip
