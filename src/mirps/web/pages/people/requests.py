"""What takes two people: what waits, who asked, the answer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.people.custody.api import CustodyFault, Duty, Request
from mirps.people.extracts import api as extracts
from mirps.people.registry import api as registry
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.page import explained
from mirps.web.pages.people import extract_words
from mirps.web.pages.people.custodian import Custodian, answering
from mirps.web.pages.people.readings import where_name

#: The rights with which somebody asks or decides.
RIGHTS = ("person.merge", "person.export", "person.unhide", "retention.run")


def standing(desk: Custodian, row: Request) -> str:
    """A key of custody.request: how it stands now."""
    if row.used_at:
        return "used"
    if row.answer == "refused":
        return "refused"
    return "over" if row.until <= desk.now else row.answer or "waiting"


def _may(desk: Custodian, act: str, state: str, body: str) -> bool:
    """Whether this person asks or answers for such acts there."""
    return any(desk.may(right, state=state, body=body) for right in custody.rights(act, deciding=True))


def _mine(desk: Custodian, row: Request) -> bool:
    return _may(desk, row.act, row.state, row.institution)


def _told(desk: Custodian, row: Request) -> list[tuple[str, str]]:
    """What exactly is asked for, where the act has more to it than its reason: label and words."""
    if row.act not in (extracts.ACT, custody.UNHIDE):
        return []
    on = desk.now.date()
    seats = (
        custody.seat_of(desk.username, desk.grants, row.institution, on=on, duty=d)
        for d in (Duty.DESK, Duty.AUDIT)
    )
    for seat in filter(None, seats):
        with custody.seated(seat):
            if row.act == custody.UNHIDE:
                return _shown(desk, custody.read_unhidden(row.subject))
            found = extracts.of_request(row)
        return extract_words.told(desk, found) if found else []
    return []


def _shown(desk: Custodian, what: custody.Unhidden) -> list[tuple[str, str]]:
    """Of whom what would be shown, to whom and for how long."""
    person = registry.people([what.person]).get(what.person)
    hours = custody.settings()["requests"]["lasts"][custody.UNHIDE]
    lines = [
        ("custody.files", person.number if person else str(what.person)),
        ("custody.unhide.what", registry.book().lists["sensitivities"].name(what.sensitivity, desk.lang)),
        ("custody.unhide.to", desk.called([what.officer]).get(what.officer, what.officer)),
        ("custody.unhide.how-long", say("custody.unhide.hours", desk.lang, hours=hours)),
    ]
    return [(say(key, desk.lang), words) for key, words in lines]


@require_safe
@answering(*RIGHTS)
def requests(desk: Custodian) -> HttpResponse:
    """What was asked at the institution, of the acts that this person may ask or decide."""
    able = [act for act in custody.settings()["requests"]["acts"] if _may(desk, act, *desk.body)]
    shown = desk.part(custody.requests(*desk.body).filter(act__in=able))
    return desk.page(
        "people/custody/requests.html", shown=shown, names=desk.called(r.by for r in shown), standing=standing
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answering(*RIGHTS)
def request(desk: Custodian, id: UUID) -> HttpResponse:
    """One of them, and the answer."""
    row = Request.objects.filter(pk=id).first()
    if row is None or not _mine(desk, row):
        raise Http404
    typed = Typed(desk.request, desk.lang)
    if typed.posted:
        try:
            if typed.get("do") == "end" and row.act == custody.UNHIDE:
                custody.use(request=row.pk, act=row.act, subject=row.subject, by=desk.username, at=desk.now)
                return desk.go("request", "?done=1", id=row.pk)
            custody.decide(
                request=row.pk, by=desk.user, approve=typed.get("do") == "approve", said=typed.get("said"),
                at=desk.now,
            )  # fmt: skip
            return desk.go("request", "?done=1", id=row.pk)
        except CustodyFault as e:
            typed.fault("said" if e.key == "custody.request.why" else "form", e.key, **e.values)
    stands = standing(desk, row)
    answer = desk.page(
        "people/custody/request.html", 422 if typed.faults else 200, f=typed, row=row, stands=stands,
        names=desk.called([row.by, row.decided_by]), where=where_name(desk, row),
        detail=custody.opened(row, "sealed"), said=custody.opened(row, "said"),
        decides=stands == "waiting" and row.by != desk.username, done="done" in desk.request.GET,
        lines=_told(desk, row), ends=row.act == custody.UNHIDE and desk.username in (row.by, row.decided_by),
    )  # fmt: skip
    return explained(answer) if typed.faults else answer


patterns: list[URLPattern] = [
    path("people/custody/requests/", requests, name="requests"),
    path("people/custody/requests/<uuid:id>/", request, name="request"),
]
