"""Booking, moving, cancelling, and what came of it. Each is one transaction, one event and one audit entry.

What is booked is proved again by the very rules that proposed it, and then held: a unique quarter of an hour of
each officer, room, interpreter and case. Of two who book the same at the same moment one is told that it is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from mirps.base.audit import api as audit
from mirps.casework.appointments import ordering, queries, rules, sealing
from mirps.casework.appointments.models import Appointment, AppointmentEvent, Hold
from mirps.casework.appointments.queries import Board, Want
from mirps.casework.appointments.rules import AppointmentFault, Done, Happened, Slot, Stand, Stood
from mirps.casework.cases import api as cases
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose of what was offered. `wish_told`: they know, and told the person, that nobody fits the
    person's wish."""

    starts: datetime
    officer: str
    room: int | None = None
    interpreter: UUID | None = None
    wish_told: bool = False


def book(
    *, id: UUID, case: UUID, want: Want, choice: Choice, note: str = "", seat: Seat, office: str, at: datetime
) -> Appointment:
    """Book. The same id again is the same appointment. Raises AppointmentFault: what is not free (any more), an
    interpreter who does not fit, a case that is not in view."""
    with custody.seated(seat):
        before = Appointment.objects.filter(pk=id, institution=seat.institution).first()
        if before is not None:
            if before.case_id != case:
                raise AppointmentFault("appointments.fault.order")
            return before
        standing = _standing(case, seat)
        ends = _proved(Board(standing, want, seat=seat, office=office, at=at), choice)
        row = Appointment(
            id=id, case_id=case, kind=want.kind, mode=want.mode, language=want.language if choice.interpreter else "",
            for_child=want.for_child, state=seat.state, institution=seat.institution, office=office,
        )  # fmt: skip
        said = {"wish": want.gender, "not_of": sorted(want.not_of), "dialect": want.dialect, "note": note,
                "wish_told": choice.wish_told}  # fmt: skip
        happened = Happened(Done.BOOKED, choice.starts, ends, choice.officer, choice.room, choice.interpreter)
        _happen(row, [], happened, event=id, said=said, seat=seat, at=at)
        if choice.interpreter is not None:
            ordering.order(row, seat=seat, at=at)
        return row


def move(
    *, event: UUID, appointment: UUID, want: Want, choice: Choice, reason: str, seat: Seat, at: datetime
) -> Appointment:
    """Give another time, officer, room or interpreter. An order of an interpreter who no longer comes is cancelled."""
    with custody.seated(seat):
        row, events = _locked(appointment, seat)
        if any(e.pk == event for e in events):
            return row
        free = queries.held_by(row)
        board = Board(_standing(row.case_id, seat), want, seat=seat, office=row.office, at=at)
        ends = _proved(board, choice, free=free)
        happened = Happened(Done.MOVED, choice.starts, ends, choice.officer, choice.room, choice.interpreter)
        was = row.interpreter_id
        row.mode, row.language = want.mode, want.language if choice.interpreter else ""
        said = {"reason": _needed(reason), "wish": want.gender, "wish_told": choice.wish_told}
        _happen(row, events, happened, event=event, said=said, seat=seat, at=at)
        if was != choice.interpreter:
            ordering.cancel_of(row, seat=seat, at=at)
            if choice.interpreter is not None:
                ordering.order(row, seat=seat, at=at)
        return row


def close(
    *, event: UUID, appointment: UUID, what: Done, reason: str = "", seat: Seat, at: datetime
) -> Appointment:
    """Cancelled, attended or missed. Missed and cancelled need a reason; nothing is missed before it begins."""
    with custody.seated(seat):
        row, events = _locked(appointment, seat)
        if any(e.pk == event for e in events):
            return row
        if what in (Done.BOOKED, Done.MOVED):
            raise AppointmentFault("appointments.fault.order")
        if what is not Done.CANCELLED and at < row.starts:
            raise AppointmentFault("appointments.fault.early")
        said = {"reason": reason.strip() if what is Done.ATTENDED else _needed(reason)}
        _happen(row, events, Happened(what), event=event, said=said, seat=seat, at=at)
        if what is Done.CANCELLED:
            ordering.cancel_of(row, seat=seat, at=at)
        return row


def _standing(case: UUID, seat: Seat) -> cases.Standing:
    found = queries.standing_of(seat, case=case)
    if found is None:
        raise AppointmentFault("appointments.fault.no-case")
    return found


