"""One project: what was reported and computed, what is due, and what one document says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.projects import api as projects
from mirps.planning.projects.api import Held
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.sharing.portal import wording
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.projects_telling import (
    FIELDS,
    each_said,
    figures,
    money,
    percent,
    told_late,
    told_share,
)
from mirps.web.pages.planning.record import whole


@require_safe
@reading
def project(desk: Desk, code: str) -> HttpResponse:
    """One project: what it is, what was reported and computed, what is due, and what each document says."""
    held = desk.record("project", code)
    on = desk.day("on")
    about = whole(desk, held, on)
    data, today = about["data"], on or desk.now.date()
    at = records.end_of(on) if on else None
    kept = next((h for h in projects.portfolio(at) if h.record.key == held.key), None) if on else None
    tree = kept.project if kept else projects.one(held, data)
    shelf = Reader(desk.request)
    run = projects.computed(tree, today)
    late, last = projects.late(tree, today), projects.stated(tree, today)
    known = {p.key: p for p in records.under(held.key)}
    return desk.page("planning/project.html", **{
        **about, "told": showing.told(desk, records.kinds()["project"], data, fields=FIELDS),
        "wrong_day": on is None and bool(desk.request.GET.get("on")),
        "today": today, "reported": figures(desk, shelf, data, "execution"),
        "stated": last,
        "stated_words": percent(desk, last.progress) if last and last.progress is not None else "",
        "paid": told_share(desk, "paid", run.paid),
        "spent": told_share(desk, "spent", run.spent), "people": figures(desk, shelf, data, "beneficiaries"),
        "results": figures(desk, shelf, data, "result"), "reached": _reached(desk, tree, known, today),
        "late": [told_late(desk, x, Held(held, data, tree), showing.titles(desk, [x.key]), today) for x in late],
        "schedule": _schedule(desk, tree, known), "reports": _reports(desk, tree, known),
        "amendments": _amendments(desk, tree, known), "said": each_said(desk, held),
        "may_add": desk.may_on(held, "write"), "under": _drafts(desk, held, known),
    })  # fmt: skip


def _drafts(desk: Desk, held: Record, known: Mapping[str, Record]) -> list[Record]:
    """What stands under it and is not in force yet, for those who work on it."""
    return [r for r in known.values() if r.public is None and desk.may_read(r)]


def _title(known: Mapping[str, Record], key: str, lang: str) -> str:
    r = known.get(key)
    return records.title(r.kind, r.public or r.data, lang) if r else key


def _schedule(desk: Desk, tree: projects.Project, known: Mapping[str, Record]) -> list[dict[str, Any]]:
    """Disbursements as rows: what was due when, on what condition, and what came of it."""
    rows = []
    for d in tree.disbursements:
        data = (known[d.key].public or {}) if d.key in known else {}
        condition, lang = (
            showing.texts_of(data["condition"], desk.lang) if data.get("condition") else ("", "")
        )
        rows.append({
            "title": _title(known, d.key, desk.lang), "href": showing.address_of(d.key, desk.lang), "due": d.due,
            "amount": money(desk, d.amount), "condition": condition, "condition_lang": lang, "met": d.met,
            "proved": bool(data.get("evidence") or data.get("proof")), "paid": d.paid, "sum": money(desk, d.settled()),
        })  # fmt: skip
    return rows


def _reports(desk: Desk, tree: projects.Project, known: Mapping[str, Record]) -> list[dict[str, Any]]:
    k = records.kinds()["project-report"]
    return [
        {
            "title": _title(known, r.key, desk.lang), "href": showing.address_of(r.key, desk.lang),
            "sort": showing.choice(k, "sort", r.sort, desk.lang) if r.sort else "", "due": r.due, "handed": r.handed,
            "progress": percent(desk, r.progress) if r.progress is not None else "",
            "spent": money(desk, r.spent),
        }
        for r in tree.reports
    ]  # fmt: skip


def _amendments(desk: Desk, tree: projects.Project, known: Mapping[str, Record]) -> list[dict[str, Any]]:
    k = records.kinds()["amendment"]
    found = []
    for a in sorted(tree.amendments, key=lambda a: a.signed):
        data = (known[a.key].public or {}) if a.key in known else {}
        found.append({
            "title": _title(known, a.key, desk.lang), "href": showing.address_of(a.key, desk.lang), "signed": a.signed,
            "told": showing.told(desk, k, data, fields=("reason", "agreed", "ends", "changes")),
        })  # fmt: skip
    return found


def _reached(
    desk: Desk, tree: projects.Project, known: Mapping[str, Record], on: date
) -> list[tuple[str, str, bool]]:
    """People reached by population, as the last report that counts them says: (population, people, unfit)."""
    handed = [r for r in tree.reports if r.handed and r.handed <= on and r.key in known]
    for r in sorted(handed, key=lambda r: (r.until or date.min, r.handed or date.min), reverse=True):
        rows = projects.people((known[r.key].public or {}).get("people", ()))
        if rows:
            wrong = projects.unfit(rows)
            return [
                (codelists.populations().name(p, desk.lang), texts.number(n, desk.locale), p in wrong)
                for p, n in projects.reached(rows).items()
            ]
    return []


@require_safe
@reading
def document(desk: Desk, code: str, document: str) -> HttpResponse:
    """What one document says of one project, beside what the one before it said."""
    held = desk.record("project", code)
    said = sorted((s for s in projects.said() if s.project == held.key), key=lambda s: (s.known, s.document))
    at = next((n for n, s in enumerate(said) if s.document == document), None)
    if at is None or held.public is None:
        raise Http404
    s, before = said[at], said[at - 1] if at else None
    k, shelf = records.kinds()["project"], Reader(desk.request)
    name = wording.document(document, desk.lang)
    return desk.page(
        "planning/project-document.html", r=held, s=s, name=name, title=showing.title(desk, held),
        words=records.title("project", dict(s.data), desk.lang),
        told=showing.told(desk, k, s.data, fields=FIELDS), figures=figures(desk, shelf, s.data),
        sources=[x for x in showing.sources(desk, s.data) if x["document"] == document],
        before=wording.document(before.document, desk.lang) if before else "",
        changed=_changed(desk, before.data, s.data) if before else [], others=each_said(desk, held),
        trail=[(say("projects.title", desk.lang), desk.url("projects")),
               (showing.title(desk, held), desk.url("project", code=code)), (name, "")],
    )  # fmt: skip


def _changed(
    desk: Desk, old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[tuple[str, Sequence[Any], Sequence[Any]]]:
    """Fields on which two documents differ, in words: (field, before, after)."""
    k = records.kinds()["project"]
    names = [f for f in FIELDS if f not in ("note", "titled") and old.get(f) != new.get(f)]
    was = {t.name: t for t in showing.told(desk, k, old, fields=names)}
    now = {t.name: t for t in showing.told(desk, k, new, fields=names)}
    if "title" not in names and old.get("title") != new.get("title"):
        titles = [records.title("project", dict(d), desk.lang) for d in (old, new)]
        first = [(showing.label(k, "title", desk.lang), *((showing.Part(t),) for t in titles))]
    else:
        first = []
    return [*first, *(  # type: ignore[list-item]
        (showing.label(k, n, desk.lang), was[n].parts if n in was else (), now[n].parts if n in now else ())
        for n in names if n in was or n in now
    )]  # fmt: skip


patterns: list[URLPattern] = [
    path("planning/projects/<str:code>/", project, name="project"),
    path("planning/projects/<str:code>/documents/<str:document>/", document, name="project-document"),
]
