"""Who this node exchanges with; its own rotation of keys, and theirs; receipts both ways."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from mirps.base.audit import api as audit
from mirps.base.codelists import api as codelists
from mirps.base.crypto import api as crypto
from mirps.base.refusal import Refusal
from mirps.base.texts.api import LANGUAGES, say
from mirps.sharing.exchange import keys, letters
from mirps.sharing.exchange.keys import Card, node
from mirps.sharing.exchange.models import Lane, NodeKey, Package, Peer, PeerKey
from mirps.sharing.exchange.rules import REGION, Have, Kind, NotTaken
from mirps.sharing.exchange.sending import issue, our_have
from mirps.sharing.exchange.taking import Arrival

#: Outcomes in one package of receipts.
MOST_RECEIPTS = 2_000


@transaction.atomic
def add(*, card: Card, fingerprint: str, by: str, at: datetime, address: str | None = None) -> Peer:
    """Take a node's card, whose fingerprint somebody compared by another way than it came.

    A peer that is known gets a new address; another key for it, where its own rotation did not bring it, is a new
    beginning for a node that lost its keys. Raises Refusal.
    """
    if "".join(fingerprint.split()) != "".join(card.fingerprint.split()):
        raise Refusal("exchange.fault.fingerprint")
    if card.node == node() or card.node not in (REGION, *codelists.member_states()):
        raise Refusal("exchange.fault.no-such-node", node=card.node)
    peer, _ = Peer.objects.get_or_create(pk=card.node, defaults={"added_at": at, "added_by": by})
    peer.address = card.address if address is None else address
    peer.tries, peer.next_at = 0, None
    peer.save()
    if not PeerKey.objects.filter(pk=card.kid, peer=peer).exists():
        last = peer.keys.order_by("-generation").first()
        if last is not None and card.generation <= last.generation:
            raise Refusal("exchange.fault.older-card", node=card.node)
        keys.turn(peer, card, at=at)
        letters.read_early(peer, at=at)
    audit.record(
        by=by, at=at, act="node.peer-added", subject=f"node {card.node}",
        detail={"key": card.kid, "address": peer.address},
    )  # fmt: skip
    return peer


@transaction.atomic
def pause(*, code: str, paused: bool, by: str, at: datetime) -> Peer:
    """Send nothing to a peer and take nothing of it, until it is resumed; what waits, waits. Raises Refusal."""
    peer = Peer.objects.select_for_update().filter(pk=code).first()
    if peer is None:
        raise Refusal("exchange.fault.no-such-peer", node=code)
    peer.paused, peer.tries, peer.next_at = paused, 0, None
    peer.save()
    audit.record(by=by, at=at, act="node.paused" if paused else "node.resumed", subject=f"node {code}")
    return peer


@transaction.atomic
def rotate(*, by: str, at: datetime) -> NodeKey:
    """New keys, told to every peer in a package that the old one signs. What the old one signed stays valid, and
    what was sealed to it can be opened as long as the key file has its master key."""
    old = keys.current()
    made = keys.begun(old.generation + 1, crypto.ring().current, at=at)
    for peer in Peer.objects.order_by("pk"):
        issue(peer=peer, kind=Kind.KEYS, content={"card": keys.card(made)}, by=by, at=at, key=old)
        if REGION not in (node(), peer.code):
            letters.tell_keys(peer, made, by=by, at=at, signed_by=old)
    old.ended_at = at
    old.save(update_fields=["ended_at"])
    audit.record(by=by, at=at, act="node.rotated", subject=f"node {node()}", detail={"key": made.kid})
    return made


def keys_came(content: Mapping[str, Any], arrival: Arrival) -> Mapping[str, Any]:
    """A peer's new keys; or our own, of which a restored database knew nothing."""
    card = keys.read_card(str(content["card"]))
    if card.node != arrival.head.sender:
        raise NotTaken("not-theirs", settles=True, kind=Kind.KEYS.value, sender=arrival.head.sender)
    if arrival.own:
        _own_again(card, at=arrival.head.made_at)
    elif not PeerKey.objects.filter(pk=card.kid).exists():
        last = arrival.peer.keys.order_by("-generation").first()
        if last is not None and card.generation <= last.generation:
            raise NotTaken("content", settles=True, what="generation")
        keys.turn(arrival.peer, card, at=arrival.head.made_at)
    return {"key": card.kid}


