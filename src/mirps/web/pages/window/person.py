"""The pages of a person's own window. Each works without JavaScript, on a small phone, and names nobody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.codelists import api as codelists
from mirps.casework.letters import api as letters
from mirps.casework.procedures.wording import in_lang
from mirps.casework.window import api as window
from mirps.casework.window.api import Own, WindowFault
from mirps.people.registry import api as registry
from mirps.web.jinja import address
from mirps.web.pages.throttle import exceeded
from mirps.web.pages.window.door import ELSEWHERE, Guest, at_the_window, let_in, let_out, unseen

#: Tries from one address in an hour: an office's people may share one, a thief has one.
MOST_TRIES, HOUR = 60, 3600
KINDS = ("question", "complaint", "contact", "consent")
SENT = (*KINDS, "confirm")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_window(inside=False)
def enter(guest: Guest) -> HttpResponse:
    """The door; or, for who is in, how their case stands."""
    if guest.request.method == "POST":
        return _entering(guest)
    if guest.visit is not None:
        return _own(guest)
    return guest.page("window/enter.html", fault="", closed="closed" in guest.request.GET)


def _entering(guest: Guest) -> HttpResponse:
    post = guest.request.POST
    if exceeded(guest.request, "window", MOST_TRIES, HOUR):
        return guest.page("window/enter.html", 429, fault=guest.say("fault.wait"), closed=False)
    try:
        word = window.enter(post.get("code", ""), post.get("secret", ""), at=guest.now)
    except window.Wait as e:
        return guest.page("window/enter.html", 422, fault=_waits(guest, e), closed=False)
    return let_in(guest, word)


def _waits(guest: Guest, e: window.Wait) -> str:
    until = guest.say("fault.wait-until", when=guest.when(e.until)) if e.until else ""
    return f"{guest.fault(e)} {until}".strip()


def _own(guest: Guest) -> HttpResponse:
    sent = guest.request.GET.get("sent", "")
    return guest.page(
        "window/own.html", cases=[_told(guest, o) for o in window.own(guest.access, at=guest.now)],
        items=[_item(guest, i) for i in window.items_of(guest.access)], kinds=KINDS,
        sent=guest.say(f"sent.{sent}") if sent in SENT else "",
    )  # fmt: skip


def _told(guest: Guest, own: Own) -> dict[str, Any]:
    """A case in words."""
    lang = guest.lang
    ahead = []
    for a in own.ahead:
        key = "rests" if a.due is None else "late" if a.late else "next-day" if a.repeats else "by-day"
        said = guest.say(key, name=in_lang(a.name, lang), day=guest.day(a.due) if a.due else "")
        ahead.append(said + (" " + guest.say("missed", n=a.missed) if a.missed else ""))
    meets = [
        guest.say(
            "meet", kind=in_lang(m.kind, lang), when=guest.when(m.starts), office=codelists.office_name(m.office, lang)
        )
        for m in own.meets
    ]  # fmt: skip
    return {
        "title": in_lang(own.procedure.title, lang), "stage": in_lang(own.stage, lang), "turn": _turn(guest, own),
        "ahead": ahead, "meets": meets, "papers": [_paper(guest, own, i) for i in own.papers],
        "held": guest.say("held" if own.held == 1 else "held-many", n=own.held) if own.held else "",
        "confirms": [(own.case, a, in_lang(own.procedure.acts[a].name, lang)) for a in own.confirms],
    }  # fmt: skip


def _turn(guest: Guest, own: Own) -> str:
    if own.yours:
        return guest.say("turn-yours")
    if not own.open or not own.turn:
        return guest.say("turn-none")
    return guest.say("turn", who=", ".join(in_lang(t, guest.lang) for t in own.turn))


def _paper(guest: Guest, own: Own, issued: letters.Issued) -> dict[str, Any]:
    row = issued.row
    name = in_lang(own.procedure.documents[row.document].name, guest.lang)
    until = guest.say("paper-until", day=guest.day(row.until)) if row.until else ""
    return {
        "serial": row.serial,
        "name": guest.say("paper", name=name, day=guest.day(row.issued)),
        "until": until,
    }


def _item(guest: Guest, told: window.Told) -> dict[str, Any]:
    """What was sent, without what it said: the window may be open to others."""
    answers = [(guest.say(f"answered.{a.outcome}", day=guest.day(a.at)), text) for a, text in told.answers]
    return {
        "kind": guest.say(f"kind.{told.row.kind}"), "day": guest.day(told.row.at), "answers": answers,
        "waits": told.row.settled_at is None and told.row.kind != "consent",
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_window()
def write(guest: Guest, kind: str) -> HttpResponse:
    """Ask, complain, propose a contact, withdraw a consent."""
    if kind not in KINDS:
        raise Http404
    fault, post = "", guest.request.POST
    if guest.request.method == "POST":
        try:
            _send(guest, kind)
            return guest.go(mark=f"?sent={kind}")
        except WindowFault as e:
            fault = guest.fault(e)
    purposes = registry.book().lists["consent-purposes"]
    agreed = window.given(guest.access, at=guest.now) if kind == "consent" else []
    return guest.page(
        "window/write.html", 422 if fault else 200, kind=kind, fault=fault, post=post, channels=window.channels(),
        purposes=[(c, purposes.name(c, guest.lang)) for c in agreed if c in purposes],
        cases=window.own(guest.access, at=guest.now) if kind in ("question", "complaint") else [],
    )  # fmt: skip


def _send(guest: Guest, kind: str) -> None:
    post, access = guest.request.POST, guest.access
    if kind == "contact":
        channel, value = post.get("channel", ""), post.get("value", "")
        window.propose_contact(access, channel=channel, value=value, at=guest.now)
    elif kind == "consent":
        window.withdraw_consent(access, post.get("purpose", ""), at=guest.now)
    else:
        own = {str(o.case): o.case for o in window.own(access, at=guest.now)}
        case = own.get(post.get("case", "")) or next(iter(own.values()), None)
        window.write(access, kind, post.get("text", ""), case=case, at=guest.now)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_window()
def confirm(guest: Guest, case: UUID, act: str) -> HttpResponse:
    """Confirm one's data: an act of the case."""
    own = next(
        (o for o in window.own(guest.access, at=guest.now) if o.case == case and act in o.confirms), None
    )
    if own is None:
        return guest.go()
    if guest.request.method == "POST":
        window.confirm_data(guest.access, case, act, at=guest.now)
        return guest.go(mark="?sent=confirm")
    p = own.procedure
    what = ", ".join(in_lang(p.fields[f].name, guest.lang) for f in p.acts[act].required)
    return guest.page("window/confirm.html", act=in_lang(p.acts[act].name, guest.lang), what=what)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_window()
