"""One pass: see what happened, and send what is due. Broken off anywhere, the next pass goes on: what was sent and not
written down goes once more under the same id, by which its receiver knows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mirps.base.access import api as access
from mirps.base.clients.api import Client
from mirps.base.hooks import api as hooks
from mirps.base.hooks.api import Answer, HookFault
from mirps.base.notices import api as notices
from mirps.sharing.webhooks import actions, happenings, rules
from mirps.sharing.webhooks.models import Attempt, Delivery, Subscription

#: A pass sends for so long (seconds); what is left is due in the next.
LONGEST = 60.0
Post = Callable[[str, bytes, dict[str, str]], Answer]


@dataclass(frozen=True, slots=True)
class Tally:
    sent: int = 0
    failed: int = 0


def working() -> list[Subscription]:
    """The subscriptions that are told: on, of clients that stand."""
    rows = Subscription.objects.filter(
        off_at=None, ended_at=None, client__ended_at=None, client__approved_at__isnull=False
    )
    return list(rows.select_related("client").order_by("pk"))


def look(*, at: datetime) -> int:
    """Put down what happened since the last look, once for each subscription that is told of it; how many are new."""
    return sum(_looked(row, at) for row in working())


def _looked(row: Subscription, at: datetime) -> int:
    client = row.client
    since = max(row.made_at, row.seen - rules.LATE)
    found = [
        h
        for h in happenings.since(client.state, client.institution, since, user=client.user)
        if h.kind in row.kinds
    ]
    held = set(row.deliveries.filter(source__in=[h.source for h in found]).values_list("kind", "source"))
    fresh = [h for h in found if (h.kind, h.source) not in held]
    with transaction.atomic():
        Delivery.objects.bulk_create(
            [Delivery(subscription=row, kind=h.kind, source=h.source, about=dict(h.about), happened_at=h.at, made_at=at,
                      next_at=at) for h in fresh],
            ignore_conflicts=True,  # of two passes at once
        )  # fmt: skip
        Subscription.objects.filter(pk=row.pk).update(seen=at)
    return len(fresh)


def send(*, clock: Callable[[], datetime], post: Post = hooks.post) -> Tally:
    """Send what is due, the oldest first. A subscription whose try fails rests until the next pass."""
    sent = failed = 0
    ends = time.monotonic() + LONGEST
    for row in working():
        due = row.deliveries.filter(state=Delivery.State.WAITING).order_by("happened_at", "id")
        for delivery in due.filter(next_at__lte=clock())[:1000]:
            if time.monotonic() > ends:
                return Tally(sent, failed)
            if not _claimed(delivery, clock()):
                continue
            if _tried(row, delivery, clock, post):
                sent += 1
            else:
                failed += 1
                break
    return Tally(sent, failed)


def _claimed(delivery: Delivery, at: datetime) -> bool:
    """Take a delivery for this pass: of two at once, one has it."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING, next_at=delivery.next_at)
    return bool(mine.update(next_at=at + rules.CLAIMED))


def _tried(row: Subscription, delivery: Delivery, clock: Callable[[], datetime], post: Post) -> bool:
    at = clock()
    body = rules.body(delivery.kind, delivery.happened_at, delivery.about)
    marks = hooks.signed(f"msg_{delivery.pk.hex}", at, body, actions.secrets_of(row, at=at))
    try:
        answer = post(row.address, body, {"Content-Type": "application/json", **marks})
    except HookFault as fault:  # the node's list of hosts changed, or the name leads inside
        answer = Answer(0, fault.key.encode(), 0, {})
    with transaction.atomic():
        held = Subscription.objects.select_for_update(of=("self",)).select_related("client").get(pk=row.pk)
        _settle(held, delivery, answer, at)
    return answer.ok


def _settle(row: Subscription, delivery: Delivery, answer: Answer, at: datetime) -> None:
    Attempt.objects.create(
        delivery=delivery, at=at, status=answer.status, answered=rules.shown(answer.text), ms=answer.ms
    )
    delivery.tries += 1
    if answer.ok:
        delivery.state, delivery.next_at, row.failing_since = Delivery.State.DONE, None, None
    else:
        delivery.next_at = rules.next_try(delivery.tries, at)
        delivery.state = Delivery.State.WAITING if delivery.next_at else Delivery.State.GIVEN_UP
        row.failing_since = row.failing_since or at
        if why := rules.spent(row.failing_since, answer.status, at):
            row.off_at, row.off_why = at, why
            _tell(row, at)
    delivery.save(update_fields=["state", "tries", "next_at"])
    row.save(update_fields=["failing_since", "off_at", "off_why"])


def _tell(row: Subscription, at: datetime) -> None:
    """Tell those who administer accounts there that a subscription was turned off."""
    client: Client = row.client
    held = access.holdings(on=at.date())
    actions.audited(row, "off", "mirps", at, why=row.off_why)
    notices.tell(
        to=access.able(held, "people.manage", state=client.state, on=at.date()), kind="webhook.off", by="mirps", at=at,
        about=notices.About(state=client.state, institution=client.institution, section=client.pk),
    )  # fmt: skip
