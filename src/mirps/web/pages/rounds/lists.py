"""The rounds, and one round's own page: what is for me to do, by when, how far everyone has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.evidence.entries import api as entries
from mirps.evidence.narratives.models import Section
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import BY_STATE, Due, Stage, Status
from mirps.evidence.watch.api import BY_REGION, HANDED
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.enter_words import names


@dataclass(frozen=True, slots=True)
class Task:
    """Work of this person in a round: a page to go to, how far it is, by when."""

    kind: str  # setup, publish, enter, write, compile, region
    name: str
    state: str
    address: str
    done: int
    all: int
    returned: int
    due: datetime | None
    late: bool


#: More tasks than this are rows under a heading for each kind, not cards.
MOST_CARDS = 4


@require_safe
@at_the_door
def every(desk: Desk) -> HttpResponse:
    return desk.page(
        "rounds/list.html", here="rounds", rounds=list(rounds.worked()), may_set_up=desk.may("round.setup"),
        may_release=bool(desk.states("release.read")),
    )  # fmt: skip


@require_safe
@at_the_door
def one(desk: Desk) -> HttpResponse:
    r = desk.round
    progress = entries.progress(r.code)
    tasks = _tasks(desk, progress)
    events = list(r.events.order_by("-at", "-id")[:20])
    return desk.page(
        "rounds/round.html",
        here="round",
        tasks=tasks,
        groups=_groups(tasks) if len(tasks) > MOST_CARDS else [],
        steps=[(step, desk.due(step)) for step in Due],
        events=events,
        who=names(e.by for e in events),
        may_set_up=desk.may("round.setup"),
        may_watch=bool(desk.states("watch.read")),
        may_release=bool(desk.states("release.read")),
        may_publish=desk.may("round.publish")
        or desk.may("watch.read")
        or bool(r.stage == Stage.PUBLISHED and desk.states("embargo.set")),
        totals=_totals(progress),
    )


def _tasks(desk: Desk, progress: list[entries.Progress]) -> list[Task]:
    r, out = desk.round, []
    if r.stage == Stage.PREPARING:
        return [_whole(desk, "setup", "round-setup")] if desk.may("round.setup") else []
    if r.stage == Stage.CLOSED and desk.may("round.publish"):
        out.append(_whole(desk, "publish", "round-publish", desk.due(Due.PUBLICATION)))
    by_body = {(p.state, p.institution): p for p in progress}
    for state, institution in desk.institutions("entry.write"):
        if p := by_body.get((state, institution)):
            out.append(_enter(desk, p))
    out += _write(desk)
    for state in desk.states("entry.approve-state") or desk.states("entry.review"):
        out.append(_compile(desk, state, [p for p in progress if p.state == state]))
    if desk.may("entry.approve-region") or desk.may("entry.review-region"):
        for state in codelists.member_states():
            out.append(_compile(desk, state, [p for p in progress if p.state == state], region=True))
    return out


def _groups(tasks: list[Task]) -> list[tuple[str, list[Task]]]:
    """Tasks by kind, what came back or is late first. Who answers for many institutions finds what is
    of the whole State before them."""
    order = ("setup", "publish", "compile", "region", "write", "enter")
    out = [(kind, [t for t in tasks if t.kind == kind]) for kind in order]
    return [(kind, sorted(found, key=lambda t: (not t.returned, not t.late))) for kind, found in out if found]


def _whole(desk: Desk, kind: str, page: str, due: datetime | None = None) -> Task:
    """A task of the round as a whole, of which nothing is counted."""
    late = due is not None and desk.now > due
    return Task(kind, "", "", desk.url(page, code=desk.round.code), 0, 0, 0, due, late)


def _enter(desk: Desk, p: entries.Progress) -> Task:
    due = desk.due(Due.ENTRY, state=p.state, institution=p.institution)
    handed = sum(p.counts.get(s, 0) for s in HANDED)
    return Task(
        "enter", desk.institution_name(p.institution), p.state,
        desk.url("enter", code=desk.round.code, institution=p.institution),
        p.given, p.all, p.counts.get(Status.RETURNED, 0), due,
        due is not None and desk.now > due and handed < p.all,
    )  # fmt: skip


def _compile(desk: Desk, state: str, held: list[entries.Progress], *, region: bool = False) -> Task:
    due = desk.due(Due.REGION if region else Due.STATE, state=state)
    wanted = BY_REGION if region else BY_STATE
    done = sum(p.counts.get(s, 0) for p in held for s in wanted)
    return Task(
        "region" if region else "compile", "", state,
        desk.url("review", code=desk.round.code, state=state),
        done, sum(p.all for p in held), sum(p.counts.get(Status.RETURNED, 0) for p in held), due,
        due is not None and desk.now > due and done < sum(p.all for p in held),
    )  # fmt: skip


def _write(desk: Desk) -> list[Task]:
    r = desk.round
    held: dict[str, list[Section]] = {}
    for s in Section.objects.filter(round=r, withdrawn_at=None).order_by("order", "code"):
        if desk.may("narrative.write", state=s.state):
            held.setdefault(s.state, []).append(s)
    due = desk.due(Due.ENTRY)
    return [
        Task(
            "write", "", state, desk.url("write", code=r.code, state=state or "MIRPS"),
            sum(s.status in HANDED for s in found), len(found),
            sum(s.status == Status.RETURNED for s in found), due,
            due is not None and desk.now > due and any(s.status not in HANDED for s in found),
        )
        for state, found in held.items()
    ]  # fmt: skip


def _totals(progress: list[entries.Progress]) -> dict[str, int]:
    return {
        "institutions": len(progress),
        "cells": sum(p.all for p in progress),
        "given": sum(p.given for p in progress),
        "handed": sum(p.counts.get(s, 0) for p in progress for s in HANDED),
        "approved": sum(p.counts.get(s, 0) for p in progress for s in BY_REGION),
    }


patterns = [
    path("rounds/", every, name="rounds"),
    path("rounds/<slug:code>/", one, name="round"),
]
