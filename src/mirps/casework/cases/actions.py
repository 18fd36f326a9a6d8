"""What is done in a case: each act one event, with its row in the lists and its audit, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from mirps.base.calendars.api import Calendar
from mirps.casework.cases import catalogue, decrees, keeping, posts, queries, rules
from mirps.casework.cases.models import Case, Party, Post, Standing, Subject
from mirps.casework.cases.numbers import number
from mirps.casework.cases.queries import CaseFile
from mirps.casework.cases.rules import CaseFault, NotPossible, Recorded, Saying
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.api import Because, Event, Procedure, Reason, State, Why
from mirps.casework.procedures.model import Actor
from mirps.casework.procedures.words import CORRECT, MOVE, VOID
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

#: So long after a post has ended a device may still send what was done on it before.
LATE = timedelta(days=60)
#: Why what comes late may not fit, and is kept all the same, for a person to settle.
_KEPT_ALL_THE_SAME = frozenset({Because.STAGE, Because.ENDED, Because.BEGUN, Because.CLOCK, Because.TARGET})


def open_case(
    procedure: str, *, people: Sequence[tuple[UUID, str]], event: Saying, seat: Seat, role: str, at: datetime,
    parent: UUID | None = None, office: str = "",
) -> Recorded:  # fmt: skip
    """Open a case of these people (person, Subject.Role), at this office of the institution that holds it.

    Its id is that of the event that opens it: a desk without a line can print its number, and sending it again
    opens no second. Raises NotPossible, CaseFault.
    """
    try:
        with custody.seated(seat):
            if Case.objects.filter(pk=event.id).exists():
                return _recorded(event.id, event, seat=seat, role=role, at=at, office=office, late=True)
            return _opened(procedure, people, event, seat, role, at, parent, office)
    except IntegrityError:  # the same was sent twice at once, or the id is some other event's
        with custody.seated(seat):
            return _recorded(event.id, event, seat=seat, role=role, at=at, office=office, late=True)


def _opened(
    procedure: str, people: Sequence[tuple[UUID, str]], event: Saying, seat: Seat, role: str, at: datetime,
    parent: UUID | None, office: str,
) -> Recorded:  # fmt: skip
    day = event.happened.astimezone(catalogue.clock(catalogue.latest(procedure))).date()
    p = catalogue.latest(procedure, day)
    holder = rules.holder(p, event.act)
    where = office or (seat.office if seat.institution == holder else "")
    case = Case(
        id=event.id, number=number(p.state, event.id), procedure=p.name, parent_id=parent, state=p.state,
        institution=holder, office=where, opened_at=event.happened, recorded_at=at, by=seat.user,
    )  # fmt: skip
    said = _event(p, event, seat=seat, role=role, at=at, office=where)
    _entitle(p, said, seat, case, where, at, late=bool(event.device))
    held = decrees.in_force(p.state)
    if reasons := procedures.refused(p, State(), said, decrees.calendar_for(p, where, held=held), day):
        raise NotPossible(reasons)
    _in_view(people, seat, at)
    others = rules.institutions(p) - {holder}
    Party.objects.bulk_create(Party(case=case, institution=i) for i in sorted(others))
    case.save(force_insert=True)
    kept = keeping.keep(case, None, [], said, event, held, seat=seat, at=at)
    Subject.objects.bulk_create(
        Subject(case=case, person_id=person, role=Subject.Role(of), since=at, by=seat.user)
        for person, of in people
    )
    return kept


def record(
    case: UUID, saying: Saying, *, seat: Seat, role: str, at: datetime, office: str = "",
    seen: CaseFile | None = None, part: bool = False,
) -> Recorded:  # fmt: skip
    """Record an act. The same id again is the same answer; with other words it is refused. `seen`: the case as it was
    read a moment ago, which is not read again unless something was recorded since. `part`: of what the caller does at
    this seat, all of which ends with whatever is raised; that the id is taken, the caller is told by the database.

    Raises NotPossible with every reason; CaseFault for a case that is not in view, for somebody who does not hold
    the role, and for an act of the past upon which later ones would no longer rest.
    """
    if part:
        return _recorded(case, saying, seat=seat, role=role, at=at, office=office, late=False, seen=seen)
    return _taken(case, saying, seat, role, at, office, late=False)


def take_late(
    case: UUID, saying: Saying, *, seat: Seat, role: str, at: datetime, office: str = ""
) -> Recorded:
    """Keep what a device brings that had no line. What no longer fits is kept too, set aside with its reason
    (`Recorded.aside`, Standing.aside) for a person to settle; a form that lacks something is refused as ever."""
    return _taken(case, saying, seat, role, at, office, late=True)


def _taken(
    case: UUID, saying: Saying, seat: Seat, role: str, at: datetime, office: str, *, late: bool
) -> Recorded:
    try:
        with custody.seated(seat):
            return _recorded(case, saying, seat=seat, role=role, at=at, office=office, late=late)
    except IntegrityError:  # the id is that of an event in another case
        raise CaseFault("cases.fault.taken") from None


def settle(case: UUID, event: UUID, saying: Saying, *, seat: Seat, role: str, at: datetime) -> Recorded:
    """Take back an event that was set aside (`saying` is a `void` of it, with the reason)."""
    with custody.seated(seat):
        row, before, state = _locked(case, seat)
        if (
            saying.act != VOID
            or not any(e.id == str(event) for e, _ in state.aside)
            or saying.target != event
        ):
            raise NotPossible([Reason(Because.TARGET)])
        if not saying.reason.strip():
            raise NotPossible([Reason(Because.REASON)])
        p = catalogue.version(row.procedure, state.version)
        said = _event(p, saying, seat=seat, role=role, at=at, office=_home(row, seat))
        _entitle(p, said, seat, row.case, row.office, at, late=False)
        return keeping.keep(
            row.case, row, before, said, saying, queries.held(row) or decrees.NONE, seat=seat, at=at
        )


def _recorded(
    case: UUID, saying: Saying, *, seat: Seat, role: str, at: datetime, office: str, late: bool,
    seen: CaseFile | None = None,
) -> Recorded:  # fmt: skip
    # Of a case that was seen the role is known to be its procedure's, and is asked for with the case itself.
    ever = posts.ever(seat.user, seen.procedure.name, role, institution=seat.institution) if seen else None
    row, before, state = _locked(case, seat, seen)
    was = next((e for e in before if e.id == str(saying.id)), None)
    if was is not None:
        if not rules.same(was, saying):
            raise CaseFault("cases.fault.taken")
        return keeping.answer(row.case, state, was, again=True)
    p = catalogue.version(row.procedure, state.version)
    said = _event(p, saying, seat=seat, role=role, at=at, office=office or _home(row, seat))
    _entitle(p, said, seat, row.case, row.office, at, late=late, before=before, ever=ever)
    held = queries.held(row) or decrees.NONE
    days = decrees.calendar_for(p, row.office, held=held)
    past = queries.fold(row.procedure, rules.known_at(before, said)) if rules.is_past(state, said) else state
    _allow(p, past if past.begun else state, said, days, row.institution, late=late)
    after = queries.fold(row.procedure, [*before, said])
    if not late:
        gone = _unseated(p, state, after, said)
        if gone:
            # That it cannot be done as the case stands now says more, where it is so.
            _allow(p, state, said, days, row.institution, late=False)
            raise CaseFault("cases.fault.unseats", acts=rules.names(p, gone))
    return keeping.keep(row.case, row, before, said, saying, held, seat=seat, at=at, state=after)


def _locked(case: UUID, seat: Seat, seen: CaseFile | None = None) -> tuple[Standing, list[Event], State]:
    """A case that is in view, held until the transaction's end: of two officers at once the second sees what
    the first did."""
    row = queries.locked(case, seat)
    if row is None:
        raise CaseFault("cases.fault.nobody")
    if row.case.let_go_at:
        raise CaseFault("cases.fault.let-go")
    if seen is not None and seen.seat == seat and (stood := seen.stood(row)):
        return row, *stood
    before = queries.events(queries.ledger(row, seat))
    return row, before, queries.fold(row.procedure, before)


def _home(row: Standing, seat: Seat) -> str:
    return row.office if row.institution == seat.institution else ""


def _event(p: Procedure, saying: Saying, *, seat: Seat, role: str, at: datetime, office: str) -> Event:
    """As the node records it. `office`: where whoever sits at all of an institution says it."""
    return Event(
        str(saying.id), saying.act, saying.happened, at, seat.user, role, seat.office or office, p.rule,
        dict(saying.values), saying.reason, str(saying.target or ""),
    )  # fmt: skip


def _entitle(
    p: Procedure, said: Event, seat: Seat, case: Case, office: str, at: datetime, *, late: bool,
    before: Sequence[Event] = (), ever: Callable[[], list[Post]] | None = None,
) -> None:  # fmt: skip
    """Raises CaseFault unless whoever says it holds the role: when it happened, and today, too. What a device
    brings late needs the role when it happened, and not to have waited too long.

    What moves a case is for the office that has it; what only notes something, for any (rules.plain)."""
    role = p.roles.get(said.role)
    if role is None:
        raise CaseFault("cases.fault.no-such-role", role=said.role, institution=seat.institution)
    if role.actor is Actor.APPLICANT:  # from their own window, where they sign with the case's number
        if seat.user != case.number:
            raise CaseFault("cases.fault.not-entitled", role=role.name)
        return
    of = said.act
    if of in (CORRECT, VOID):  # corrected by who may do it
        of = next((e.act for e in before if e.id == said.target), of)
        if of in p.acts and said.role not in p.acts[of].by:
            raise CaseFault("cases.fault.not-entitled", role=role.name)
    zone = catalogue.clock(p)
    moments = [max(said.happened, at - LATE)] if late else [said.happened, at]
    where = office if seat.institution == case.institution and not rules.plain(p, of) else ""
    days = {m.astimezone(zone).date() for m in moments}
    ever = ever or posts.ever(seat.user, p.name, said.role, institution=seat.institution)
    if not posts.holds(ever(), office=where, days=days):
        raise CaseFault("cases.fault.not-entitled", role=role.name)


def _allow(
    p: Procedure, state: State, said: Event, calendar: Calendar, institution: str, *, late: bool
) -> None:
    on = said.happened.astimezone(catalogue.clock(p)).date()
    reasons = procedures.refused(p, state, said, calendar, on)
    if late and any(r.because in _KEPT_ALL_THE_SAME for r in reasons):
        return
    if not reasons and not rules.office_fits(p, said, institution):
        reasons = [Reason(Because.VALUE, (p.fields[rules.OFFICE].name,), (rules.OFFICE,))]
    if reasons:
        raise NotPossible(reasons)


def _unseated(p: Procedure, was: State, is_: State, said: Event) -> list[str]:
    """The later acts that would lose their place by one of the past, or by one that takes another back.

    Raises CaseFault where it would itself have none."""
    aside = next((why for e, why in is_.aside if e.id == said.id), None)
    if aside is Why.VERSION and said.act == MOVE:
        raise CaseFault("cases.fault.no-place", version=said.values.get("version", ""))
    if aside is not None:
        raise CaseFault("cases.fault.unfit", why=rules.text(f"procedures.aside.{aside.value}"))
    gone = {s.event.id: s.event.act for s in was.steps}
    for step in is_.steps:
        gone.pop(step.event.id, None)
    gone.pop(said.target if said.act == VOID else "", None)
    return list(gone.values())


def _in_view(people: Sequence[tuple[UUID, str]], seat: Seat, at: datetime) -> None:
    ids = {person for person, _ in people}
    seen = registry.Person.objects.filter(custody.seen(seat, at=at), id__in=ids).count()
    if not people or seen != len(ids):
        raise CaseFault("cases.fault.nobody")
