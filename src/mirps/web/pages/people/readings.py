"""Who read a file, and what an officer read: for whoever answers for the protection of data.

Nothing that a file says is shown here. That somebody looked is kept too: who audits is audited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.access.api import User
from mirps.base.audit.api import record
from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.people.custody.api import Duty, Reading, Seat
from mirps.people.registry import api as registry
from mirps.people.registry.api import Group, Person
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.people.custodian import ACTS, Custodian, answering

#: How far back the list of those who looked goes, and how many files one line names.
LATELY, NAMED = timedelta(days=30), 12


@dataclass(frozen=True, slots=True)
class Line:
    """One look, as the page tells it. `files`: numbers of the institution's own files."""

    row: Reading
    name: str
    act: str
    where: str
    purpose: str
    files: tuple[str, ...] = ()
    foreign: int = 0


@require_safe
@answering(*ACTS)
def hub(desk: Custodian) -> HttpResponse:
    """What this person may do in custody, and where."""
    there = [
        (name, say(f"custody.{key}.title", desk.lang), say(f"custody.{key}.lead", desk.lang))
        for name, key, acts in (
            ("readings", "readings", ("reading.read",)),
            ("glasses", "glass", ("person.read", "glass.review")),
            ("requests", "request", ("person.merge", "person.export", "retention.run")),
            ("retention", "retention", ("retention.run",)),
        )
        if any(desk.may(act, state=s, body=b) for s, b in desk.bodies for act in acts)
    ]
    return desk.page("people/custody/hub.html", there=there)


@require_safe
@answering("reading.read")
def readings(desk: Custodian) -> HttpResponse:
    """By a file's number, or by who looked at anything lately."""
    seat, typed = desk.seat_of(Duty.AUDIT), Typed(desk.request, desk.lang)
    given = desk.request.GET.get("number", "")[:40]
    if given:
        number = registry.tidy(given)
        with custody.seated(seat):
            if number and _subjects(seat, number):
                return desk.go("readings-of", f"?institution={seat.institution}", number=number)
        typed.fault("number", "custody.readings.unknown", number=given)
    with custody.seated(seat):
        readers = custody.readers_of(seat.institution, since=desk.now - LATELY)
    return desk.page(
        "people/custody/readings.html", 422 if typed.faults else 200, f=typed, given=given,
        readers=sorted(desk.called(readers).items(), key=lambda who: who[1]),
    )  # fmt: skip


def _subjects(seat: Seat, number: str) -> list[UUID]:
    """Whoever bears this number at the seat's institution, under every number they were registered with."""
    ours = {"state": seat.state, "institution": seat.institution}
    people = Person.objects.filter(
        Q(number=number) | Q(also__number=number) | Q(stands_for__number=number), **ours
    )
    found = list(people.order_by("pk").values_list("pk", flat=True).distinct())
    return found or list(Group.objects.filter(number=number, **ours).values_list("pk", flat=True))


@require_safe
@answering("reading.read")
def readings_of(desk: Custodian, number: str) -> HttpResponse:
    """Who read this file, from every institution."""
    seat = desk.seat_of(Duty.AUDIT)
    with custody.seated(seat):
        subjects = _subjects(seat, number)
        if not subjects:
            raise Http404
        shown = desk.part(custody.readings_of(subjects))
        lines = _lines(desk, shown)
        _looked(desk, f"file {number}")
    return desk.page("people/custody/readings-of.html", number=number, shown=shown, lines=lines)


@require_safe
@answering("reading.read")
def readings_by(desk: Custodian, username: str) -> HttpResponse:
    """What this officer looked at from the institution's seats."""
    seat = desk.seat_of(Duty.AUDIT)
    found = User.objects.filter(username=username).first()
    if found is None:
        raise Http404
    with custody.seated(seat):
        shown = desk.part(custody.readings_by(username, seat.institution).prefetch_related("people"))
        numbers = _numbers(seat, (of.subject for row in shown for of in row.people.all()))
        lines = _lines(desk, shown, numbers)
        _looked(desk, f"officer {username}")
    return desk.page("people/custody/readings-by.html", person=found, shown=shown, lines=lines)


def _numbers(seat: Seat, subjects: Iterable[UUID]) -> dict[UUID, str]:
    ids = set(subjects)
    ours = {"pk__in": ids, "state": seat.state, "institution": seat.institution}
    of_people = dict(Person.objects.filter(**ours).order_by("pk").values_list("pk", "number"))
    return of_people | dict(Group.objects.filter(**ours).order_by("pk").values_list("pk", "number"))


def _lines(desk: Custodian, rows: Iterable[Reading], numbers: dict[UUID, str] | None = None) -> list[Line]:
    held = list(rows)
    names, out = desk.called(r.by for r in held), []
    for r in held:
        of = [p.subject for p in r.people.all()] if numbers is not None else []
        ours = [numbers[s] for s in of if s in numbers] if numbers else []
        out.append(Line(
            r, names.get(r.by, r.by), say(f"custody.act.{r.act}", desk.lang), where_name(desk, r),
            custody.purposes().name(r.purpose, desk.lang) if r.purpose else "", tuple(ours[:NAMED]),
            len(of) - len(ours),
        ))  # fmt: skip
    return out


def where_name(desk: Custodian, row: custody.Sat) -> str:
    """The institution and office from which something was done."""
    office = desk.office_name(row.office) if row.office else ""
    return ", ".join(filter(None, (desk.institution_name(row.institution), office)))


def _looked(desk: Custodian, what: str) -> None:
    if desk.request.method == "GET":
        record(by=desk.username, at=desk.now, act="readings.looked", subject=what)


patterns: list[URLPattern] = [
    path("people/custody/", hub, name="custody"),
    path("people/custody/readings/", readings, name="readings"),
    path("people/custody/readings/of/<str:number>/", readings_of, name="readings-of"),
    path("people/custody/readings/by/<str:username>/", readings_by, name="readings-by"),
]
