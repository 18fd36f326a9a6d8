"""Enrolling, leaving, attending, and being given a certificate. Each act: one transaction, one audit entry."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from mirps.base.audit.api import record as audited
from mirps.base.refusal import Refusal
from mirps.planning.knowledge.models import Certificate, Enrolment
from mirps.planning.knowledge.queries import course, enrolled
from mirps.planning.knowledge.rules import Door, Lack, door, lacks
from mirps.planning.records import api as records
from mirps.planning.records.api import Record

#: Letters and digits that nobody takes for another when a certificate is read aloud or typed.
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LONGEST_NAME = 150


class Declined(Refusal):
    """An act on a course that is not done."""


@transaction.atomic
def enrol(*, key: str, person: str, name: str, shown: bool, by: str, at: datetime, on: date) -> Enrolment:
    """Enrol somebody; who left may come back. Raises Declined with why not, Record.DoesNotExist."""
    held = Record.objects.select_for_update().get(pk=key)
    if held.public is None:
        raise Declined("learning.door.not-here")
    mine = Enrolment.objects.filter(course=key, person=person).first()
    if mine is not None and mine.left_at is None:
        return mine
    found = door(course(held.public), on, enrolled(key))
    if found is not Door.OPEN:
        raise Declined(f"learning.door.{found.value}")
    called = _named(name)
    made, _ = Enrolment.objects.update_or_create(
        course=key, person=person,
        defaults={"enrolled_at": at, "left_at": None, "name": called, "shown_since": at if shown else None},
    )  # fmt: skip
    audited(by=by, at=at, act="learning.enrolled", subject=key, detail={"person": person})
    return made


def _named(name: str) -> str:
    called = " ".join(name.split())
    if not 2 <= len(called) <= LONGEST_NAME:
        raise Declined("learning.fault.name")
    return called


@transaction.atomic
def leave(*, key: str, person: str, by: str, at: datetime) -> None:
    """Leave a course. Nothing happens to somebody who is not in it, or who holds its certificate."""
    found = Enrolment.objects.select_for_update(of=("self",)).filter(
        course=key, person=person, left_at=None, certificate=None
    )
    for e in found.order_by("id"):
        e.left_at = at
        e.save(update_fields=["left_at"])
        audited(by=by, at=at, act="learning.left", subject=key, detail={"person": person})


@transaction.atomic
def show(*, key: str, person: str, shown: bool, by: str, at: datetime) -> None:
    """Agree that the certificate's page tells one's name to anybody, or no longer agree."""
    for e in Enrolment.objects.select_for_update().filter(course=key, person=person).order_by("id"):
        if bool(e.shown_since) != shown:
            e.shown_since = at if shown else None
            e.save(update_fields=["shown_since"])
            audited(by=by, at=at, act="learning.name", subject=key, detail={"person": person, "shown": shown})


@transaction.atomic
def attend(*, key: str, days: Mapping[int, Iterable[str]], by: str, at: datetime) -> None:
    """Mark on which days people attended: enrolment -> days. Days that the course does not have are left out."""
    held = records.get(key)
    known = {d.isoformat() for d in course(held.public or {}).days}
    marked = []
    found = Enrolment.objects.select_for_update().filter(course=key, pk__in=days, left_at=None)
    for e in found.order_by("id"):
        attended = sorted(set(days[e.pk]) & known)
        if attended != e.days:
            e.days, e.marked_by, e.marked_at = attended, by, at
            e.save(update_fields=["days", "marked_by", "marked_at"])
            marked.append(e.person)
    if marked:
        audited(by=by, at=at, act="learning.attended", subject=key, detail={"people": marked})


@transaction.atomic
def certify(*, key: str, by: str, at: datetime, on: date) -> list[Certificate]:
    """Give a certificate to everybody who earned one and has none. Raises Declined where the course gives none
    or is not over."""
    held = records.get(key)
    terms = course(held.public or {})
    made = []
    waiting = Enrolment.objects.select_for_update(of=("self",)).filter(
        course=key, left_at=None, certificate=None
    )
    for e in waiting.order_by("id"):
        lack = lacks(terms, [date.fromisoformat(d) for d in e.days], on)
        if lack in (Lack.NONE_GIVEN, Lack.NOT_OVER):
            raise Declined(f"learning.lack.{lack.value}")
        if lack is None:
            made.append(
                Certificate.objects.create(
                    code=_code(), enrolment=e, course=held.public, issued_at=at, issued_by=by
                )
            )
    if made:
        audited(
            by=by,
            at=at,
            act="learning.certified",
            subject=key,
            detail={"certificates": [c.code for c in made]},
        )
    return made


@transaction.atomic
def revoke(*, code: str, why: str, by: str, at: datetime) -> Certificate:
    """Withdraw a certificate; its page says so. Raises Declined without a reason."""
    if len(why.strip()) < 3:
        raise Declined("learning.fault.reason")
    held = Certificate.objects.select_for_update().get(pk=code)
    if held.withdrawn_at is None:
        held.withdrawn_at, held.withdrawn_why = at, why.strip()[:2000]
        held.save(update_fields=["withdrawn_at", "withdrawn_why"])
        audited(
            by=by, at=at, act="learning.revoked", subject=held.enrolment.course, detail={"certificate": code}
        )
    return held


@transaction.atomic
def forget(*, person: str, by: str, at: datetime) -> int:
    """Delete what is kept of somebody: enrolments, attendance and certificates. How many courses it was."""
    found = Enrolment.objects.filter(person=person)
    n = found.count()
    found.delete()
    if n:
        audited(by=by, at=at, act="learning.forgotten", subject="planning", detail={"courses": n})
    return n


def _code() -> str:
    """Sixteen signs in groups of four: 79 bits, which nobody guesses."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(16))
    return "-".join(signs[i : i + 4] for i in range(0, 16, 4))
