"""Agreeing: proposed, signed by two persons, sealed by the node, told to the other State and to whoever compares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.audit import api as audit
from mirps.base.crypto import api as crypto
from mirps.people.linkage import api as linkage
from mirps.sharing.exchange import api as exchange
from mirps.sharing.linkage import rules
from mirps.sharing.linkage.models import Agreement, Sealed, Signature
from mirps.sharing.linkage.queries import terms_of
from mirps.sharing.linkage.rules import LinkageRefused, Seal, Terms
from mirps.sharing.linkage.telling import SIGN, tell_signers


@transaction.atomic
def propose(
    *, partner: str, comparer: str, purpose: str, basis: str, threshold: int, every: str, until: date, by: str,
    at: datetime,
) -> Agreement:  # fmt: skip
    """Terms between this State and another, to be signed. Raises LinkageRefused 'terms' naming the field, 'comparer',
    'threshold', 'stranger', 'past'."""
    scheme = linkage.scheme()
    terms = rules.read({
        "id": uuid7(), "one": exchange.node(), "other": partner, "comparer": comparer, "purpose": purpose,
        "basis": basis, "attributes": scheme.attributes, "groups": tuple(scheme.groups), "threshold": threshold,
        "every": every, "until": until.isoformat(), "scheme": scheme.digest,
    })  # fmt: skip
    for code in (partner, comparer):
        peer(code)
    if until < at.date():
        raise LinkageRefused("past", until=until.isoformat())
    made = keep(terms, by=by, at=at)
    audit.record(by=by, at=at, act="linkage.proposed", subject=str(made), detail=terms.told())
    tell_signers(made, "linkage.asked", by=by, at=at)
    return made


def keep(terms: Terms, *, by: str, at: datetime) -> Agreement:
    ours = exchange.node() in terms.states
    return Agreement.objects.create(
        id=terms.id, terms=terms.told(), digest=terms.digest, made_at=at, made_by=by,
        version=crypto.ring().current if ours else 0,
    )  # fmt: skip


def peer(code: str) -> exchange.Peer:
    """Raises LinkageRefused 'stranger': whose card nobody compared could be anybody's."""
    found = exchange.Peer.objects.filter(pk=code).first()
    if found is None:
        raise LinkageRefused("stranger", node=code)
    return found


def held_of(agreement: UUID, *, locked: bool = True) -> tuple[Agreement, Terms]:
    """`locked`: until the transaction ends. Raises LinkageRefused 'none'."""
    rows = Agreement.objects.select_for_update() if locked else Agreement.objects.all()
    held = rows.filter(pk=agreement).first()
    if held is None:
        raise LinkageRefused("none", id=agreement)
    return held, terms_of(held)


def _ours(agreement: UUID) -> tuple[Agreement, Terms]:
    """An agreement of this State's, locked. Raises LinkageRefused 'none', 'not-ours'."""
    held, terms = held_of(agreement)
    if exchange.node() not in terms.states:
        raise LinkageRefused("not-ours", node=exchange.node())
    return held, terms


@transaction.atomic
def sign(*, agreement: UUID, user: User, at: datetime) -> Agreement:
    """A person of this State signs; with the second, the node sets its seal and tells the others.

    Raises LinkageRefused 'none', 'twice', 'not-ours', 'scheme', 'ended'; access.NotAllowed.
    """
    access.require(user, SIGN, state=exchange.node(), on=at.date())
    held, terms = _ours(agreement)
    rules.prove_scheme(terms, linkage.scheme().digest)
    rules.prove_open(terms, ended=held.ended_at is not None, on=at.date())
    if access.same_person(user.username, _signers(held)):
        raise LinkageRefused("twice", user=user.username)
    name = user.get_full_name() or user.username
    Signature.objects.create(agreement=held, user=user.username, name=name[:150], at=at)
    audit.record(
        by=user.username, at=at, act="linkage.signed", subject=str(held), detail={"digest": held.digest}
    )
    if held.signatures.count() >= rules.PERSONS and not held.seals.filter(node=exchange.node()).exists():
        _seal(held, terms, by=user.username, at=at)
    return held


def _signers(held: Agreement) -> list[str]:
    return list(held.signatures.order_by("at").values_list("user", flat=True))


def _seal(held: Agreement, terms: Terms, *, by: str, at: datetime) -> None:
    persons = tuple(held.signatures.order_by("at", "id").values_list("name", flat=True))
    seal = Seal(exchange.node(), terms.digest, rules.share_of(private_of(held)), persons, at)
    text = exchange.signing.signed(seal.told(terms.id), exchange.signer_of(exchange.current()), rules.SEAL)
    keep_seal(held, seal, text)
    tell(held, by=by, at=at)


def private_of(held: Agreement) -> bytes:
    """This State's half of the key, from the key file; it is written nowhere."""
    return crypto.ring().key("linkage-share", f"{exchange.node()}/{held.pk}", held.version)


def keep_seal(held: Agreement, seal: Seal, text: str) -> None:
    Sealed.objects.get_or_create(
        agreement=held, node=seal.node,
        defaults={"text": text, "share": seal.share.hex(), "persons": list(seal.persons), "at": seal.made_at},
    )  # fmt: skip


def _others(terms: Terms) -> tuple[str, str]:
    """Who is told what this State does: the other State, and whoever compares."""
    return terms.partner(exchange.node()), terms.comparer


def tell(held: Agreement, *, by: str, at: datetime) -> None:
    """The agreement with the seals so far."""
    terms = terms_of(held)
    seals = {s.node: s.text for s in held.seals.order_by("node")}
    for code in _others(terms):
        send(code, {"what": "agreement", "terms": terms.told(), "seals": seals}, about=held, by=by, at=at)


def send(code: str, content: Mapping[str, Any], *, about: Agreement, by: str, at: datetime) -> None:
    exchange.issue(
        peer=peer(code), kind=exchange.Kind.LINKAGE, content=content, by=by, at=at,
        about={"what": content["what"], "agreement": str(about.pk)},
    )  # fmt: skip


@transaction.atomic
def end(*, agreement: UUID, reason: str, by: str, at: datetime) -> Agreement:
    """Either State declines or ends it, at once and for good. Raises LinkageRefused 'none', 'not-ours', 'reason'."""
    held, terms = _ours(agreement)
    why = rules.reason(reason)
    if held.ended_at is None:
        keep_end(held, why, by=by, at=at)
        if held.seals.exists():  # without any, nobody else has heard of it
            for code in _others(terms):
                told = {"what": "end", "agreement": str(held.pk), "reason": why}
                send(code, told, about=held, by=by, at=at)
    return held


def keep_end(held: Agreement, why: str, *, by: str, at: datetime) -> None:
    held.ended_at, held.ended_by, held.ended_why = at, by, why
    held.save(update_fields=["ended_at", "ended_by", "ended_why"])
    audit.record(by=by, at=at, act="linkage.ended", subject=str(held))
