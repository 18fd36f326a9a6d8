"""Projects: the portfolio, and what each document says of each project beside the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.projects import api as projects
from mirps.planning.projects.api import Held, Late, Said
from mirps.planning.records import api as records
from mirps.planning.records.api import Act
from mirps.sharing.portal import wording
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import lists, projects_one, showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.projects_telling import (
    Told,
    chosen_words,
    figures,
    money,
    percent,
    told_late,
    told_share,
)

PROGRAMMES = ("FUND", "GPIP", "OTHER")

lists.LEADS["projects"] = "projects"


@dataclass(frozen=True, slots=True)
class Line:
    """One project as the portfolio lists it."""

    key: str
    href: str
    title: str
    untitled: bool
    state: str
    entity: str
    stage: str
    reported: tuple[Any, ...]  # figures of the ledger
    stated: str  # what its last report states, in per cent
    paid: Told
    ends: str
    late: tuple[Late, ...]


@require_safe
@reading
def portfolio(desk: Desk) -> HttpResponse:
    """Every project in force, by programme; `?on=` as known on a day, `?programme=` and `?state=` some of them."""
    ask = desk.request.GET
    on = desk.day("on")
    at = records.end_of(on) if on else None
    today = on or desk.now.date()
    told = projects.statements()
    every = [h for h in projects.portfolio(at, told) if desk.may_read(h.record)]
    chosen = [h for h in every if ask.get("programme", "") in ("", h.data.get("programme"))
              and ask.get("state", "") in ("", *h.data.get("states", ()))]  # fmt: skip
    shelf, said = Reader(desk.request), projects.said(told)
    about = _about(desk, shelf, at)
    groups = [
        (
            p,
            about.get(p, []),
            [_line(desk, shelf, h, today) for h in chosen if h.data.get("programme") == p],
        )
        for p in PROGRAMMES
    ]
    late = [(x, h) for h in chosen for x in projects.late(h.project, today)]
    called = showing.titles(desk, [x.key for x, _ in late])
    return desk.page(
        "planning/projects.html", groups=[g for g in groups if g[2]], on=on, today=today,
        wrong_day=on is None and bool(ask.get("on")),
        programme=ask.get("programme", ""), state=ask.get("state", ""), programmes=PROGRAMMES,
        states=sorted({s for h in every for s in h.data.get("states", ())}, key=lambda s: wording.state(s, desk.lang)),
        late=[told_late(desk, x, h, called, today) for x, h in sorted(late, key=lambda found: found[0].due)],
        stages=Counter(chosen_words("stage", h.data, desk.lang) for h in chosen).most_common(),
        sums=_sums(desk, chosen, today), known=_documents(desk, said),
        may_write=bool(desk.owners(records.kinds()["project"])),
        disputed=_disputed(desk, every, said) if not on else (), trail=[(say("projects.title", desk.lang), "")],
    )  # fmt: skip


def _documents(desk: Desk, said: Iterable[Said]) -> list[tuple[str, str]]:
    """The documents that speak of projects, with the day on which each became known."""
    spoken = {s.document: s.known.isoformat() for s in said}
    return sorted(((day, wording.document(code, desk.lang)) for code, day in spoken.items()))


def _about(desk: Desk, shelf: Reader, at: datetime | None) -> dict[str, list[dict[str, Any]]]:
    """What is said of the portfolios of each programme as wholes."""
    known = records.as_known_on(at, "portfolio") if at else None
    found: dict[str, list[dict[str, Any]]] = {}
    for r in records.of_kind("portfolio"):
        data = known.get(r.key) if known is not None else r.public
        if data is None or not desk.may_read(r):
            continue
        found.setdefault(data.get("programme", ""), []).append({
            "title": records.title("portfolio", data, desk.lang), "href": showing.address_of(r.key, desk.lang),
            "told": showing.told(desk, records.kinds()["portfolio"], data,
                                 fields=("summary", "administrator", "committee", "donors", "commitments")),
            "figures": figures(desk, shelf, data), "sources": showing.sources(desk, data),
        })  # fmt: skip
    return found


def _line(desk: Desk, shelf: Reader, h: Held, on: date) -> Line:
    last = projects.stated(h.project, on)
    return Line(
        key=h.record.key, href=showing.address_of(h.record.key, desk.lang),
        title=records.title("project", dict(h.data), desk.lang) or h.record.code,
        untitled=h.data.get("titled") in ("described", "unnamed"),
        state=", ".join(wording.state(s, desk.lang) for s in h.data.get("states", ())),
        entity=codelists.institutions().name(h.data["entity"], desk.lang) if h.data.get("entity") else "",
        stage=chosen_words("stage", h.data, desk.lang), reported=tuple(figures(desk, shelf, h.data, "execution")),
        stated=percent(desk, last.progress) if last and last.progress is not None else "",
        paid=told_share(desk, "paid", projects.computed(h.project, on).paid, whole=False),
        ends=texts.partial_date(ends, desk.locale) if (ends := projects.ends_on(h.project, on)) else "",
        late=tuple(projects.late(h.project, on)),
    )  # fmt: skip


def _sums(desk: Desk, held: Iterable[Held], on: date) -> list[tuple[str, str, str]]:
    """What was agreed and paid, currency by currency: (currency, agreed, paid)."""
    agreed: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for h in held:
        if a := projects.agreed_on(h.project, on):
            agreed[a.currency] += a.amount  # type: ignore[assignment]
        for d in h.project.disbursements:
            if (done := d.settled()) and d.paid and d.paid <= on:
                paid[done.currency] += done.amount  # type: ignore[assignment]

    def words(sums: Counter[str], currency: str) -> str:
        return money(desk, projects.Money(Decimal(sums[currency]), currency)) if currency in sums else ""

    return [(c, words(agreed, c), words(paid, c)) for c in sorted({*agreed, *paid})]


def _disputed(desk: Desk, held: Iterable[Held], said: Iterable[Said]) -> list[dict[str, Any]]:
    """Projects that one document names and another of the same programme does not."""
    data = {h.record.key: h.data for h in held}
    found = []
    for programme, m in projects.by_programme(data, said).items():
        for row in m.rows:
            if None in row.said:
                absent = [d for d, s in zip(m.documents, row.said, strict=True) if s is None]
                found.append({
                    "title": records.title("project", dict(data[row.project]), desk.lang),
                    "href": showing.address_of(row.project, desk.lang), "programme": programme,
                    "state": data[row.project].get("states", []),
                    "absent": ", ".join(wording.document(d, desk.lang) for d in absent),
                })  # fmt: skip
    return found


@require_safe
@reading
def documents(desk: Desk) -> HttpResponse:
    """Projects × documents: what each says, and who is left out by which."""
    shelf = Reader(desk.request)
    held = {h.record.key: h for h in projects.portfolio() if desk.may_read(h.record)}
    tables = []
    for programme, m in projects.by_programme(held, projects.said()).items():
        rows = [
            {
                "title": records.title("project", dict(held[row.project].data), desk.lang),
                "href": showing.address_of(row.project, desk.lang),
                "state": ", ".join(
                    wording.state(s, desk.lang) for s in held[row.project].data.get("states", ())
                ),
                "cells": [_cell(desk, shelf, s) for s in row.said],
                "differ": [showing.label(records.kinds()["project"], f, desk.lang) for f in row.differ],
            }
            for row in sorted(m.rows, key=lambda r: held[r.project].record.state)
        ]
        tables.append({
            "programme": say(f"kind.project.choice.programme.{programme}", desk.lang), "rows": rows,
            "heads": [(d, wording.document(d, desk.lang), m.named(d), _counted(desk, shelf, programme, d))
                      for d in m.documents],
            "disputed": bool(m.disputed),
        })  # fmt: skip
    return desk.page(
        "planning/projects-documents.html", tables=tables,
        trail=[(say("projects.title", desk.lang), desk.url("projects")),
               (say("projects.documents.title", desk.lang), "")],
    )  # fmt: skip


def _counted(desk: Desk, shelf: Reader, programme: str, document: str) -> list[Any]:
    """How many projects the document itself says there are, as the ledger holds it: it may name more or fewer."""
    found: list[Any] = []
    for steps in records.statements("portfolio").values():
        for s in steps:
            told = {x.get("document") for x in s.data.get("source", ())}
            if s.act is Act.PUBLISH and s.data.get("programme") == programme and document in told:
                found += figures(desk, shelf, s.data, "projects")
    return found


def _cell(desk: Desk, shelf: Reader, s: projects.Said | None) -> dict[str, Any] | None:
    if s is None:
        return None
    code = s.project.partition("/")[2]
    return {
        "title": records.title("project", dict(s.data), desk.lang), "titled": s.data.get("titled", ""),
        "entity": codelists.institutions().name(s.data["entity"], desk.lang) if s.data.get("entity") else "",
        "stage": chosen_words("stage", s.data, desk.lang), "figures": figures(desk, shelf, s.data, "execution"),
        "href": desk.url("project-document", code=code, document=s.document),
    }  # fmt: skip


patterns: list[URLPattern] = [
    path("planning/projects/", portfolio, name="projects"),
    path("planning/projects/documents/", documents, name="project-documents"),
    *projects_one.patterns,
]
