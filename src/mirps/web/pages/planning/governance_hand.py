"""Handing over: who takes over a body from which day, whose rights begin and end by it, then done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from mirps.base.access.api import Grant, User
from mirps.base.codelists import api as codelists
from mirps.base.texts.api import day as day_words
from mirps.base.texts.api import say
from mirps.planning.governance import api as governance
from mirps.planning.governance.api import Body, Book, Handover, NotSo, Shift, Term
from mirps.planning.records import api as records
from mirps.sharing.portal.wording import state as state_name
from mirps.web.pages.accounts.door import Typed, role_name
from mirps.web.pages.planning import governance_words as words
from mirps.web.pages.planning.door import Desk, working

ACT = "governance.write"


@require_http_methods(["GET", "HEAD", "POST"])
@working
def choose(desk: Desk) -> HttpResponse:
    """Of which body; and, where rights differ from the terms recorded, bringing them up to date."""
    held = governance.book()
    mine = [b for b in held.bodies.values() if b.type in governance.ROLES and desk.may(ACT, state=b.state)]
    if not mine:
        desk.require(ACT)
    region = desk.may(ACT)
    if desk.request.method == "POST":
        desk.require(ACT)
        governance.follow(by=desk.username, at=desk.now)
        return desk.go("handover", "?followed=1")
    moved = (
        governance.rehearse_following(by=desk.username, at=desk.now)
        if region and governance.drift()
        else None
    )
    return desk.page(
        "planning/governance-hand.html", choices=[(b.code, b.title(desk.lang)) for b in mine],
        moved=_moved(desk, moved) if moved else None, followed="followed" in desk.request.GET,
        trail=_trail(desk, [(say("governance.hand.title", desk.lang), "")]),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@working
def hand(desk: Desk, code: str = "") -> HttpResponse:
    """The form of one body; posted, what would change; confirmed, done."""
    held = governance.book()
    found = held.body(code or desk.request.GET.get("body", ""))
    if found is None or found.type not in governance.ROLES:
        raise Http404
    desk.require(ACT, state=found.state)
    typed = Typed(desk.request, desk.lang)
    h = _read(desk, typed, held, found) if typed.posted else None
    if h is None or typed.faults or typed.get("step") == "back":
        return _form(desk, typed, held, found)
    try:
        moved = governance.rehearse(h, by=desk.username, role=_role(desk, found), at=desk.now)
    except NotSo as e:
        _fault(desk, typed, h, e)
        return _form(desk, typed, held, found)
    except records.Refused as e:
        typed.fault("form", e.faults[0].key, **dict(e.faults[0].values))
        return _form(desk, typed, held, found)
    seen = _seen(h, moved, governance.closing(h, held.terms))
    if typed.get("step") != "confirm" or typed.get("seen") != seen:
        met = typed.get("step") == "confirm"
        return _check(desk, typed, held, h, moved, seen, met=met)
    governance.hand_over(h, by=desk.username, role=_role(desk, found), at=desk.now)
    made = next(t for t in reversed(governance.book().of(found)) if t.starts == h.starts.isoformat())
    return HttpResponseRedirect(f"{desk.url('body', code=found.code)}?done={made.key.partition('/')[2]}")


def _read(desk: Desk, typed: Typed, held: Book, found: Body) -> Handover:
    """What was typed; faults are kept by field."""
    asks = _asks(found)
    starts = typed.day("starts")
    if "starts" in typed.faults:
        typed.faults["starts"] = say("governance.hand.fault.day", desk.lang)
    member = typed.get("member") if asks["state"] else found.state
    if asks["state"] and member not in held.present():
        typed.fault("member", "governance.hand.fault.state")
    institution = _institution(desk, typed, held, member) if asks["institution"] else ""
    if found.state and not institution:
        typed.fault("institution", "governance.hand.fault.who")
    if not member and institution:
        state = codelists.institutions()[institution].extra["state"]
        member = state if state in held.present() else ""
    return Handover(
        found, starts or desk.now.date(), member=member, institution=institution,
        year=typed.get("year") if asks["year"] else "", also=asks["also"] and typed.get("also") == "1",
        reason=typed.get("reason"),
    )  # fmt: skip


def _asks(found: Body) -> dict[str, bool]:
    """Which fields a handover of this body needs."""
    regional = not found.state
    return {
        "state": regional and found.type in governance.WITH_RIGHTS,
        "institution": found.type != "presidency",
        "year": found.type == "presidency",
        "also": found.type == "team",
    }


def _institution(desk: Desk, typed: Typed, held: Book, member: str) -> str:
    """The code of what was typed: a code, a name or an acronym. Empty where it may be."""
    text = typed.get("institution")
    if not text:
        if not member:
            typed.fault("institution", "governance.hand.fault.who")
        return ""
    listed, plain = codelists.institutions(), records.folded(text)
    code = text if text in listed else ""
    for c, i in listed.items() if not code else ():
        names = (c, i.name("es"), i.name("en"), i.extra["acronym"], *i.extra["aliases"].split("|"))
        if plain in {records.folded(n) for n in names if n}:
            code = c
            break
    if not code:
        typed.fault("institution", "governance.hand.fault.who")
        return ""
    state = listed[code].extra["state"]
    if member and state in held.present() and state != member:
        typed.fault(
            "institution", "governance.hand.fault.other-state", institution=listed[code].name(desk.lang),
            state=state_name(state, desk.lang),
        )  # fmt: skip
    return code


def _fault(desk: Desk, typed: Typed, h: Handover, e: NotSo) -> None:
    values = dict(e.values)
    if isinstance(values.get("day"), date):
        values["day"] = day_words(values["day"], desk.locale)
    who = governance.who_name(h.member, h.institution, desk.lang)
    if e.key == "same":
        values["who"] = who
    field = e.field if _asks(h.body).get("state") or e.field != "member" else "institution"
    typed.fault(field, f"governance.hand.fault.{e.key}", **values)


def _form(desk: Desk, typed: Typed, held: Book, found: Body) -> HttpResponse:
    lang = desk.lang
    answer = governance.who(found, held.terms, desk.now.date())
    current = answer.known or answer.named or answer.open
    turn = _due(held, found)
    institutions = codelists.institutions()
    members = held.present()
    return desk.page(
        "planning/governance-hand-form.html", 422 if typed.faults else 200,
        b=found, f=typed, asks=_asks(found), turn=turn, today=desk.now.date(),
        current=words.names(desk, current, dated=True) if current else "",
        due=say("governance.hand.due", lang, state=state_name(turn.state, lang),
                why=words.why(desk, turn, governance.order(members, "es"))) if turn else "",
        states=[(s, state_name(s, lang)) for s in governance.order(members, lang)],
        institutions=[(c, i.name(lang)) for c, i in institutions.items()
                      if not found.state or i.extra["state"] in ("", found.state)],
        trail=_trail(desk, [(say("governance.hand.title", lang), desk.url("handover")), (found.title(lang), "")]),
    )  # fmt: skip


def _due(held: Book, found: Body) -> governance.Turn | None:
    if found.type != "presidency":
        return None
    turns = words.ahead(held, found, 1)
    return turns[0] if turns else None


def _check(
    desk: Desk, typed: Typed, held: Book, h: Handover, moved: Shift, seen: str, *, met: bool
) -> HttpResponse:
    """What would change, before it is confirmed."""
    lang = desk.lang
    turn = _due(held, h.body)
    who = governance.who_name(h.member, h.institution, lang)
    key = "joins" if h.also else "takes"
    told = say(
        f"governance.hand.{key}",
        lang,
        who=who,
        body=h.body.title(lang),
        day=day_words(h.starts, desk.locale),
    )
    return desk.page(
        "planning/governance-hand-check.html", 409 if met else 200,
        b=h.body, f=typed, h=h, told=told, who=who, seen=seen, met=met,
        closing=[t.title(lang) for t in governance.closing(h, held.terms)], moved=_moved(desk, moved),
        rights=bool(governance.via(h.body)),
        off=say("governance.hand.out-of-order", lang, state=state_name(turn.state, lang))
        if turn and turn.state != h.member else "",
        yourself=any(u == desk.user for u, _ in moved.end),
        trail=_trail(desk, [(say("governance.hand.title", lang), desk.url("handover")),
                            (h.body.title(lang), desk.url("handover-body", code=h.body.code)),
                            (say("governance.hand.check", lang), "")]),
    )  # fmt: skip


def _moved(desk: Desk, moved: Shift) -> dict[str, list[str]]:
    return {"begin": _people(desk, moved.begin), "end": _people(desk, moved.end)}


def _people(desk: Desk, held: Iterable[tuple[User, Grant]]) -> list[str]:
    out = []
    for user, g in held:
        key = "stands-in" if g.giver else "acts-for"
        giver = User.objects.filter(username=g.giver).first() if g.giver else None
        out.append(
            say(
                f"governance.hand.{key}", desk.lang, person=user.called, role=role_name(g.role, desk.lang),
                **({"giver": giver.called if giver else g.giver} if g.giver else {}),
            )
        )  # fmt: skip
    return out


def _seen(h: Handover, moved: Shift, closing: Iterable[Term]) -> str:
    """A mark of what was shown: another one means that something changed since."""
    parts: list[Any] = [h.body.key, h.starts, h.member, h.institution, h.year, h.also, h.reason]
    parts += [(t.key, t.ends) for t in closing]
    parts += [(u.pk, g.role, g.via, g.giver) for u, g in (*moved.begin, *moved.end)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _trail(desk: Desk, more: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(say("governance.short", desk.lang), desk.url("governance")), *more]


def _role(desk: Desk, found: Body) -> str:
    return desk.role_for(ACT, state=found.state)


patterns: list[URLPattern] = [
    path("planning/handover/", choose, name="handover"),
    path("planning/handover/of/", hand, name="handover-chosen"),
    path("planning/handover/<str:code>/", hand, name="handover-body"),
]
