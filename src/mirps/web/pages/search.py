"""Search: one box for everything: figures and what is about them, and the records of planning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.places.rules import gazetteer
from mirps.base.texts.api import say
from mirps.planning.meetings import api as meetings
from mirps.planning.records import api as records
from mirps.planning.records.api import Audience, Record
from mirps.sharing.portal import recorded
from mirps.sharing.portal import search as engine
from mirps.sharing.portal.charts import anchor
from mirps.sharing.portal.recorded import Recorded
from mirps.sharing.portal.telling import told
from mirps.sharing.portal.wording import document, state
from mirps.web.jinja import address
from mirps.web.pages.page import Reader, page, private
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk
from mirps.web.pages.reports import plans
from mirps.web.pages.states import institution_anchor

#: Groups of the portal that come before what planning holds.
FIRST = ("states", "measures")


@require_safe
def results(request: HttpRequest, lang: str) -> HttpResponse:
    """Everything that the reader may read and that holds the words: figures and what is about them, and
    the records of planning in force, more of these for people with a role."""
    r, desk = Reader(request), Desk(request)
    query = request.GET.get("q", "").strip()[: engine.LONGEST]
    found, planned = _found(r, desk, query) if query else (engine.Found(()), Recorded())
    held = _records(desk, planned)
    portal = [
        {"kind": kind, "title": say(f"portal.search.group.{kind}", lang), "total": n,
         "hits": [_shown(r, h) for h in hits if (kind, h.code) not in held.told]}
        for kind, n, hits in found.groups
    ]  # fmt: skip
    first = [g for g in portal if g["kind"] in FIRST]
    answer = page(
        request, "search.html", here="search", q=query, total=found.total + planned.total,
        loose=found.loose,
        groups=[g for g in (*first, *held.groups, *(g for g in portal if g not in first)) if g["hits"]],
    )  # fmt: skip
    return private(answer) if desk.user is not None else answer


def _found(r: Reader, desk: Desk, query: str) -> tuple[engine.Found, Recorded]:
    """What holds every word, in the portal or in planning; where nothing does, what holds the most."""
    titles = [(p.code, p.title["es"], p.title["en"]) for p in plans()]
    found = engine.search(engine.index_of(r.shelf, titles), r.shelf, query)
    index = recorded.index()
    whole = recorded.search(index, query, _reads(desk))
    if not (found.loose or not found.total):
        return found, whole
    if whole.total:
        return engine.Found(()), whole
    most = (
        recorded.search(index, query, _reads(desk), loose=True) if found.loose or not found.total else whole
    )
    return engine.Found(found.groups, loose=found.loose or bool(most.total)), most


def _reads(desk: Desk) -> recorded.Reads:
    """Whether this reader may read a group of records, as the door of planning answers it."""

    def reads(g: recorded.Group) -> bool:
        if g.audience == Audience.PUBLIC or not desk.grants:
            return g.audience == Audience.PUBLIC
        return desk.may_read(Record(kind=g.kind, audience=g.audience, state=g.state, body=g.body, public={}))

    return reads


@dataclass
class _Held:
    """Groups of records as the page shows them; `told`: hits of the portal that these stand for."""

    groups: list[dict[str, Any]]
    told: set[tuple[str, str]]


def _records(desk: Desk, found: Recorded) -> _Held:
    """The records of the hits, read anew: one that changed since it was found is asked about again."""
    keys = [k for _, _, first in found.groups for k in first]
    rows = {x.key: x for x in Record.objects.filter(pk__in=keys).order_by("key")}
    above = records.titled({x.parent for x in rows.values() if x.parent}, desk.lang)
    out = _Held([], set())
    for kind, total, first in found.groups:
        hits = []
        for x in (rows[k] for k in first if k in rows):
            if x.public is None or not desk.may_read(x):
                continue
            where = [
                meetings.spoken(meetings.entry_of(x).span, desk.locale) if kind == "event" else "",
                above.get(x.parent, ""), state(x.state, desk.lang) if x.state else "",
            ]  # fmt: skip
            if kind == "document" and x.public.get("ledger"):
                out.told.add(("documents", x.public["ledger"]))
            hits.append({
                "title": records.title(kind, x.public, desk.lang) or x.code, "detail": " · ".join(filter(None, where)),
                "href": showing.address_of(x.key, desk.lang),
            })  # fmt: skip
        title = say(f"kind.{kind}.many", desk.lang)
        out.groups.append(
            {"kind": kind, "title": title[:1].upper() + title[1:], "total": total, "hits": hits}
        )
    return out


def _shown(r: Reader, hit: engine.Hit) -> dict[str, Any]:
    title, detail, href = _WAYS[hit.kind](r, hit)
    return {"title": title, "detail": detail, "href": href}


Way = tuple[str, str, str]  # title, detail, address


def _figure(r: Reader, hit: engine.Hit) -> Way:
    line = r.shelf.line(r.shelf.public[hit.code], r.lang, r.locale)
    value = f"{line.value} {line.unit}".strip()
    detail = " · ".join(x for x in (line.detail, line.when, line.whence, line.institution) if x)
    return f"{line.state_name}: {line.measure_name}: {value}", detail, line.href


def _measure(r: Reader, hit: engine.Hit) -> Way:
    m = r.shelf.book.measures[hit.code]
    n = len(r.shelf.by_measure.get(hit.code, ()))
    return (
        m.name(r.lang),
        say("portal.count.figures", r.lang, n=n),
        address("measure", lang=r.lang, code=hit.code),
    )


def _state(r: Reader, hit: engine.Hit) -> Way:
    n = len(r.shelf.by_state.get(hit.code, ()))
    name = codelists.states().name(hit.code, r.lang)
    return name, say("portal.count.figures", r.lang, n=n), address("state", lang=r.lang, code=hit.code)


def _place(r: Reader, hit: engine.Hit) -> Way:
    home = address("state", lang=r.lang, code=hit.extra)
    division = gazetteer(codelists.data_folder() / "places").by_code.get(hit.code)
    if division:
        return division.name, f"{division.kind(r.lang)}, {state(hit.extra, r.lang)}", f"{home}#places"
    return hit.code, state(hit.extra, r.lang), f"{home}#{anchor(hit.code)}"


def _institution(r: Reader, hit: engine.Hit) -> Way:
    i = codelists.institutions()[hit.code]
    known = codelists.states().get(hit.extra)
    home = address("state", lang=r.lang, code=hit.extra) if known and known.extra["kind"] == "state" else ""
    acronym = i.extra.get("acronym", "")
    title = f"{acronym} – {i.name(r.lang)}" if acronym else i.name(r.lang)
    where = home or address("sources", lang=r.lang)
    return title, state(hit.extra, r.lang) if hit.extra else "", f"{where}#{institution_anchor(hit.code)}"


def _finding(r: Reader, hit: engine.Hit) -> Way:
    d = told(r.shelf.doubts[hit.code], r.shelf, r.lang, r.locale)
    return f"{state(d.state, r.lang)}: {d.name}", d.message, address("finding", lang=r.lang, code=d.code)


def _report(r: Reader, hit: engine.Hit) -> Way:
    plan = next((p for p in plans() if p.code == hit.code), None)
    if plan is None:  # an embargo began while this page was made
        return "", "", address("reports", lang=r.lang)
    if plan.per_state:
        return plan.title[r.lang], "", address("reports", lang=r.lang)
    return plan.title[r.lang], "", address("report", lang=r.lang, code=hit.code)


def _document(r: Reader, hit: engine.Hit) -> Way:
    return document(hit.code, r.lang), hit.code, address("source", lang=r.lang, code=hit.code)


_WAYS = {
    "figures": _figure,
    "measures": _measure,
    "states": _state,
    "places": _place,
    "institutions": _institution,
    "findings": _finding,
    "reports": _report,
    "documents": _document,
}
