"""An office's rooms, and the week of each of its officers."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.casework.appointments import api as appointments
from mirps.casework.appointments.api import AppointmentFault, Hours, Room
from mirps.casework.cases import api as cases
from mirps.people.custody import api as custody
from mirps.web.pages.casework.appointments_common import Desk, Typed, with_right
from mirps.web.pages.casework.worklist import called

WEEK = range(7)


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("case.supervise", "interpreter.manage")
def office(desk: Desk) -> HttpResponse:
    given = Typed(desk)
    if given.get("do") and _kept(desk, given):
        return desk.go("appointment-office", f"?done={given.get('do')}")
    on = desk.now.astimezone(given.clock).date()
    with custody.seated(desk.seat):
        ours = Q(state=desk.seat.state, institution=desk.seat.institution)
        rooms = list(
            Room.objects.filter(ours, office=desk.office)
            .filter(Q(ended=None) | Q(ended__gt=on))
            .order_by("name", "id")
        )
        hours = list(Hours.objects.filter(ours, office=desk.office).filter(Q(until=None) | Q(until__gte=on))
                     .order_by("whose", "since", "weekday", "starts", "id"))  # fmt: skip
        posts = cases.Post.objects.filter(
            ours, Q(until=None) | Q(until__gte=on), office__in=("", desk.office)
        )
        users = sorted(set(posts.order_by().values_list("user", flat=True)))
    weeks: dict[str, list[Hours]] = {}
    for h in hours:
        weeks.setdefault(h.whose.partition(":")[2], []).append(h)
    return desk.page(
        "casework/appointments-office.html", given.status, given=given, rooms=rooms, weeks=weeks, week=WEEK,
        users=users, names=called({*users, *weeks}), on=on, done=desk.request.GET.get("done", ""),
    )  # fmt: skip


def _kept(desk: Desk, given: Typed) -> bool:
    here: dict[str, Any] = {"seat": desk.seat, "at": desk.now}
    try:
        match given.get("do"):
            case "room":
                appointments.add_room(
                    name=given.get("name"), for_children=bool(given.get("for_children")),
                    step_free=bool(given.get("step_free")), office=desk.office, **here,
                )  # fmt: skip
            case "hours" if given.get("user"):
                appointments.set_hours(
                    whose=appointments.officer(given.get("user")), windows=_windows(given), office=desk.office,
                    since=given.day("since") or desk.now.astimezone(given.clock).date(), **here,
                )  # fmt: skip
            case _:
                given.fault("user", "appointments.fault.who")
    except AppointmentFault as e:
        given.refused(e, "name" if e.key.endswith(".name") else "")
    return not given.faults


def _windows(given: Typed) -> list[tuple[int, time, time]]:
    """Two spans a day at most; a day with neither is not worked."""
    out = []
    for day in WEEK:
        for part in ("a", "b"):
            starts, ends = given.hour(f"{part}{day}-from"), given.hour(f"{part}{day}-to")
            if starts and ends:
                out.append((day, starts, ends))
            elif starts or ends:
                given.fault(f"{part}{day}-from", "appointments.fault.window")
    if given.faults:
        raise AppointmentFault("appointments.fault.window")
    return out
