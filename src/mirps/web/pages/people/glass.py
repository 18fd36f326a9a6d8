"""Emergency access: asking for it, seeing who had it, closing and reviewing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.people.custody import api as custody
from mirps.people.custody.api import CustodyFault, Glass
from mirps.people.registry import api as registry
from mirps.people.registry.api import Group, Person
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.page import explained
from mirps.web.pages.people import door
from mirps.web.pages.people.custodian import Custodian, answering
from mirps.web.pages.people.readings import where_name

#: How many files one emergency may open.
MOST = 20
_FIELDS = {"custody.glass.least": "reason", "custody.glass.nobody": "numbers", "custody.glass.needless": "numbers",
           "custody.glass.verdict": "said"}  # fmt: skip


def holders(subjects: Iterable[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """Whose files these are, of those in view."""
    ids = list(subjects)
    return {row.pk: (row.state, row.institution) for model in (Person, Group) for row in
            model.objects.filter(pk__in=ids).order_by("pk")}  # fmt: skip


@require_safe
@answering("person.read", "glass.review")
def glasses(desk: Custodian) -> HttpResponse:
    """One's own, and those that one reviews."""
    state, institution = desk.body
    rows = custody.glasses(state, institution)
    if not desk.may("glass.review", state=state, body=institution):
        rows = Glass.objects.filter(by=desk.username).prefetch_related("files")
    shown = desk.part(rows)
    return desk.page(
        "people/custody/glasses.html", shown=shown, names=desk.called(g.by for g in shown), standing=standing,
        may_break=any(desk.may("person.read", state=s, body=b) for s, b in desk.bodies),
    )  # fmt: skip


def standing(desk: Custodian, row: Glass) -> str:
    """A key of custody.glass: how it stands now."""
    if row.closed_at:
        return "is-closed"
    return "is-open" if row.until > desk.now else "is-over"


@require_http_methods(["GET", "HEAD", "POST"])
@door.at_the_desk()
def break_glass(desk: door.Desk) -> HttpResponse:
    """Open files of another institution now, by the numbers on their cards."""
    typed = Typed(desk.request, desk.lang)
    hours = custody.settings()["glass"]["hours"]
    if typed.posted:
        subjects = _subjects(desk, typed)
        if not typed.faults:
            try:
                made = custody.break_glass(
                    seat=desk.seat,
                    subjects=subjects,
                    reason=typed.get("reason"),
                    at=desk.now,
                    holders=holders,
                )
            except custody.TooMany:
                raise
            except CustodyFault as e:
                typed.fault(_FIELDS[e.key], e.key, **e.values)
            else:
                return desk.go("glass-one", "?done=opened", id=made.pk)
    answer = desk.page("people/custody/glass-new.html", 422 if typed.faults else 200, f=typed, hours=hours)
    return explained(answer) if typed.faults else answer


def _subjects(desk: door.Desk, typed: Typed) -> list[UUID]:
    """The ids behind the numbers typed; faults are kept by field."""
    given, found = typed.get("numbers").replace(",", " ").split(), []
    if not 0 < len(given) <= MOST:
        typed.fault("numbers", "custody.glass.how-many", most=MOST)
    for each in given[:MOST]:
        number = registry.tidy(each)
        subject = custody.subject_of(number) if number else None
        if subject is None:
            typed.fault("numbers", "custody.glass.nobody" if number else "custody.glass.wrong-number",
                        **({} if number else {"number": each[:40]}))  # fmt: skip
        else:
            found.append(subject)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@answering("person.read", "glass.review")
def glass(desk: Custodian, id: UUID) -> HttpResponse:
    """One of them: what for, which files, and its review. For whoever opened it and whoever reviews it."""
    row = Glass.objects.filter(pk=id).prefetch_related("files").first()
    if row is None or not (row.by == desk.username or _reviews(desk, row)):
        raise Http404
    typed = Typed(desk.request, desk.lang)
    if typed.posted:
        try:
            return _do(desk, row, typed)
        except CustodyFault as e:
            typed.fault(_FIELDS.get(e.key, "form"), e.key, **e.values)
    names = desk.called([row.by, row.reviewed_by])
    answer = desk.page(
        "people/custody/glass.html", 422 if typed.faults else 200, f=typed, row=row, names=names,
        where=where_name(desk, row), reason=custody.opened(row, "sealed"), said=custody.opened(row, "said"),
        stands=standing(desk, row), reviews=_reviews(desk, row) and row.by != desk.username,
        done=desk.request.GET.get("done", ""), numbers=_numbers(desk, row),
    )  # fmt: skip
    return explained(answer) if typed.faults else answer


def _reviews(desk: Custodian, row: Glass) -> bool:
    sides = {(row.state, row.institution), *((f.holder_state, f.holder) for f in row.files.all())}
    return any(desk.may("glass.review", state=s, body=b) for s, b in sides)


def _numbers(desk: Custodian, row: Glass) -> list[tuple[str, str]]:
    """Number (where it is in view) and whose each file is."""
    seats = [custody.seat_of(desk.username, desk.grants, b, on=desk.now.date(), duty=duty)
             for _, b in desk.bodies for duty in custody.Duty]  # fmt: skip
    known: dict[UUID, str] = {}
    ids = [f.subject for f in row.files.all()]
    for seat in filter(None, seats):
        with custody.seated(seat):
            for model in (Person, Group):
                held = model.objects.filter(custody.seen(seat, at=desk.now), pk__in=ids).order_by("pk")
                known |= dict(held.values_list("pk", "number"))
    return [(known.get(f.subject, ""), desk.institution_name(f.holder)) for f in row.files.all()]


def _do(desk: Custodian, row: Glass, typed: Typed) -> HttpResponse:
    if typed.get("do") == "close":
        custody.close_glass(glass=row.pk, by=desk.user, at=desk.now)
        return desk.go("glass-one", "?done=closed", id=row.pk)
    custody.review_glass(
        glass=row.pk, by=desk.user, verdict=typed.get("verdict"), said=typed.get("said"), at=desk.now
    )
    return desk.go("glass-one", "?done=reviewed-now", id=row.pk)


patterns: list[URLPattern] = [
    path("people/custody/glass/", glasses, name="glasses"),
    path("people/custody/glass/new/", break_glass, name="glass-new"),
    path("people/custody/glass/<uuid:id>/", glass, name="glass-one"),
]