def paper(guest: Guest, serial: str) -> HttpResponse:
    """A document, which bears a name: only after the second secret again."""
    own = window.own(guest.access, at=guest.now)
    found = next(((o, i) for o in own for i in o.papers if i.row.serial == serial), None)
    if found is None:
        raise Http404
    fault = ""
    if guest.request.method == "POST":
        try:
            window.agrees(guest.access, guest.request.POST.get("secret", ""), at=guest.now)
            return _pdf(guest, serial)
        except window.Wait as e:
            fault = _waits(guest, e)
    return guest.page("window/paper.html", 422 if fault else 200, paper=_paper(guest, *found), fault=fault)


def _pdf(guest: Guest, serial: str) -> HttpResponse:
    lang = "en" if guest.request.POST.get("lang") == "en" else "es"
    made = letters.paper(serial, lang, seat=window.seat_of(guest.access), at=guest.now)
    answer = unseen(HttpResponse(made, content_type="application/pdf"))
    answer["Content-Disposition"] = 'attachment; filename="documento.pdf"'  # a name that tells nothing
    return answer


@require_safe
@at_the_window(inside=False)
def leave(guest: Guest) -> HttpResponse:
    """End the visit and be elsewhere."""
    return let_out(guest, ELSEWHERE)


def _to(lang: str) -> Any:
    """The short address that stands on paper."""

    @require_safe
    def led(request: HttpRequest) -> HttpResponse:
        return unseen(HttpResponseRedirect(address("window", lang=lang)))

    return led


patterns: list[URLPattern] = [
    path("window/", enter, name="window"),
    path("window/leave/", leave, name="window-leave"),
    path("window/write/<slug:kind>/", write, name="window-write"),
    path("window/confirm/<uuid:case>/<slug:act>/", confirm, name="window-confirm"),
    path("window/paper/<str:serial>/", paper, name="window-paper"),
]
without_language: list[URLPattern] = [
    path(letters.WINDOW[lang].lstrip("/"), _to(lang)) for lang in ("es", "en")
]
