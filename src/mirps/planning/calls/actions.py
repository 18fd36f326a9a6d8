"""Opening a call, and what applicants do in it. Each act: one transaction, one event, one audit entry.

Whether somebody holds the role for an act is for the door to ask; what nobody may do in whatever role
(write after the closing, score one's own) is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from mirps.base.access.api import User
from mirps.base.audit.api import record
from mirps.base.notices.api import zone
from mirps.planning.calls import completeness, rules
from mirps.planning.calls.completeness import Content
from mirps.planning.calls.models import CallEvent, CallRun, Proposal, ProposalVersion
from mirps.planning.calls.queries import Room, content_of
from mirps.planning.calls.rules import Fault, Stage
from mirps.planning.records import api as records

LONGEST_REASON = 4000


class CallFault(ValueError):
    """An act that is not done, with every reason why: keys of data/texts/planning-calls.yaml."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{f.cell}: {f.key} {f.fill}" for f in faults))
        self.faults = list(faults)


class Overtaken(CallFault):
    """Somebody else wrote the proposal since it was read; `held` is what stands."""

    def __init__(self, held: Proposal) -> None:
        super().__init__(Fault("calls.fault.overtaken"))
        self.held = held


def refuse(key: str, cell: str = "", /, **values: object) -> CallFault:
    return CallFault(Fault(key, cell, values))


def reasoned(text: str, cell: str = "reason") -> str:
    """A reason as it is kept. Raises CallFault for none."""
    found = text.strip()
    if len(found) < 3:
        raise refuse("calls.fault.reason", cell)
    if len(found) > LONGEST_REASON:
        raise refuse("calls.lack.long", cell, most=LONGEST_REASON, found=len(found))
    return found


def both(reason: Mapping[str, str], cell: str = "reason") -> dict[str, str]:
    """A reason in both languages: who reads it may read either."""
    return {lang: reasoned(reason.get(lang, ""), f"{cell}-{lang}") for lang in ("es", "en")}


def entered(call: str, user: User, at: datetime) -> Room:
    """The call, locked until the transaction ends. CallRun.DoesNotExist where nobody has opened it."""
    return Room(CallRun.objects.select_for_update().get(pk=call), user, at)


def locked(proposal: str, user: User, at: datetime) -> tuple[Room, Proposal]:
    """A proposal and its call, locked. Proposal.DoesNotExist."""
    room = entered(Proposal.objects.only("run_id").get(pk=proposal).run_id, user, at)
    return room, Proposal.objects.select_for_update().get(pk=proposal)


def happened(
    room: Room,
    what: str,
    *,
    role: str = "",
    proposal: Proposal | None = None,
    data: dict[str, Any] | None = None,
) -> CallEvent:
    """Keep an event and its audit entry. What the entry says is no secret: never a score or a reason."""
    made = CallEvent.objects.create(
        run=room.run, proposal=proposal, what=what, by=room.name, role=role, at=room.now, data=data or {}
    )
    subject = f"call {room.run.call}" if proposal is None else f"proposal {proposal.pk}"
    record(
        by=room.name,
        at=room.now,
        act=f"call.{what}",
        subject=subject,
        detail={"event": made.pk, "role": role},
    )
    room.__dict__.pop("ledger", None)
    return made


# --- the call


@transaction.atomic
def open_call(*, call: str, user: User, role: str, at: datetime) -> CallRun:
    """Freeze the terms of a call's record that is in force and let it open at its moment.

    Raises CallFault with all that it lacks; opened twice changes nothing. Record.DoesNotExist."""
    held = records.Record.objects.select_for_update().get(pk=f"call/{call}")
    if again := CallRun.objects.filter(pk=call).first():
        return again
    if held.public is None:
        raise refuse("calls.unready.draft")
    clock_of = held.public.get("clock-of", "")
    t = rules.terms(held.public, zone(clock_of))
    if faults := rules.not_ready(t, at):
        raise CallFault(*faults)
    assert t.opens
    assert t.closes
    made = CallRun.objects.create(
        call=call, terms=held.public, number=held.number, clock_of=clock_of, opens=t.opens, closes=t.closes,
        opened_by=user.username, opened_at=at,
    )  # fmt: skip
    happened(Room(made, user, at), "opened", role=role, data={"number": held.number})
    return made


@transaction.atomic
def extend(
    *, call: str, closes: datetime, reason: Mapping[str, str], user: User, role: str, at: datetime
) -> CallRun:
    """Put the closing off, before it has come, for everybody alike."""
    room = entered(call, user, at)
    why = both(reason)
    if room.stage not in (Stage.ANNOUNCED, Stage.OPEN):
        raise refuse("calls.fault.closed")
    if closes <= room.run.closes:
        raise refuse("calls.fault.earlier", "closes")
    was, room.run.closes = room.run.closes, closes
    room.run.save(update_fields=["closes"])
    happened(
        room,
        "extended",
        role=role,
        data={"was": was.isoformat(), "closes": closes.isoformat(), "reason": why},
    )
    return room.run


@transaction.atomic
def ask(*, call: str, text: str, lang: str, user: User, role: str, at: datetime) -> CallEvent:
    """Ask about a call. Nobody is shown who asked."""
    room = entered(call, user, at)
    until = room.terms.questions_until or room.run.closes
    if room.stage is not Stage.OPEN or at >= until:
        raise refuse("calls.fault.no-questions")
    return happened(room, "asked", role=role, data={"text": reasoned(text, "text"), "lang": lang})


