"""Letters between States, sealed to who is to read them: referrals, and the keys to which they are sealed.

A letter is signed by the node of its State, and goes in a package: to the other State's node, where we have a line to
it, or to the region's, which passes it on and cannot read it. It sees from which State to which, when, and of which of
a few sizes. Neither a number nor an order is needed: what a letter says may come late, twice or not at all, and is told
again until it was heard (casework/referrals).
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pyrage
from django.db import transaction
from django.db.models import Q
from pyrage import x25519
from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.base.refusal import Refusal
from mirps.casework.referrals import api as referrals
from mirps.sharing.exchange import institutions, keys, packing, rules, signing
from mirps.sharing.exchange.keys import node
from mirps.sharing.exchange.models import NodeKey, Package, Peer, PeerKey
from mirps.sharing.exchange.rules import REGION, Kind, NotTaken
from mirps.sharing.exchange.sending import head_of, issue
from mirps.sharing.exchange.taking import BY, Arrival, effect

LETTER = "mirps-letter"
VERSION = (1, 0)
#: Bytes to which what is sealed is filled up, doubled until it fits: how much somebody's needs fill tells of them.
ROOM, MOST = 4_096, 1 << 20


class What(StrEnum):
    REFERRAL = "referral"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is signed and anybody on the way may read. `to` and `back`: ids of the keys to which it is sealed, the
    reader's and the writer's own (who is given it back after a restore)."""

    id: UUID
    sender: str
    receiver: str
    what: str
    version: tuple[int, int]
    to: str
    back: str
    sealed: str
    made_at: datetime

    def told(self) -> dict[str, Any]:
        return {
            "jti": str(self.id), "iss": self.sender, "aud": self.receiver, "what": self.what,
            "version": "{}.{}".format(*self.version), "to": self.to, "back": self.back, "sealed": self.sealed,
            "iat": int(self.made_at.timestamp()),
        }  # fmt: skip

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Envelope:
        """Raises NotTaken 'content'."""
        try:
            text = {k: str(told[k]) for k in ("jti", "iss", "aud", "what", "version", "to", "back", "sealed")}
            if any(len(text[k]) > 40 for k in text if k != "sealed") or len(text["sealed"]) > 2 * MOST:
                raise ValueError
            return cls(
                UUID(text["jti"]), text["iss"], text["aud"], text["what"], rules.version_of(text["version"]),
                text["to"], text["back"], text["sealed"], rules.made_at(told),
            )  # fmt: skip
        except rules.UNREADABLE:
            raise NotTaken("content", settles=True, what="letter") from None


# --- on their way out


def prepare(*, by: str, at: datetime) -> None:
    """Pack what other States are to be told and were not yet: our institutions' keys, and referrals."""
    if node() == REGION:
        return
    for peer in Peer.objects.exclude(pk=REGION).order_by("pk"):
        tell_keys(peer, keys.current(), by=by, at=at)
    for out in referrals.outgoing(at=at):
        public = institutions.key_of(out.institution)
        other = Peer.objects.filter(pk=out.state).first()
        if other is None or not public or _way(other) is None:
            continue  # it waits; the page says that it has not arrived
        with transaction.atomic():
            send(
                other, What.REFERRAL, out.content, to=public, back=institutions.public_of(out.sender), by=by, at=at
            )  # fmt: skip
            referrals.went(out, at=at)


def tell_keys(peer: Peer, key: NodeKey, *, by: str, at: datetime, signed_by: NodeKey | None = None) -> None:
    """Tell a State our card and our institutions' keys, sealed to its node, where it was not told yet. Of new keys it
    hears under the old one."""
    theirs = peer.keys.filter(ended_at=None).order_by("-generation").first()
    if theirs is None or _way(peer) is None:
        return
    content = {"card": keys.card(key), "institutions": institutions.directory()}
    mark = packing.digest_of(packing.body_of(content | {"to": theirs.sealing}))
    told = Package.objects.filter(
        lane__outward=True, lane__stream=Kind.LETTERS, about__mark=mark, about__to=peer.code
    )
    if not told.exists():
        send(
            peer, What.KEYS, content, to=theirs.sealing, back=key.sealing, by=by, at=at, key=signed_by,
            about={"mark": mark},
        )  # fmt: skip


