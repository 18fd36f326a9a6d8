"""My work: what waits for this person, the agreements that they see to, what is late in the plans of their State
or team, what comes next, and what they may enter."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.planning.meetings import api as meetings
from mirps.planning.meetings.api import Entry
from mirps.planning.records import api as records
from mirps.planning.records.api import Record, Status
from mirps.web.pages.planning import calendar, plans_board, showing
from mirps.web.pages.planning.door import Desk, working
from mirps.web.pages.planning.lists import waiting
from mirps.web.pages.planning.meetings import Row, row
from mirps.web.pages.planning.record import owner

#: How far ahead "what comes next" looks, and how many lines a list of this page has.
AHEAD, MOST = timedelta(days=60), 12
#: kind -> the name of the page where one is begun, where it is not the form that all kinds share.
BEGUN = {"event": "event-new", "newsletter": "newsletters"}


@require_safe
@working
def mine(desk: Desk) -> HttpResponse:
    """What somebody comes to do, on one page; where a list is empty it says so."""
    today = meetings.today("", desk.now)
    plans = _late(desk)
    return desk.page(
        "planning/mine.html", roles=_roles(desk), waiting=_named(desk, waiting(desk)[:MOST]), drafts=_drafts(desk),
        agreements=_agreements(desk, today)[:MOST], coming=_coming(desk, today)[:MOST], plans=plans[:MOST],
        more=len(plans) - MOST, begin=_begin(desk),
        hands_over=any(desk.may("governance.write", state=g.state, body=g.body) for g in desk.grants),
        title=say("calendar.mine.title", desk.lang), trail=[(say("calendar.mine.title", desk.lang), "")],
    )  # fmt: skip


def _roles(desk: Desk) -> list[tuple[str, str]]:
    """(role, for whom) that this person holds today."""
    held = dict.fromkeys((g.role, g.state, g.body) for g in desk.grants if g.covers(desk.now.date()))
    return [
        (say(f"portal.role-held.{role}", desk.lang),
         calendar.body_name(body, desk.lang) if calendar.is_body(body) else owner(desk, state, body))
        for role, state, body in held
    ]  # fmt: skip


def _drafts(desk: Desk) -> list[tuple[Record, str, str]]:
    """What this person wrote and nobody submitted yet."""
    wrote = Q(changes__by=desk.username)
    found = Record.objects.filter(wrote, status=Status.DRAFT).distinct().order_by("-changed_at")[: MOST * 2]
    return _named(desk, [r for r in found if desk.may_on(r, "write")][:MOST])


def _named(desk: Desk, found: list[Record]) -> list[tuple[Record, str, str]]:
    return [(r, showing.title(desk, r), showing.address_of(r.key, desk.lang)) for r in found]


def _agreements(desk: Desk, today: date) -> list[Row]:
    """The open agreements that one of this person's roles sees to, what is late first."""
    hats = meetings.hats(desk.grants, desk.now.date())
    held = [a for a in calendar.agreements(desk) if not a.closed and meetings.answers(a, hats)]
    met = showing.titles(desk, {a.parent for a in held})
    return [row(desk, a, today, met) for a in meetings.most_pressing(held, today)]


def _coming(desk: Desk, today: date) -> list[calendar.Line]:
    """What takes place in the next weeks, of those for whom this person acts and of the region."""
    soon = meetings.in_order(
        e for e in calendar.entries(desk)
        if e.of != meetings.Of.AGREEMENT and e.span.by_day and e.span.last >= today and e.span.first <= today + AHEAD
        and e.standing != "cancelled" and _concerns(desk, e)
    )  # fmt: skip
    return [calendar.line(desk, e) for e in soon]


def _concerns(desk: Desk, e: Entry) -> bool:
    """Whether it is of the region, or of a State or body for which this person acts."""
    bodies = [b for b in e.bodies if calendar.is_body(b)]
    if not e.states and not bodies:
        return True
    return any(
        g.body in e.bodies if g.body else (not g.state or g.state in e.states) for g in desk.grants
    )  # fmt: skip


def _late(desk: Desk) -> list[tuple[str, str, str, date]]:
    """(part, where it is shown, plan, due) that is late and that this person works on: in the plans of the State
    for which they write, or what falls to their body. What was due last first: it can still be caught up."""
    writes = [g for g in desk.grants if desk.may("plan.write", state=g.state, body=g.body)]
    found = {}
    for e in plans_board.every(desk) if writes else ():
        p = e.whole.plan
        whole = any((p.body == g.body) if g.body else (p.state == g.state) for g in writes)
        parts = e.lists["late"] if whole else [
            n for g in writes if g.body for n in e.answering["late"].get(g.body, ())
        ]  # fmt: skip
        for n in parts:
            name = showing.texts_of(n.title, desk.lang)[0]
            found[n.key] = (name, showing.address_of(n.key, desk.lang), p.called(desk.lang), e.due[n.key])
    return sorted(found.values(), key=lambda part: part[3], reverse=True)


def _begin(desk: Desk) -> list[tuple[str, str]]:
    """What this person may enter: (name of the kind, where)."""
    may = [k for k in records.kinds().values() if not k.parents and desk.owners(k)]
    return [
        (say(f"kind.{k.name}.name", desk.lang),
         desk.url(BEGUN[k.name]) if k.name in BEGUN else desk.url("record-new", kind=k.name))
        for k in may
    ]  # fmt: skip


patterns: list[URLPattern] = [path("planning/mine/", mine, name="mine")]
