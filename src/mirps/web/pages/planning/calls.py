"""Calls: what is open, what one asks, questions about it, what was decided. Everybody reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.calls import api as calls
from mirps.planning.calls.api import CallFault, CallRun, Stage
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.sharing.portal.wording import state as state_name
from mirps.web.pages.page import private
from mirps.web.pages.planning import calls_told, lists, showing
from mirps.web.pages.planning.calls_desk import (
    APPLY,
    WRITE,
    At,
    faults_of,
    test_words,
)
from mirps.web.pages.planning.door import Desk, reading, working
from mirps.web.pages.planning.record import whole

showing.PAGES["call"] = "call"
lists.LEADS["calls"] = "calls"

#: The groups of the list, in their order, by stage. A call without a run that says what came of it is past.
GROUPS = ("open", "announced", "deciding", "told", "past", "drawn")


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    title: str
    summary: str
    stage: Stage
    group: str
    closes: datetime | None
    total: str
    demo: bool


@require_safe
@reading
def every(desk: Desk) -> HttpResponse:
    """Every call this person may read, those that are open first. Never kept on the way: a call closes by
    the clock, and no change of records tells of it."""
    held = [r for r in records.of_kind("call") if desk.shown(r) is not None and r.status != "withdrawn"]
    runs = {x.call: x for x in CallRun.objects.order_by("call")}
    rows = [_row(desk, r, runs.get(r.code)) for r in held]
    groups = [(g, [x for x in rows if x.group == g]) for g in GROUPS]
    answer = desk.page(
        "planning/calls.html", groups=[(g, found) for g, found in groups if found],
        trail=[(say("calls.title", desk.lang), "")],
        may_write=desk.may(WRITE), applies=any(desk.may(APPLY, state=g.state, body=g.body) for g in desk.grants),
    )  # fmt: skip
    return private(answer)


def _row(desk: Desk, r: Record, run: CallRun | None) -> Row:
    data = desk.shown(r) or {}
    stage = calls.Room(run, None, desk.now).stage if run else Stage.DRAWN
    group = {
        Stage.OPEN: "open", Stage.ANNOUNCED: "announced", Stage.TOLD: "told",
        Stage.DRAWN: "past" if data.get("outcome") else "drawn",
    }.get(stage, "deciding")  # fmt: skip
    total = data.get("total")
    summary, _ = showing.texts_of(data.get("summary", {}), desk.lang)
    return Row(
        r.code, records.title("call", data, desk.lang) or r.code, summary, stage, group, run.closes if run else None,
        showing.money(total, desk.lang, desk.locale) if total else "", bool(data.get("proposal")),
    )  # fmt: skip


@require_safe
@reading
def call(desk: Desk, code: str) -> HttpResponse:
    return _shown(desk, At(desk, code))


def _shown(desk: Desk, at: At, faults: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    t = at.terms
    answer = desk.page(
        "planning/call.html", 422 if faults else 200,
        **(whole(desk, at.record) | {"trail": [(say("calls.title", desk.lang), desk.url("calls")), (at.title, "")]}),
        at=at, t_=t, tests=[test_words(desk, x) for x in t.tests], questions_=_questions(desk, at),
        may_ask=_may_ask(desk, at),
        clock=clock_words(at), weights=_weights(at), awards=_awards(desk, at), received=_received(at), faults=faults,
        asked=desk.request.POST.get("text", "")[:4000], done=desk.request.GET.get("done", "") == "1",
        more=showing.told(desk, records.kinds()["call"], at.data, fields=_more(at)), tasks=_tasks(desk, at),
    )  # fmt: skip
    return private(answer)


def _more(at: At) -> list[str]:
    """Fields of the record that the page does not say otherwise."""
    return [
        f
        for f in ("announced", "administrator", "committee-bodies", "applied", "outcome", "note")
        if f in at.data
    ]


def clock_words(at: At) -> str:
    state = at.room.run.clock_of if at.room else at.data.get("clock-of", "")
    return (
        say("calls.clock-of", at.lang, state=state_name(state, at.lang))
        if state
        else say("calls.clock", at.lang)
    )


def _weights(at: At) -> list[tuple[str, str, str]]:
    """(criterion, its share of the whole, highest score)."""
    whole_ = sum(c.weight for c in at.terms.criteria) or 1
    locale = at.desk.locale
    return [
        (
            c.words[at.lang],
            f"{texts.number(c.weight * 100 / whole_, locale, 0)} %",
            texts.number(c.top, locale),
        )
        for c in at.terms.criteria
    ]


def _received(at: At) -> str:
    """How many proposals came in, once it is no secret any more."""
    if at.room and at.stage.rank >= Stage.CLOSED.rank:
        return texts.number(len(at.room.handed_in), at.desk.locale)
    return str(at.data.get("received", ""))


def _awards(desk: Desk, at: At) -> list[dict[str, str]]:
    found = [r for r in records.under(at.record.key) if r.kind == "award" and r.public]
    if at.room:  # what was written past the committee is shown as nothing that it selected
        found = [r for r in found if r.code in at.room.awarded]
    return [
        {
            "title": records.title("award", r.public, desk.lang), "href": showing.address_of(r.key, desk.lang),
            "entity": desk.institution_name(r.public["entity"]),
            "reason": r.public.get("reason", {}).get(desk.lang, ""),
            "amount": showing.money(r.public["amount"], desk.lang, desk.locale) if "amount" in r.public else "",
        }
        for r in found
        if r.public
    ]  # fmt: skip


def _questions(desk: Desk, at: At) -> list[dict[str, Any]]:
    """Questions that were answered; who runs the call also sees those that wait, and everybody their own."""
    if at.room is None:
        return []
    out = []
    for q in at.room.ledger.questions.values():
        if q.answered_at:
            words = {"question": q.question[desk.lang], "answer": q.answer[desk.lang], "lang": ""}
            out.append({"id": q.id, "at": q.answered_at, **words})
        elif at.runs or (desk.user and q.by == desk.user.username):
            out.append({"id": q.id, "at": q.at, "question": q.text, "answer": "", "lang": q.lang})
    return out


def _may_ask(desk: Desk, at: At) -> bool:
    until = at.terms.questions_until
    entitled = any(desk.may(APPLY, state=g.state, body=g.body) for g in desk.grants)
    return entitled and at.stage is Stage.OPEN and (until is None or desk.now < until)


def _tasks(desk: Desk, at: At) -> list[tuple[str, str, str]]:
    """What this person can do here now: (what, where, words beside it)."""
    found = []
    if at.runs:
        found.append((say("calls.task.run", at.lang), desk.url("call-run", code=at.code), ""))
    if at.stage is Stage.OPEN and at.may_apply_for:
        found.append((say("calls.task.apply", at.lang), desk.url("proposal-new", code=at.code), ""))
    for p in at.mine:
        words = say(f"calls.proposal.status.{p.status}", at.lang)
        name = say("calls.task.mine", at.lang, institution=desk.institution_name(p.institution))
        found.append((name, desk.url("proposal", proposal=p.pk), words))
    return found + (_seat_tasks(desk, at) if at.sits else [])


def _seat_tasks(desk: Desk, at: At) -> list[tuple[str, str, str]]:
    room = at.inside
    found = []
    declared = room.name in room.ledger.declared
    if at.stage.rank < Stage.READING.rank or (at.stage is Stage.READING and not declared):
        words = say("calls.task.declared" if declared else "calls.task.not-declared", at.lang)
        found.append((say("calls.task.declare", at.lang), desk.url("call-interests", code=at.code), words))
    if at.stage.rank >= Stage.READING.rank and declared:
        found.append((say("calls.task.read", at.lang), desk.url("call-reading", code=at.code), ""))
    if at.stage.rank >= Stage.DISCUSSION.rank and declared:
        found.append((say("calls.task.ranking", at.lang), desk.url("call-ranking", code=at.code), ""))
    return found


@require_POST
@working
def ask(desk: Desk, code: str) -> HttpResponse:
    """A question about the call, from anybody who may apply anywhere."""
    at = At(desk, code)
    if not _may_ask(desk, at):
        desk.require(APPLY)
    grant = next((g for g in desk.grants if desk.may(APPLY, state=g.state, body=g.body)), None)
    try:
        with transaction.atomic():
            calls.ask(
                call=code, text=desk.request.POST.get("text", ""), lang=desk.lang, user=at.user,
                role=grant.role if grant else "",
                at=desk.now,
            )  # fmt: skip
            calls_told.asked(at)
    except CallFault as e:
        return _shown(desk, at, faults_of(desk, e))
    return desk.go("call", "?done=1#questions", code=code)


patterns: list[URLPattern] = [
    path("planning/calls/", every, name="calls"),
    path("planning/calls/<str:code>/", call, name="call"),
    path("planning/calls/<str:code>/ask/", ask, name="call-ask"),
]
