"""Release review: what a State's counts would tell, what is hidden and why, what the audit says; and who decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import in_lang, number, say
from mirps.evidence.checks.over_ledger.messages import message
from mirps.evidence.disclosure import vocabulary as disclosure
from mirps.evidence.figures import api as figures
from mirps.evidence.indicators import api as indicators
from mirps.evidence.releases import api as releases
from mirps.evidence.releases.api import CannotRelease, Release, Row, Stage, persons
from mirps.evidence.rounds import api as rounds
from mirps.web import desk as desks
from mirps.web.desk import Desk
from mirps.web.pages.rounds.fields import Fields

READ, APPROVE = "release.read", "release.approve"
#: Releases that are out, shown on the list; what the checks would find, shown of one.
MOST_OUT, MOST_FOUND = 30, 20
View = Callable[..., HttpResponse]


def _at_the_desk(view: View) -> View:
    @wraps(view)
    def seen(request: HttpRequest, lang: str, **parts: Any) -> HttpResponse:
        return desks.admitted(Desk(request), view, **parts)

    return seen


@dataclass(frozen=True, slots=True)
class Line:
    """A cell as an officer sees it: its name, what is shown, why not, and what the ledger holds so far."""

    name: str
    shown: str
    why: str
    before: str
    part: bool


@require_http_methods(["GET", "HEAD", "POST"])
@_at_the_desk
def every(desk: Desk) -> HttpResponse:
    """What waits of every State that this person may look after, what is out, what was agreed in advance."""
    own = [s for s in codelists.member_states() if desk.may(READ, state=s)]
    if not own:
        desk.require(READ, state=next((g.state for g in desk.grants if g.state), ""))
    f = Fields(desk.request, desk.lang)
    if f.posted and _agreed(desk, f, own):
        return desk.go("releases", "?kept=agreed#agreed")
    told = [_state(desk, s) for s in own]
    choices = [(i.code, in_lang(i.name, desk.lang)) for i in _agreeable()]
    may = [s for s in own if desk.may(APPROVE, state=s)]
    return desk.page("releases/list.html", 422 if f.faults else 200, here="rounds", states=told, f=f, may=may,
                     choices=choices, kept=desk.request.GET.get("kept", ""))  # fmt: skip


def _agreeable() -> list[indicators.Indicator]:
    """Indicators whose figures one person may let go of in advance."""
    return [
        i for i in indicators.indicators().values() if i.measure and persons([i.protect.sensitivity]) == 1
    ]


def _agreed(desk: Desk, f: Fields, own: Sequence[str]) -> bool:
    state = own[0] if len(own) == 1 else f.choice("state", own)
    code = f.choice("indicator", [i.code for i in _agreeable()])
    until, reason = f.day("until", required=False), f.text("reason", most=1000)
    if state:
        desk.require(APPROVE, state=state)
    if f.faults:
        return False
    try:
        releases.agree(state=state, indicator=code, by=desk.username, reason=reason, until=until,
                       role=desk.role_for(APPROVE, state=state), at=desk.now)  # fmt: skip
    except CannotRelease as e:
        field = "until" if e.key.endswith("past") else "reason" if e.key.endswith("reason") else "indicator"
        f.fault(field, e.key, **e.values)
    return not f.faults


def _state(desk: Desk, state: str) -> dict[str, Any]:
    known = indicators.indicators()
    agreed = [
        (a, in_lang(known[code].name, desk.lang))
        for code, a in releases.standing(state, desk.now.date()).items()
        if code in known
    ]
    return {
        "code": state,
        "waits": [_told(desk, r) for r in releases.waiting(state)],
        "out": [_told(desk, r) for r in releases.latest_out(state, MOST_OUT)],
        "agreed": agreed,
        "may": desk.may(APPROVE, state=state),
    }


def _told(desk: Desk, r: Release) -> dict[str, Any]:
    return {"release": r, "name": _name(desk, r), "when": _when(desk, r),
            "cells": r.report.get("cells", 0), "hidden": r.report.get("hidden", 0)}  # fmt: skip


def _name(desk: Desk, r: Release) -> str:
    said = [in_lang(i.name, desk.lang) for i in releases.indicators_of(r)]
    return said[0] if len(said) == 1 else say("releases.page.with", desk.lang, name=said[0], n=len(said) - 1)


def _when(desk: Desk, r: Release) -> str:
    last = figures.short_day(r.last, desk.locale)
    if r.first is None:
        return last
    return f"{figures.short_day(r.first, desk.locale)} – {last}"


def _found(desk: Desk, id: UUID) -> Release:
    """The release of the address; who may not look after its State learns nothing of it."""
    row = Release.objects.filter(pk=id).first()
    if row is None or not desk.may(READ, state=row.state):
        raise Http404
    return row


@require_safe
@_at_the_desk
def one(desk: Desk, id: UUID) -> HttpResponse:
    return _shown(desk, _found(desk, id), Fields(desk.request, desk.lang))


def _shown(desk: Desk, r: Release, f: Fields) -> HttpResponse:
    kept = releases.opened(r)
    rows, known = releases.rows_of(r), releases.indicators_of(r)
    tables = [(i, _lines(desk, r, i, [x for x in rows if x.code == i.code], kept["why"])) for i in known]
    return desk.page(
        "releases/one.html", 422 if f.faults else 200, here="rounds", r=r, f=f, name=_name(desk, r),
        when=_when(desk, r), tables=[t for t in tables if t[1]], bare=[_cell(desk, b) for b in kept["bare"]],
        may=desk.may(APPROVE, state=r.state), why_not=desk.why_not(APPROVE, state=r.state),
        rules=_rules(desk, known), found=_findings(desk, r, rows, known), blocked=releases.blocked(r),
        signed=list(releases.signatures(r)), steps=list(r.steps.all()),
        open=r.stage in (Stage.PROPOSED, Stage.PROVISIONAL), kept=desk.request.GET.get("kept", ""),
    )  # fmt: skip


def _rules(desk: Desk, known: Sequence[indicators.Indicator]) -> list[tuple[str, int]]:
    """The rules that its cells are held to, with their thresholds; children's always."""
    every = disclosure.rules()
    wanted = dict.fromkeys([*(i.protect.sensitivity for i in known), "children"])
    return [(in_lang(every[c].name, desk.lang), every[c].threshold) for c in wanted if c in every]


