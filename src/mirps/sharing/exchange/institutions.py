"""Keys of institutions: what is for one institution is sealed to it, so that no node on the way reads it.

The private half of each comes from the key file of its State's node, for each of its versions, and is kept nowhere.
The public halves of other States' came in a letter that their node signed, whose card somebody compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyrage import x25519

from mirps.base.codelists import api as codelists
from mirps.base.crypto import api as crypto
from mirps.people.consent import api as consent
from mirps.sharing.exchange import signing
from mirps.sharing.exchange.bech32 import age_secret
from mirps.sharing.exchange.keys import node
from mirps.sharing.exchange.models import InstitutionKey, Peer
from mirps.sharing.exchange.rules import NotTaken


def key_id(public: str) -> str:
    """What names a key without telling whose it is to who has not got the key."""
    return signing.key_id(public.encode())


def ours() -> list[str]:
    """The institutions of this State that people may be referred to."""
    return [
        code
        for code, i in codelists.institutions().items()
        if i.extra["state"] == node() and i.extra["kind"] in consent.KINDS
    ]


def _identity(institution: str, version: int | None) -> x25519.Identity:
    derived = crypto.ring().key("node-institution", f"{node()}/{institution}", version)
    return x25519.Identity.from_str(age_secret(derived))


def public_of(institution: str) -> str:
    """The key of an institution of ours, to which others seal now."""
    return str(_identity(institution, crypto.ring().current).to_public())


def directory() -> dict[str, str]:
    return {code: public_of(code) for code in ours()}


def _every() -> Iterator[tuple[str, x25519.Identity]]:
    for version in sorted(crypto.ring().versions, reverse=True):
        for code in ours():
            yield code, _identity(code, version)


def opener(id_: str) -> tuple[str, x25519.Identity] | None:
    """The institution of ours that a key names, of the key file's older versions too, and what opens it."""
    return next(((c, i) for c, i in _every() if key_id(str(i.to_public())) == id_), None)


def reachable() -> list[str]:
    """The institutions of other States to which something can be sealed."""
    held = InstitutionKey.objects.filter(ended_at=None, peer__paused=False)
    return list(held.order_by("institution").values_list("institution", flat=True))


def key_of(institution: str) -> str:
    """Empty where we have none."""
    held = InstitutionKey.objects.filter(institution=institution, ended_at=None).order_by("-generation")
    return held.values_list("public", flat=True).first() or ""


def came(peer: Peer, told: Mapping[str, Any], *, generation: int, at: Any) -> int:
    """A peer's institutions and their keys, in place of what it told before; how many are new. What is older than what
    we have says nothing: whoever carries letters cannot turn keys back. Raises NotTaken."""
    proved = {str(c): _proved(peer, str(c), public) for c, public in list(told.items())[:1_000]}
    held = {k.institution: k for k in InstitutionKey.objects.filter(peer=peer, ended_at=None).order_by("pk")}
    if generation < max((k.generation for k in held.values()), default=0):
        return 0
    gone = [k.pk for code, k in held.items() if proved.get(code) != k.public]
    InstitutionKey.objects.filter(pk__in=gone).update(ended_at=at)
    new = [
        InstitutionKey(peer=peer, institution=code, public=public, generation=generation, since=at)
        for code, public in proved.items()
        if code not in held or held[code].pk in gone
    ]
    return len(InstitutionKey.objects.bulk_create(new))


def _proved(peer: Peer, code: str, public: object) -> str:
    found = codelists.institutions().get(code)
    if found is None or found.extra["state"] != peer.code or not isinstance(public, str) or len(public) > 80:
        raise NotTaken("content", settles=True, what=f"institutions.{code[:40]}")
    try:
        x25519.Recipient.from_str(public)
    except Exception as fault:  # pyrage raises an Exception of its own
        if isinstance(fault, MemoryError):
            raise
        raise NotTaken("content", settles=True, what=f"institutions.{code[:40]}") from None
    return public
