"""Another node, played by a test: its keys, its lanes, and packages right and wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519
from uuid_utils.compat import uuid7

from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import packing, signing
from mirps.sharing.exchange import rules as exchange_rules
from mirps.sharing.exchange.keys import Card, read_card
from mirps.sharing.exchange.rules import Head

NOW = datetime(2025, 11, 10, 15, 0, tzinfo=UTC)


@dataclass
class Other:
    """A node that sends to `to`."""

    code: str
    to: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sealing: str = field(default_factory=lambda: str(x25519.Identity.generate().to_public()))
    generation: int = 1
    lanes: dict[str, tuple[int, str]] = field(default_factory=dict)

    def card_text(self) -> str:
        told = {
            "iss": self.code, "generation": self.generation, "public": self.public.hex(), "sealing": self.sealing,
            "address": "", "iat": 1,
        }  # fmt: skip
        return signing.signed(told, self.key, signing.CARD)

    @property
    def card(self) -> Card:
        return read_card(self.card_text())

    @property
    def public(self) -> bytes:
        return signing.raw(self.key.public_key())

    def head(self, stream: str, body: bytes, **changes: Any) -> Head:
        """The head of the next package of a lane, or one that says otherwise."""
        number, link = self.lanes.get(stream, (0, exchange_rules.FIRST_LINK))
        made = Head(
            id=uuid7(), sender=self.code, receiver=self.to, stream=stream, version=(1, 0), number=number + 1,
            previous=link, digest=packing.digest_of(body), size=len(body), made_at=NOW,
        )  # fmt: skip
        return replace(made, **changes)

    def package(
        self,
        stream: str,
        content: Mapping[str, Any],
        *,
        claims: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> bytes:
        """A package of this content, which the lane goes on after. `claims`: what else its head says."""
        body = packing.body_of(content)
        head = self.head(stream, body, **changes)
        self.lanes[stream] = head.number, head.link
        return self.sealed(head, body, claims)

    def sealed(self, head: Head, body: bytes, claims: Mapping[str, Any] | None = None) -> bytes:
        return packing.joined(
            signing.signed(head.told() | dict(claims or {}), self.key, signing.PACKAGE), body
        )


def set_up(settings: Any, code: str, home: Path) -> None:
    """This process is a node of that code, with keys of its own."""
    settings.NODE, settings.HOME = code, home
    exchange.set_up(by="admin", at=NOW)


def meet(card: Card) -> None:
    """Whoever has this card is a peer: it was compared."""
    exchange.add(card=card, fingerprint=card.fingerprint, by="admin", at=NOW)


def peer(code: str, to: str) -> Other:
    """Another node that this one has met."""
    other = Other(code, to)
    meet(other.card)
    return other
