"""Packages on their way out: issued once, numbered, and signed anew where the clock was ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.sharing.exchange import packing, rules, signing
from mirps.sharing.exchange.keys import current, node, recognised, signer, signer_of
from mirps.sharing.exchange.models import Lane, NodeKey, Package, Peer
from mirps.sharing.exchange.rules import Have, Head, Kind, NotTaken

_RANK = {kind.value: n for n, kind in enumerate(rules.ORDER)}


def lane_of(peer: Peer, stream: str, *, outward: bool) -> Lane:
    """The lane, locked until the transaction ends."""
    Lane.objects.get_or_create(outward=outward, peer=peer, stream=stream)
    return Lane.objects.select_for_update().get(outward=outward, peer=peer, stream=stream)


@transaction.atomic
def issue(
    *, peer: Peer, kind: Kind, content: Mapping[str, Any], by: str, at: datetime,
    about: Mapping[str, Any] | None = None, key: NodeKey | None = None,
) -> Package:  # fmt: skip
    """Number, sign (with `key`, or the current one) and keep a package for a peer. It is sent when the line holds."""
    lane, body = lane_of(peer, kind.value, outward=True), packing.body_of(content)
    head = Head(
        id=uuid7(), sender=node(), receiver=peer.code, stream=kind.value, version=rules.VERSIONS[kind],
        number=lane.number + 1, previous=lane.link, digest=packing.digest_of(body), size=len(body),
        made_at=at.replace(microsecond=0),
    )  # fmt: skip
    made = Package.objects.create(
        lane=lane, number=head.number, id_of=head.id, link=head.link, body=body, state=Package.WAITING,
        head=signing.signed(head.told(), signer_of(key or current()), signing.PACKAGE), about=dict(about or {}),
        made_at=head.made_at, recorded_at=at,
    )  # fmt: skip
    _forward(lane, made)
    audit.record(
        by=by, at=at, act="exchange.issued", subject=f"node {peer.code}",
        detail={"stream": kind.value, "number": made.number, **_briefly(made.about)},
    )  # fmt: skip
    return made


def _briefly(about: Mapping[str, Any]) -> dict[str, Any]:
    """How much a package brings: which figures and steps they are stands with the package."""
    return {k: v for k, v in about.items() if not isinstance(v, list)}


def head_of(package: Package) -> Head:
    return Head.of(signing.claims(package.head, signing.PACKAGE)[1])


def whole(package: Package) -> bytes:
    """A package as it travelled. Raises NotTaken 'gone' where its contents are no longer kept (keeping.py)."""
    if not package.body:
        raise NotTaken("gone", number=package.number)
    return packing.joined(package.head, bytes(package.body))


def handed(package: Package, *, at: datetime) -> bytes:
    """The package as it travels now. One that our clock, then ahead, dated later than now is signed anew: neither
    its number nor its link changes."""
    head = head_of(package)
    if head.made_at > at:
        head = replace(head, made_at=at.replace(microsecond=0))
        package.head = _signed_again(package, head)
        package.made_at = head.made_at
        package.save(update_fields=["head", "made_at"])
    return whole(package)


def _signed_again(package: Package, head: Head) -> str:
    """Another head for this package, by the key that signed it before: new keys are told under the old one."""
    known = recognised(signing.claims(package.head, signing.PACKAGE)[0])
    private = signer(known[0], known[1]) if known else signer_of(current())
    return signing.signed(head.told(), private, signing.PACKAGE)


def to_send(peer: Peer, theirs: Mapping[str, Have]) -> list[Package]:
    """What a peer that has come so far has yet to be sent, in the order in which it is of use. Without bodies."""
    found = []
    for lane in Lane.objects.filter(outward=True, peer=peer).order_by("stream"):
        have = theirs.get(lane.stream, Have())
        kept = lane.packages.filter(number__gt=max(have.number, 0)).defer("body").order_by("number")
        rows = {p.number: p for p in kept}
        wanted = rules.lacking(rows, have)
        found += [rows[number] for number in wanted]
    return sorted(found, key=lambda p: (_RANK.get(p.lane.stream, 99), p.number))


def our_have(peer: Peer, *, outward: bool = False) -> dict[str, Have]:
    """How far we have come in each lane of a peer (or, outward, in those to it)."""
    out = {}
    for lane in Lane.objects.filter(outward=outward, peer=peer).order_by("stream"):
        kept = lane.packages.filter(number__gt=0).order_by("number")
        waiting = kept.filter(number__gt=lane.number).values_list("number", flat=True)
        links = kept.filter(number__lte=lane.number, number__gt=lane.number - rules.LINKS)
        out[lane.stream] = Have(
            lane.number, lane.link, frozenset(waiting), dict(links.values_list("number", "link"))
        )
    return out


def to_be_given_back(peer: Peer, theirs: Mapping[str, Have]) -> dict[str, int]:
    """The lanes in which the peer has more of us than we have ourselves, or something else: stream -> from which
    number on it must give us back what we sent. Empty unless we were restored from an old backup."""
    ours = our_have(peer, outward=True)
    found = {}
    for stream, have in theirs.items():
        own = ours.get(stream, Have())
        if number := rules.parted(dict(own.links), own.number, have):
            found[stream] = number
    return found


def returns(peer: Peer, stream: str, since: int) -> list[Package]:
    """What came of a peer from a number on, to be given back to it."""
    rows = Package.objects.filter(lane__outward=False, lane__peer=peer, lane__stream=stream)
    return list(rows.filter(number__gte=max(since, 1), number__lte=_settled(peer, stream)).order_by("number"))


def _settled(peer: Peer, stream: str) -> int:
    rows = Lane.objects.filter(outward=False, peer=peer, stream=stream)
    return rows.values_list("number", flat=True).first() or 0


@transaction.atomic
def number_again(peer: Peer, theirs: Mapping[str, Have], *, by: str, at: datetime) -> int:
    """Packages whose number turned out to be another's go again, under new ones, once our lane agrees with the
    peer's. How many."""
    count = 0
    for stream in Lane.objects.filter(outward=True, peer=peer, packages__state=Package.ASIDE).distinct().values_list(
        "stream", flat=True
    ).order_by("stream"):  # fmt: skip
        lane, have = lane_of(peer, stream, outward=True), theirs.get(stream, Have())
        if (have.number, have.link) != (lane.number, lane.link):
            continue
        for aside in lane.packages.filter(state=Package.ASIDE).order_by("made_at", "-number"):
            if lane.packages.filter(id_of=aside.id_of, number__gt=0).exists():
                aside.delete()  # it had arrived after all, and came back
                continue
            head = replace(head_of(aside), number=lane.number + 1, previous=lane.link)
            aside.number, aside.link, aside.state = head.number, head.link, Package.WAITING
            aside.head = _signed_again(aside, head)
            aside.save()
            _forward(lane, aside)
            count += 1
        audit.record(
            by=by,
            at=at,
            act="exchange.numbered-again",
            subject=f"node {peer.code}",
            detail={"stream": stream},
        )
    return count


def _forward(lane: Lane, package: Package) -> None:
    lane.number, lane.link = package.number, package.link
    lane.save(update_fields=["number", "link"])
