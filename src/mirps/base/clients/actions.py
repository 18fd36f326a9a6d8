"""Registering a client, approving it, its keys and its secret, its end."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from mirps.base.access import api as access
from mirps.base.access.api import NotAllowed, User
from mirps.base.audit.api import record
from mirps.base.clients import queries, rules
from mirps.base.clients.models import Client
from mirps.base.clients.rules import ClientFault
from mirps.base.codelists import api as codelists

_MANAGES, _ANSWERS = "people.manage", "reading.read"
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


@transaction.atomic
def register(
    *, name: str, institution: str, scopes: Iterable[str], keys: str, sealing: str, by: User, at: datetime
) -> tuple[Client, str]:
    """A client that waits for approval; and its secret, told once, where it gives no key of its own.

    Raises ClientFault, NotAllowed.
    """
    listed, wanted = codelists.institutions(), sorted(set(scopes))
    if institution not in listed or not listed[institution].extra.get("state"):
        raise ClientFault("interop.fault.institution")
    state = listed[institution].extra["state"]
    access.require(by, _MANAGES, state=state, on=at.date())
    if not name.strip() or len(name) > 120:
        raise ClientFault("interop.fault.name")
    if not wanted or set(wanted) - set(queries.terms().scopes):
        raise ClientFault("interop.fault.scopes")
    id_ = f"{institution.lower().replace('.', '-')}-{''.join(secrets.choice(_LETTERS) for _ in range(6))}"
    secret = "" if keys.strip() else secrets.token_urlsafe(32)
    row = Client.objects.create(
        id=id_[-40:], name=" ".join(name.split()), state=state, institution=institution, scopes=wanted,
        keys=rules.read_keys(keys) if keys.strip() else [], secret=rules.digest(secret) if secret else "",
        sealing=rules.read_sealing(sealing) if sealing.strip() else "", made_at=at, made_by=by.username,
    )  # fmt: skip
    _record(row, "registered", by, at, scopes=wanted, institution=institution)
    return row, secret


@transaction.atomic
def approve(*, client: str, by: User, at: datetime) -> Client:
    """Let it in. By another who administers accounts there, or who answers for the institution's data: never by
    whoever registered it. Raises ClientFault, NotAllowed."""
    row = Client.objects.select_for_update().get(pk=client)
    if not (may_approve(by, row, at) or _manages(by, row, at)):
        raise NotAllowed(_ANSWERS, row.state)
    if access.same_person(by.username, [row.made_by]):
        raise ClientFault("interop.fault.four-eyes")
    if row.stands != "waiting":
        raise ClientFault("interop.fault.not-waiting")
    row.approved_at, row.approved_by = at, by.username
    row.save(update_fields=["approved_at", "approved_by"])
    _record(row, "approved", by, at)
    return row


def may_approve(by: User, row: Client, at: datetime) -> bool:
    """Whether somebody answers for the data of the client's institution."""
    return access.allowed(by, _ANSWERS, state=row.state, body=row.institution, on=at.date())


@transaction.atomic
def rotate_secret(*, client: str, by: User, at: datetime) -> tuple[Client, str]:
    """A new secret, told once; the one before is taken for some hours more, so that nothing stands still."""
    row = _managed(client, by, at)
    secret = secrets.token_urlsafe(32)
    row.before, row.before_until = row.secret, at + timedelta(hours=queries.terms().both)
    row.secret = rules.digest(secret)
    row.save(update_fields=["before", "before_until", "secret"])
    _record(row, "secret-rotated", by, at)
    return row, secret


@transaction.atomic
def set_keys(*, client: str, keys: str, sealing: str, by: User, at: datetime) -> Client:
    """Its public keys in place of those before; a client with keys has no secret. Raises ClientFault, NotAllowed."""
    row = _managed(client, by, at)
    if keys.strip():
        row.keys, row.secret, row.before, row.before_until = rules.read_keys(keys), "", "", None
    if sealing.strip():
        row.sealing = rules.read_sealing(sealing)
    if not (keys.strip() or sealing.strip()):
        raise ClientFault("interop.fault.keys-unread")
    row.save(update_fields=["keys", "secret", "before", "before_until", "sealing"])
    _record(row, "keys-set", by, at, keys=[k["kid"] for k in row.keys], sealing=row.sealing)
    return row


@transaction.atomic
def end(*, client: str, by: User, at: datetime) -> Client:
    """Shut it out, from the next request on; refusing one that waits is the same."""
    row = _managed(client, by, at)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _record(row, "ended", by, at)
    return row


def _managed(client: str, by: User, at: datetime) -> Client:
    row = Client.objects.select_for_update().get(pk=client)
    if not _manages(by, row, at):
        raise NotAllowed(_MANAGES, row.state)
    if row.ended_at:
        raise ClientFault("interop.fault.ended")
    return row


def _manages(by: User, row: Client, at: datetime) -> bool:
    return access.allowed(by, _MANAGES, state=row.state, on=at.date())


def _record(row: Client, act: str, by: User, at: datetime, **detail: object) -> None:
    record(by=by.username, at=at, act=f"client.{act}", subject=f"client/{row.pk}", detail=detail)
