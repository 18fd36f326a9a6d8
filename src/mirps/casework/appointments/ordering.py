"""What is ordered of suppliers of interpreters, and what came of it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.base.notices.api import zone
from mirps.casework.appointments import rules, sealing
from mirps.casework.appointments.models import Appointment, Interpreter, Order, OrderEvent
from mirps.casework.appointments.rules import AppointmentFault, Ordered
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat

CENT = Decimal("0.01")
_OPEN = (Ordered.ORDERED, Ordered.CONFIRMED)


def order(appointment: Appointment, *, seat: Seat, at: datetime) -> Order:
    """Order the interpreter of an appointment, at the price that the supplier has now."""
    assert appointment.interpreter_id is not None
    found = Interpreter.objects.select_related("supplier").get(pk=appointment.interpreter_id)
    row = Order(
        id=uuid7(), appointment=appointment, supplier=found.supplier, interpreter=found,
        language=appointment.language, currency=found.supplier.currency, ordered_at=at, state=appointment.state,
        institution=appointment.institution, office=appointment.office,
    )  # fmt: skip
    _happen(row, "", Ordered.ORDERED, event=uuid7(), note="", seat=seat, at=at)
    return row


def cancel_of(appointment: Appointment, *, seat: Seat, at: datetime) -> None:
    """Cancel what is ordered for an appointment and not delivered."""
    for row in appointment.orders.filter(standing__in=_OPEN):
        _happen(row, row.standing, Ordered.CANCELLED, event=uuid7(), note="", seat=seat, at=at)


def open_of(of: Q, *, seat: Seat) -> QuerySet[Order]:
    """What is ordered and neither delivered nor cancelled, by when it is for."""
    ours = Order.objects.filter(of, state=seat.state, institution=seat.institution, standing__in=_OPEN)
    return ours.order_by("appointment__starts", "id")


def cancel_from(day: date, of: Q, *, note: str, seat: Seat, at: datetime) -> int:
    """Cancel those for appointments from a day on, each with the reason; how many. Their appointments stand until
    they are moved."""
    first = datetime.combine(day, time(), tzinfo=zone(seat.state))
    rows = list(open_of(of & Q(appointment__starts__gte=first), seat=seat).select_for_update(of=("self",)))
    for row in rows:
        _happen(row, row.standing, Ordered.CANCELLED, event=uuid7(), note=note, seat=seat, at=at)
    return len(rows)


def follow(
    *, event: UUID, order: UUID, what: Ordered, hours: Decimal | None = None, on: date | None = None,
    rating: int | None = None, note: str = "", seat: Seat, at: datetime,
) -> Order:  # fmt: skip
    """What came of an order: confirmed, delivered (how many hours, on which day), rated (1 to 5), cancelled."""
    with custody.seated(seat):
        ours = Order.objects.select_for_update().filter(
            pk=order, state=seat.state, institution=seat.institution
        )
        row = ours.first()
        if row is None:
            raise AppointmentFault("appointments.fault.none")
        if row.events.filter(pk=event).exists():
            return row
        if what is Ordered.DELIVERED:
            if hours is None or not 0 < hours <= 24 or on is None or on > at.date():
                raise AppointmentFault("appointments.fault.hours")
            price = Interpreter.objects.select_related("supplier").get(pk=row.interpreter_id).supplier.hour
            row.hours, row.delivered_on, row.cost = hours, on, (hours * price).quantize(CENT)
        if what is Ordered.RATED:
            if rating not in range(1, 6):
                raise AppointmentFault("appointments.fault.rating")
            row.rating = rating
        _happen(row, row.standing, what, event=event, note=note, seat=seat, at=at, hours=hours, rating=rating)
        return row


def _happen(
    row: Order, standing: str, what: Ordered, *, event: UUID, note: str, seat: Seat, at: datetime,
    hours: Decimal | None = None, rating: int | None = None,
) -> None:  # fmt: skip
    if what not in rules.may_follow(standing):
        raise AppointmentFault("appointments.fault.order")
    row.standing = what
    row.save(force_insert=not standing)
    kept = OrderEvent(
        id=event, order=row, what=what, hours=hours, rating=rating, state=row.state, institution=row.institution,
        office=row.office, at=at, by=seat.user,
    )  # fmt: skip
    kept.sealed = sealing.seal({"note": note.strip()}, kept)
    kept.save(force_insert=True)
    audit.record(by=seat.user, at=at, act=f"interpretation.{what}", subject=f"order/{row.pk}")
