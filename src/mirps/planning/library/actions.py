"""Subscribing to the newsletter, leaving it, and sending it out.

An address is kept only once its owner has confirmed it (the confirmation travels in the signed link), and
is gone as soon as they leave. The audit says that it happened, never to whom.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q

from mirps.base.audit.api import record as audited
from mirps.base.notices import api as notices
from mirps.planning.library.models import Letter, Subscriber
from mirps.planning.records import api as records
from mirps.planning.records.api import Audience

_CONFIRM, _LEAVE = "mirps.newsletter.confirm", "mirps.newsletter.leave"
#: How long the link of a confirmation holds.
CONFIRM_WITHIN = timedelta(days=3)


class AddressFault(ValueError):
    """An address that cannot be written to."""


def asked(*, address: str, language: str) -> str:
    """The token by which the owner of an address confirms. Nothing is kept. Raises AddressFault."""
    plain = address.strip()
    try:
        validate_email(plain)
    except ValidationError:
        raise AddressFault(plain) from None
    if len(plain) > 254:
        raise AddressFault(plain)
    return signing.dumps([plain, language], salt=_CONFIRM)


def read_confirmation(token: str) -> tuple[str, str] | None:
    """The address and language of a confirmation that still holds."""
    try:
        address, language = signing.loads(token, salt=_CONFIRM, max_age=CONFIRM_WITHIN)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(address), str(language)


@transaction.atomic
def confirm(*, token: str, at: datetime) -> Subscriber | None:
    """Take the owner's word that they want the newsletter. None where the link does not hold any more.
    Confirmed again, it only sets the language."""
    found = read_confirmation(token)
    if found is None:
        return None
    address, language = found
    held = Subscriber.objects.select_for_update().filter(address__iexact=address).order_by("id").first()
    if held is not None:
        held.language = language
        held.save(update_fields=["language"])
        return held
    made = Subscriber.objects.create(address=address, language=language, since=at)
    audited(
        by="newsletter",
        at=at,
        act="newsletter.subscribed",
        subject="newsletter",
        detail={"language": language},
    )
    return made


def leaving(subscriber: Subscriber) -> str:
    """The token of a subscriber's way out. It holds for as long as they are one."""
    return signing.dumps(subscriber.pk, salt=_LEAVE)


def subscriber_of(token: str) -> Subscriber | None:
    try:
        pk = signing.loads(token, salt=_LEAVE)
    except signing.BadSignature:
        return None
    return Subscriber.objects.filter(pk=pk).first() if isinstance(pk, int) else None


@transaction.atomic
def leave(*, token: str, at: datetime) -> bool:
    """Forget the subscriber, the address with them. False where the token is nobody's (any more)."""
    held = subscriber_of(token)
    if held is None:
        return False
    held.delete()
    audited(by="newsletter", at=at, act="newsletter.left", subject="newsletter")
    return True


@transaction.atomic
def send_out(*, key: str, by: str, at: datetime, role: str = "") -> int:
    """Make a mail of a newsletter in force for each subscriber who has none of it yet; how many. The
    sender takes them to the server. Raises Record.DoesNotExist."""
    held = records.Record.objects.select_for_update().get(
        pk=key, kind="newsletter", public__isnull=False, audience=Audience.PUBLIC
    )
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    wanting = Subscriber.objects.exclude(letters__newsletter=key).order_by("id")
    made = [
        Letter(
            newsletter=key, subscriber=s, message_id=f"<{uuid.uuid4().hex}@{domain}>", made_at=at, due_at=at
        )
        for s in wanting
    ]
    Letter.objects.bulk_create(made, batch_size=500)
    if made:
        detail = {"to": len(made), "number": held.number, "role": role}
        audited(by=by, at=at, act="newsletter.sent", subject=key, detail=detail)
    return len(made)


# --- what a sender keeps (sending.py)


def claim(*, at: datetime) -> Letter | None:
    """Take the next mail that is due, for this sender alone. One claimed long ago is that of a sender that
    died: it may come twice, under one Message-ID."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - notices.CLAIM_HOLDS)
    waiting = Letter.objects.filter(free, due_at__lte=at, sent_at=None, given_up_at=None)
    while (found := waiting.order_by("due_at", "id").first()) is not None:
        mine = Letter.objects.filter(
            pk=found.pk, claimed_at=found.claimed_at, tries=found.tries, sent_at=None
        )
        if mine.update(claimed_at=at, tries=F("tries") + 1):
            return Letter.objects.select_related("subscriber").get(pk=found.pk)
    return None


def sent(*, letter: Letter, at: datetime) -> None:
    Letter.objects.filter(pk=letter.pk).update(sent_at=at, claimed_at=None, fault="")


def postponed(*, letter: Letter, fault: str, at: datetime) -> None:
    """Later; after days of trying, no more."""
    if at - letter.made_at >= notices.GIVE_UP_AFTER:
        given_up(letter=letter, fault=fault, at=at)
        return
    Letter.objects.filter(pk=letter.pk).update(
        claimed_at=None, due_at=at + notices.next_try(letter.tries), fault=notices.one_line(fault)[:200]
    )


def given_up(*, letter: Letter, fault: str, at: datetime) -> None:
    Letter.objects.filter(pk=letter.pk).update(
        claimed_at=None, given_up_at=at, fault=notices.one_line(fault)[:200]
    )


@transaction.atomic
def bounced(*, letter: Letter, at: datetime) -> None:
    """The server refused the address for good: it is forgotten, with all that waited for it."""
    Subscriber.objects.filter(pk=letter.subscriber_id).delete()
    audited(by="newsletter", at=at, act="newsletter.bounced", subject="newsletter")
