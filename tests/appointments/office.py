"""Tapachula's desk with its rooms, officers' hours and interpreters of Haitian Creole."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from tests.cases.desks import AT, TAP, Walked, seat
from uuid_utils.compat import uuid7

from mirps.casework.appointments import api as appointments
from mirps.casework.appointments.api import Choice, Mode, Offer, Sort, Speech, Want
from mirps.casework.cases import api as cases
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat

HERE: dict[str, Any] = {"seat": seat(), "at": AT}
#: The day of AT is a Wednesday; hours begin the day before.
SINCE = AT.date() - timedelta(days=1)
INTERVIEW = Want("interview", language="ht")


def works(user: str = "ana", *days: int, starts: int = 9, ends: int = 13) -> None:
    week = [(d, time(starts), time(ends)) for d in (days or range(5))]
    appointments.set_hours(whose=appointments.officer(user), windows=week, since=SINCE, office=TAP, **HERE)


def room(name: str = "Sala 1", **more: bool) -> int:
    return appointments.add_room(name=name, office=TAP, **more, **HERE).pk


def supplier(hour: str = "300") -> UUID:
    return appointments.add_supplier(
        id=uuid7(), sort=Sort.ORGANISATION, about={"name": "Lenguas del Sur"}, hour=Decimal(hour), currency="MXN",
        **HERE,
    ).pk  # fmt: skip


def interpreter(
    of: UUID, gender: str = "F", *speaks: Speech, modes: tuple[Mode, ...] = tuple(Mode), **about: str
) -> UUID:
    return appointments.add_interpreter(
        id=uuid7(), supplier=of, about={"name": "Mirlande Toussaint", **about}, gender=gender, modes=modes,
        speaks=speaks or (Speech("ht", level="mother"),), **HERE,
    ).pk  # fmt: skip


def standing(case: Walked) -> cases.Standing:
    return cases.Standing.objects.select_related("case").get(pk=case.id)


def offer(case: Walked, want: Want = INTERVIEW, at: datetime = AT, sits: Seat | None = None) -> Offer:
    sits = sits or seat()
    with custody.seated(sits):
        return appointments.Board(standing(case), want, seat=sits, office=TAP, at=at).offer()


def first(found: Offer, **more: Any) -> Choice:
    """The first slot as it is proposed."""
    slot = found.proposed.slots[0]
    user = slot.officers[0].partition(":")[2]
    given = {
        "room": int(slot.rooms[0].partition(":")[2]) if slot.rooms else None,
        "interpreter": UUID(slot.interpreters[0].partition(":")[2]) if slot.interpreters else None,
    }
    return Choice(slot.starts, user, **{**given, **more})


def booked(case: Walked, want: Want = INTERVIEW, choice: Choice | None = None) -> appointments.Appointment:
    return appointments.book(
        id=uuid7(), case=case.id, want=want, choice=choice or first(offer(case, want)), office=TAP, **HERE
    )


def tomorrow(hour: int) -> datetime:
    """By the clock of the office, six hours behind UTC."""
    return datetime(AT.year, AT.month, AT.day + 1, hour + 6, tzinfo=UTC)


def is_postgres() -> bool:
    return connection.vendor == "postgresql"
