"""The regional overview: where things stand, at one glance, each number with its source."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.sharing.portal import series
from mirps.sharing.portal.charts import Draughtsman, Drawing
from mirps.sharing.portal.presiding import presiding
from mirps.sharing.portal.telling import told
from mirps.web.pages.page import Reader, page
from mirps.web.pages.reports import listed

GRAVEST = 3


@require_safe
def home(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    shelf = r.shelf
    pen = Draughtsman(shelf, r.lang, r.locale)
    measures = series.map_measures(shelf)
    chosen = next(
        (m for m in measures if m.code == request.GET.get("map")), measures[0] if measures else None
    )
    region_map = None
    if chosen:
        values = series.by_state(shelf.by_measure[chosen.code])
        region_map = pen.regional_map(chosen.name(r.lang), values)
    return page(
        request,
        "home.html",
        figures_held=len(shelf.current),
        key=r.lines(series.key_figures(shelf)),
        doubts=shelf.doubts_about,
        region_map=region_map,
        map_measures=measures,
        map_measure=chosen.code if chosen else "",
        counts=_counts(r),
        gravest=[told(d, shelf, r.lang, r.locale) for d in _gravest(r)],
        trends=_trends(r, pen),
        presiding=presiding(r.now.date(), r.lang),
        reports=listed(r.lang)[:4],
    )


def _counts(r: Reader) -> dict[str, Any]:
    doubts = r.shelf.open_doubts
    by = Counter((d.state, d.severity) for d in doubts)
    states = [code for code in codelists.states() if any(s == code for s, _ in by)]
    return {
        "all": len(doubts),
        "open": sum(d.standing == "open" for d in doubts),
        "states": [(s, by[(s, "contradiction")], by[(s, "warning")]) for s in states],
    }


def _gravest(r: Reader) -> list[Any]:
    """Contradictions that nobody has answered first, then those about the most figures."""
    return sorted(
        r.shelf.open_doubts,
        key=lambda d: (d.severity != "contradiction", d.standing != "open", d.kind != "parts_exceed_total",
                       -len(d.figures), d.code),
    )[:GRAVEST]  # fmt: skip


def _trends(r: Reader, pen: Draughtsman) -> list[Drawing]:
    """A drawing a measure and State: lines of one scale stand together."""
    groups: dict[tuple[str, str], list[series.Course]] = {}
    for c in series.regional_courses(r.shelf):
        groups.setdefault((c.measure, c.state), []).append(c)
    out = []
    for (code, state), courses in groups.items():
        measure = r.shelf.measure(code)
        if measure is None:
            continue
        name = codelists.states().name(state, r.lang)
        title = say("portal.chart.title", r.lang, measure=measure.name(r.lang), state=name)
        unit = codelists.units().name(courses[0].entries[0].figure.unit, r.lang)
        out.append(pen.course(f"{code}-{state}", title, courses[:4], unit))
    return out[:4]