def send(
    peer: Peer, what: What, content: Mapping[str, Any], *, to: str, back: str, by: str, at: datetime,
    key: NodeKey | None = None, about: Mapping[str, Any] | None = None,
) -> Package:  # fmt: skip
    """Seal, sign and pack a letter for a State's node."""
    way = _way(peer)
    assert way is not None, "the caller has asked"
    said = {"iss": node(), "aud": peer.code, "what": what.value, "content": content}
    envelope = Envelope(
        uuid7(), node(), peer.code, what.value, VERSION, institutions.key_id(to), institutions.key_id(back),
        _sealed(said, to, back), at,
    )  # fmt: skip
    text = signing.signed(envelope.told(), keys.signer_of(key or keys.current()), LETTER)
    return issue(
        peer=way, kind=Kind.LETTERS, content={"letter": text}, by=by, at=at,
        about={"letter": str(envelope.id), "from": node(), "to": peer.code, **(about or {})},
    )  # fmt: skip


def _way(peer: Peer) -> Peer | None:
    """Whom to give it to: the State itself where we know how to reach it, else the region."""
    return peer if peer.address else Peer.objects.filter(pk=REGION).first()


def _sealed(said: Mapping[str, Any], *publics: str) -> str:
    plain = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    room = ROOM
    while room < len(plain):
        room *= 2
    recipients = [x25519.Recipient.from_str(p) for p in dict.fromkeys(publics)]
    return b64encode(pyrage.encrypt(plain.ljust(room), recipients)).decode()


# --- on their way in


def came(content: Mapping[str, Any], arrival: Arrival) -> Mapping[str, Any]:
    """Read what is for us, pass on what is for another State, have back what was ours. Raises Refusal."""
    text = str(content["letter"])
    try:
        kid, told = signing.claims(text, LETTER)
    except NotTaken:
        raise NotTaken("content", settles=True, what="letter") from None
    found = Envelope.of(told)
    about = {"letter": str(found.id), "from": found.sender, "to": found.receiver}
    if arrival.own:
        if found.sender == node() and found.what == What.REFERRAL:
            _had_back(found, at=arrival.at)
        return about
    if found.sender != arrival.head.sender and arrival.head.sender != REGION:
        raise NotTaken("not-theirs", settles=True, kind=Kind.LETTERS.value, sender=arrival.head.sender)
    writer = _writer(found, text, kid)
    if found.receiver == node():
        _read(found, writer, at=arrival.at)
    else:
        _pass_on(found, text, about, at=arrival.at)
    return about


@transaction.atomic
def read_early(peer: Peer, *, at: datetime) -> None:
    """Read what a State wrote, and pass on what was for it, before anybody had compared its card here: whoever wrote
    it does not write the same again."""
    refused = Package.objects.filter(lane__outward=False, lane__stream=Kind.LETTERS, state=Package.REFUSED)
    early = refused.exclude(body=b"").filter(
        Q(reason="exchange.refused.letter-key", values__sender=peer.code)
        | Q(reason="exchange.refused.no-way", values__receiver=peer.code)
    )
    for row in early.select_related("lane__peer").order_by("pk"):
        try:
            row.about = dict(effect(Kind.LETTERS, Arrival(row, row.lane.peer, head_of(row), at)))
        except Refusal:
            continue
        row.state, row.reason, row.values = Package.TAKEN, "", {}
        row.save(update_fields=["about", "state", "reason", "values"])
        audit.record(
            by=BY, at=at, act="exchange.taken", subject=f"node {row.lane.peer_id}",
            detail={"stream": Kind.LETTERS.value, "number": row.number, "reason": ""},
        )  # fmt: skip


