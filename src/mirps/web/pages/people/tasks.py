"""My work at the desk: what only a person can settle, and what was registered here today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mirps.people.custody import api as custody
from mirps.people.intake import api as intake
from mirps.people.intake import openrosa_actions as forms
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.people.registry.api import Person
from mirps.web.pages.people.door import Desk, at_the_desk

#: Shown of each list; the rest is told as a number.
MOST = 50


@dataclass(frozen=True, slots=True)
class TaskTold:
    number: str
    name: str
    kind: str
    of: str
    opened_at: datetime


def _shown_to(desk: Desk) -> list[tuple[str, str, str, datetime]]:
    """What two people agreed to show to this one for a time: number, code and name of what, until when."""
    held = custody.shown_to(desk.seat, at=desk.now)
    people = registry.people(u.person for u, _ in held) if held else {}
    list_ = registry.book().lists["sensitivities"]
    return [
        (people[u.person].number, u.sensitivity, list_.name(u.sensitivity, desk.lang), until)
        for u, until in held
        if u.person in people
    ]


@require_safe
@at_the_desk()
def tasks(desk: Desk) -> HttpResponse:
    """What waits at this office, and whom it registered since midnight."""
    custody.admit(seat=desk.seat, act="search", at=desk.now)
    here = {"state": desk.seat.state, "institution": desk.seat.institution, "office": desk.office}
    midnight = timezone.localtime(desk.now).replace(hour=0, minute=0, second=0, microsecond=0)
    with custody.seated(desk.seat):
        waiting = list(
            intake.Task.objects.filter(**here, closed_at=None).select_related("person", "group")[: MOST + 1]
        )
        today = list(
            Person.objects.filter(**here, recorded_at__gte=midnight).order_by("-recorded_at", "id")[
                : MOST + 1
            ]
        )
        ids = {t.person.id for t in waiting if t.person} | {p.id for p in today}
        names = registry.names_of(ids)
        sent = list(forms.waiting(desk.seat, office=desk.office)[: MOST + 1])
        mine = _shown_to(desk)
        custody.shown(seat=desk.seat, act="search", subjects=sorted(ids), at=desk.now)
    told = [
        TaskTold(
            about.number, names.get(about.id, ""), t.kind,
            wording.kind_name(t.of, desk.lang) if t.of else "", t.opened_at,
        )
        for t in waiting[:MOST]
        if (about := t.person or t.group)
    ]  # fmt: skip
    return desk.page(
        "people/tasks.html", sent=sent[:MOST], more_sent=len(sent) > MOST, mine=mine, tasks=told,
        mends=desk.may("device.issue", state=desk.seat.state, body=desk.seat.institution),
        more_tasks=len(waiting) > MOST, more_today=len(today) > MOST,
        today=[(p, names.get(p.id, "")) for p in today[:MOST]],
    )  # fmt: skip
