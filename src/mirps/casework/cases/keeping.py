"""Keeping an event: its row, the case's row in the lists, its audit. Whoever calls holds the case and has asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.base.prepared.api import insert, update
from mirps.casework.cases import catalogue, decrees, guardians, queries, rules, sealing
from mirps.casework.cases.models import Case, CaseEvent, Handling, Party, Standing
from mirps.casework.cases.rules import Recorded, Saying, Stand
from mirps.casework.procedures.api import Event, State
from mirps.people.custody.api import Seat


def keep(
    case: Case, row: Standing | None, before: Sequence[Event], said: Event, saying: Saying,
    held: decrees.Decrees, *, seat: Seat, at: datetime, state: State | None = None,
) -> Recorded:  # fmt: skip
    """Insert the event and set the case's row anew (or first). `held`: the decrees in force. `state`: the case with
    the event, where it was folded already."""
    state = state or queries.fold(case.procedure, [*before, said])
    stands = stand(case, row, state, held, events=len(before) + 1, at=at)
    if deciding := rules.deciding(catalogue.version(case.procedure, stands.version), stands.stage):
        Party.objects.filter(case=case, institution__in=deciding, whole=False).update(whole=True)
    id_ = UUID(said.id)
    insert(CaseEvent, [{
        "id": id_, "case_id": case.id, "act": said.act, "happened_at": said.happened, "recorded_at": at,
        "by": seat.user, "role": said.role, "rule": said.rule, "target": saying.target, "device": saying.device,
        "sealed": sealing.sealed(said.values, said.reason, sealing.place(id_, case.id, said.act)),
        "state": seat.state, "institution": seat.institution, "office": said.office,
    }])  # fmt: skip
    if row is not None and row.office != stands.office and row.handler:
        hand(row, "", "", by=seat.user, at=at)  # to the queue of the office that takes it
    guardians.follow(case, catalogue.version(case.procedure, stands.version), state, said, seat=seat, at=at)
    found = answer(case, state, said)
    audit.record(
        by=seat.user, at=at, act="cases.record", subject=f"case/{case.id}",
        detail={"event": said.id, "act": said.act, "before": found.before, "after": found.after}
        | ({"aside": found.aside} if found.aside else {}),
    )  # fmt: skip
    return found


def answer(case: Case, state: State, said: Event, *, again: bool = False) -> Recorded:
    step = next((s for s in state.steps if s.event.id == said.id), None)
    aside = next((why.value for e, why in state.aside if e.id == said.id), "")
    p = catalogue.version(case.procedure, said.rule.partition("@")[2])
    return Recorded(
        event=UUID(said.id), case=case.id, number=case.number, act=said.act,
        before=step.before if step else state.stage, after=step.after if step else state.stage,
        issues=rules.issued(p, said.act) if step else (), again=again, aside=aside, folded=state,
    )  # fmt: skip


def stand(
    case: Case, row: Standing | None, state: State, held: decrees.Decrees, *, events: int, at: datetime
) -> Stand:
    """Set the case's row in the lists anew (or first)."""
    stands = _stand(case, state, held, events=events, at=at)
    _set(case, row, stands)
    return stands


def _stand(case: Case, state: State, held: decrees.Decrees, *, events: int, at: datetime) -> Stand:
    p = catalogue.version(case.procedure, state.version)
    zone = catalogue.clock(p)
    return rules.stand(
        p, state, office=case.office, events=events, last=at, clock=zone, on=at.astimezone(zone).toordinal(),
        decree=len(held), calendar=decrees.calendar_for(p, rules.office_of(state, case.office), held=held),
    )  # fmt: skip


def _set(case: Case, row: Standing | None, stands: Stand) -> None:
    if row is None:
        Standing.objects.create(
            case=case,
            procedure=case.procedure,
            state=case.state,
            institution=case.institution,
            **stands.columns,
        )
    else:
        update(Standing, case.id, stands.columns)


def hand(row: Standing, user: str, note: str, *, by: str, at: datetime) -> Handling:
    """Put a case into somebody's hands (empty: back into the office's queue)."""
    given = Handling(id=uuid7(), case_id=row.case_id, user=user, at=at, by=by)
    given.sealed = sealing.sealed_note(note, given)
    given.save(force_insert=True)
    Standing.objects.filter(pk=row.case_id).update(handler=user)
    return given
