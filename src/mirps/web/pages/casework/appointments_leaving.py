"""What cannot be had any more, or for days: a room, an interpreter, a supplier; and what is to be moved for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.casework.appointments import api as appointments
from mirps.casework.appointments.api import AppointmentFault, Room, Supplier
from mirps.people.custody import api as custody
from mirps.web.pages.casework.appointments import line, today
from mirps.web.pages.casework.appointments_common import Desk, Typed, codes, may, with_right
from mirps.web.pages.casework.worklist import called

#: How a form ends one: `end(on=…, reason=…, seat=…, at=…)`.
End = Callable[..., object]


def left(desk: Desk, given: Typed, whose: str, end: End) -> bool:
    """Keep what a form says of one: away, back, ended. Raises nothing: the faults are in `given`."""
    here: dict[str, Any] = {"reason": given.get("reason"), "seat": desk.seat, "at": desk.now}
    try:
        match given.get("do"):
            case "away":
                starts, ends = given.day("starts"), given.day("ends")
                if starts is None or ends is None:
                    raise AppointmentFault("appointments.fault.window")
                appointments.away(whose=whose, starts=starts, ends=ends, **here)
            case "back":
                appointments.back(away=given.number("away") or 0, whose=whose, **here)
            case "end":
                end(on=given.day("on") or today(desk), **here)
    except AppointmentFault as e:
        given.refused(e, "reason" if e.key.endswith(".reason") else "starts")
    return not given.faults


def leaving(desk: Desk, whose: str) -> dict[str, Any]:
    """The days on which one is away, and what became of it, as the templates show them."""
    on = today(desk)
    with custody.seated(desk.seat):
        aways, turns = list(appointments.aways(whose, desk.seat, on=on)), appointments.turns(whose, desk.seat)
    return {"aways": aways, "turns": turns, "turned_by": called({t.row.by for t in turns}), "on": on}


@require_safe
@with_right("appointment.book", "case.read")
def to_move(desk: Desk) -> HttpResponse:
    """What is booked for when its officer, room or interpreter cannot be had."""
    with custody.seated(desk.seat):
        found = appointments.to_move(desk.seat, at=desk.now, office=desk.seat.office)
    names = called({r.officer for r, _ in found})
    rows = [(line(desk, r, names), why) for r, why in found]
    return desk.page("casework/appointments-move.html", rows=rows, may_book=may(desk, "appointment.book"))


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("case.supervise", "interpreter.manage")
def room(desk: Desk, id: int) -> HttpResponse:
    """One room: days on which it is out of use, its end, its history."""
    given, whose = Typed(desk), appointments.room(id)
    if given.get("do") and left(desk, given, whose, lambda **how: appointments.end_room(room=id, **how)):
        return desk.go("appointment-room", f"?done={given.get('do')}", id=id)
    with custody.seated(desk.seat):
        row = Room.objects.filter(pk=id, state=desk.seat.state, institution=desk.seat.institution).first()
    if row is None or desk.seat.office not in ("", row.office):
        raise Http404
    return desk.page(
        "casework/appointments-room.html", given.status, given=given, row=row, moves=_moves(desk, whose),
        done=desk.request.GET.get("done", ""), **leaving(desk, whose),
    )  # fmt: skip


def _moves(desk: Desk, whose: str) -> int:
    """How many appointments wait to be moved from a room."""
    with custody.seated(desk.seat):
        found = appointments.to_move(desk.seat, at=desk.now)
    return sum("room" in why and appointments.room(r.room_id or 0) == whose for r, why in found)


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("interpreter.manage")
def supplier(desk: Desk, id: UUID) -> HttpResponse:
    """Who provides interpreters: they, what is ordered and open, the end of it, its history."""
    given, whose = Typed(desk), appointments.supplier(id)
    if given.get("do") == "end" and left(
        desk, given, whose, lambda **how: appointments.end_supplier(supplier=id, **how)
    ):
        return desk.go("interpreters-supplier", "?done=end", id=id)
    with custody.seated(desk.seat):
        row = Supplier.objects.filter(pk=id, state=desk.seat.state, institution=desk.seat.institution).first()
        if row is None:
            raise Http404
        people = list(row.interpreters.order_by("id"))
        open_ = appointments.open_of(Q(supplier=id), seat=desk.seat)
        orders = list(open_.select_related("interpreter", "appointment__case")[:200])
    return desk.page(
        "casework/interpreters-supplier.html", given.status, given=given, row=row, people=people, orders=orders,
        about=appointments.opened(row), names=appointments.names(people), clock=given.clock,
        languages=dict(codes(desk, "languages")), done=desk.request.GET.get("done", ""), **leaving(desk, whose),
    )  # fmt: skip
