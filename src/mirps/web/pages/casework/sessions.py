"""Sessions of a body: all of them, calling one, its agenda, who is there, its minutes; and the body's members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access.api import User
from mirps.base.notices.api import zone
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.casework.cases import api as cases
from mirps.casework.procedures.wording import in_lang
from mirps.casework.sessions import api as sessions
from mirps.casework.sessions.api import Membership, SessionFault, SessionFile, What
from mirps.people.custody import api as custody
from mirps.web.pages.casework import sessions_minutes
from mirps.web.pages.casework.appointments_common import Desk, Typed, may, with_right
from mirps.web.pages.casework.worklist import called
from mirps.web.pages.page import private

RUN, VOTE = "session.run", "session.vote"


@require_http_methods(["GET", "HEAD", "POST"])
@with_right(RUN, VOTE)
def sessions_(desk: Desk) -> HttpResponse:
    """The sessions of the bodies of this institution; and calling one, with the cases that wait."""
    given = Typed(desk)
    bodies = sessions.bodies_of(desk.seat)
    if desk.request.method == "POST":
        desk.require(RUN, state=desk.seat.state, body=desk.seat.institution)
        if _called(desk, given):
            return desk.go("session", "?done=called", id=given.id)
    with custody.seated(desk.seat):
        rows = list(sessions.sessions(desk.seat)[:50])
        waiting = [(b, sessions.waiting(b, desk.seat)) for b in bodies]
    return desk.page(
        "casework/sessions.html", given.status, given=given, bodies=bodies, rows=rows, clock=given.clock,
        names={b.code: in_lang(b.name, desk.lang) for b in bodies}, waiting=waiting, may_run=may(desk, RUN),
        stage=lambda s: in_lang(cases.version(s.procedure, s.version).stages[s.stage].name, desk.lang),
    )  # fmt: skip


def _called(desk: Desk, given: Typed) -> bool:
    starts = given.moment("day", "hour")
    if starts is None:
        given.fault("day", "sessions.fault.when")
        return False
    try:
        row = sessions.call(id=given.id, body=given.get("body"), starts=starts, seat=desk.seat, at=desk.now)
        if given.many("case"):
            sessions.put_on_agenda(session=row.pk, numbers=given.many("case"), seat=desk.seat, at=desk.now)
    except SessionFault as e:
        given.refused(e, "day" if e.key.endswith(".past") else "")
    return not given.faults


def file_of(desk: Desk, id: UUID) -> SessionFile:
    """A session of an address, inside `seated`; 404 for none of this institution's."""
    found = sessions.session(id, desk.seat)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@with_right(RUN, VOTE)
def session(desk: Desk, id: UUID) -> HttpResponse:
    """One session: who is there, whether that is enough, the cases on its agenda and what came of each."""
    given = Typed(desk)
    if desk.request.method == "POST":
        desk.require(RUN, state=desk.seat.state, body=desk.seat.institution)
        if _run(desk, given, id):
            return desk.go("session", f"?done={given.get('do')}", id=id)
    with custody.seated(desk.seat):
        file = file_of(desk, id)
        more = sessions.waiting(file.body, desk.seat) if file.session.open and may(desk, RUN) else []
        names = called({m.user for m in file.members})
    return desk.page(
        "casework/session.html", given.status, **about(desk, file), given=given, names=names, waiting=more,
        seats=[_seat(file, code) for code in file.body.seats], may_run=may(desk, RUN), clock=given.clock,
        quorum=file.quorum, started=file.session.starts <= desk.now, done=desk.request.GET.get("done", ""),
        items=[_line(desk, file, i) for i in file.items],
    )  # fmt: skip


def about(desk: Desk, file: SessionFile) -> dict[str, Any]:
    """What the pages of a session begin with."""
    s = file.session
    return {"file": file, "s": s, "body": file.body, "title": title(s, file.body, desk.lang)}


def title(s: sessions.Session, body: sessions.Body, lang: str) -> str:
    return say("sessions.number", lang, n=s.number, year=s.year, body=in_lang(body.name, lang))


def _seat(file: SessionFile, code: str) -> dict[str, Any]:
    """A seat with its member and who stands in; which of them are there, and which sits."""
    holds = [m for m in file.members if m.seat == code]
    sits = sessions.sitting(file.sits, file.held.present).get(code)
    return {"seat": file.body.seats[code], "members": holds, "sits": sits.id if sits else None}


def act_name(file: SessionFile, item: sessions.Item, act: str, lang: str) -> str:
    standing = item.case.standing
    found = cases.version(standing.procedure, standing.version).acts.get(act)
    return in_lang(found.name, lang) if found else act


