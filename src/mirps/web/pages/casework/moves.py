"""The second signature under a move of open cases to a new version: by somebody who carries such cases."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import say
from mirps.casework.conduct import api as conduct
from mirps.casework.editions.api import EditionFault, Moving
from mirps.casework.procedures import api as procedures
from mirps.web.pages.casework.door import Desk, with_cases
from mirps.web.pages.casework.worklist import called


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases("act")
def moves(desk: Desk) -> HttpResponse:
    """Moves that were asked for at this institution, and doing one of them."""
    fault = ""
    rows = list(Moving.objects.filter(institution=desk.seat.institution)[:30])
    if desk.request.method == "POST":
        wanted = next((r for r in rows if str(r.pk) == desk.request.POST.get("moving")), None)
        try:
            if wanted is None:
                raise EditionFault("editions.fault.none")
            done, left = conduct.move(wanted.pk, seat=desk.seat, at=desk.now)
        except EditionFault as e:
            fault = say(e.key, desk.lang, **e.values)
        else:
            return desk.go("cases-moves", f"?moved={done}&left={left}")
    asked = desk.request.GET
    every = procedures.procedures()
    told = [
        (
            r,
            p,
            conduct.foreseen(p, user=desk.username, institution=r.institution)
            if r.ended_at is None
            else None,
        )
        for r in rows
        if (p := every.get(r.procedure, {}).get(r.version))
    ]
    return desk.page(
        "casework/moves.html", 422 if fault else 200, rows=told, fault=fault,
        names=called({r.by for r in rows} | {r.second for r in rows}),
        moved=asked.get("moved", "") if asked.get("moved", "").isdecimal() else "",
        left=asked.get("left", "") if asked.get("left", "").isdecimal() else "",
    )  # fmt: skip
