"""Deciding whether two files are one person's. A person decides, and joining takes a second one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from mirps.base.access.api import User
from mirps.base.audit import api as audit
from mirps.base.refusal import Refusal
from mirps.people.adjudication.models import Suspicion
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry

JOIN, PART = "person.merge", "person.unmerge"


class AdjudicationFault(Refusal):
    """What cannot be decided now, as a text of data/texts/people-adjudication.yaml."""


@transaction.atomic
def keep_apart(*, suspicion: UUID, by: User, why: str, at: datetime) -> Suspicion:
    """They are two people. Needs a reason; nothing of either file changes."""
    row = _open(suspicion)
    if not why.strip():
        raise AdjudicationFault("adjudication.fault.why")
    _answer(row, Suspicion.Answer.DIFFERENT, by.username, at)
    audit.record(
        by=by.username, at=at, act="people.apart", subject=f"person/{row.one_id}",
        detail={"other": str(row.other_id), "suspicion": str(row.id)},
    )  # fmt: skip
    return row


@transaction.atomic
def ask_to_join(
    *, suspicion: UUID, kept: UUID, seat: custody.Seat, why: str, at: datetime
) -> custody.Request:
    """Ask a second person to approve that the two are one, kept under the number of `kept`."""
    row = _open(suspicion)
    other = row.other_id if kept == row.one_id else row.one_id
    if kept not in (row.one_id, row.other_id):
        raise AdjudicationFault("adjudication.fault.which")
    asked = custody.ask(seat=seat, act=JOIN, subject=_subject(kept, other), detail=why, at=at)
    row.request = asked.pk
    row.save(update_fields=["request"])
    return asked


@transaction.atomic
def ask_to_part(*, kept: UUID, other: UUID, seat: custody.Seat, why: str, at: datetime) -> custody.Request:
    """Ask a second person to approve that two files that were joined are not one person's after all."""
    return custody.ask(seat=seat, act=PART, subject=_subject(kept, other), detail=why, at=at)


@transaction.atomic
def carry_out(*, request: custody.Request, by: User, at: datetime) -> registry.Sameness:
    """Join or part as two people agreed; both files keep everything that was said in them.

    Raises CustodyFault where it was not approved, Refused where the files no longer stand as they did.
    """
    kept, other = (UUID(part) for part in request.subject.split("="))
    used = custody.use(request=request.pk, act=request.act, subject=request.subject, by=by.username, at=at)
    why = custody.opened(used, "sealed")
    joined = used.act == JOIN
    done = registry.say_same(
        kept=kept, other=other, joined=joined, by=used.decided_by, second=used.by, why=why, at=at
    )
    one, two = sorted((kept, other))
    for row in Suspicion.objects.select_for_update().filter(one=one, other=two):
        _answer(row, Suspicion.Answer.SAME if joined else Suspicion.Answer.DIFFERENT, by.username, at)
    return done


def _subject(kept: UUID, other: UUID) -> str:
    return f"{kept}={other}"


def _open(suspicion: UUID) -> Suspicion:
    row = Suspicion.objects.select_for_update().get(pk=suspicion)
    if row.answer:
        raise AdjudicationFault("adjudication.fault.answered")
    return row


def _answer(row: Suspicion, answer: str, by: str, at: datetime) -> None:
    row.answer, row.answered_by, row.answered_at, row.request = answer, by, at, None
    row.save(update_fields=["answer", "answered_by", "answered_at", "request"])
