"""Who and what cannot be had (any more), why, and what is booked all the same. Call within `custody.seated(seat)`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, TruncDate

from mirps.base.notices.api import zone
from mirps.casework.appointments import rules, sealing
from mirps.casework.appointments.models import Appointment, Away, Turn
from mirps.casework.appointments.rules import Gone, Stand
from mirps.casework.cases import api as cases
from mirps.people.custody.api import Seat

#: By which field an appointment has what may be away, and when what it has may have ended.
_FIELD = {"officer": "officer", "room": "room_id", "interpreter": "interpreter_id"}
_ENDS = ("room__ended", "interpreter__ended", "interpreter__supplier__ended")


def to_move(seat: Seat, *, at: datetime, office: str = "") -> list[tuple[Appointment, list[str]]]:
    """What is booked for a day on which its officer, room or interpreter cannot be had (any more), the earliest
    first, with which of them: somebody is to move it."""
    clock = zone(seat.state)
    ours = Q(state=seat.state, institution=seat.institution)
    outs = _outs(ours, at.astimezone(clock).date())
    when = Q(pk__in=())
    for g in outs:
        sort, _, id_ = g.whose.partition(":")
        first = datetime.combine(g.starts, time(), tzinfo=clock)
        after = datetime.combine(g.ends + timedelta(days=1), time(), tzinfo=clock)
        when |= Q(starts__gte=first, starts__lt=after, **{_FIELD[sort]: id_})
    for path in _ENDS:
        when |= Q(day__gte=F(path))
    rows = (
        Appointment.objects.filter(ours, standing=Stand.BOOKED, starts__gte=at)
        .annotate(day=TruncDate("starts", tzinfo=clock))
        .filter(when)
        .select_related("case", "room", "interpreter__supplier")
        .order_by("starts", "id")
    )
    found = rows.filter(office=office) if office else rows
    return [(r, _gone(r, r.starts.astimezone(clock).date(), outs)) for r in found]


def _outs(ours: Q, on: date) -> list[Gone]:
    """Absences of officers, rooms and interpreters that last, or are to come."""
    officers = cases.Absence.objects.filter(ours, taken_back_at=None, ends__gte=on).annotate(
        whose=Concat(Value(rules.officer("")), "user")
    )
    others = Away.objects.filter(ours, taken_back_at=None, ends__gte=on)
    mine, theirs = (
        r.order_by().distinct().values_list("whose", "starts", "ends") for r in (officers, others)
    )
    return [Gone(*row) for row in mine.union(theirs)]


def _gone(r: Appointment, day: date, outs: Iterable[Gone]) -> list[str]:
    """Which of an appointment's own cannot be had: officer, room, interpreter."""
    booked = {rules.officer(r.officer): "officer"}
    ended: list[Gone] = []
    if r.room is not None:
        booked[rules.room(r.room.pk)] = "room"
        ended += [Gone(rules.room(r.room.pk), e) for e in [r.room.ended] if e]
    if r.interpreter is not None:
        whose = rules.interpreter(r.interpreter.pk)
        booked[whose] = "interpreter"
        ended += [Gone(whose, e) for e in (r.interpreter.ended, r.interpreter.supplier.ended) if e]
    return [booked[w] for w in rules.gone(booked, day, [*outs, *ended])]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a room, an interpreter or a supplier."""

    row: Turn
    reason: str


def turns(whose: str, seat: Seat) -> list[Told]:
    """The history of one, the earliest first."""
    rows = Turn.objects.filter(state=seat.state, institution=seat.institution, whose=whose).order_by(
        "at", "id"
    )
    return [Told(r, str(sealing.opened(r).get("reason", ""))) for r in rows]


def aways(whose: str, seat: Seat, *, on: date) -> QuerySet[Away]:
    """Days on which one cannot be had, that last or are to come."""
    ours = Away.objects.filter(state=seat.state, institution=seat.institution, whose=whose)
    return ours.filter(ends__gte=on, taken_back_at=None).order_by("starts", "id")
