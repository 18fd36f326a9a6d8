"""The supervisor's view: who has how many, who is away, several cases handed over at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import say
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault
from mirps.casework.procedures import wording
from mirps.people.custody import api as custody
from mirps.web.pages.casework import telling
from mirps.web.pages.casework.case import fault_words
from mirps.web.pages.casework.door import Desk, with_cases
from mirps.web.pages.casework.worklist import called, page_of, rows


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases("supervise")
def supervise(desk: Desk) -> HttpResponse:
    """Workload and absences of the office; an absence is noted or ended here."""
    fault = _absence(desk) if desk.request.method == "POST" else ""
    if desk.request.method == "POST" and not fault:
        return desk.go("cases-supervise", "?done=1")
    on = desk.now.date()
    with custody.seated(desk.seat):
        loads = cases.loads(desk.seat, on=on)
        gone = list(cases.absences(desk.seat, on=on).order_by("starts", "id"))
        counted = cases.counts(desk.seat)
    names = called({one.user for one in loads} | {a.user for a in gone} | {a.stands_in for a in gone})
    return desk.page(
        "casework/supervise.html", 422 if fault else 200, loads=loads, names=names, fault=fault,
        absences=gone, stages=_stages(desk, counted), officers=[one.user for one in loads if one.user],
        most=max((one.open for one in loads), default=0) or 1,
    )  # fmt: skip


def _stages(desk: Desk, counted: dict[tuple[str, str], int]) -> list[tuple[str, str, str, str, int]]:
    """(procedure, stage) by their names and codes, with the open cases in each, in the order of the files."""
    out = []
    for name in dict.fromkeys(p for p, _ in counted):
        p = cases.latest(name)
        order = {s: i for i, s in enumerate(p.stages)}
        for _, stage in sorted((k for k in counted if k[0] == name), key=lambda k: order.get(k[1], 99)):
            out.append((name, stage, wording.in_lang(p.title, desk.lang), telling.name_of(p, stage, desk.lang),
                        counted[name, stage]))  # fmt: skip
    return out


def _absence(desk: Desk) -> str:
    """Keep what was posted; what is wrong with it, or nothing."""
    post = desk.request.POST
    try:
        if ended := post.get("back", ""):
            cases.back(int(ended) if ended.isdecimal() else 0, seat=desk.seat, at=desk.now)
            return ""
        starts, ends = desk.day("starts"), desk.day("ends")
        if starts is None or ends is None or not post.get("user"):
            return say("casework.supervise.days", desk.lang)
        cases.away(
            post["user"][:150], starts=starts, ends=ends, stands_in=post.get("stands_in", "")[:150],
            seat=desk.seat, at=desk.now,
        )  # fmt: skip
    except CaseFault as e:
        return fault_words(e, desk.lang)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases("supervise")
def several(desk: Desk) -> HttpResponse:
    """`?of=user`: somebody's cases (of nobody: `-`), some of which go to somebody else."""
    of = desk.request.GET.get("of", cases.NOBODY)[:150]
    fault = ""
    if desk.request.method == "POST":
        told = _handed(desk)
        if isinstance(told, int):
            return desk.go("cases-several", f"?of={of}&handed={told}")
        fault = told
    on = desk.now.date()
    with custody.seated(desk.seat):
        found = cases.worklist(
            desk.seat,
            on=on,
            handler=of,
            office=desk.seat.office,
            page=page_of(desk.request.GET.get("page", "")),
        )
        shown = rows(desk, found.rows, found.decrees)
        loads = [one for one in cases.loads(desk.seat, on=on) if one.user and one.user != of]
    names = called({of, *(one.user for one in loads)})
    context: dict[str, Any] = {
        "of": of, "who": names.get(of, "" if of == cases.NOBODY else of), "count": found.count, "fault": fault,
        "rows": list(zip((r.pk for r in found.rows), shown, strict=True)), "further": found.next,
        "loads": [(one.user, names.get(one.user, one.user), one) for one in loads],
        "handed": desk.request.GET.get("handed", ""),
    }  # fmt: skip
    return desk.page("casework/several.html", 422 if fault else 200, **context)


def _handed(desk: Desk) -> int | str:
    """How many were handed over, or what is wrong."""
    post = desk.request.POST
    try:
        ids = [UUID(i) for i in post.getlist("case")[:100]]
    except ValueError:
        ids = []
    if not ids:
        return say("casework.supervise.none-picked", desk.lang)
    try:
        done = cases.assign_all(
            ids, post.get("to", "")[:150], note=post.get("note", "")[:2000], seat=desk.seat, at=desk.now
        )
    except CaseFault as e:
        return fault_words(e, desk.lang)
    return len(done)
