"""What only some may know, shown for a time to one officer: asking for it, and reading it."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.refusal import Refusal
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.people.door import Desk, at_the_desk
from mirps.web.pages.people.person import opened
from mirps.web.pages.people.person_words import Teller

_FIELDS = {"custody.unhide.officer": "officer", "custody.request.detail": "why"}


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("unhide")
def ask(desk: Desk, number: str) -> HttpResponse:
    """Ask that somebody be shown it. Another person approves."""
    typed, list_ = Typed(desk.request, desk.lang), registry.book().lists["sensitivities"]
    with custody.seated(desk.seat):
        held = opened(desk, number)
    if typed.posted:
        if typed.get("what") not in list_:
            typed.fault("what", "custody.unhide.kind")
        else:
            try:
                made = custody.ask_to_show(
                    seat=desk.seat, person=held.person.id, sensitivity=typed.get("what"),
                    officer=typed.get("officer"), why=typed.get("why"), at=desk.now,
                )  # fmt: skip
                return desk.go("request", id=made.pk)
            except Refusal as e:
                typed.fault(_FIELDS.get(e.key, "form"), e.key, **e.values)
    return desk.page(
        "people/unhide.html", 422 if typed.faults else 200, f=typed, held=held, name=held.name or number,
        kinds=[(code, c.name(desk.lang)) for code, c in list_.items()],
        officers=[(u.username, u.called) for u in custody.officers(desk.seat, at=desk.now)],
        hours=custody.settings()["requests"]["lasts"][custody.UNHIDE],
    )  # fmt: skip


@require_safe
@at_the_desk()
def cleared(desk: Desk, number: str, sensitivity: str) -> HttpResponse:
    """What two people agreed to show to whoever sits here, of one file and one sensitivity."""
    custody.admit(seat=desk.seat, act="open", at=desk.now)
    shown = {
        u.person: until
        for u, until in custody.shown_to(desk.seat, at=desk.now)
        if u.sensitivity == sensitivity
    }
    if not shown:
        raise Http404
    desk.seat = replace(desk.seat, knows=desk.seat.knows | {sensitivity})
    with custody.seated(desk.seat):
        held = opened(desk, number)
        if held.person.id not in shown:
            raise Http404
    book = registry.book()
    teller = Teller(book, desk.lang, desk.locale)
    facts = [f for f in held.standing if f.sensitivity == sensitivity]
    return desk.page(
        "people/cleared.html", held=held, name=held.name or number, until=shown[held.person.id],
        what=book.lists["sensitivities"].name(sensitivity, desk.lang),
        facts=[(wording.kind_name(f.kind, desk.lang), teller.told(f)) for f in facts],
    )  # fmt: skip
