"""The regional overview: where things stand, at one glance, each number with its source."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.figures.api import Measure
from mirps.sharing.portal import series
from mirps.sharing.portal.charts import Draughtsman, Drawing
from mirps.sharing.portal.presiding import presiding
from mirps.sharing.portal.shelf import Doubt
from mirps.sharing.portal.telling import told
from mirps.web.pages.page import Reader, page
from mirps.web.pages.reports import listed

GRAVEST = 3
MOST_TRENDS = 4


@require_safe
def home(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    shelf = r.shelf
    measures = series.map_measures(shelf)
    chosen = next(
        (m for m in measures if m.code == request.GET.get("map")), measures[0] if measures else None
    )
    counts, gravest = shelf.once("counts", lambda: (_counts(r), _gravest(r)), shelf.doubts, shelf.rounds)
    return page(
        request,
        "home.html",
        figures_held=len(shelf.current),
        key=r.lines(series.key_figures(shelf)),
        doubts=shelf.doubts_about,
        region_map=_map(r, chosen) if chosen else None,
        map_measures=measures,
        map_measure=chosen.code if chosen else "",
        counts=counts,
        gravest=[told(d, shelf, r.lang, r.locale) for d in gravest],
        trends=_trends(r),
        presiding=presiding(r.shelf, r.now.date(), r.lang),
        reports=listed(r.lang)[:4],
    )


def _map(r: Reader, chosen: Measure) -> Drawing:
    of = r.shelf.by_measure[chosen.code]
    values = r.shelf.once(("by state", chosen.code), partial(series.by_state, of), of)
    pen = Draughtsman(r.shelf, r.lang, r.locale)
    return r.shelf.once(
        ("map", chosen.code, r.lang, r.locale),
        lambda: pen.regional_map(chosen.name(r.lang), values),
        tuple(values.values()),
    )


def _latest(r: Reader) -> list[Doubt]:
    """The findings of the latest round that has any: what is asked for now."""
    every = list(r.shelf.doubts.values())
    held = {d.round for d in every}
    last = next((x.code for x in r.shelf.rounds if x.code in held), "")
    return [d for d in every if d.round == last]


def _counts(r: Reader) -> dict[str, Any]:
    doubts = _latest(r)
    by = Counter((d.state, d.severity) for d in doubts)
    states = [code for code in codelists.states() if any(s == code for s, _ in by)]
    return {
        "all": len(doubts),
        "open": sum(d.standing == "open" for d in doubts),
        "states": [(s, by[(s, "contradiction")], by[(s, "warning")]) for s in states],
    }


def _gravest(r: Reader) -> list[Doubt]:
    """Contradictions that nobody has answered first, then those about the most figures."""
    return sorted(
        _latest(r),
        key=lambda d: (d.severity != "contradiction", d.standing != "open", d.kind != "parts_exceed_total",
                       -len(d.figures), d.code),
    )[:GRAVEST]  # fmt: skip


def _trends(r: Reader) -> list[Drawing]:
    """A drawing a measure and State: lines of one scale stand together."""
    out: list[Drawing] = []
    for code in series.trend_measures():
        of = r.shelf.by_measure.get(code)
        if of and len(out) < MOST_TRENDS:
            out += r.shelf.once(("trends", code, r.lang, r.locale), partial(_trends_of, r, code), of)
    return out[:MOST_TRENDS]


def _trends_of(r: Reader, code: str) -> list[Drawing]:
    groups: dict[str, list[series.Course]] = {}
    for c in series.regional_courses(r.shelf, code):
        groups.setdefault(c.state, []).append(c)
    return [
        r.shelf.once(
            ("trend", code, state, r.lang, r.locale),
            partial(_trend, r, code, courses[:4]),
            tuple(c.entries for c in courses[:4]),
        )
        for state, courses in list(groups.items())[:MOST_TRENDS]
    ]


def _trend(r: Reader, code: str, courses: list[series.Course]) -> Drawing:
    state = courses[0].state
    title = say(
        "portal.chart.title",
        r.lang,
        measure=r.shelf.measures[code].name(r.lang),
        state=codelists.states().name(state, r.lang),
    )
    unit = codelists.units().name(courses[0].entries[0].figure.unit, r.lang)
    pen = Draughtsman(r.shelf, r.lang, r.locale)
    return pen.course(f"{code}-{state}", title, courses, unit)