def _lines(
    desk: Desk, r: Release, i: indicators.Indicator, rows: Sequence[Row], why: dict[str, str]
) -> list[Line]:
    before = _before(r, i, rows)
    out = []
    for row in rows:
        said = why.get(f"{row.code} {row.cell}", "")
        absence = figures.absence(row.absence, desk.lang) if row.absence else "–"
        shown = absence if row.value is None else number(row.value, locale=desk.locale)
        then = before.get(row.cell)
        out.append(
            Line(
                cell_name(row.cell, desk.lang), shown, say(f"disclosure.why.{said}", desk.lang) if said else "",
                "" if then is None else number(then, locale=desk.locale), row.cell != figures.TOTAL,
            )
        )  # fmt: skip
    return out


def _before(r: Release, i: indicators.Indicator, rows: Sequence[Row]) -> dict[str, Any]:
    """What the ledger holds of the same thing: reported, or computed before."""
    if not i.measure:
        return {}
    said = {s.subject(): row.cell for row in rows for s in releases.statements(r, [row], [i])}
    held = figures.FigureRow.objects.filter(state=r.state, measure=i.measure, superseded_by="").order_by("id")
    found = {}
    for f in map(figures.figure_from, held):
        if (cell := said.get(f.subject())) is not None and f.value is not None:
            found[cell] = f.value
    return found


def cell_name(cell: str, lang: str) -> str:
    """`sex=F;age=0-17` in words; the total by its own."""
    if cell == figures.TOTAL:
        return say("releases.page.total", lang)
    return ", ".join(figures.member(k, m, lang) for k, m in figures.parse_dimensions(cell).items())


