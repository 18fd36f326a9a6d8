"""Rooms, hours, suppliers and interpreters, their languages, days away and conflicts of interest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.casework.appointments import matching, ordering, rules, sealing
from mirps.casework.appointments.matching import Speech
from mirps.casework.appointments.models import (
    Away,
    Conflict,
    Hours,
    Interpreter,
    Room,
    Speaks,
    Supplier,
    Turn,
)
from mirps.casework.appointments.rules import AppointmentFault, Became, Mode, Sort
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat


def _audited(seat: Seat, at: datetime, act: str, subject: str) -> None:
    audit.record(by=seat.user, at=at, act=act, subject=subject)


def add_room(
    *, name: str, for_children: bool = False, step_free: bool = False, seat: Seat, office: str, at: datetime
) -> Room:
    if not name.strip():
        raise AppointmentFault("appointments.fault.name")
    with custody.seated(seat):
        row = Room.objects.create(
            **seat.kept(at, office), name=name.strip()[:80], for_children=for_children, step_free=step_free
        )
        _audited(seat, at, "room.added", f"room/{row.pk}")
        return row


def set_hours(
    *,
    whose: str,
    windows: Iterable[tuple[int, time, time]],
    since: date,
    seat: Seat,
    office: str,
    at: datetime,
) -> list[Hours]:
    """The week of an officer at an office (or of an interpreter, at none) from a day on; what held before ends the
    day before. Raises AppointmentFault for hours that are none or overlap."""
    given = sorted(windows)
    for one, two in pairwise(given):
        if one[0] == two[0] and two[1] < one[2]:
            raise AppointmentFault("appointments.fault.overlap")
    if any(a >= b or not 0 <= day <= 6 for day, a, b in given):
        raise AppointmentFault("appointments.fault.window")
    with custody.seated(seat):
        before = Hours.objects.filter(
            whose=whose, state=seat.state, institution=seat.institution, office=office
        )
        before.filter(since__gte=since).delete()  # never in force
        longer = Q(until=None) | Q(until__gte=since)
        before.filter(longer).update(until=date.fromordinal(since.toordinal() - 1))
        made = [
            Hours(**seat.kept(at, office), whose=whose, weekday=day, starts=a, ends=b, since=since)
            for day, a, b in given
        ]
        Hours.objects.bulk_create(made)
        _audited(seat, at, "hours.set", whose[:120])
        return made


def away(*, whose: str, starts: date, ends: date, reason: str, seat: Seat, at: datetime) -> Away:
    """Days on which an interpreter or a room cannot be had. What is booked on them stands until it is moved
    (queries.to_move)."""
    if ends < starts:
        raise AppointmentFault("appointments.fault.window")
    with custody.seated(seat):
        row = Away.objects.create(**seat.kept(at, ""), whose=whose, starts=starts, ends=ends)
        _became(whose, Became.AWAY, starts, ends, reason=reason, seat=seat, at=at)
        return row


def back(*, away: int, whose: str, reason: str, seat: Seat, at: datetime) -> None:
    """It can be had again before the time, or the absence was a mistake."""
    with custody.seated(seat):
        row = _ours(Away, seat).filter(pk=away, whose=whose, taken_back_at=None).first()
        if row is None:
            raise AppointmentFault("appointments.fault.none")
        row.taken_back_at = at
        row.save(update_fields=["taken_back_at"])
        _became(whose, Became.BACK, row.starts, row.ends, reason=reason, seat=seat, at=at)


def end_room(*, room: int, on: date, reason: str, seat: Seat, at: datetime) -> None:
    """Given no more from a day on. What is booked there afterwards stands until it is moved."""
    _end(Room, room, rules.room(room), on, reason, seat, at)


def end_interpreter(*, interpreter: UUID, on: date, reason: str, seat: Seat, at: datetime) -> int:
    """No longer in the registry from a day on: what is ordered of them for later is cancelled. How many orders."""
    with custody.seated(seat):
        _end(Interpreter, interpreter, rules.interpreter(interpreter), on, reason, seat, at)
        return ordering.cancel_from(on, Q(interpreter=interpreter), note=reason, seat=seat, at=at)


def end_supplier(*, supplier: UUID, on: date, reason: str, seat: Seat, at: datetime) -> int:
    """None of its interpreters from a day on: what is ordered of it for later is cancelled. How many orders."""
    with custody.seated(seat):
        _end(Supplier, supplier, rules.supplier(supplier), on, reason, seat, at)
        return ordering.cancel_from(on, Q(supplier=supplier), note=reason, seat=seat, at=at)


def _end(
    model: type[Room | Interpreter | Supplier], pk: object, whose: str, on: date, reason: str, seat: Seat,
    at: datetime,
) -> None:  # fmt: skip
    with custody.seated(seat):
        row = _ours(model, seat).select_for_update().filter(pk=pk).first()
        if row is None or row.ended is not None:
            raise AppointmentFault("appointments.fault.none")
        row.ended = on
        row.save(update_fields=["ended"])
        _became(whose, Became.ENDED, on, None, reason=reason, seat=seat, at=at)


def _ours(model: Any, seat: Seat) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(state=seat.state, institution=seat.institution)
    return found


def _became(
    whose: str, what: Became, starts: date, ends: date | None, *, reason: str, seat: Seat, at: datetime
) -> None:
    if not reason.strip():
        raise AppointmentFault("appointments.fault.reason")
    row = Turn(**seat.kept(at, ""), id=uuid7(), whose=whose, what=what, starts=starts, ends=ends)
    row.sealed = sealing.seal({"reason": reason.strip()[:500]}, row)
    row.save(force_insert=True)
    _audited(seat, at, f"{whose.partition(':')[0]}.{what}", whose[:120])


def add_supplier(
    *, id: UUID, sort: Sort, about: Mapping[str, str], hour: Decimal, currency: str, seat: Seat, at: datetime
) -> Supplier:
    """`about`: name, contact."""
    if not about.get("name", "").strip() or hour < 0 or len(currency) != 3:
        raise AppointmentFault("appointments.fault.supplier")
    with custody.seated(seat):
        row = Supplier(**seat.kept(at, ""), id=id, sort=sort, hour=hour, currency=currency.upper())
        row.sealed = sealing.seal(about, row)
        row.save(force_insert=True)
        _audited(seat, at, "supplier.added", f"supplier/{id}")
        return row


def add_interpreter(
    *, id: UUID, supplier: UUID, about: Mapping[str, str], gender: str, modes: Iterable[Mode],
    speaks: Iterable[Speech], seat: Seat, at: datetime,
) -> Interpreter:  # fmt: skip
    """`about`: name, contact, nationality (a country's code), origin (municipality or community). Raises
    AppointmentFault for one without a name, a way or a language."""
    said, held = list(speaks), sorted({Mode(m) for m in modes})
    if (
        not about.get("name", "").strip()
        or not said
        or not held
        or any(s.level not in matching.LEVELS for s in said)
    ):
        raise AppointmentFault("appointments.fault.interpreter")
    with custody.seated(seat), transaction.atomic():
        if not _ours(Supplier, seat).filter(pk=supplier).exists():
            raise AppointmentFault("appointments.fault.supplier")
        row = Interpreter(**seat.kept(at, ""), id=id, supplier_id=supplier, gender=gender, modes=held)
        row.sealed = sealing.seal(about, row)
        row.save(force_insert=True)
        Speaks.objects.bulk_create(
            [Speaks(interpreter=row, language=s.language, dialect=s.dialect, level=s.level) for s in said]
        )
        _audited(seat, at, "interpreter.added", f"interpreter/{id}")
        return row


def declare(
    *, id: UUID, interpreter: UUID, case: UUID, sort: str, said: str, seat: Seat, at: datetime
) -> Conflict:
    """Say that an interpreter may not serve a case: kin, of the same community, known to agents of persecution,
    or that the person does not want them again."""
    if sort not in matching.CONFLICTS:
        raise AppointmentFault("appointments.fault.conflict")
    with custody.seated(seat):
        row = Conflict(**seat.kept(at, ""), id=id, interpreter_id=interpreter, case_id=case, sort=sort)
        row.sealed = sealing.seal({"said": said.strip()}, row)
        row.save(force_insert=True)
        _audited(seat, at, "conflict.declared", f"interpreter/{interpreter}")
        return row


def end_conflict(*, conflict: UUID, seat: Seat, at: datetime) -> None:
    with custody.seated(seat):
        row = _ours(Conflict, seat).get(pk=conflict)
        row.ended_at, row.ended_by = at, seat.user
        row.save(update_fields=["ended_at", "ended_by"])
        _audited(seat, at, "conflict.ended", f"interpreter/{row.interpreter_id}")
