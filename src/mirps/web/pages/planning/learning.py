"""Courses and learning events: what is coming and what was, enrolling, attendance, and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirps.base.access.api import User
from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.knowledge import api as knowledge
from mirps.planning.knowledge.api import Declined, Door, Enrolment
from mirps.planning.projects.api import last_day
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.web.pages.page import Reader, private
from mirps.web.pages.planning import learning_certificate, showing
from mirps.web.pages.planning.door import Desk, reading, working
from mirps.web.pages.planning.lists import readable
from mirps.web.pages.planning.projects_telling import figures
from mirps.web.pages.planning.record import whole

showing.PAGES["course"] = "course"
FIELDS = (
    "sort", "topic", "programme", "organisers", "supporters", "where", "country", "mode", "starts", "ends", "hours",
    "days", "opens", "closes", "seats", "sectors", "practices", "event", "link", "note",
)  # fmt: skip


@require_safe
@reading
def courses(desk: Desk) -> HttpResponse:
    """Courses and learning events, those to come first."""
    k = records.kinds()["course"]
    today = desk.now.date()
    lines = [line for r in readable(desk, k) if (line := course_line(desk, r)) is not None]
    coming = [x for x in lines if x["last"] and x["last"] >= today]
    past = [x for x in lines if x not in coming]
    return desk.page(
        "planning/courses.html", coming=sorted(coming, key=lambda x: x["sorted"]),
        past=sorted(past, key=lambda x: x["sorted"], reverse=True), may_write=bool(desk.owners(k)),
        trail=[(say("learning.title", desk.lang), "")],
    )  # fmt: skip


def course_line(desk: Desk, r: Record) -> dict[str, Any] | None:
    data = desk.shown(r)
    if data is None or r.status == records.Status.WITHDRAWN:
        return None
    k = records.kinds()["course"]
    days = [d["day"] for d in data.get("days", ())]
    starts = data.get("starts") or min(days, default="")
    ends = data.get("ends") or max(days, default="") or starts
    organisers = data.get("organisers", ())
    return {
        "r": r, "title": records.title("course", data, desk.lang), "href": showing.address_of(r.key, desk.lang),
        "sort": showing.choice(k, "sort", data["sort"], desk.lang) if data.get("sort") else "", "sorted": starts,
        "when": texts.partial_date(starts, desk.locale) if starts else "", "last": last_day(ends),
        "where": showing.texts_of(data["where"], desk.lang)[0] if data.get("where") else "",
        "by": ", ".join(codelists.institutions().name(i, desk.lang) for i in organisers),
    }  # fmt: skip


@require_safe
@reading
def course(desk: Desk, code: str) -> HttpResponse:
    return _course(desk, desk.record("course", code))


def _course(desk: Desk, held: Record, *, fault: str = "", status: int = 200) -> HttpResponse:
    """One course, and whether its reader may enrol or is in it."""
    about = whole(desk, held)
    data = about["data"]
    terms = knowledge.course(held.public or {})
    mine = knowledge.of(held.key, desk.user.username) if desk.user else None
    door = knowledge.door(terms, desk.now.date(), knowledge.enrolled(held.key))
    answer = desk.page("planning/course.html", status, **{
        **about, "told": showing.told(desk, records.kinds()["course"], data, fields=FIELDS), "fault": fault,
        "figures": figures(desk, Reader(desk.request), data), "terms": terms, "door": door.value, "mine": mine,
        "open": door is Door.OPEN, "state_of": state_of(desk, mine, terms) if mine else "",
        "staff": desk.may_on(held, "write"), "enrolled": knowledge.enrolled(held.key),
    })  # fmt: skip
    # Seats are taken without the record changing: no cache on the way may say that one is left.
    return private(answer) if terms.opens else answer


def state_of(desk: Desk, e: Enrolment, terms: knowledge.Course) -> str:
    """What somebody has of a course: a certificate, or what lacks for one."""
    if hasattr(e, "certificate"):
        gone = e.certificate.withdrawn_at is not None
        return say("learning.state.withdrawn" if gone else "learning.state.certified", desk.lang)
    days = [date.fromisoformat(d) for d in e.days]
    lack = knowledge.lacks(terms, days, desk.now.date())
    share = texts.number(knowledge.attended(terms, days), desk.locale)
    return say(f"learning.state.{lack.value if lack else 'earned'}", desk.lang, share=share,
               least=texts.number(terms.attendance, desk.locale))  # fmt: skip


@require_POST
@working
def enrol(desk: Desk, code: str) -> HttpResponse:
    """Enrol, leave, or say whether one's name may be shown."""
    held = desk.record("course", code)
    me, post = desk.username, desk.request.POST
    try:
        match post.get("act", ""):
            case "enrol":
                knowledge.enrol(
                    key=held.key, person=me, name=post.get("name", "")[:300], shown="shown" in post, by=me,
                    at=desk.now, on=desk.now.date(),
                )  # fmt: skip
            case "leave":
                knowledge.leave(key=held.key, person=me, by=me, at=desk.now)
            case "show":
                knowledge.show(key=held.key, person=me, shown="shown" in post, by=me, at=desk.now)
            case _:
                raise Http404
    except Declined as e:
        return _course(desk, held, fault=say(e.key, desk.lang), status=422)
    return desk.go("course", "#mine", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@working
def people(desk: Desk, code: str) -> HttpResponse:
    """Who is in a course: attendance day by day, and certificates. For those who run it."""
    held = desk.record("course", code)
    desk.require("learning.write", state=held.state, body=held.body)
    fault, post = "", desk.request.POST
    if desk.request.method == "POST":
        try:
            _run(desk, held, post)
            return desk.go("course-people", "?kept=1", code=code)
        except Declined as e:
            fault = say(e.key, desk.lang)
    terms = knowledge.course(held.public or {})
    found = knowledge.enrolments(held.key)
    accounts = {u.username: u for u in User.objects.filter(username__in=[e.person for e in found])}
    return desk.page(
        "planning/course-people.html", 422 if fault else 200, r=held, title=showing.title(desk, held), terms=terms,
        days=sorted(d.isoformat() for d in terms.days), fault=fault, kept="kept" in desk.request.GET,
        people=[(e, accounts.get(e.person), state_of(desk, e, terms), getattr(e, "certificate", None)) for e in found],
        trail=[(say("learning.title", desk.lang), desk.url("courses")),
               (showing.title(desk, held), desk.url("course", code=code)), (say("learning.people", desk.lang), "")],
    )  # fmt: skip


def _run(desk: Desk, held: Record, post: Mapping[str, Any]) -> None:
    """Mark attendance, or give or withdraw certificates."""
    me = desk.username
    match desk.request.POST.get("act", ""):
        case "attend":
            days = {e.pk: desk.request.POST.getlist(f"day-{e.pk}") for e in knowledge.enrolments(held.key)}
            knowledge.attend(key=held.key, days=days, by=me, at=desk.now)
        case "certify":
            knowledge.certify(key=held.key, by=me, at=desk.now, on=desk.now.date())
        case "revoke":
            found = knowledge.certificate(str(post.get("code", "")))
            if found is None or found.enrolment.course != held.key:
                raise Http404
            knowledge.revoke(code=found.code, why=str(post.get("why", "")), by=me, at=desk.now)
        case _:
            raise Http404


@require_safe
@working
def mine(desk: Desk) -> HttpResponse:
    """The courses of whoever signed in, with their certificates."""
    rows = []
    for e in knowledge.mine(desk.username):
        r = Record.objects.filter(pk=e.course).first()
        line = course_line(desk, r) if r is not None and desk.may_read(r) else None
        terms = knowledge.course(r.public or {}) if r else knowledge.Course()
        rows.append((e, line, state_of(desk, e, terms), getattr(e, "certificate", None)))
    return desk.page(
        "planning/my-courses.html", rows=rows,
        trail=[(say("learning.title", desk.lang), desk.url("courses")), (say("learning.mine", desk.lang), "")],
    )  # fmt: skip


patterns: list[URLPattern] = [
    path("planning/learning/", courses, name="courses"),
    path("planning/learning/mine/", mine, name="my-courses"),
    path("planning/learning/<str:code>/", course, name="course"),
    path("planning/learning/<str:code>/enrol/", enrol, name="course-enrol"),
    path("planning/learning/<str:code>/people/", people, name="course-people"),
    *learning_certificate.patterns,
]
