"""The registry of interpreters: who they are, what they speak, when they are away, and who provides them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.base.codelists import api as codelists
from mirps.casework.appointments import api as appointments
from mirps.casework.appointments.api import AppointmentFault, Interpreter, Mode, Sort, Speech, Supplier
from mirps.people.custody import api as custody
from mirps.web.pages.casework.appointments_common import Desk, Typed, codes, with_right
from mirps.web.pages.casework.appointments_leaving import leaving, left
from mirps.web.pages.people import register_boxes as boxes

#: Languages that the form of a new interpreter has room for.
MOST = 4


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("interpreter.manage")
def interpreters(desk: Desk) -> HttpResponse:
    """All of the institution's, by language; and the forms by which another, or a supplier, is added."""
    given = Typed(desk)
    if given.get("do") and _kept(desk, given):
        return desk.go("interpreters", f"?done={given.get('do')}")
    language = desk.request.GET.get("language", "")[:10]
    on = desk.now.astimezone(given.clock).date()
    with custody.seated(desk.seat):
        ours = Q(state=desk.seat.state, institution=desk.seat.institution) & (Q(ended=None) | Q(ended__gt=on))
        rows = (
            Interpreter.objects.filter(ours)
            .select_related("supplier")
            .prefetch_related("languages")
            .order_by("id")
        )
        if language:
            rows = rows.filter(languages__language=language).distinct()
        listed, suppliers = list(rows[:200]), list(Supplier.objects.filter(ours).order_by("id"))
    names = appointments.names([*listed, *suppliers])
    return desk.page(
        "casework/interpreters.html", given.status, given=given, names=names, language=language,
        rows=sorted(listed, key=lambda r: names[r.pk]), suppliers=sorted(suppliers, key=lambda s: names[s.pk]),
        languages=codes(desk, "languages"),
        levels=[c for c in codes(desk, "language-levels") if c[0] in appointments.LEVELS],
        sexes=codes(desk, "sexes")[:3], modes=list(Mode), sorts=list(Sort), most=range(MOST),
        countries=boxes.country_names(desk.lang), done=desk.request.GET.get("done", ""),
    )  # fmt: skip


def _kept(desk: Desk, given: Typed) -> bool:
    here: dict[str, Any] = {"id": given.id, "seat": desk.seat, "at": desk.now}
    about = {"name": given.get("name"), "contact": given.get("contact")}
    try:
        if given.get("do") == "supplier":
            hour, sort = given.decimal("hour"), given.get("sort")
            if hour is None or sort not in list(Sort):
                raise AppointmentFault("appointments.fault.supplier")
            appointments.add_supplier(
                sort=Sort(sort), about=about, hour=hour, currency=given.get("currency"), **here
            )
        else:
            country = boxes.country(given.get("nationality")) if given.get("nationality") else ""
            supplier = given.uuid("supplier")
            if supplier is None:
                raise AppointmentFault("appointments.fault.supplier")
            appointments.add_interpreter(
                supplier=supplier, about={**about, "nationality": country, "origin": given.get("origin")},
                gender=given.get("gender"), modes=[Mode(m) for m in given.many("modes") if m in list(Mode)],
                speaks=_speaks(given), **here,
            )  # fmt: skip
    except AppointmentFault as e:
        given.refused(e)
    return not given.faults


def _speaks(given: Typed) -> list[Speech]:
    rows = [
        (given.get(f"language{n}"), given.get(f"dialect{n}")[:80], given.get(f"level{n}"))
        for n in range(MOST)
    ]
    return [Speech(language, dialect, level) for language, dialect, level in dict.fromkeys(rows) if language]


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("interpreter.manage")
def interpreter(desk: Desk, id: UUID) -> HttpResponse:
    """One interpreter: languages, days away, conflicts declared, what they did."""
    given = Typed(desk)
    with custody.seated(desk.seat):
        row = Interpreter.objects.filter(
            pk=id, state=desk.seat.state, institution=desk.seat.institution
        ).select_related("supplier").first()  # fmt: skip
        if row is None:
            raise Http404
        speaks = list(row.languages.order_by("language", "id"))
        conflicts = list(row.conflicts.select_related("case").order_by("at", "id"))
        done = list(row.appointments.select_related("case").order_by("-starts", "id")[:20])
    if given.get("do") and _changed(desk, given, row, {c.pk for c in conflicts}):
        return desk.go("interpreter", "?done=kept", id=id)
    about = appointments.opened(row)
    return desk.page(
        "casework/interpreter.html", given.status, given=given, row=row, about=about, speaks=speaks,
        supplier=appointments.opened(row.supplier)["name"], conflicts=conflicts, appointments=done,
        said={c.pk: appointments.opened(c).get("said", "") for c in conflicts}, clock=given.clock,
        languages=dict(codes(desk, "languages")), levels=dict(codes(desk, "language-levels")),
        sexes=dict(codes(desk, "sexes")), done=desk.request.GET.get("done", ""),
        nationality=codelists.country_name(about["nationality"], desk.lang) if about.get("nationality") else "",
        **leaving(desk, appointments.interpreter(id)),
    )  # fmt: skip


def _changed(desk: Desk, given: Typed, row: Interpreter, conflicts: set[UUID]) -> bool:
    if given.get("do") != "end-conflict":
        return left(
            desk, given, appointments.interpreter(row.pk),
            lambda **how: appointments.end_interpreter(interpreter=row.pk, **how),
        )  # fmt: skip
    if (conflict := given.uuid("conflict")) in conflicts and conflict:
        appointments.end_conflict(conflict=conflict, seat=desk.seat, at=desk.now)
    return True