@transaction.atomic
def answer(
    *, call: str, asked: int, question: Mapping[str, str], answer: Mapping[str, str], user: User, role: str,
    at: datetime,
) -> CallEvent:  # fmt: skip
    """Answer a question once for all, in both languages; the question is told as it was understood."""
    room = entered(call, user, at)
    held = room.ledger.questions.get(asked)
    if held is None or held.answered_at:
        raise refuse("calls.fault.answered")
    data = {"asked": asked, "question": both(question, "question"), "answer": both(answer, "answer")}
    return happened(room, "answered", role=role, data=data)


# --- proposals


def require_writable(room: Room, p: Proposal) -> None:
    """A proposal is written while the call is open and it is not handed in."""
    if room.stage is not Stage.OPEN:
        raise refuse("calls.fault.late" if room.stage.rank > Stage.OPEN.rank else "calls.fault.early")
    if p.status == "submitted":
        raise refuse("calls.fault.handed-in")


@transaction.atomic
def begin(*, call: str, institution: str, user: User, role: str, at: datetime) -> Proposal:
    """Begin a proposal of an institution that may apply."""
    room = entered(call, user, at)
    if room.stage is not Stage.OPEN:
        raise refuse("calls.fault.late" if room.stage.rank > Stage.OPEN.rank else "calls.fault.early")
    who = room.would_apply(institution)
    if failed := completeness.may_apply(room.terms, who):
        raise CallFault(*(Fault(f"calls.test.{t.test}", "institution", {"value": t.value}) for t in failed))
    made = Proposal.objects.create(
        run=room.run,
        institution=institution,
        state=who.state,
        made_by=user.username,
        made_at=at,
        changed_at=at,
    )
    happened(room, "begun", role=role, proposal=made)
    return made


@transaction.atomic
def write(*, proposal: str, content: Content, base: int, user: User, at: datetime) -> Proposal:
    """Keep what was written, whole or not. Raises Overtaken when another wrote since `base`."""
    room, held = locked(proposal, user, at)
    require_writable(room, held)
    data = completeness.kept(content)
    if data == held.content:
        return held
    if base != held.version:
        raise Overtaken(held)
    held.content, held.version, held.changed_at, held.status = data, held.version + 1, at, "draft"
    held.save(update_fields=["content", "version", "changed_at", "status"])
    ProposalVersion.objects.create(proposal=held, number=held.version, content=data, by=user.username, at=at)
    record(
        by=user.username,
        at=at,
        act="proposal.written",
        subject=f"proposal {held.pk}",
        detail={"version": held.version},
    )
    return held


def lacking(room: Room, p: Proposal) -> list[Fault]:
    """What keeps a proposal from being handed in."""
    papers = set(p.papers.filter(withdrawn_at=None).order_by().values_list("document", flat=True))
    found = completeness.lacking(room.terms, content_of(p), papers)
    nodes = content_of(p).nodes
    known = records.titled(nodes, "en")
    return found + [Fault("calls.lack.node", "lines", {"found": n}) for n in nodes if n not in known]


@transaction.atomic
def submit(*, proposal: str, user: User, role: str, at: datetime) -> Proposal:
    """Hand a proposal in. Raises CallFault naming everything that is missing, and after the closing.

    A test of eligibility that it fails does not keep it out: the applicant is told before, and a person
    decides after the closing."""
    room, held = locked(proposal, user, at)
    require_writable(room, held)
    if faults := lacking(room, held):
        raise CallFault(*faults)
    failed = [t.test for t in room.failed(held)]
    held.status, held.submitted_at = "submitted", at
    held.save(update_fields=["status", "submitted_at"])
    happened(room, "submitted", role=role, proposal=held, data={"version": held.version, "failed": failed})
    return held


@transaction.atomic
def take_back(*, proposal: str, user: User, role: str, at: datetime) -> Proposal:
    """Take a proposal back to change it, while the call is open."""
    room, held = locked(proposal, user, at)
    if held.status != "submitted":
        raise refuse("calls.fault.not-handed-in")
    if room.stage is not Stage.OPEN:
        raise refuse("calls.fault.late")
    held.status, held.submitted_at = "draft", None
    held.save(update_fields=["status", "submitted_at"])
    happened(room, "taken-back", role=role, proposal=held)
    return held


@transaction.atomic
def withdraw(*, proposal: str, reason: str, user: User, role: str, at: datetime) -> Proposal:
    """Withdraw a proposal for good, at any time before applicants are told."""
    room, held = locked(proposal, user, at)
    if held.status == "withdrawn":
        return held
    if room.stage is Stage.TOLD:
        raise refuse("calls.fault.told")
    held.status = "withdrawn"
    held.save(update_fields=["status"])
    happened(room, "withdrawn", role=role, proposal=held, data={"reason": reasoned(reason)})
    end_if_all_in(Room(room.run, user, at))
    return held


def end_if_all_in(room: Room) -> None:
    """The first reading ends by itself with the last sheet: nobody chooses the moment at which names and
    scores are shown."""
    if room.stage is Stage.READING and not room.awaited():
        happened(room, "reading-ended")