def _line(desk: Desk, file: SessionFile, item: sessions.Item) -> dict[str, Any]:
    on = file.held.on(item.pk)
    s = item.case.standing
    return {
        "id": item.pk, "number": item.case.number, "place": item.place, "deferred": on.deferred, "last": on.last,
        "act": act_name(file, item, on.last.act, desk.lang) if on.last else "", "proposes": on.proposes,
        "stage": in_lang(cases.version(s.procedure, s.version).stages[s.stage].name, desk.lang),
    }  # fmt: skip


def _run(desk: Desk, given: Typed, id: UUID) -> bool:
    do = given.get("do")
    here: dict[str, Any] = {"session": id, "seat": desk.seat, "at": desk.now}
    try:
        if do == "agenda":
            sessions.put_on_agenda(numbers=given.many("case"), **here)
        elif do == "there":
            _there(desk, given, id)
        elif do == "ended":
            sessions.happen(what=What.ENDED, id=given.id, **here)
    except SessionFault as e:
        given.refused(e)
    return not given.faults


def _there(desk: Desk, given: Typed, id: UUID) -> None:
    """Who is there now: those that are ticked came, those that are not have left."""
    with custody.seated(desk.seat):
        file = file_of(desk, id)
    now = {int(m) for m in given.many("member") if m.isdecimal()}
    for m in file.members:
        if (m.pk in now) is not (m.pk in file.held.present):
            what = What.PRESENT if m.pk in now else What.LEFT
            sessions.happen(session=id, what=what, member=m.pk, seat=desk.seat, at=desk.now)


@require_http_methods(["GET", "HEAD", "POST"])
@with_right(RUN, VOTE)
def body(desk: Desk, code: str) -> HttpResponse:
    """A body: its rules with how sure they are, its members, who stands in for whom."""
    given = Typed(desk)
    found = next((b for b in sessions.bodies_of(desk.seat) if b.code == code), None)
    if found is None:
        raise Http404
    if desk.request.method == "POST":
        desk.require(RUN, state=desk.seat.state, body=desk.seat.institution)
        if _appointed(desk, given, found):
            return desk.go("session-body", "?done=kept", code=code)
    on = desk.now.astimezone(given.clock).date()
    with custody.seated(desk.seat):
        rows = list(sessions.members(found, on))
    return desk.page(
        "casework/sessions-body.html", given.status, given=given, body=found, rows=rows, on=on,
        names=called({r.user for r in rows}), may_run=may(desk, RUN), done=desk.request.GET.get("done", ""),
    )  # fmt: skip


def _appointed(desk: Desk, given: Typed, found: sessions.Body) -> bool:
    user, on = given.get("user"), desk.now.astimezone(given.clock).date()
    try:
        if given.get("do") == "end" and (member := given.number("membership")) is not None:
            sessions.end_term(membership=member, until=on, seat=desk.seat, at=desk.now)
        elif not User.objects.filter(username=user, is_active=True).exists():
            given.fault("user", "sessions.fault.user")
        else:
            sessions.appoint(
                body=found.code, in_seat=given.get("seat"), user=user, substitute=bool(given.get("substitute")),
                since=given.day("since") or on, until=given.day("until"), seat=desk.seat, at=desk.now,
            )  # fmt: skip
    except (SessionFault, Membership.DoesNotExist) as e:
        given.refused(e if isinstance(e, SessionFault) else SessionFault("sessions.fault.member"), "user")
    return not given.faults


@require_safe
@with_right(RUN, VOTE)
def minutes(desk: Desk, id: UUID, form: str) -> HttpResponse:
    """The minutes as DOCX or PDF: numbers and results alone, nobody's name but where the reader asks and may."""
    if form not in sessions_minutes.FORMS:
        raise Http404
    with custody.seated(desk.seat):
        file = file_of(desk, id)
    made = sessions_minutes.made(file, lang=desk.lang, locale=desk.locale, form=form, at=desk.now)
    answer = HttpResponse(made, content_type=sessions_minutes.FORMS[form])
    name = f"{file.session.body}-{file.session.year}-{file.session.number}-{desk.lang}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(answer)


@require_safe
@with_right("case.read")
def of_case(desk: Desk, number: str) -> HttpResponse:
    """The sessions of this institution's bodies at which a case stood on the agenda."""
    known, opens = sessions.bodies(), may(desk, RUN) or may(desk, VOTE)
    with custody.seated(desk.seat):
        held = cases.Standing.objects.filter(cases.seen(desk.seat), case__number=number).first()
        if held is None:
            raise Http404
        found = [i for i in sessions.of_case(held.pk) if i.session.body in known]
    rows = [
        (title(i.session, known[i.session.body], desk.lang),
         desk.url("session-item", id=i.session_id, item=i.pk) if opens else "",
         texts.moment(i.session.starts.astimezone(zone(desk.seat.state)), desk.locale))
        for i in found
    ]  # fmt: skip
    return desk.page(
        "casework/appointments-case.html", rows=rows, number=number, title=say("sessions.title", desk.lang), way=None,
        empty=say("sessions.none", desk.lang),
    )  # fmt: skip
