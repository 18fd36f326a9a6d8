"""Taking a package in: proved, kept, and put into effect when all before it are. All of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction

from mirps.base.audit import api as audit
from mirps.base.refusal import Refusal
from mirps.sharing.exchange import packing, rules, signing
from mirps.sharing.exchange.keys import node, recognised
from mirps.sharing.exchange.models import Lane, Package, Peer, PeerKey, TurnedAway
from mirps.sharing.exchange.rules import Head, Kind, NotTaken
from mirps.sharing.exchange.sending import head_of, lane_of

BY = "mirps node"
#: Of what was turned away, so many are kept: a stranger fills no disk.
MOST_TURNED_AWAY = 1000


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an effect is told beside the contents. `own`: a package of ours that came back after a restore."""

    package: Package
    peer: Peer
    head: Head
    at: datetime
    own: bool = False


#: What a kind of package does here: contents and arrival -> what to keep about it. Refusal refuses it whole.
Effect = Callable[[Mapping[str, Any], Arrival], Mapping[str, Any]]
EFFECTS: dict[Kind, Effect] = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a package. `state` as Package keeps it; empty where it was turned away and its lane is as it
    was. `again`: it was here before."""

    state: str
    reason: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    again: bool = False
    sender: str = ""
    stream: str = ""
    number: int = 0


def take(data: bytes, *, via: str, at: datetime) -> Outcome:
    """Take in what somebody sent or brought. It never raises for what is in it; of a full disk or a database that
    is away, the fault of the database is raised and nothing has changed."""
    sender = ""
    try:
        head, text, kid = read(data)
        sender = head.sender
        with transaction.atomic():
            if head.sender == node():
                return _back(head, text, kid, data[len(text) + 1 :], at=at)
            return _in(head, text, kid, data[len(text) + 1 :], at=at)
    except NotTaken as fault:
        turn_away(fault, sender=sender, data=data, via=via, at=at)
        return Outcome("", fault.key, fault.values, sender=sender)


def read(data: bytes) -> tuple[Head, str, str]:
    """Head, its signed text and the id of the key; nothing is proved yet. Raises NotTaken 'form'."""
    text = packing.head_in(data)
    kid, told = signing.claims(text, signing.PACKAGE)
    return Head.of(told), text, kid


def prove_sender(head: Head, text: str, kid: str, *, at: datetime) -> Peer:
    """The peer that signed this head, and that it may come now. Raises NotTaken, which settles nothing."""
    if head.receiver != node():
        raise NotTaken("not-for-us", receiver=head.receiver, node=node())
    peer = Peer.objects.filter(pk=head.sender).first()
    if peer is None:
        raise NotTaken("unknown", sender=head.sender)
    if peer.paused:
        raise NotTaken("paused", sender=head.sender)
    key = PeerKey.objects.filter(pk=kid, peer=peer).first()
    if key is None:
        raise NotTaken("key", sender=head.sender)
    signing.prove(text, bytes(key.public))
    if key.ended_at and head.made_at > key.ended_at:
        raise NotTaken("key-ended", sender=head.sender, ended=key.ended_at.isoformat())
    if head.made_at > at + rules.SKEW:
        rules.prove(head, at=at)
    return peer


def _prove_body(head: Head, body: bytes) -> None:
    if len(body) != head.size or packing.digest_of(body) != head.digest:
        raise NotTaken("altered")


def _in(head: Head, text: str, kid: str, body: bytes, *, at: datetime) -> Outcome:
    peer = prove_sender(head, text, kid, at=at)
    _prove_body(head, body)
    lane = lane_of(peer, head.stream, outward=False)
    held = lane.packages.filter(number=head.number).first()
    if held is not None and held.link == head.link:
        return _outcome(held, again=True)
    if held is not None or head.number <= lane.number:
        raise NotTaken("reused", number=head.number, last=lane.number)
    if head.number == lane.number + 1 and head.previous != lane.link:
        raise NotTaken("parted", number=head.number)
    row = Package.objects.create(
        lane=lane, number=head.number, id_of=head.id, link=head.link, head=text, body=body,
        state=Package.WAITING, made_at=head.made_at, recorded_at=at,
    )  # fmt: skip
    _advance(lane, at=at)
    row.refresh_from_db(fields=["state", "reason", "values"])
    return _outcome(row)


def _outcome(row: Package, *, again: bool = False) -> Outcome:
    lane = row.lane
    return Outcome(row.state, row.reason, row.values, again, lane.peer_id, lane.stream, row.number)


def _advance(lane: Lane, *, at: datetime) -> None:
    """Put into effect all that no longer waits for anything, in the order of its numbers."""
    while row := lane.packages.filter(number=lane.number + 1, state=Package.WAITING).first():
        head = head_of(row)
        if head.previous != lane.link:  # it came before the one that now stands under the number before it
            turn_away(
                NotTaken("parted", number=row.number), sender=head.sender, data=bytes(row.body), via="", at=at
            )
            row.delete()
            return
        _settle(row, head, lane, at=at)
        lane.number, lane.link = row.number, row.link
        lane.save(update_fields=["number", "link"])


def _settle(row: Package, head: Head, lane: Lane, *, at: datetime) -> None:
    row.settled_at = at
    try:
        rules.prove(head, at=max(at, head.made_at))
        kind = rules.prove_kind(head)
        earlier = lane.packages.filter(id_of=row.id_of, number__lt=row.number, number__gt=0).first()
        if earlier is not None:
            raise NotTaken("replayed", settles=True, number=earlier.number)
        row.about = dict(effect(kind, Arrival(row, lane.peer, head, at)))
        row.state = Package.TAKEN
    except Refusal as fault:
        row.state, row.reason = Package.REFUSED, fault.key
        row.values = {k: v if isinstance(v, int) else str(v)[:500] for k, v in fault.values.items()}
    row.save()
    audit.record(
        by=BY, at=at, act=f"exchange.{row.state}", subject=f"node {lane.peer_id}",
        detail={"stream": lane.stream, "number": row.number, "reason": row.reason},
    )  # fmt: skip


def effect(kind: Kind, arrival: Arrival) -> Mapping[str, Any]:
    """What the contents do here; nothing is left of it where they are refused. Raises Refusal."""
    content = packing.content_of(bytes(arrival.package.body))
    try:
        with transaction.atomic():
            return EFFECTS[kind](content, arrival)
    except Refusal:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, LookupError, DataError,
            IntegrityError) as fault:  # fmt: skip
        raise NotTaken("content", settles=True, what=f"{type(fault).__name__}: {fault}"[:300]) from fault


def _back(head: Head, text: str, kid: str, body: bytes, *, at: datetime) -> Outcome:
    """A package of our own that a peer gives back, because this database was restored from before it was sent.

    Our signature proves that we sent it. What stands here under its number, and after it, is set aside to go
    again under new numbers. Raises NotTaken.
    """
    known, peer = recognised(kid), Peer.objects.filter(pk=head.receiver).first()
    if known is None:
        raise NotTaken("key", sender=head.sender)
    if peer is None:
        raise NotTaken("unknown", sender=head.receiver)
    signing.prove(text, known[2])
    _prove_body(head, body)
    lane = lane_of(peer, head.stream, outward=True)
    held = lane.packages.filter(number=head.number).first()
    if held is not None and held.link == head.link:
        return _outcome(held, again=True)
    before = lane.packages.filter(number=head.number - 1).first()
    if head.previous != (before.link if before else rules.FIRST_LINK):
        raise NotTaken("parted", number=head.number)
    for row in lane.packages.filter(number__gte=head.number):
        row.number, row.state = -row.pk, Package.ASIDE
        row.save(update_fields=["number", "state"])
    row = Package.objects.create(
        lane=lane, number=head.number, id_of=head.id, link=head.link, head=text, body=body, state=Package.TAKEN,
        made_at=head.made_at, recorded_at=at, settled_at=at,
    )  # fmt: skip
    lane.number, lane.link = head.number, head.link
    lane.save(update_fields=["number", "link"])
    try:
        row.about = dict(effect(rules.prove_kind(head), Arrival(row, peer, head, at, own=True)))
    except Refusal as fault:  # it was sent and taken all the same; what could not be had back is shown
        row.reason, row.values = fault.key, {k: str(v)[:500] for k, v in fault.values.items()}
    row.save()
    audit.record(
        by=BY, at=at, act="exchange.had-back", subject=f"node {peer.code}",
        detail={"stream": head.stream, "number": head.number, "reason": row.reason},
    )  # fmt: skip
    return _outcome(row)


def turn_away(fault: NotTaken, *, sender: str, data: bytes, via: str, at: datetime) -> None:
    """Keep that something was not taken, and why; the same thing again is told once."""
    digest = packing.digest_of(data)
    if TurnedAway.objects.filter(digest=digest, reason=fault.key).exists():
        return
    values = {k: v if isinstance(v, int) else str(v)[:200] for k, v in fault.values.items()}
    made = TurnedAway.objects.create(
        at=at, sender=sender[:5], reason=fault.key, values=values, digest=digest, via=via
    )
    TurnedAway.objects.filter(pk__lte=made.pk - MOST_TURNED_AWAY).delete()
