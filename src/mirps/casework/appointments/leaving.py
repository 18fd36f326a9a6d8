"""Who and what cannot be had (any more, or at that hour), why, and what is booked all the same. Call within
`custody.seated(seat)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat, ExtractIsoWeekDay, TruncDate, TruncTime

from mirps.base.notices.api import zone
from mirps.casework.appointments import rules, sealing
from mirps.casework.appointments.models import Appointment, Away, Hours, Turn
from mirps.casework.appointments.rules import Gone, Stand, Window, Worker
from mirps.casework.cases import api as cases
from mirps.people.custody.api import Seat

#: By which field an appointment has what may be away, and when what it has may have ended.
_FIELD = {"officer": "officer", "room": "room_id", "interpreter": "interpreter_id"}
_ENDS = ("room__ended", "interpreter__ended", "interpreter__supplier__ended")


def to_move(seat: Seat, *, at: datetime, office: str = "") -> list[tuple[Appointment, list[str]]]:
    """What is booked for a day on which its officer, room or interpreter cannot be had (any more), or outside the
    hours of officer or interpreter as they are now; the earliest first, with which of them: somebody is to move it."""
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
        .annotate(day=TruncDate("starts", tzinfo=clock), weekday=ExtractIsoWeekDay("starts", tzinfo=clock) - 1,
                  first=TruncTime("starts", tzinfo=clock), last=TruncTime("ends", tzinfo=clock),
                  mine=Concat(Value(rules.officer("")), "officer"), beside=_interpreter(ours))
        .filter(when | _outside("mine", ours) | _outside("beside", ours))
        .select_related("case", "room", "interpreter__supplier")
        .order_by("starts", "id")
    )  # fmt: skip
    found = list(rows.filter(office=office) if office else rows)
    hours = _hours(ours, {w for r in found for w in (r.mine, r.beside)})
    told = [(r, [*_gone(r, r.day, outs), *_late(r, hours, clock)]) for r in found]
    return [(r, why) for r, why in told if why]


def _interpreter(ours: Q) -> Case:
    """Whose hours an appointment's interpreter has: written out, since each database writes an id in its own way."""
    mark = rules.interpreter("")
    held = (
        Hours.objects.filter(ours, whose__startswith=mark)
        .order_by()
        .values_list("whose", flat=True)
        .distinct()
    )
    each = [When(interpreter=UUID(w.removeprefix(mark)), then=Value(w)) for w in held]
    return Case(*each, default=Value(""), output_field=CharField())


def _outside(whose: str, ours: Q) -> Q:
    """That somebody has hours, and an appointment lies within no window of theirs (perhaps across two: _late)."""
    theirs = Hours.objects.filter(ours, whose=OuterRef(whose), office__in=(OuterRef("office"), "")).order_by()
    then = theirs.filter(
        Q(until=None) | Q(until__gte=OuterRef("day")), since__lte=OuterRef("day"), weekday=OuterRef("weekday"),
        starts__lte=OuterRef("first"), ends__gte=OuterRef("last"),
    )  # fmt: skip
    return Q(Exists(theirs)) & ~Q(Exists(then))


def _hours(ours: Q, whose: Iterable[str]) -> dict[tuple[str, str], list[Window]]:
    """(Whose, at which office) -> their windows."""
    out: dict[tuple[str, str], list[Window]] = {}
    for h in Hours.objects.filter(ours, whose__in=list(whose)).order_by("id"):
        out.setdefault((h.whose, h.office), []).append(Window(h.weekday, h.starts, h.ends, h.since, h.until))
    return out


def _late(r: Any, hours: Mapping[tuple[str, str], list[Window]], clock: tzinfo) -> list[str]:
    """Whose hours an appointment lies outside of."""
    out = []
    for whose, word in ((r.mine, "officer-hours"), (r.beside, "interpreter-hours")):
        windows = [*hours.get((whose, r.office), ()), *(hours.get((whose, ""), ()) if r.office else ())]
        works = Worker(whose, tuple(windows)).works(r.day, clock)
        if windows and not works.issuperset(rules.cells(r.starts, r.ends)):
            out.append(word)
    return out


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
