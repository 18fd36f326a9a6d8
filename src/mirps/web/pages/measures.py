"""The catalogue of measures, and a measure's page: what it counts, and all that was stated of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.figures.api import Entry, Flow, Measure
from mirps.sharing.portal import series
from mirps.sharing.portal.charts import Draughtsman, Drawing
from mirps.web.pages import errata
from mirps.web.pages.page import Reader, page
from mirps.web.pages.states import round_of

#: Courses drawn on one measure's page.
MOST_DRAWINGS = 4


@require_safe
def catalogue(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    counts = {code: len(r.shelf.by_measure.get(code, ())) for code in r.shelf.book.measures}
    sectors: list[dict[str, Any]] = [
        {
            "code": code,
            "name": sector.name(r.lang),
            "measures": sorted(
                (m for m in r.shelf.book.measures.values() if m.sector == code), key=lambda m: m.name(r.lang)
            ),
        }
        for code, sector in codelists.sectors().items()
    ]
    return page(
        request,
        "measures.html",
        here="measures",
        sectors=[s for s in sectors if s["measures"]],
        counts=counts,
    )


@require_safe
def measure(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    r = Reader(request)
    found = r.shelf.measure(code)
    if found is None:
        raise Http404
    of = r.shelf.by_measure.get(code)
    every = of or []
    rounds, chosen, entries = round_of(r, of, f"measure {code}")
    return page(
        request,
        "measure.html",
        here="measures",
        measure=found,
        definition=found.definition_es if r.lang == "es" else found.definition_en,
        sums=_sums(found, r.lang),
        rounds=rounds,
        chosen=chosen,
        lines=r.lines(_ordered(entries)),
        doubts=r.shelf.doubts_about,
        errata=errata.marks(r),
        drawings=r.shelf.once(("drawings", code, r.lang, r.locale), lambda: _drawings(r, found, every), of),
    )


def _ordered(entries: list[Entry]) -> list[Entry]:
    """By State in the order of their list, the latest first."""
    order = list(codelists.states())
    latest = sorted(entries, key=lambda e: (str(e.figure.when or ""), e.figure.id), reverse=True)
    return sorted(latest, key=lambda e: order.index(e.figure.state))


def _sums(m: Measure, lang: str) -> list[tuple[bool, str]]:
    """Along what the values may be added up, in words."""
    time = (
        "time"
        if m.additive_time
        else {"stock": "time-stock", "flow": "time-flow"}.get(m.stock_flow.value, "time-rate")
    )
    return [
        (m.additive_time, say(f"portal.sums.{'may' if m.additive_time else 'never'}.{time}", lang)),
        (m.additive_place, say(f"portal.sums.{'may' if m.additive_place else 'never'}.place", lang)),
        (
            m.additive_population,
            say(f"portal.sums.{'may' if m.additive_population else 'never'}.population", lang),
        ),
    ]


def _drawings(r: Reader, m: Measure, entries: list[Entry]) -> list[Drawing]:
    pen = Draughtsman(r.shelf, r.lang, r.locale)
    out = []
    values = {
        code: e
        for code, e in series.by_state(entries).items()
        if e.figure.value is not None and e.figure.value >= 0
    }
    units = {e.figure.unit for e in values.values()}
    if len(values) > 1 and m.stock_flow is not Flow.PARAMETER and len(units - {"application", "person"}) < 2:
        unit = codelists.units().name(m.unit, r.lang) if len(units) == 1 else ""
        note = say("portal.map.caution", r.lang)
        out.append(pen.ranking("states", say("portal.chart.states", r.lang), values, unit, note))
    groups: dict[str, list[series.Course]] = {}
    for c in series.courses(entries, r.shelf.book.measures):
        groups.setdefault(c.state, []).append(c)
    for state, courses in list(groups.items())[:MOST_DRAWINGS]:
        unit = codelists.units().name(courses[0].entries[0].figure.unit, r.lang)
        name = codelists.states().name(state, r.lang)
        title = say("portal.chart.over-time", r.lang, state=name)
        same = [c for c in courses if c.entries[0].figure.unit == courses[0].entries[0].figure.unit]
        out.append(pen.course(state, title, _told_apart(same), unit))
    return out


def _told_apart(courses: list[series.Course]) -> list[series.Course]:
    """One course a population: others would bear the same name in the drawing."""
    kept: dict[str, Any] = {}
    for c in courses:
        kept.setdefault(c.population, c)
    return list(kept.values())[:4]
