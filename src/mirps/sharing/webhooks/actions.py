"""Subscribing, turning off and on, the secret; telling again by hand."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.audit.api import record
from mirps.base.clients.api import Client
from mirps.base.crypto import api as crypto
from mirps.base.crypto.rules import Place
from mirps.base.hooks import api as hooks
from mirps.base.hooks.api import HookFault
from mirps.sharing.webhooks import happenings, rules
from mirps.sharing.webhooks.models import Delivery, Subscription

_MANAGES = "people.manage"


@transaction.atomic
def subscribe(
    *, client: str, address: str, kinds: Iterable[str], by: User, at: datetime
) -> tuple[Subscription, str]:
    """Tell a client's address of these kinds from now on; and the secret, told once, by which it knows our messages.

    Raises HookFault, NotAllowed.
    """
    row, wanted = Client.objects.get(pk=client), sorted(set(kinds))
    access.require(by, _MANAGES, state=row.state, on=at.date())
    if row.stands != "in-force":
        raise HookFault("hooks.fault.client")
    hooks.address(address, hooks.allowed())
    if not wanted or set(wanted) - set(happenings.kinds()):
        raise HookFault("hooks.fault.kinds")
    id_, secret = uuid4(), hooks.new_secret(os.urandom(32))
    made = Subscription.objects.create(
        id=id_, client=row, address=address, kinds=wanted, seen=at, made_at=at, made_by=by.username,
        sealed=_sealed(id_, {"secret": secret, "before": "", "until": ""}),
    )  # fmt: skip
    audited(made, "subscribed", by.username, at, address=address, kinds=wanted)
    return made, secret


@transaction.atomic
def rotate(*, subscription: UUID, by: User, at: datetime) -> tuple[Subscription, str]:
    """A new secret, told once; for a day both sign, so that the receiver changes over when it can."""
    row = _held(subscription, by, at)
    secret = hooks.new_secret(os.urandom(32))
    told = {"secret": secret, "before": _opened(row)["secret"], "until": (at + rules.BOTH).isoformat()}
    row.sealed = _sealed(row.pk, told)
    row.save(update_fields=["sealed"])
    audited(row, "secret-rotated", by.username, at)
    return row, secret


@transaction.atomic
def turn(*, subscription: UUID, on: bool, by: User, at: datetime) -> Subscription:
    """Off by hand, or on again: then what waits is tried at once, and what happened meanwhile is told."""
    row = _held(subscription, by, at)
    row.off_at, row.off_why, row.failing_since = (
        (None, "", None) if on else (at, "by-hand", row.failing_since)
    )
    row.save(update_fields=["off_at", "off_why", "failing_since"])
    if on:
        row.deliveries.filter(state=Delivery.State.WAITING).update(next_at=at)
    audited(row, "on" if on else "off", by.username, at)
    return row


@transaction.atomic
def end(*, subscription: UUID, by: User, at: datetime) -> Subscription:
    row = _held(subscription, by, at)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audited(row, "ended", by.username, at)
    return row


@transaction.atomic
def again(*, delivery: UUID, by: User, at: datetime) -> Delivery:
    """Have a message sent once more with the next pass, whatever became of it: under its own id."""
    row = Delivery.objects.get(pk=delivery)
    held = _held(row.subscription_id, by, at)
    row.state, row.next_at, row.tries = Delivery.State.WAITING, at, 0
    row.save(update_fields=["state", "next_at", "tries"])
    audited(held, "again", by.username, at, delivery=str(row.pk))
    return row


def secrets_of(row: Subscription, *, at: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    told = _opened(row)
    both = told["before"] and datetime.fromisoformat(told["until"]) > at
    return [told["secret"], *([told["before"]] if both else [])]


def _held(subscription: UUID, by: User, at: datetime) -> Subscription:
    row = Subscription.objects.select_for_update(of=("self",)).select_related("client").get(pk=subscription)
    access.require(by, _MANAGES, state=row.client.state, on=at.date())
    if row.ended_at:
        raise HookFault("hooks.fault.ended")
    return row


def audited(row: Subscription, act: str, by: str, at: datetime, **detail: object) -> None:
    record(
        by=by,
        at=at,
        act=f"webhook.{act}",
        subject=f"client/{row.client_id}",
        detail={"id": str(row.pk), **detail},
    )


# --- the secret, which opens nothing here: it is sealed, since whoever has it can speak in our name


def _place(id_: object) -> Place:
    return Place("sharing_subscription", "sealed", str(id_))


def place_of(row: Subscription) -> Place:
    return _place(row.pk)


def _sealed(id_: object, told: dict[str, str]) -> bytes:
    return crypto.sealer().seal_json(told, _place(id_))


def _opened(row: Subscription) -> dict[str, str]:
    found: dict[str, str] = crypto.sealer().open_json(row.sealed, place_of(row))
    return found


def hold() -> None:
    """Have the secrets sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(Subscription, "sealed", place_of))
