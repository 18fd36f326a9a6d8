"""Answering a contradiction in review: explained, acknowledged in a named role, or corrected."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from mirps.base.access.api import ALLOWED
from mirps.base.texts.api import catalogue, say
from mirps.evidence.entries.api import Cell
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import FigureRow
from mirps.evidence.findings import api as findings
from mirps.evidence.findings.api import Finding
from mirps.evidence.review.api import Level
from mirps.evidence.rounds.api import BY_STATE
from mirps.sharing.portal import telling, wording
from mirps.web.pages.rounds.door import Desk, Refused, at_the_door
from mirps.web.pages.rounds.fields import Fields
from mirps.web.pages.rounds.review import trail
from mirps.web.pages.rounds.review_words import Words, levels

#: Answers given here. What is corrected is sent back, changed, and found no more.
KINDS = (findings.EXPLAINED, findings.ACKNOWLEDGED, findings.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class About:
    """One of the figures that a contradiction sets side by side. `cell` is 0 for another round's."""

    cell: int
    line: wording.Line
    round: str
    state: str
    institution: str


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def finding(desk: Desk, finding: str) -> HttpResponse:
    held = findings.current().filter(code=finding, round=desk.round.code).first()
    if held is None:
        raise Http404
    about = _about(desk, held)
    own = [a for a in about if a.cell]
    level = _level(desk, held, own)
    f = Fields(desk.request, desk.lang)
    may = [k for k in KINDS if _may(desk, k, held, own)]
    standing = findings.standing_of(held)
    may = [k for k in may if k != findings.WITHDRAWN or standing != findings.OPEN]
    if f.posted:
        kind = f.choice("kind", may)
        if kind and _answered(desk, f, held, own, kind):
            return desk.go(
                "review-finding", "?done=answered#answers", code=desk.round.code, finding=held.code
            )
    words = Words(desk, held.state, level)
    first = FigureRow.objects.filter(pk=held.figures[0]).first() if held.figures else None
    return desk.page(
        "rounds/review-finding.html", 422 if f.faults else 200, f=f, d=words.doubt(held), about=about, own=own,
        may=may, held=held, standing=standing, first=first, words=words, level=level,
        why_not="" if may else desk.why_not("finding.explain", state=held.state),
        replies=[(a, words.name(a.by), _role(a.role, desk.lang)) for a in held.answers.all()],
        why=_why(held, desk.lang), done=desk.request.GET.get("done", ""),
        trail=trail(desk, held.state, (telling.kind_name(held.kind, desk.lang), "")),
    )  # fmt: skip


def _level(desk: Desk, held: Finding, own: list[About]) -> Level:
    """At which level somebody reads it. The region reads it when the State answered for all of it."""
    for a in [*own, None]:
        found = levels(desk, held.state, a.institution if a else "")
        if found and (found[0] is Level.STATE or _of_the_region(own)):
            return found[0]
    if any(desk.may("entry.write", state=a.state, body=a.institution) for a in own):
        return Level.STATE
    raise Refused(desk.why_not("entry.review", state=held.state))


def _of_the_region(own: list[About]) -> bool:
    held = Cell.objects.filter(pk__in=[a.cell for a in own]).order_by("pk").values_list("status", flat=True)
    return all(s in BY_STATE for s in held)


def _may(desk: Desk, kind: str, held: Finding, own: list[About]) -> bool:
    """For the State, or in an institution that all of its figures of this round are of."""
    bodies = {a.institution for a in own}
    body = bodies.pop() if len(bodies) == 1 else ""
    return desk.may(findings.ACT[kind], state=held.state, body=body)


def _about(desk: Desk, held: Finding) -> list[About]:
    rows = {r.id: r for r in FigureRow.objects.filter(pk__in=held.figures).order_by("id")}
    cells = {
        c.figure: c.pk
        for c in Cell.objects.filter(figure__in=held.figures, asked__round=desk.round).order_by("pk")
    }
    measures = figures.measures()
    return [
        About(
            cells.get(id_, 0), wording.line(figures.figure_from(r), measures.get(r.measure), desk.lang, desk.locale),
            r.round, r.state, r.source,
        )
        for id_ in held.figures if (r := rows.get(id_))
    ]  # fmt: skip


def _why(held: Finding, lang: str) -> str:
    key = f"finding.why.{held.kind}"
    return say(key if key in catalogue() else "portal.finding.why-general", lang)


def _role(role: str, lang: str) -> str:
    return say(f"portal.role-held.{role if role in ALLOWED else 'none'}", lang)


def _answered(desk: Desk, f: Fields, held: Finding, own: list[About], kind: str) -> bool:
    bodies = {a.institution for a in own}
    body = bodies.pop() if len(bodies) == 1 else ""
    try:
        findings.answer(
            finding=held.code, kind=kind, reason_es=f.raw.get("reason_es", ""),
            reason_en=f.raw.get("reason_en", ""), by=desk.user.username, at=desk.now,
            role=desk.role_for(findings.ACT[kind], state=held.state, body=body),
        )  # fmt: skip
    except findings.AnswerFault as e:
        for key in e.keys:
            f.fault(key.rpartition(".")[2], key)
        return False
    return True


patterns = [path("rounds/<slug:code>/review/finding/<slug:finding>/", finding, name="review-finding")]