def _cell(desk: Desk, bare: dict[str, Any]) -> dict[str, str]:
    """A cell that could be inferred, and how far: for the office alone."""
    cell = bare["cell"]
    known = indicators.indicators()
    code = str(cell.get("what", "")).lstrip("~").partition("+")[0].partition(":")[0]
    name = in_lang(known[code].name, desk.lang) if code in known else ""
    where = str(cell.get("breakdown", figures.TOTAL)).replace("~", "*")
    bounds = ""
    if "least" in bare:
        values = {k: number(round(bare[k], 1), locale=desk.locale) for k in ("least", "most")}
        bounds = say("releases.page.between", desk.lang, **values)
    return {"name": name, "where": cell_name(where, desk.lang), "bounds": bounds}


def _findings(
    desk: Desk, r: Release, rows: Sequence[Row], known: Sequence[indicators.Indicator]
) -> list[str]:
    """What the checks would say, were its figures stated as they are."""
    stated = {f.id: f for f in releases.statements(r, rows, known)}
    out = []
    for found in rounds.found_in(r.round, r.state, list(stated.values())):
        if stated.keys().isdisjoint(found.figures):
            continue
        every = stated | {
            f.pk: figures.figure_from(f)
            for f in figures.FigureRow.objects.filter(pk__in=[i for i in found.figures if i not in stated])
        }
        out.append(message(found, desk.lang, every, partial(number, locale=desk.locale)))
    return out[:MOST_FOUND]


@require_POST
@_at_the_desk
def approve(desk: Desk, id: UUID) -> HttpResponse:
    return _decided(desk, id, "seen", lambda f: partial(releases.approve, counted_at=_seen(desk, f)))


@require_POST
@_at_the_desk
def decline(desk: Desk, id: UUID) -> HttpResponse:
    return _decided(
        desk, id, "reason", lambda f: partial(releases.decline, reason=f.text("reason", most=1000))
    )


def _seen(desk: Desk, f: Fields) -> datetime:
    """When what they saw was counted."""
    try:
        return datetime.fromisoformat(f.text("seen", required=True))
    except ValueError:
        return desk.now  # whatever they saw, it was not this


def _decided(
    desk: Desk, id: UUID, field: str, how: Callable[[Fields], Callable[..., Release]]
) -> HttpResponse:
    """Decide as the form says; what stands in the way is told at its field."""
    r, f = _found(desk, id), Fields(desk.request, desk.lang)
    desk.require(APPROVE, state=r.state)
    role = desk.role_for(APPROVE, state=r.state)
    try:
        done = how(f)(release=str(r.pk), by=desk.username, role=role, at=desk.now)
    except CannotRelease as e:
        f.fault(field, e.key, **e.values)
        return _shown(desk, _found(desk, id), f)
    kept = done.stage if done.stage in (Stage.APPROVED, Stage.DECLINED) else "signed"
    return desk.go("release", f"?kept={kept}", id=r.pk)


@require_POST
@_at_the_desk
def end(desk: Desk, id: int) -> HttpResponse:
    """End what was agreed in advance."""
    held = releases.StandingApproval.objects.filter(pk=id).first()
    if held is None or not desk.may(READ, state=held.state):
        raise Http404
    desk.require(APPROVE, state=held.state)
    try:
        releases.end_agreement(agreement=id, by=desk.username, at=desk.now)
    except CannotRelease as e:
        raise desks.Refused(say(e.key, desk.lang, **e.values)) from None
    return desk.go("releases", "?kept=ended#agreed")


patterns: list[URLPattern] = [
    path("releases/", every, name="releases"),
    path("releases/agreed/<int:id>/end/", end, name="release-end"),
    path("releases/<uuid:id>/", one, name="release"),
    path("releases/<uuid:id>/approve/", approve, name="release-approve"),
    path("releases/<uuid:id>/decline/", decline, name="release-decline"),
]
