"""Appointments go with their case: who came, what they wished for, and what was ordered for it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mirps.casework.appointments.models import (
    Appointment,
    AppointmentEvent,
    Conflict,
    Hold,
    Order,
    OrderEvent,
)
from mirps.casework.cases import api as cases


def let_go(of: Collection[UUID], persons: Collection[UUID]) -> None:
    booked = list(Appointment.objects.filter(case__in=of).order_by("pk").values_list("pk", flat=True))
    orders = list(Order.objects.filter(appointment__in=booked).order_by("pk").values_list("pk", flat=True))
    cases.remove(OrderEvent.objects.filter(order__in=orders))
    cases.remove(Order.objects.filter(pk__in=orders))
    for model in (AppointmentEvent, Hold):
        cases.remove(model._default_manager.filter(appointment__in=booked))
    cases.remove(Appointment.objects.filter(pk__in=booked))
    cases.remove(Conflict.objects.filter(case__in=of))