def _own_again(card: Card, *, at: datetime) -> None:
    known = keys.recognised(card.kid)
    if known is None:
        raise Refusal("exchange.fault.lost-key")
    if not NodeKey.objects.filter(pk=known[0]).exists():
        NodeKey.objects.filter(ended_at=None, generation__lt=known[0]).update(ended_at=at)
        keys.begun(known[0], known[1], at=at)


# --- receipts


def give_receipts(peer: Peer, *, at: datetime) -> Package | None:
    """Tell a peer what became of what it sent, in a package of its own; nothing where all is told."""
    rows = Package.objects.filter(
        lane__peer=peer, lane__outward=False, told=False, state__in=(Package.TAKEN, Package.REFUSED)
    ).exclude(lane__stream=Kind.RECEIPTS)
    untold = list(
        rows.select_related("lane").defer("body", "head").order_by("lane", "number")[:MOST_RECEIPTS]
    )
    if not untold:
        return None
    content = {
        "outcomes": [_receipt(row) for row in untold],
        "have": {stream: have.told() for stream, have in our_have(peer).items()},
    }
    with transaction.atomic():
        made = issue(
            peer=peer,
            kind=Kind.RECEIPTS,
            content=content,
            by="mirps node",
            at=at,
            about={"count": len(untold)},
        )
        Package.objects.filter(pk__in=[row.pk for row in untold]).update(told=True)
    return made


def _receipt(row: Package) -> dict[str, Any]:
    told: dict[str, Any] = {
        "stream": row.lane.stream, "seq": row.number, "jti": str(row.id_of), "state": row.state,
        "at": (row.settled_at or row.recorded_at).astimezone(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip
    if row.reason:
        # In words too: the other may be a year older and not know the reason by its name.
        told |= {"reason": row.reason, "values": row.values}
        told |= {lang: say(row.reason, lang, **row.values) for lang in LANGUAGES}
    return told


def receipts_came(content: Mapping[str, Any], arrival: Arrival) -> Mapping[str, Any]:
    """What became of our packages; of those that a restored database no longer has, nothing to do."""
    if arrival.own:
        return {}
    outcomes = content["outcomes"]
    for told in outcomes:
        state, stream, number = str(told["state"]), str(told["stream"])[:20], int(told["seq"])
        if state not in (Package.TAKEN, Package.REFUSED):
            continue
        values = {lang: str(told.get(lang, ""))[:1000] for lang in LANGUAGES} if "reason" in told else {}
        Package.objects.filter(
            lane__outward=True, lane__peer=arrival.peer, lane__stream=stream, number=number,
            id_of=UUID(str(told["jti"])), state=Package.WAITING,
        ).update(
            state=state, reason=str(told.get("reason", ""))[:80], values=values, settled_at=arrival.at
        )  # fmt: skip
    have = {str(stream): Have.of(told) for stream, told in dict(content["have"]).items()}
    reached(arrival.peer, have, at=arrival.at)
    return {"count": len(outcomes)}


def reached(peer: Peer, theirs: Mapping[str, Have], *, at: datetime) -> None:
    """Receipts themselves are acknowledged by how far the other says it has come, not by receipts."""
    have = theirs.get(Kind.RECEIPTS, Have())
    lane = Lane.objects.filter(outward=True, peer=peer, stream=Kind.RECEIPTS).first()
    if lane is not None:
        lane.packages.filter(number__gt=0, number__lte=have.number, state=Package.WAITING).update(
            state=Package.TAKEN, settled_at=at
        )
