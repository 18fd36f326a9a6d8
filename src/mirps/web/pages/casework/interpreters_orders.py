"""What is ordered of suppliers of interpreters, what came of it, and hours and cost by supplier and language."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.casework.appointments import api as appointments
from mirps.casework.appointments.api import AppointmentFault, Order, Ordered, Supplier
from mirps.people.custody import api as custody
from mirps.web.pages.casework.appointments_common import Desk, Typed, codes, with_right

PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("interpreter.manage")
def orders(desk: Desk) -> HttpResponse:
    """Orders by how they stand, the latest first; each with what can be said of it next."""
    given = Typed(desk)
    if given.get("do") and _followed(desk, given):
        return desk.go("interpreters-orders", "?done=kept")
    standing = desk.request.GET.get("standing", "")
    after = desk.request.GET.get("after", "")[:6]
    at = int(after) if after.isdecimal() else 0
    with custody.seated(desk.seat):
        rows = Order.objects.filter(state=desk.seat.state, institution=desk.seat.institution)
        if standing in list(Ordered):
            rows = rows.filter(standing=standing)
        found = list(
            rows.select_related("supplier", "interpreter", "appointment__case").order_by("-ordered_at", "id")[
                at : at + PAGE + 1
            ]
        )
    names = appointments.names([*(r.interpreter for r in found), *(r.supplier for r in found)])
    return desk.page(
        "casework/interpreters-orders.html", given.status, given=given, rows=found[:PAGE], names=names,
        standing=standing, standings=list(Ordered), languages=dict(codes(desk, "languages")), clock=given.clock,
        next=at + PAGE if len(found) > PAGE else 0, done=desk.request.GET.get("done", ""),
        may_follow={r.pk: appointments.may_follow(r.standing) for r in found},
    )  # fmt: skip


def _followed(desk: Desk, given: Typed) -> bool:
    order, what = given.uuid("order"), given.get("do")
    try:
        if order is None or what not in list(Ordered):
            raise AppointmentFault("appointments.fault.none")
        appointments.follow(
            event=given.id, order=order, what=Ordered(what), hours=given.decimal("hours"), on=given.day("on"),
            rating=given.number("rating"), note=given.get("note"), seat=desk.seat, at=desk.now,
        )  # fmt: skip
    except AppointmentFault as e:
        given.refused(e)
    return not given.faults


@require_safe
@with_right("interpreter.manage")
def report(desk: Desk) -> HttpResponse:
    """Hours delivered and their cost between two days; of the last ninety where none is named."""
    today = desk.now.date()
    since, until = desk.day("from") or today - timedelta(days=90), desk.day("to") or today
    with custody.seated(desk.seat):
        rows = appointments.report(desk.seat, since=since, until=until)
        held = Supplier.objects.filter(pk__in={r.supplier for r in rows}).order_by("id")
        names: dict[UUID, str] = appointments.names(held)
    return desk.page(
        "casework/interpreters-report.html", rows=sorted(rows, key=lambda r: (names[r.supplier], r.language)),
        names=names, since=since, until=until, languages=dict(codes(desk, "languages")),
    )  # fmt: skip
