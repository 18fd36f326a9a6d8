"""Donors: what each planned, pledged, committed and paid, for what, and what came of it; and a donor's own desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.planning.contributions import api as contributions
from mirps.planning.contributions import wording
from mirps.planning.contributions.api import STAGES, Contribution, Wanted
from mirps.planning.records import api as records
from mirps.planning.records.api import Record, Status
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.contributions import PAGE, address, left, rows, title, told
from mirps.web.pages.planning.door import Desk, reading, working


@require_safe
@reading
def every(desk: Desk) -> HttpResponse:
    """Every donor, with what it gave by stage."""
    book = contributions.book()
    donors = []
    for code, count in book.donors.items():
        of, sums = book.of(Wanted(donor=code))
        donors.append({
            "code": code, "name": wording.donor(code, desk.lang), "href": desk.url("donor", code=code), "count": count,
            "sums": told(desk, sums, ""), "own": _own(code), "kind": sum(c.in_kind for c in of),
        })  # fmt: skip
    donors.sort(key=lambda d: str(d["name"]).casefold())
    return desk.page(
        "planning/donors.html", donors=[d for d in donors if not d["own"]], states=[d for d in donors if d["own"]],
        trail=[_trail(desk), (say("contributions.donors", desk.lang), "")],
    )  # fmt: skip


@require_safe
@reading
def donor(desk: Desk, code: str) -> HttpResponse:
    """One donor: its contributions by stage, what keeps its promises, the projects that its money goes to."""
    book = contributions.book()
    mine, sums = book.of(Wanted(donor=code))
    if not mine and code not in codelists.institutions():
        raise Http404
    ordered = sorted(mine, key=lambda c: -STAGES.index(c.stage))
    shown = Paginator(ordered, PAGE).get_page(desk.request.GET.get("page"))
    kept, parts = contributions.kept(book.every), contributions.parts(book.every)
    named = records.titled(_keys(list(shown.object_list), kept, parts) | _keys(mine), desk.lang)
    came = {c.code: came_of(desk, c, kept, parts, named) for c in shown.object_list}
    told_ = rows(desk, shown.object_list, book, sums)
    groups = [
        (
            wording.choice("stage", stage, desk.lang),
            [came[r.c.code] | {"row": r} for r in told_ if r.c.stage == stage],
        )
        for stage in STAGES[::-1]
    ]
    name = wording.donor(code, desk.lang)
    return desk.page(
        "planning/donor.html", code=code, name=name, groups=[g for g in groups if g[1]], shown=shown,
        sums=told(desk, sums, ""), left=left(desk, sums), projects=_projects(desk, mine, named), own=_own(code),
        mine=desk.may("funding.write", body=code),
        trail=[_trail(desk), (say("contributions.donors", desk.lang), desk.url("donors")), (name, "")],
    )  # fmt: skip


@require_safe
@working
def mine(desk: Desk) -> HttpResponse:
    """What this person enters for their institution: drafts, what was sent back, what is in force, its projects."""
    bodies = [body for _, body in desk.owners(records.kinds()["contribution"]) if body]
    if not bodies:
        desk.require("funding.write")
        return desk.go("contributions")
    held = [r for body in bodies for r in records.of_kind("contribution", body=body)]
    waiting = {Status.DRAFT, Status.RETURNED, Status.SUBMITTED}
    all_ = [c for c in contributions.contributions() if c.donor in bodies]
    named = records.titled({key for c in all_ for key in c.projects}, desk.lang)
    return desk.page(
        "planning/contributions-mine.html", bodies=[(b, desk.institution_name(b)) for b in bodies],
        waiting=[_mine(desk, r) for r in held if r.status in waiting],
        others=[_mine(desk, r) for r in held if r.status not in waiting], projects=_projects(desk, all_, named),
        trail=[_trail(desk), (say("contributions.mine", desk.lang), "")],
    )  # fmt: skip


def _mine(desk: Desk, r: Record) -> dict[str, Any]:
    c = contributions.given(r.code, r.body, r.data)
    return {
        "r": r, "title": title(c, desk.lang), "href": desk.url("contribution", code=r.code),
        "edit": desk.url("record-edit", kind="contribution", code=r.code) if r.status != Status.SUBMITTED else "",
        "amount": wording.amount(c, desk.lang, desk.locale), "stage": wording.choice("stage", c.stage, desk.lang),
        "reason": _reason(r) if r.status == Status.RETURNED else "",
    }  # fmt: skip


def _reason(r: Record) -> str:
    """Why it was sent back, in the words of whoever did."""
    return next((c.reason for c in reversed(records.history(r.key)) if c.act == records.Act.RETURN), "")


def came_of(
    desk: Desk, c: Contribution, kept: Mapping[str, list[Contribution]], parts: Mapping[str, list[Contribution]],
    named: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    """What came of a contribution: what keeps its promise, what is part of it, where it goes."""
    return {
        "purpose": c.purpose.get(desk.lang, ""),
        "kept": [linked(desk, x) for x in kept.get(c.code, ())],
        "parts": [linked(desk, x) for x in parts.get(c.code, ())],
        "to": [
            (named[k], showing.address_of(k, desk.lang)) for k in (*c.projects, *c.calls, *c.serves) if k in named
        ],
        "channels": ", ".join(wording.donor(x, desk.lang) for x in c.channels),
        "promise": c.stage in ("planned", "pledged", "committed"),
    }  # fmt: skip


def linked(desk: Desk, c: Contribution) -> tuple[str, str, str, str]:
    """(what it is called, its address, its amount, its stage)."""
    told_ = wording.amount(c, desk.lang, desk.locale) if c.amount is not None else ""
    return title(c, desk.lang), address(desk, c), told_, wording.choice("stage", c.stage, desk.lang)


def _keys(mine: Sequence[Contribution], *more: dict[str, list[Contribution]]) -> set[str]:
    held = [*mine, *(x for found in more for c in mine for x in found.get(c.code, ()))]
    return {key for c in held for key in (*c.projects, *c.calls, *c.serves)}


def _projects(desk: Desk, mine: Iterable[Contribution], named: dict[str, str]) -> list[tuple[str, str]]:
    """The projects that these contributions name, each once."""
    keys = dict.fromkeys(key for c in mine for key in c.projects if key.startswith("project/"))
    return [(named[key], showing.address_of(key, desk.lang)) for key in keys if key in named]


def _own(code: str) -> bool:
    """Whether it is a State's own body, which gives the State's own money."""
    held = codelists.institutions().get(code)
    return held is not None and held.extra.get("state", "") in contributions.STATES


def _trail(desk: Desk) -> tuple[str, str]:
    return say("contributions.title", desk.lang), desk.url("contributions")


patterns: list[URLPattern] = [
    path("planning/donors/", every, name="donors"),
    path("planning/donors/<str:code>/", donor, name="donor"),
    path("planning/my-contributions/", mine, name="my-contributions"),
]
