"""What comes of linkages in packages of other nodes: an agreement, that a count is open, rows, a result, an end."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from pyrage import x25519

from mirps.base.audit import api as audit
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange.api import Arrival
from mirps.sharing.linkage import counting, rules
from mirps.sharing.linkage.actions import keep, keep_end, keep_seal
from mirps.sharing.linkage.counting import MOST_PIECES, PIECE
from mirps.sharing.linkage.models import Agreement, Count, Piece
from mirps.sharing.linkage.queries import terms_of
from mirps.sharing.linkage.rules import LinkageRefused, Terms
from mirps.sharing.linkage.telling import tell_signers, tell_step

_MOST_CELLS = 200_000


def came(content: Mapping[str, Any], arrival: Arrival) -> Mapping[str, Any]:
    """Raises LinkageRefused; anything else that is wrong with the contents refuses them too (exchange/taking)."""
    what = str(content["what"])
    if what not in _TAKES:
        raise LinkageRefused("what", found=what[:20])
    if arrival.own:  # given back after a restore: what it did here is done again by hand, or stands
        return {"what": what}
    held = _TAKES[what](content, arrival)
    return {"what": what, "agreement": str(held.pk)}


def _agreement(content: Mapping[str, Any], arrival: Arrival) -> Agreement:
    terms, sender = rules.read(content["terms"]), arrival.head.sender
    if sender not in terms.states or exchange.node() not in (*terms.states, terms.comparer):
        raise LinkageRefused("not-ours", node=exchange.node())
    held = Agreement.objects.filter(pk=terms.id).first()
    if held is not None and held.digest != terms.digest:
        raise LinkageRefused("changed", id=terms.id)
    seals = dict(content["seals"])
    if sender not in seals:
        raise LinkageRefused("seal", node=sender)
    proved = [
        (_proved(node, str(text), terms), str(text))
        for node, text in seals.items()
        if node != exchange.node()
    ]
    new, held = held is None, held or keep(terms, by=f"node {sender}", at=arrival.at)
    for seal, text in proved:
        keep_seal(held, seal, text)
    if exchange.node() == terms.comparer and held.seals.count() == len(terms.states):
        tell_step(held, by=f"node {sender}", at=arrival.at)
    elif new and exchange.node() in terms.states:
        tell_signers(held, "linkage.asked", by=f"node {sender}", at=arrival.at)
    audit.record(by="mirps node", at=arrival.at, act="linkage.came", subject=str(held),
                 detail={"sealed": sorted(s.node for s, _ in proved)})  # fmt: skip
    return held


def _proved(node: str, text: str, terms: Terms) -> rules.Seal:
    """A seal that this node's own key set. Raises LinkageRefused 'seal', 'stranger'."""
    kid, told = exchange.signing.claims(text, rules.SEAL)
    key = exchange.PeerKey.objects.filter(pk=kid, peer_id=node).first()
    if key is None:
        raise LinkageRefused("stranger", node=node)
    exchange.signing.prove(text, bytes(key.public))
    seal = rules.read_seal(told, terms)
    if seal.node != node or (key.ended_at and seal.made_at > key.ended_at):
        raise LinkageRefused("seal", node=node)
    return seal


def _of(content: Mapping[str, Any], arrival: Arrival) -> tuple[Agreement, Terms]:
    return counting.in_force(UUID(str(content["agreement"])), at=arrival.at)


def _open(content: Mapping[str, Any], arrival: Arrival) -> Agreement:
    held, terms = _of(content, arrival)
    if arrival.head.sender != terms.comparer:
        raise LinkageRefused("not-comparer", comparer=terms.comparer)
    period, recipient = str(content["period"]), str(content["recipient"])
    if period != rules.period(terms.every, arrival.head.made_at.date()):
        raise LinkageRefused("period", period=period[:10])
    if held.counts.filter(period=period).exists():
        raise LinkageRefused("again", period=period)
    try:
        x25519.Recipient.from_str(recipient)
    except Exception as fault:  # pyrage raises an Exception of its own
        raise LinkageRefused("what", found="recipient") from fault
    Count.objects.create(agreement=held, period=period, recipient=recipient[:80], opened_at=arrival.at)
    tell_step(held, by=f"node {arrival.head.sender}", at=arrival.at)
    return held


def _rows(content: Mapping[str, Any], arrival: Arrival) -> Agreement:
    held, terms = _of(content, arrival)
    sender, number, of = arrival.head.sender, int(content["piece"]), int(content["of"])
    if sender not in terms.states or exchange.node() != terms.comparer:
        raise LinkageRefused("not-ours", node=exchange.node())
    row = held.counts.filter(period=str(content["period"]), compared_at=None).first()
    if row is None:
        raise LinkageRefused("not-open", period=str(content["period"])[:10], comparer=terms.comparer)
    sealed = b64decode(str(content["sealed"]), validate=True)
    before = row.pieces.filter(node=sender)
    if not 1 <= number <= of <= MOST_PIECES or not 0 < len(sealed) <= PIECE:
        raise LinkageRefused("what", found="piece")
    if before.filter(number=number).exists() or before.exclude(of=of).exists():
        raise LinkageRefused("again", period=row.period)
    Piece.objects.create(count=row, node=sender, number=number, of=of, package=arrival.package)
    if all(counting.whole(row, node) for node in terms.states):
        tell_step(held, by=f"node {sender}", at=arrival.at)
    return held


def _result(content: Mapping[str, Any], arrival: Arrival) -> Agreement:
    held, terms = _of(content, arrival)
    row = held.counts.filter(period=str(content["period"])).first()
    if arrival.head.sender != terms.comparer or row is None or row.sent_at is None:
        raise LinkageRefused("not-comparer", comparer=terms.comparer)
    if row.compared_at is not None:
        raise LinkageRefused("again", period=row.period)
    result = dict(content["result"])
    if any(len(c["key"]) != 1 + len(terms.groups) for c in result["cells"]):
        raise LinkageRefused("what", found="cells")
    cells = [
        {
            "key": [str(k)[:20] for k in c["key"]],
            "value": None if c["value"] is None else int(c["value"]),
        }
        for c in list(result["cells"])[:_MOST_CELLS]
    ]
    row.result = {"cells": cells, "hidden": int(result["hidden"]), "threshold": int(result["threshold"])}
    row.compared_at = arrival.at
    row.save(update_fields=["result", "compared_at"])
    tell_signers(held, "linkage.result", by=f"node {terms.comparer}", at=arrival.at)
    return held


def _end(content: Mapping[str, Any], arrival: Arrival) -> Agreement:
    held = Agreement.objects.filter(pk=UUID(str(content["agreement"]))).first()
    if held is None or arrival.head.sender not in terms_of(held).states:
        raise LinkageRefused("none", id=str(content["agreement"])[:36])
    if held.ended_at is None:
        why = str(content.get("reason", ""))[: rules.MOST_TEXT]
        keep_end(held, why, by=f"node {arrival.head.sender}", at=arrival.at)
        if exchange.node() in terms_of(held).states:
            tell_signers(held, "linkage.ended", by=f"node {arrival.head.sender}", at=arrival.at)
    return held


_TAKES: Mapping[str, Callable[[Mapping[str, Any], Arrival], Agreement]] = {
    "agreement": _agreement, "open": _open, "rows": _rows, "result": _result, "end": _end,
}  # fmt: skip
