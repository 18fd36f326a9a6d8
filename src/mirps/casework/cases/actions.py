"""What is done in a case: each act one event, its row in the lists and its audit, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.casework.cases import catalogue, decrees, posts, queries, rules, sealing
from mirps.casework.cases.models import Case, CaseEvent, Handling, Party, Standing, Subject
from mirps.casework.cases.numbers import number
from mirps.casework.cases.rules import CaseFault, NotPossible, Recorded, Saying
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.api import Event, Procedure, State
from mirps.casework.procedures.model import Actor
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry


def open_case(
    procedure: str, *, people: Sequence[tuple[UUID, str]], event: Saying, seat: Seat, role: str, at: datetime,
    parent: UUID | None = None, office: str = "",
) -> Recorded:  # fmt: skip
    """Open a case of these people (person, Subject.Role). Its id is that of the event that opens it, so that a
    desk without a line can print its number, and sending it again opens no second."""
    with custody.seated(seat):
        before = Case.objects.filter(pk=event.id).first()
        if before is not None:
            return record(before.id, event, seat=seat, role=role, at=at)
        p = catalogue.latest(procedure)
        p = catalogue.latest(procedure, event.happened.astimezone(catalogue.clock(p)).date())
        at_office = office or (seat.office if seat.institution == p.authority else "")
        case = Case(
            id=event.id, number=number(p.state, event.id), procedure=p.name, parent_id=parent, state=p.state,
            institution=p.authority, office=at_office, opened_at=event.happened, recorded_at=at, by=seat.user,
        )  # fmt: skip
        said = _event(p, event, seat=seat, role=role, at=at, office=at_office)
        _entitled(p, said, seat, case, at_office, at)
        state = State()
        _allowed(p, state, said, at_office)
        _in_view(people, seat, at)
        case.save(force_insert=True)
        Subject.objects.bulk_create(
            Subject(case=case, person_id=person, role=of, since=at, by=seat.user) for person, of in people
        )
        others = {r.institution for r in p.roles.values() if r.institution} - {case.institution}
        Party.objects.bulk_create(Party(case=case, institution=i) for i in sorted(others))
        return _kept(case, None, [], said, event, seat=seat, at=at)


def record(case: UUID, saying: Saying, *, seat: Seat, role: str, at: datetime, office: str = "") -> Recorded:
    """Record an act. Raises NotPossible with every reason, CaseFault for what is not in view, for somebody who
    does not hold the role, and for an id that stands for other words."""
    with custody.seated(seat):
        row, stood = _locked(case, seat)
        again = _again(row.case, stood, saying)
        if again is not None:
            return again
        state = queries.state_of(row.case, stood)
        p = catalogue.version(row.procedure, state.version)
        said = _event(p, saying, seat=seat, role=role, at=at, office=office or row.office)
        _entitled(p, said, seat, row.case, row.office, at)
        _allowed(p, state, said, row.office)
        return _kept(row.case, row, [queries.event(r) for r in stood], said, saying, seat=seat, at=at)


def _locked(case: UUID, seat: Seat) -> tuple[Standing, list[CaseEvent]]:
    """A case that is in view, held until the transaction's end: of two officers at once the second sees what
    the first did."""
    row = (
        Standing.objects.select_for_update(of=("self",))
        .filter(queries.seen(seat), pk=case)
        .select_related("case")
        .first()
    )
    if row is None:
        raise CaseFault("cases.fault.nobody")
    return row, queries.ledger(case)


def _event(p: Procedure, saying: Saying, *, seat: Seat, role: str, at: datetime, office: str) -> Event:
    return Event(
        str(saying.id), saying.act, saying.happened, at, seat.user, role, seat.office or office, p.rule,
        dict(saying.values), saying.reason, str(saying.target or ""),
    )  # fmt: skip


def _entitled(p: Procedure, said: Event, seat: Seat, case: Case, office: str, at: datetime) -> None:
    role = p.roles.get(said.role)
    if role is None:
        raise CaseFault("cases.fault.no-such-role", role=said.role, institution=seat.institution)
    if role.actor is Actor.APPLICANT:  # from their own window, where they sign with the case's number
        if seat.user != case.number:
            raise CaseFault("cases.fault.not-entitled", role=role.name)
        return
    at_home = seat.institution == case.institution
    where = office if at_home and not rules.plain(p, said.act) else ""
    zone = catalogue.clock(p)
    for day in {said.happened.astimezone(zone).date(), at.astimezone(zone).date()}:
        if said.role not in posts.roles_of(
            seat.user, p.name, institution=seat.institution, office=where, on=day
        ):
            raise CaseFault("cases.fault.not-entitled", role=role.name)


def _allowed(p: Procedure, state: State, said: Event, office: str) -> None:
    on: date = said.happened.astimezone(catalogue.clock(p)).date()
    reasons = procedures.refused(p, state, said, decrees.calendar_for(p, office), on)
    if reasons:
        raise NotPossible(reasons)


def _again(case: Case, stood: Sequence[CaseEvent], saying: Saying) -> Recorded | None:
    """What was recorded already under this id; None where nothing was. Raises CaseFault for other words."""
    row = next((r for r in stood if r.id == saying.id), None)
    if row is None:
        return None
    was = queries.event(row)
    same = (was.act, was.happened, dict(was.values), was.reason, was.target) == (
        saying.act, saying.happened, dict(saying.values), saying.reason, str(saying.target or ""),
    )  # fmt: skip
    if not same:
        raise CaseFault("cases.fault.taken")
    return _answer(case, queries.state_of(case, stood), was, again=True)


def _answer(case: Case, state: State, said: Event, *, again: bool = False) -> Recorded:
    step = next((s for s in state.steps if s.event.id == said.id), None)
    aside = next((why.value for e, why in state.aside if e.id == said.id), "")
    p = catalogue.version(case.procedure, state.version or said.rule.partition("@")[2])
    return Recorded(
        event=UUID(said.id), case=case.id, number=case.number, act=said.act,
        before=step.before if step else state.stage, after=step.after if step else state.stage,
        issues=rules.issued(p, said.act) if step else (), again=again, aside=aside,
    )  # fmt: skip


def _kept(
    case: Case,
    row: Standing | None,
    before: list[Event],
    said: Event,
    saying: Saying,
    *,
    seat: Seat,
    at: datetime,
) -> Recorded:
    """Insert the event and set the row of the lists anew."""
    id_ = UUID(said.id)
    CaseEvent(
        id=id_, case=case, act=said.act, happened_at=said.happened, recorded_at=at, by=seat.user, role=said.role,
        rule=said.rule, sealed=sealing.sealed(said.values, said.reason, sealing.place(id_, case.id, said.act)),
        target=saying.target, device=saying.device, state=seat.state, institution=seat.institution,
        office=said.office,
    ).save(force_insert=True)  # fmt: skip
    versions = catalogue.versions(case.procedure)
    zone = catalogue.clock(next(iter(versions.values())))
    state = procedures.fold([*before, said], versions, zone)
    answer = _answer(case, state, said)
    _project(case, row, state, at=at)
    audit.record(
        by=seat.user, at=at, act="cases.record", subject=f"case/{case.id}",
        detail={"event": said.id, "act": said.act, "before": answer.before, "after": answer.after},
    )  # fmt: skip
    return answer


def _project(case: Case, row: Standing | None, state: State, *, at: datetime) -> None:
    p = catalogue.version(case.procedure, state.version)
    held = decrees.in_force(p.state)
    zone = catalogue.clock(p)
    found = rules.stand(
        p, state, office=case.office, last=at, clock=zone, on=at.astimezone(zone).toordinal(),
        calendar=decrees.calendar_for(p, case.office, decrees=held),
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(found, name) for name in found.__slots__}
    values |= {
        "procedure": case.procedure,
        "state": case.state,
        "institution": case.institution,
        "decree": len(held),
    }
    if row is None:
        Standing.objects.create(case=case, **values)
    else:
        Standing.objects.filter(pk=case.id).update(**values)


def _in_view(people: Sequence[tuple[UUID, str]], seat: Seat, at: datetime) -> None:
    ids = {person for person, _ in people}
    seen = registry.Person.objects.filter(custody.seen(seat, at=at), id__in=ids).count()
    if not people or seen != len(ids):
        raise CaseFault("cases.fault.nobody")


def assign(case: UUID, user: str, *, note: str, seat: Seat, at: datetime) -> Handling:
    """Give a case into somebody's hands (empty: back to the queue), with a note for them."""
    with custody.seated(seat), transaction.atomic():
        row, _ = _locked(case, seat)
        given = Handling(id=uuid7(), case_id=case, user=user, at=at, by=seat.user)
        given.sealed = sealing.sealed_note(note, given)
        given.save(force_insert=True)
        Standing.objects.filter(pk=row.pk).update(handler=user)
        audit.record(by=seat.user, at=at, act="cases.assign", subject=f"case/{case}", detail={"to": user})
    return given
