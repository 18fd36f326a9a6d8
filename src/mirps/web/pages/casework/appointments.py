"""The agenda of an office, one appointment, and an officer's calendar file."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.codelists import api as codelists
from mirps.base.notices.api import zone
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.casework.appointments import api as appointments
from mirps.casework.appointments.api import Appointment, AppointmentFault, Done
from mirps.casework.procedures.wording import in_lang
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.web.pages.casework.appointments_common import Desk, Typed, may, with_right
from mirps.web.pages.casework.worklist import called
from mirps.web.pages.page import private
from mirps.web.pages.people.door import place_name

#: Days of the agenda's page.
SPAN = 7
#: How far back and ahead the calendar file reaches.
BACK, AHEAD = timedelta(days=14), timedelta(days=90)


def today(desk: Desk) -> date:
    """By the clock of the State."""
    return desk.now.astimezone(zone(desk.seat.state)).date()


def kind_name(code: str, lang: str) -> str:
    k = appointments.kinds().get(code)
    return in_lang(k.name, lang) if k else code


@require_safe
@with_right("appointment.book", "case.read")
def agenda(desk: Desk) -> HttpResponse:
    """A week of the office (of all, for who sits at none in particular), day by day, or of one officer."""
    clock = zone(desk.seat.state)
    first = desk.day("from") or today(desk)
    officer = desk.request.GET.get("officer", "")[:150]
    since = datetime.combine(first, time(), tzinfo=clock)
    with custody.seated(desk.seat):
        rows = list(appointments.agenda(desk.seat, since=since, until=since + timedelta(days=SPAN),
                                        office=desk.seat.office, officer=officer))  # fmt: skip
        moves = len(appointments.to_move(desk.seat, at=desk.now, office=desk.seat.office))
    names = called({r.officer for r in rows} | {officer or desk.username})
    days = groupby(rows, key=lambda r: r.starts.astimezone(clock).date())
    return desk.page(
        "casework/appointments.html", days=[(d, [line(desk, r, names) for r in rs]) for d, rs in days], first=first,
        before=first - timedelta(days=SPAN), after=first + timedelta(days=SPAN), officer=officer, names=names,
        moves=moves, may_manage=may(desk, "interpreter.manage"), may_book=may(desk, "appointment.book"),
    )  # fmt: skip


def line(desk: Desk, r: Appointment, names: dict[str, str]) -> dict[str, Any]:
    clock = zone(desk.seat.state)
    return {
        "id": r.pk, "starts": r.starts.astimezone(clock), "ends": r.ends.astimezone(clock), "number": r.case.number,
        "kind": kind_name(r.kind, desk.lang), "officer": names.get(r.officer, r.officer), "mode": r.mode,
        "room": r.room.name if r.room else "",
        "office": "" if desk.seat.office else place_name(r.institution, r.office, desk.lang),
        "standing": r.standing, "language": _language(r.language, desk.lang),
    }  # fmt: skip


def _language(code: str, lang: str) -> str:
    return registry.book().lists["languages"].name(code, lang) if code else ""


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("appointment.book", "case.read")
def appointment(desk: Desk, id: UUID) -> HttpResponse:
    """One appointment: how it stands, its history, what is ordered for it; and what came of it."""
    given = Typed(desk)
    what = given.get("do")
    if what in ("attended", "missed", "cancelled", "conflict"):
        desk.require("appointment.book", state=desk.seat.state, body=desk.seat.institution)
        if _done(desk, given, id, what):
            return desk.go("appointment", f"?done={what}", id=id)
    with custody.seated(desk.seat):
        row = Appointment.objects.filter(
            pk=id, state=desk.seat.state, institution=desk.seat.institution
        ).select_related("case", "room", "interpreter").first()  # fmt: skip
        if row is None:
            raise Http404
        events = list(row.events.order_by("at", "id"))
        orders = list(row.orders.order_by("ordered_at", "id"))
        names = called({row.officer, *(e.by for e in events), *(e.officer for e in events)} - {""})
    told = [
        {"what": e.what, "at": e.at, "by": names.get(e.by, e.by), "reason": said.get("reason", ""),
         "starts": e.starts.astimezone(given.clock) if e.starts else None}
        for e in events for said in [appointments.opened(e)]
    ]  # fmt: skip
    first = appointments.opened(events[0]) if events else {}
    return desk.page(
        "casework/appointment.html", given.status, row=row, line=line(desk, row, names), history=told, orders=orders,
        given=given, interpreter=appointments.names([row.interpreter])[row.interpreter.pk] if row.interpreter else "",
        note=first.get("note", ""), wish_told=first.get("wish_told", False), conflicts=appointments.CONFLICTS,
        open_=row.standing == "booked", over=row.starts <= desk.now, may_book=may(desk, "appointment.book"),
        may_manage=may(desk, "interpreter.manage"), done=desk.request.GET.get("done", ""),
    )  # fmt: skip


def _done(desk: Desk, given: Typed, id: UUID, what: str) -> bool:
    try:
        if what == "conflict":
            _declared(desk, given, id)
        else:
            appointments.close(event=given.id, appointment=id, what=Done(what), reason=given.get("reason"),
                               seat=desk.seat, at=desk.now)  # fmt: skip
    except AppointmentFault as e:
        given.refused(e, "reason" if e.key.endswith(".reason") else "")
    return not given.faults


def _declared(desk: Desk, given: Typed, id: UUID) -> None:
    """That the interpreter of this appointment may not serve this case."""
    with custody.seated(desk.seat):
        row = Appointment.objects.filter(pk=id, institution=desk.seat.institution).first()
    if row is None or row.interpreter_id is None:
        raise AppointmentFault("appointments.fault.none")
    appointments.declare(id=given.id, interpreter=row.interpreter_id, case=row.case_id, sort=given.get("sort"),
                         said=given.get("said"), seat=desk.seat, at=desk.now)  # fmt: skip


@require_safe
@with_right("appointment.book", "case.read")
def calendar(desk: Desk) -> HttpResponse:
    """The reader's own appointments as iCalendar: the case's number, and nobody's name."""
    with custody.seated(desk.seat):
        rows = list(appointments.agenda(desk.seat, since=desk.now - BACK, until=desk.now + AHEAD,
                                        officer=desk.username))  # fmt: skip
    offices = codelists.offices()
    entries = [
        appointments.CalendarEntry(
            r.pk, r.starts, r.ends, r.changed_at, f"{kind_name(r.kind, desk.lang)} {r.case.number}",
            ", ".join(filter(None, (r.room.name if r.room else "",
                                    offices.name(r.office, desk.lang) if r.office in offices else ""))),
            desk.request.build_absolute_uri(desk.url("appointment", id=r.pk)), r.standing == "cancelled",
        )
        for r in rows
    ]  # fmt: skip
    name = say("appointments.calendar", desk.lang)
    made = appointments.calendar_file(entries, name=name, zone=str(zone(desk.seat.state)), lang=desk.lang)
    answer = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="agenda.ics"'
    return private(answer)


@require_safe
@with_right("case.read")
def of_case(desk: Desk, number: str) -> HttpResponse:
    """A case's appointments, the earliest first."""
    clock = zone(desk.seat.state)
    with custody.seated(desk.seat):
        held = appointments.standing_of(desk.seat, number=number)
        if held is None:
            raise Http404
        found = list(appointments.of_case(held.pk))
    rows = [
        (f"{kind_name(r.kind, desk.lang)}, {texts.moment(r.starts.astimezone(clock), desk.locale)}",
         desk.url("appointment", id=r.pk), say(f"appointments.standing.{r.standing}", desk.lang))
        for r in found
    ]  # fmt: skip
    new = (say("appointments.book", desk.lang), desk.url("appointment-book", number=number))
    return desk.page(
        "casework/appointments-case.html", rows=rows, number=number, title=say("appointments.title", desk.lang),
        way=new if may(desk, "appointment.book") and held.open else None, empty=say("appointments.none", desk.lang),
    )  # fmt: skip
