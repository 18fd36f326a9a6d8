"""Search: one box for figures, measures, places, institutions, States, findings and reports."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.places.rules import gazetteer
from mirps.base.texts.api import say
from mirps.sharing.portal import search as engine
from mirps.sharing.portal.charts import anchor
from mirps.sharing.portal.telling import told
from mirps.sharing.portal.wording import document, state
from mirps.web.jinja import address
from mirps.web.pages.page import Reader, page
from mirps.web.pages.reports import plans
from mirps.web.pages.states import institution_anchor


@require_safe
def results(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    query = request.GET.get("q", "").strip()[: engine.LONGEST]
    titles = [(p.code, p.title["es"], p.title["en"]) for p in plans()]
    found = engine.search(engine.index_of(r.shelf, titles), r.shelf, query) if query else engine.Found(())
    return page(
        request,
        "search.html",
        here="search",
        q=query,
        total=found.total,
        loose=found.loose,
        groups=[
            {"kind": kind, "total": n, "hits": [_shown(r, h) for h in hits]} for kind, n, hits in found.groups
        ],
    )


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
