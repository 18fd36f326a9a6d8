"""The door: opened at an office, entered by a code and a second secret, left by itself.

Nobody learns from an answer, or from how long it takes, whether there is such a code. A try counts before it is
looked at, so that many at once gain nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from mirps.base.audit import api as audit
from mirps.base.crypto import api as crypto
from mirps.base.crypto import tokens
from mirps.casework.letters import api as letters
from mirps.casework.window import rules, sealing
from mirps.casework.window.models import WindowAccess, WindowTry, WindowVisit
from mirps.casework.window.rules import Wait, WindowFault
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

_FORGOTTEN = timedelta(days=30)
#: A step sooner after the last is not written down.
_NOTED = timedelta(seconds=30)


def open_window(person: UUID, secret: str, *, seat: Seat, at: datetime) -> tuple[WindowAccess, str]:
    """Give a person's window its secret, or a new one: the code and the secret, told this once.

    An empty secret is made here. The person stands at the desk: their identity was seen. Raises WindowFault.
    """
    with custody.seated(seat):
        row = registry.Person.objects.filter(custody.seen(seat, at=at), pk=person).first()
        if row is None:
            raise WindowFault("window.fault.nobody")
        facts = registry.standing_of([person], "birth").get(person, [])
        given = rules.tidy(secret) or rules.new_secret()
        if why := rules.weak(given, str(facts[-1].data["date"]) if facts else ""):
            raise WindowFault(f"window.secret.{why}", least=rules.LEAST)
        code = letters.window_code(row.state, person)
        kept = WindowAccess.objects.select_for_update().filter(pk=person).first()
        kept = kept or WindowAccess(
            person_id=person, code=code, state=seat.state, institution=seat.institution
        )
        kept.office, kept.set_at, kept.by, kept.ended_at = seat.office, at, seat.user, None
        kept.sealed = sealing.sealed_secret(given, kept)
        kept.save()
        kept.visits.all().delete()
        WindowTry.objects.filter(token__in=_tokens(code)).delete()
        audit.record(by=seat.user, at=at, act="window.opened", subject=f"person/{person}")
        return kept, given


def shut_window(person: UUID, *, seat: Seat, at: datetime) -> None:
    """Nobody enters any more, from now on."""
    with custody.seated(seat), transaction.atomic():
        kept = (
            WindowAccess.objects.select_for_update().filter(pk=person, institution=seat.institution).first()
        )
        if kept is None:
            raise WindowFault("window.fault.nobody")
        kept.ended_at = at
        kept.save(update_fields=["ended_at"])
        kept.visits.all().delete()
        audit.record(by=seat.user, at=at, act="window.shut", subject=f"person/{person}")


def enter(code: str, secret: str, *, at: datetime) -> str:
    """The word by which the browser is known for a while. Raises Wait, the same for every code."""
    row = _tried(code, secret, at=at)
    word = secrets.token_urlsafe(32)
    with transaction.atomic():
        WindowVisit.objects.filter(last__lt=at - rules.IDLE).delete()
        WindowVisit.objects.create(token=_digest(word), access=row, began=at, last=at)
        audit.record(by=row.code, at=at, act="window.entered", subject=f"window/{row.code}")
    return word


def agrees(access: WindowAccess, secret: str, *, at: datetime) -> None:
    """The second secret once more, before a paper with a name on it. Raises Wait."""
    _tried(access.code, secret, at=at)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who is in."""

    access: WindowAccess
    began: datetime


def visit(word: str, *, at: datetime) -> Visit | None:
    """Who is in by this word; None once it was left, or left alone for too long."""
    if not word:
        return None
    row = WindowVisit.objects.select_related("access").filter(token=_digest(word)).first()
    if row is None:
        return None
    if row.access.ended_at or at - row.last > rules.IDLE or at - row.began > rules.LONGEST:
        row.delete()
        return None
    if at - row.last > _NOTED:
        row.last = at
        row.save(update_fields=["last"])
    return Visit(row.access, row.began)


def leave(word: str) -> None:
    WindowVisit.objects.filter(token=_digest(word)).delete()


def _tried(code: str, secret: str, *, at: datetime) -> WindowAccess:
    tidy = letters.tidy_window_code(code[:60])
    failed = _count(tidy or code.strip().upper()[:60], at=at)
    row = WindowAccess.objects.filter(code=tidy, ended_at=None).first() if tidy else None
    if not sealing.agrees(rules.tidy(secret[: rules.MOST + 1]), row) or row is None:
        raise Wait(rules.wait(failed, at), shut=failed >= rules.SHUT)
    WindowTry.objects.filter(token__in=_tokens(row.code)).delete()
    return row


def _count(code: str, *, at: datetime) -> int:
    """One more try under a code; how many there are. Raises Wait where none counts yet."""
    with transaction.atomic():
        WindowTry.objects.filter(last__lt=at - _FORGOTTEN).delete()
        under = _tokens(code)  # a key that was rotated since forgets no try
        known = (
            WindowTry.objects.filter(token__in=under)
            .order_by("-last")
            .values_list("token", flat=True)
            .first()
        )
        WindowTry.objects.get_or_create(token=known or under[0], defaults={"last": at})
        row = WindowTry.objects.select_for_update().get(token=known or under[0])
        if row.failed >= rules.SHUT:
            raise Wait(None, shut=True)
        if row.until and row.until > at:
            raise Wait(row.until)
        row.failed, row.last = row.failed + 1, at
        row.until = rules.wait(row.failed, at)
        row.save()
        return row.failed


def _tokens(code: str) -> list[bytes]:
    return tokens.candidates(crypto.ring(), "casework.window", code)


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()