def _locked(appointment: UUID, seat: Seat) -> tuple[Appointment, list[AppointmentEvent]]:
    row = (
        Appointment.objects.select_for_update()
        .filter(pk=appointment, state=seat.state, institution=seat.institution)
        .first()
    )
    if row is None:
        raise AppointmentFault("appointments.fault.none")
    return row, list(row.events.order_by("at", "id"))


def _needed(reason: str) -> str:
    if not reason.strip():
        raise AppointmentFault("appointments.fault.reason")
    return reason.strip()


def _proved(board: Board, choice: Choice, *, free: queries.Freed = queries.NOTHING) -> datetime:
    """The end of the slot that was chosen, if there is such a slot. Raises AppointmentFault with what is wrong."""
    asked = board.asked(free=free)
    if asked.interpreters is not None:
        _proved_interpreter(board, choice)
    day = choice.starts.astimezone(board.clock).date()
    if day not in board.days:
        raise AppointmentFault("appointments.fault.far")
    wanted = replace(
        asked,
        officers=_only(asked.officers, rules.officer(choice.officer)),
        rooms=None if asked.rooms is None else _only(asked.rooms, rules.room(choice.room or 0)),
        interpreters=None if asked.interpreters is None
        else _only(asked.interpreters, rules.interpreter(choice.interpreter or "")),
    )  # fmt: skip
    found, _ = rules.slots(wanted, day, board.clock, board.offs.get(day, ""))
    fitting: list[Slot] = [s for s in found if s.starts == choice.starts]
    if not fitting:
        raise AppointmentFault("appointments.fault.taken")
    if (asked.rooms is None and choice.room) or (asked.interpreters is None and choice.interpreter):
        raise AppointmentFault("appointments.fault.needless")
    return fitting[0].ends


def _only(workers: Iterable[rules.Worker], whose: str) -> list[rules.Worker]:
    return [w for w in workers if w.whose == whose]


def _proved_interpreter(board: Board, choice: Choice) -> None:
    match = board.match
    if match is None or choice.interpreter not in {j.candidate.id for j in match.fit}:
        raise AppointmentFault("appointments.fault.unfit")
    if match.wish_unmet and not choice.wish_told:
        raise AppointmentFault("appointments.fault.wish")


def _happen(
    row: Appointment, events: list[AppointmentEvent], happened: Happened, *, event: UUID, said: dict[str, Any],
    seat: Seat, at: datetime,
) -> None:  # fmt: skip
    """Keep the event, and the row as the events leave it."""
    stood = rules.fold([*map(_told, events), happened])
    row.standing, row.starts, row.ends, row.officer = stood.standing, stood.starts, stood.ends, stood.officer
    row.room_id, row.interpreter_id, row.changed_at = stood.room, stood.interpreter, at
    row.save(force_insert=not events)
    kept = AppointmentEvent(
        id=event, appointment=row, what=happened.what, starts=happened.starts, ends=happened.ends,
        officer=happened.officer, room_id=happened.room, interpreter_id=happened.interpreter, state=row.state,
        institution=row.institution, office=row.office, at=at, by=seat.user,
    )  # fmt: skip
    kept.sealed = sealing.seal(said, kept)
    kept.save(force_insert=True)
    _hold(row, stood)
    audit.record(
        by=seat.user, at=at, act=f"appointment.{happened.what}", subject=f"appointment/{row.pk}",
        detail={"case": str(row.case_id), "kind": row.kind, "starts": stood.starts.isoformat()},
    )  # fmt: skip


def _told(e: AppointmentEvent) -> Happened:
    return Happened(Done(e.what), e.starts, e.ends, e.officer, e.room_id, e.interpreter_id)


def _hold(row: Appointment, stood: Stood) -> None:
    """Have its time held, and nothing else. In one order, so that two who book at once wait and do not lock."""
    if stood.standing not in (Stand.BOOKED, Stand.CANCELLED):
        return
    row.holds.all().delete()
    if not stood.holds:
        return
    whose = [rules.officer(stood.officer), rules.case(row.case_id)]
    whose += [rules.room(stood.room)] if stood.room else []
    whose += [rules.interpreter(stood.interpreter)] if stood.interpreter else []
    held = [
        Hold(
            appointment=row, whose=w, cell=c, state=row.state, institution=row.institution, office=row.office
        )
        for w in sorted(whose)
        for c in rules.cells(stood.starts, stood.ends)
    ]
    try:
        with transaction.atomic():
            Hold.objects.bulk_create(held)
    except IntegrityError as e:
        raise AppointmentFault("appointments.fault.taken") from e
