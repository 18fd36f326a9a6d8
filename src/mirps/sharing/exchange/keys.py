"""The keys of this node and its card. The private halves come from the key file (base/crypto) and are kept nowhere.

From a version of the master key and a generation come one Ed25519 key, which signs, and one age key (X25519), to
which others seal. Each rotation begins a generation; public halves stay, for what was signed before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from pyrage import x25519

from mirps.base.audit import api as audit
from mirps.base.crypto import api as crypto
from mirps.base.refusal import Refusal
from mirps.sharing.exchange import signing
from mirps.sharing.exchange.bech32 import age_secret
from mirps.sharing.exchange.models import NodeKey, Peer, PeerKey
from mirps.sharing.exchange.rules import NotTaken, fingerprint

#: How many generations a key file may be ahead of a database that was restored from an old backup.
AHEAD = 32


@dataclass(frozen=True, slots=True)
class Card:
    """What a node tells of itself, signed with its own key: who holds the key, not that it may be trusted."""

    node: str
    generation: int
    public: bytes
    sealing: str
    address: str

    @property
    def kid(self) -> str:
        return signing.key_id(self.public)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public, self.sealing)


def node() -> str:
    """The code of this node (MIRPS_NODE). Raises Refusal where one process plays all."""
    if not settings.NODE:
        raise Refusal("exchange.fault.no-node")
    return str(settings.NODE)


def stands() -> bool:
    """Whether this process is a node, and set up as one."""
    return bool(settings.NODE) and NodeKey.objects.exists()


def signer(generation: int, version: int | None = None) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_derived("sign", generation, version))


def opener(key: NodeKey) -> x25519.Identity:
    """What opens that which was sealed to a key of this node."""
    return _opener(key.generation, key.version)


def _opener(generation: int, version: int) -> x25519.Identity:
    return x25519.Identity.from_str(age_secret(_derived("seal", generation, version)))


def _derived(use: str, generation: int, version: int | None) -> bytes:
    return crypto.ring().key(f"node-{use}", f"{node()}/{generation}", version)


def current() -> NodeKey:
    """Raises Refusal where the node is not set up."""
    found = NodeKey.objects.filter(ended_at=None).order_by("-generation").first()
    if found is None:
        raise Refusal("exchange.fault.no-keys")
    return found


def signer_of(key: NodeKey) -> Ed25519PrivateKey:
    return signer(key.generation, key.version)


@transaction.atomic
def set_up(*, by: str, at: datetime) -> NodeKey:
    """The first keys of this node; the ones that there are, when it has some."""
    held = NodeKey.objects.filter(ended_at=None).order_by("-generation").first()
    if held is not None:
        return held
    made = begun(1, crypto.ring().current, at=at)
    audit.record(by=by, at=at, act="node.set-up", subject=f"node {node()}", detail={"key": made.kid})
    return made


def begun(generation: int, version: int, *, at: datetime) -> NodeKey:
    """The public halves of a generation, kept."""
    public = signing.raw(signer(generation, version).public_key())
    return NodeKey.objects.create(
        generation=generation, version=version, kid=signing.key_id(public), public=public,
        sealing=str(_opener(generation, version).to_public()), since=at,
    )  # fmt: skip


def recognised(kid: str) -> tuple[int, int, bytes] | None:
    """Generation, master version and public key of a key of our own, of one too that this database no longer
    knows: it was restored from a backup older than the key."""
    row = NodeKey.objects.filter(kid=kid).first()
    if row is not None:
        return row.generation, row.version, bytes(row.public)
    last = NodeKey.objects.order_by("-generation").values_list("generation", flat=True).first() or 0
    for generation in range(last + 1, last + AHEAD + 1):
        for version in crypto.ring().versions:
            public = signing.raw(signer(generation, version).public_key())
            if signing.key_id(public) == kid:
                return generation, version, public
    return None


def card(key: NodeKey) -> str:
    """The signed card of this node, as others add it."""
    told = {
        "iss": node(), "generation": key.generation, "public": bytes(key.public).hex(), "sealing": key.sealing,
        "address": settings.ADDRESS, "iat": int(key.since.timestamp()),
    }  # fmt: skip
    return signing.signed(told, signer_of(key), signing.CARD)


def read_card(text: str) -> Card:
    """Raises NotTaken 'form', 'altered'."""
    kid, told = signing.claims("".join(text.split()), signing.CARD)
    try:
        found = Card(
            node=_said(told, "iss", 5), generation=int(told["generation"]),
            public=bytes.fromhex(_said(told, "public", 64)),
            sealing=_said(told, "sealing", 80), address=_said(told, "address", 200),
        )  # fmt: skip
        x25519.Recipient.from_str(found.sealing)
        if kid != found.kid or not 1 <= found.generation < 2**31:
            raise ValueError
    except Exception as fault:  # pyrage raises an Exception of its own
        if isinstance(fault, MemoryError):
            raise
        raise NotTaken("form") from None
    signing.prove("".join(text.split()), found.public)
    return found


def _said(told: dict[str, Any], name: str, most: int) -> str:
    value = told[name]
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise ValueError(name)
    return value


def turn(peer: Peer, card: Card, *, at: datetime) -> None:
    """A peer's new keys in place of those that it had."""
    peer.keys.filter(ended_at=None).update(ended_at=at)
    PeerKey.objects.create(
        kid=card.kid,
        peer=peer,
        generation=card.generation,
        public=card.public,
        sealing=card.sealing,
        since=at,
    )


class Held:
    """The keys of this node among what rests on the key file: a rotation of that rotates these (crypto.Holder)."""

    name = "sharing_nodekey"

    def any(self) -> bool:
        return NodeKey.objects.exists()

    def left(self, version: int) -> int:
        return NodeKey.objects.filter(version=version, ended_at=None).count()

    def renewed(self, ring: crypto.KeyRing) -> Iterator[int]:
        from django.utils import timezone

        from mirps.sharing.exchange.peers import rotate

        if settings.NODE and NodeKey.objects.filter(ended_at=None).exclude(version=ring.current).exists():
            rotate(by="mirps keys", at=timezone.now())
            yield 1
