"""The keys by which institutions sign: the private half comes from the node's key file and is kept nowhere.

From each version of the master key comes one Ed25519 key for each institution (HKDF-SHA256, base/crypto). A
rotation so changes what signs; public keys stay, and letters of earlier keys go on verifying after the master key
that made them is retired and gone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mirps.base.audit import api as audit
from mirps.base.crypto import api as crypto
from mirps.base.prepared.api import Prepared
from mirps.casework.letters import tokens
from mirps.casework.letters.models import SigningKey

_KEPT = Prepared(lambda kid: SigningKey.objects.filter(kid=kid).order_by().values_list("kid", flat=True))


def signer(institution: str, *, at: datetime) -> Ed25519PrivateKey:
    """The key with which an institution signs now; its public half is kept before anything is signed."""
    return signer_asked(institution, at=at)()


def signer_asked(institution: str, *, at: datetime) -> Callable[[], Ed25519PrivateKey]:
    """The same, to be read once."""
    key = Ed25519PrivateKey.from_private_bytes(crypto.ring().key("sign", institution))
    public = key.public_key()
    kid = tokens.key_id(public)
    kept = _KEPT.sent(kid=kid)

    def answer() -> Ed25519PrivateKey:
        if not kept():
            made = SigningKey(kid=kid, institution=institution, public=tokens.raw(public), since=at)
            # Two may sign for the first time at once.
            SigningKey.objects.bulk_create([made], ignore_conflicts=True)
        return key

    return answer


def public_keys() -> list[SigningKey]:
    return list(SigningKey.objects.order_by("since", "kid"))


def doubt(*, kid: str, by: str, at: datetime) -> SigningKey:
    """Somebody else may sign with this key: nothing that it signed is taken any more, since whoever has it can
    write any day into a letter. What it issued must be issued anew, after a rotation of the node's keys."""
    key = SigningKey.objects.get(pk=kid)
    key.doubted_since = at.date()
    key.save(update_fields=["doubted_since"])
    audit.record(by=by, at=at, act="letter.key-doubted", subject=f"signing-key/{kid}")
    return key


def jwks() -> dict[str, Any]:
    """The public keys as a JSON Web Key Set (RFC 7517, RFC 8037), each with its institution."""
    return {"keys": [told(k) for k in public_keys()]}


def told(k: SigningKey) -> dict[str, Any]:
    out = {
        "kty": "OKP", "crv": "Ed25519", "alg": tokens.ALGORITHM, "use": "sig", "kid": k.kid,
        "x": tokens.b64(bytes(k.public)), "iss": k.institution,
    }  # fmt: skip
    return out | ({"doubted": k.doubted_since.isoformat()} if k.doubted_since else {})