def _writer(found: Envelope, text: str, kid: str) -> Peer:
    """The State that signed it, whose card somebody compared here. Raises NotTaken."""
    key = PeerKey.objects.filter(pk=kid, peer=found.sender).select_related("peer").first()
    if key is None:
        raise NotTaken("letter-key", settles=True, sender=found.sender)
    try:
        signing.prove(text, bytes(key.public))
    except NotTaken:
        raise NotTaken("content", settles=True, what="letter") from None
    if key.ended_at and found.made_at > key.ended_at:
        raise NotTaken("letter-key", settles=True, sender=found.sender)
    return key.peer


def _pass_on(found: Envelope, text: str, about: Mapping[str, Any], *, at: datetime) -> None:
    peer = Peer.objects.filter(pk=found.receiver).exclude(pk=found.sender).first()
    if node() != REGION or peer is None:
        raise NotTaken("no-way", settles=True, receiver=found.receiver)
    issue(peer=peer, kind=Kind.LETTERS, content={"letter": text}, by=BY, at=at, about=about)


def _read(found: Envelope, writer: Peer, *, at: datetime) -> None:
    if found.version[0] != VERSION[0]:
        ours, theirs = ("{}.{}".format(*v) for v in (VERSION, found.version))
        why = "newer" if found.version[0] > VERSION[0] else "older"
        raise NotTaken(why, settles=True, kind=Kind.LETTERS.value, version=theirs, ours=ours)
    if found.what == What.REFERRAL:
        known = institutions.opener(found.to)
        if known is None:
            raise NotTaken("sealed", settles=True, sender=found.sender)
        referrals.came(_opened(found, known[1]), sender=found.sender, institution=known[0], at=at)
    elif found.what == What.KEYS:
        own = next(
            (
                k
                for k in NodeKey.objects.order_by("-generation")
                if institutions.key_id(k.sealing) == found.to
            ),
            None,
        )
        if own is None:
            raise NotTaken("sealed", settles=True, sender=found.sender)
        _keys_came(_opened(found, keys.opener(own)), writer, found, at=at)
    else:
        raise NotTaken("kind", settles=True, kind=found.what)


def _keys_came(content: Mapping[str, Any], writer: Peer, found: Envelope, *, at: datetime) -> None:
    card = keys.read_card(str(content["card"]))
    if card.node != writer.code:
        raise NotTaken("not-theirs", settles=True, kind=Kind.LETTERS.value, sender=writer.code)
    last = writer.keys.order_by("-generation").first()
    if last is not None and card.generation > last.generation:
        keys.turn(writer, card, at=found.made_at)
    institutions.came(writer, dict(content["institutions"]), generation=card.generation, at=at)


def _had_back(found: Envelope, *, at: datetime) -> None:
    """A referral's letter that we wrote and this database has forgotten."""
    known = institutions.opener(found.back)
    if known is not None:
        referrals.came(_opened(found, known[1]), sender=node(), institution=known[0], at=at, own=True)


def _opened(found: Envelope, identity: x25519.Identity) -> Mapping[str, Any]:
    """What is in it. Who took another's sealed words and signed them says another State than stands inside."""
    try:
        plain = pyrage.decrypt(b64decode(found.sealed, validate=True), [identity])
        if len(plain) > MOST:
            raise ValueError
        said = json.loads(plain)
        if (said["iss"], said["aud"], said["what"]) != (found.sender, found.receiver, found.what):
            raise ValueError
        content: Mapping[str, Any] = said["content"]
        if not isinstance(content, dict):
            raise TypeError
    except Exception as fault:  # pyrage raises an Exception of its own
        if isinstance(fault, MemoryError):
            raise
        raise NotTaken("sealed", settles=True, sender=found.sender) from None
    return content
