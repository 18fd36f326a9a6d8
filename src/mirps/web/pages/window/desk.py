"""Windows as officers have them: a person is given a secret, and what came in is read and answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.texts.api import say
from mirps.casework.letters import api as letters
from mirps.casework.window import api as window
from mirps.casework.window.api import Told, WindowFault
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.web.pages.casework.door import Desk, allows, with_cases
from mirps.web.pages.people.person import opened


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases("act")
def give(desk: Desk, number: str) -> HttpResponse:
    """Give a person, who stands at the desk, the secret of their window."""
    custody.admit(seat=desk.seat, act="open", at=desk.now)
    with custody.seated(desk.seat):
        held = opened(desk, number)
    person, post, fault, secret = held.person, desk.request.POST, "", ""
    if desk.request.method == "POST":
        try:
            secret = _give(desk, person.id)
        except WindowFault as e:
            fault = say(e.key, desk.lang, **e.values)
    access = window.WindowAccess.objects.filter(pk=person.id).first()
    done = "shut" if post.get("act") == "shut" else "chosen" if post.get("secret") else "given"
    return desk.page(
        "window/give.html", 422 if fault else 200, person=person, name=held.name, fault=fault, access=access,
        code=letters.window_code(person.state, person.id), secret=secret if done == "given" else "",
        done=done if desk.request.method == "POST" and not fault else "", least=window.LEAST,
    )  # fmt: skip


def _give(desk: Desk, person: UUID) -> str:
    post = desk.request.POST
    if post.get("act") == "shut":
        window.shut_window(person, seat=desk.seat, at=desk.now)
        return ""
    if post.get("secret", "") != post.get("repeat", ""):
        raise WindowFault("window.secret.twice")
    return window.open_window(person, post.get("secret", ""), seat=desk.seat, at=desk.now)[1]


@require_safe
@with_cases()
def inbox(desk: Desk) -> HttpResponse:
    """What came in. Complaints are shown to who supervises alone."""
    settled = desk.request.GET.get("settled") == "1"
    found = window.inbox(desk.seat, complaints=allows(desk, "supervise"), settled=settled)
    return desk.page(
        "window/inbox.html", items=found, settled=settled, done=desk.request.GET.get("done") == "1"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases()
def item(desk: Desk, id: UUID) -> HttpResponse:
    """One of them, with its answer."""
    found = window.item(id, desk.seat)
    supervises = allows(desk, "supervise")
    if found is None or (found.row.kind == window.WindowItem.Kind.COMPLAINT and not supervises):
        raise Http404
    fault, post = "", desk.request.POST
    if desk.request.method == "POST":
        desk.require("case.act", state=desk.seat.state, body=desk.seat.institution)
        try:
            window.answer(
                id, outcome=post.get("outcome", ""), text=post.get("text", ""), seat=desk.seat, at=desk.now,
                supervises=supervises,
            )  # fmt: skip
            return desk.go("window-inbox", "?done=1")
        except WindowFault as e:
            fault = say(e.key, desk.lang, **e.values)
    return desk.page(
        "window/item.html", 422 if fault else 200, item=found, said=_said(desk, found), fault=fault, post=post,
        outcomes=window.outcomes(found.row.kind), may_act=allows(desk, "act"),
    )  # fmt: skip


def _said(desk: Desk, found: Told) -> str:
    """What somebody sent, as one sentence."""
    told: dict[str, Any] = found.said
    if "channel" in told:
        channel = say(f"window.channels.{told['channel']}", desk.lang)
        return say("window.desk.proposes", desk.lang, channel=channel, value=told["value"])
    if "purpose" in told:
        purpose = registry.book().lists["consent-purposes"].name(told["purpose"], desk.lang)
        return say("window.desk.withdrew", desk.lang, purpose=purpose)
    return str(told.get("text", ""))


patterns: list[URLPattern] = [
    path("people/<person:number>/window/", give, name="window-give"),
    path("cases/window/", inbox, name="window-inbox"),
    path("cases/window/<uuid:id>/", item, name="window-item"),
]
