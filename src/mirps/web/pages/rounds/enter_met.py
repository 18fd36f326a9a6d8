"""When two people wrote one value: theirs beside mine, and a choice. And all that a cell has been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.texts.api import say
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, NotRead, Outcome, Post, Statement
from mirps.evidence.figures.api import Qualifier
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.enter_words import Entering, label, names, post_mark, thing

CHOICES = ("theirs", "mine", "other")


def _statement(e: Entering, pk: int) -> Statement:
    """Something written for this institution in this round, or 404."""
    found = (
        Statement.objects.filter(
            pk=pk, cell__asked__round=e.desk.round, cell__asked__institution=e.institution
        )
        .select_related("cell__asked__round")
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def met(desk: Desk, institution: str, statement: int) -> HttpResponse:
    """What I wrote met another's change: keep theirs, write mine, or write another."""
    e = Entering(desk, institution)
    e.require_write()
    mine = _statement(e, statement)
    cell, fault = mine.cell, ""
    if desk.request.method == "POST":
        answer = _settled(e, mine)
        if isinstance(answer, HttpResponse):
            return answer
        fault = answer
        cell.refresh_from_db()
    who = names([cell.written_by, mine.by])
    return desk.page(
        "rounds/enter-met.html", 422 if fault else 200, e=e, mine=mine, cell=cell, fault=fault,
        thing=thing(cell.asked.ask(), e.lang, e.locale),
        label=label(cell.asked.ask(), cell.dimensions, e.lang), who=who,
        theirs_text=e.shown(cell.value, cell.absence), mine_text=e.shown(mine.value, mine.absence),
        ask=cell.asked.code, other=desk.request.POST.get("other", ""), choices=CHOICES,
        chosen=desk.request.POST.get("choice", ""), back=desk.request.GET.get("back", ""),
        then=desk.request.GET.get("then", "")[:400], shut=e.shut(cell),
        trail=[*e.trail, (say("entries.met.title", desk.lang), "")],
    )  # fmt: skip


def _settled(e: Entering, mine: Statement) -> HttpResponse | str:
    """Do what was chosen; where to go next, or what is at fault."""
    raw = e.desk.request.POST
    choice, base = raw.get("choice", ""), raw.get("base", "")
    if choice not in CHOICES:
        return say("entries.met.choose", e.lang)
    if choice == "theirs":
        return _next(e, mine)
    value: Decimal | None
    value, absence = mine.value, mine.absence
    if choice == "other":
        try:
            value, absence = e.read(raw.get("other", ""))
        except NotRead as wrong:
            return e.sentence(wrong.hint)
    seen = int(base) if base.isascii() and base.isdecimal() and len(base) < 9 else -1
    post = Post(
        mine.cell_id, seen, post_mark(mine.client, "settled", seen, value, absence), value, absence,
        Qualifier(mine.qualifier), mine.note_es, mine.note_en,
    )  # fmt: skip
    done = entries.write_all(
        posts=[post], by=e.desk.user.username, at=e.desk.now, via="form", round=e.desk.round.code,
        institution=e.institution,
    )[0]  # fmt: skip
    if done.outcome is Outcome.REFUSED:
        return " ".join(e.sentence(h) for h in done.hints)
    again = done.mine if done.outcome is Outcome.CONFLICT else None
    return _next(e, mine, again)


def _next(e: Entering, mine: Statement, again: Statement | None = None) -> HttpResponse:
    """To what met a third change, the next one that met a change, or back to where one was writing."""
    desk = e.desk
    here = {"code": desk.round.code, "institution": e.institution}
    waiting = [p for p in desk.request.GET.get("then", "").split(",") if p.isdecimal() and len(p) < 18]
    if again is not None:
        waiting.insert(0, str(again.pk))
    back = "&back=grid" if desk.request.GET.get("back") == "grid" else ""
    if waiting:
        then = f"?then={','.join(waiting[1:])}{back}"
        return desk.go("enter-met", then, statement=int(waiting[0]), **here)
    if back:
        return desk.go("enter-grid", "?kept=1", **here)
    return desk.go("enter-ask", "?kept=1", ask=mine.cell.asked.code, **here)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something in a cell's life: a version, one that was not taken, or a step."""

    at: datetime
    by: str
    kind: str  # version, not-taken, or a step's code
    text: str
    via: str
    note: str
    statement: int = 0


@require_safe
@at_the_door
def history(desk: Desk, institution: str, cell: int) -> HttpResponse:
    """All that was ever written into a cell, and the steps it took, the latest first."""
    e = Entering(desk, institution)
    held = Cell.objects.filter(pk=cell, asked__round=desk.round, asked__institution=institution)
    found = held.select_related("asked__round").first()
    if found is None:
        raise Http404
    happened = [
        Happened(
            s.at, s.by, "version" if s.number else "not-taken", e.shown(s.value, s.absence) or "–", s.via,
            s.note_es if e.lang == "es" and s.note_es else s.note_en or s.note_es, s.pk,
        )
        for s in entries.versions(cell)
    ] + [Happened(s.at, s.by, s.step, "", "", s.reason) for s in entries.steps_taken(cell)]  # fmt: skip
    ask = found.asked.ask()
    return desk.page(
        "rounds/enter-history.html", e=e, cell=found, thing=thing(ask, e.lang, e.locale), ask=ask.code,
        label=label(ask, found.dimensions, e.lang), happened=sorted(happened, key=lambda h: h.at, reverse=True),
        who=names(h.by for h in happened),
        trail=[*e.trail, (say("entries.history.title", desk.lang), "")],
    )  # fmt: skip


patterns: list[URLPattern] = [
    path("rounds/<slug:code>/enter/<str:institution>/met/<int:statement>/", met, name="enter-met"),
    path("rounds/<slug:code>/enter/<str:institution>/cell/<int:cell>/", history, name="enter-cell"),
]
