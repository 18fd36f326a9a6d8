"""Who holds which role of a procedure at the institution: given and ended by whoever supervises, never to oneself."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.base.access import api as access
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, Post
from mirps.casework.cases.rules import of_role
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures import wording
from mirps.casework.procedures.model import Actor
from mirps.people.custody import api as custody
from mirps.web.pages.casework.case import fault_words
from mirps.web.pages.casework.door import Desk, with_cases
from mirps.web.pages.casework.worklist import called
from mirps.web.pages.people.door import offices_of


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases("supervise")
def posts(desk: Desk) -> HttpResponse:
    on, body = desk.now.date(), desk.seat.institution
    able = access.able(access.holdings(on=on), "case.act", state=desk.seat.state, on=on, body=body)
    people = {u.username: u.called for u in able if u.username != desk.username}
    fault = ""
    if desk.request.method == "POST":
        fault = _kept(desk, people)
        if not fault:
            return desk.go("cases-posts", "?done=1")
    with custody.seated(desk.seat):
        rows = list(
            Post.objects.filter(institution=body).exclude(until__lt=on).order_by("user", "procedure", "role")
        )
    every, offices = procedures.procedures(), codelists.offices()
    told = []
    for r in rows:
        if r.procedure in every:
            p = cases.latest(r.procedure)
            role = wording.in_lang(p.roles[r.role].name, desk.lang) if r.role in p.roles else r.role
            where = offices.name(r.office, desk.lang) if r.office in offices else ""
            told.append((r, wording.in_lang(p.title, desk.lang), role, where))
    return desk.page(
        "casework/posts.html", 422 if fault else 200, rows=told, names=called(r.user for r in rows), people=people,
        roles=_roles(desk), fault=fault, done=bool(desk.request.GET.get("done")),
        offices=[(o, offices.name(o, desk.lang)) for o in offices_of(body) if o in offices],
    )  # fmt: skip


def _roles(desk: Desk) -> list[tuple[str, str, str]]:
    """The roles that procedures give to this institution: code, procedure, role."""
    out = []
    for name, versions in procedures.procedures().items():
        if next(iter(versions.values())).state != desk.seat.state:
            continue
        p = cases.latest(name)
        out += [
            (f"{name}|{code}", wording.in_lang(p.title, desk.lang), wording.in_lang(r.name, desk.lang))
            for code, r in p.roles.items()
            if r.actor is not Actor.APPLICANT and of_role(p, code) == desk.seat.institution
        ]
    return sorted(out, key=lambda each: each[1:])


def _kept(desk: Desk, people: dict[str, str]) -> str:
    """Give or end what was posted; what is wrong with it, or nothing."""
    post, body = desk.request.POST, desk.seat.institution
    if ended := post.get("end", ""):
        row = Post.objects.filter(pk=int(ended), institution=body).first() if ended.isdecimal() else None
        if row is None:
            return say("casework.posts.none", desk.lang)
        cases.dismiss(row.pk, until=desk.now.date() - timedelta(days=1), by=desk.username, at=desk.now)
        return ""
    name, _, role = post.get("role", "").partition("|")
    user, office = post.get("user", ""), post.get("office", "")
    if user not in people or (office and office not in offices_of(body)):
        return say("casework.posts.whom", desk.lang)
    try:
        cases.appoint(
            user, name, [role], institution=body, office=office, since=desk.now.date() - timedelta(days=1),
            by=desk.username, at=desk.now,
        )  # fmt: skip
    except CaseFault as e:
        return fault_words(e, desk.lang)
    return ""
