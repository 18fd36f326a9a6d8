"""An indicator: what it measures, and its course in each State from the figures of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from babel.dates import format_date
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import day, number, say
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Entry
from mirps.planning.records import api as records
from mirps.planning.records.api import Data, Met, Record, Refused
from mirps.planning.results import api as results
from mirps.planning.results.api import Aim, Course, Reading
from mirps.sharing.drawings import courses as drawings
from mirps.sharing.drawings.model import Frame
from mirps.sharing.portal import wording
from mirps.sharing.portal.shelf import Shelf
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading, working
from mirps.web.pages.planning.record import whole

#: Fields that the page tells in its own way.
_OWN = frozenset({"baseline", "targets", "told", "basis", "definition", "note", "title"})
#: Lines that one drawing can hold apart.
MOST_LINES = 4
NBSP = "\u00a0"
#: Figures listed of one State; the measure's page lists them all.
MOST_ENTRIES = 12
#: Of a drawing: still legible where a phone shows it smaller.
WIDTH = 420


@dataclass(frozen=True, slots=True)
class Told:
    """One State's course as the page shows it."""

    state: str
    name: str
    drawing: str
    said: tuple[str, ...]
    aims: tuple[str, ...]
    entries: tuple[Entry, ...]  # the latest first
    more: int  # how many earlier ones
    stated: tuple[tuple[str, str, str], ...]  # (value, when, who says it)
    baseline: str  # the identifier of its figure
    choices: tuple[tuple[str, str], ...]  # figures that could be the baseline


@require_safe
@reading
def indicator(desk: Desk, code: str) -> HttpResponse:
    return _page(desk, desk.record("indicator", code))


def _page(desk: Desk, held: Record, *, faults: Any = (), status: int = 200) -> HttpResponse:
    context = whole(desk, held)
    data: Data = context["data"]
    reader = Reader(desk.request)
    found = results.courses(data, lambda m: reader.shelf.by_measure.get(m, ()), partial(by_id, reader.shelf))
    told = [
        _told(desk, reader, data, context["title"], c) for c in found if c.readings or c.baseline or c.aims
    ]
    bare = [c.state for c in found if not (c.readings or c.baseline or c.aims) and _is_state(c.state)]
    context["told"] = [t for t in context["told"] if t.name not in _OWN]
    return desk.page(
        "planning/indicator.html", status, **context, courses=told, faults=faults, lines=reader.lines,
        definition=showing.texts_of(data.get("definition", {}), desk.lang)[0],
        note=showing.texts_of(data.get("note", {}), desk.lang)[0], doubts=reader.shelf.doubts_about,
        measure=data.get("series", "").partition(" ")[0], may_write="save" in context["acts"],
        bare=", ".join(wording.state(s, desk.lang) for s in bare),
    )  # fmt: skip


def by_id(shelf: Shelf, id_: str) -> Entry | None:
    """A figure that anybody may read, as it was last stated."""
    found = shelf.public.get(id_)
    while found is not None and found.superseded_by in shelf.public:
        found = shelf.public[found.superseded_by]
    return found


def _is_state(code: str) -> bool:
    return code in codelists.states() and codelists.states()[code].extra["kind"] == "state"


def _told(desk: Desk, reader: Reader, data: Data, title: str, c: Course) -> Told:
    shelf = reader.shelf
    entries = [e for r in reversed(c.readings) if r.figure and (e := by_id(shelf, r.figure))]
    stated = [r for r in c.readings if not r.figure]
    return Told(
        c.state, wording.state(c.state, desk.lang), _drawing(desk, data, title, c), tuple(said(desk, data, c)),
        tuple(_aim(desk, data, a) for a in c.aims), tuple(entries[:MOST_ENTRIES]),
        max(0, len(entries) - MOST_ENTRIES),
        tuple((_value(desk, r), when(desk, r), who(desk, r)) for r in stated),
        c.baseline.figure if c.baseline else "",
        tuple((e.figure.id, _choice(desk, shelf, e)) for e in entries),
    )  # fmt: skip


def _choice(desk: Desk, shelf: Shelf, e: Entry) -> str:
    line = shelf.line(e, desk.lang, desk.locale)
    return " · ".join(x for x in (line.value, line.detail, line.when, line.whence) if x)


def when(desk: Desk, r: Reading) -> str:
    if r.starts is None and r.ends:
        return day(r.ends, desk.locale)
    return figures.span(r.starts, r.ends, desk.lang, desk.locale) or say("results.course.undated", desk.lang)


def who(desk: Desk, r: Reading) -> str:
    named = [r.by, wording.document(r.document, desk.lang) if r.document else "", r.locator]
    return ", ".join(x for x in named if x)


def _value(desk: Desk, r: Reading) -> str:
    return _number(desk, r.value, r.unit)


def _number(desk: Desk, value: Decimal, unit: str) -> str:
    words = number(value, desk.locale)
    if unit in figures.SHARES:
        return words + ("%" if desk.lang == "en" else f"{NBSP}%")
    return words if not unit or value == 1 else f"{words} {codelists.units().name(unit, desk.lang)}"


def _aim(desk: Desk, data: Data, a: Aim) -> str:
    name = say(f"results.course.{'target' if a.final else 'milestone'}", desk.lang)
    by = say("results.course.no-date", desk.lang)
    if a.by:
        by = say("results.course.by", desk.lang, day=day(a.by, desk.locale))
    words = f"{name}: {_number(desk, a.value, data.get('unit', ''))} ({by})"
    return f"{words}; {say('results.course.basis', desk.lang, what=a.basis)}" if a.basis else words


def said(desk: Desk, data: Data, c: Course) -> list[str]:
    """Where it stands, in sentences: from where to where, whether that is good, and how far the aim is."""
    base, latest, good = c.baseline, c.latest, data.get("good", "")
    aim = c.aim(desk.now.date())
    out = []
    if base and latest and latest != base and results.comparable(base, latest):
        out.append(say("results.course.from-to", desk.lang, base=_value(desk, base), base_when=when(desk, base),
                       latest=_value(desk, latest), latest_when=when(desk, latest)))  # fmt: skip
        out += _turn(desk, base, latest, good)
    elif base:
        out.append(
            say("results.course.only-base", desk.lang, base=_value(desk, base), base_when=when(desk, base))
        )
        if latest and latest != base:
            out.append(say("results.course.apart", desk.lang))
    elif latest:
        out.append(
            say(
                "results.course.no-base",
                desk.lang,
                latest=_value(desk, latest),
                latest_when=when(desk, latest),
            )
        )
    return out + _aimed(desk, data, base, latest, aim)


def _turn(desk: Desk, base: Reading, latest: Reading, good: str) -> list[str]:
    if latest.value == base.value:
        return [say("results.course.same", desk.lang)]
    if good not in ("up", "down"):
        return []
    better = (latest.value > base.value) == (good == "up")
    return [say(f"results.course.{'better' if better else 'worse'}", desk.lang)]


def _aimed(
    desk: Desk, data: Data, base: Reading | None, latest: Reading | None, aim: Aim | None
) -> list[str]:
    if aim is None:
        return [say("results.course.no-aim", desk.lang)]
    if latest is None:
        return []
    if results.met(aim.value, latest.value, data.get("good", "")):
        return [say("results.course.met", desk.lang)]
    goal = _number(desk, aim.value, data.get("unit", ""))
    if base and latest != base and results.comparable(base, latest):
        way = results.share(base.value, latest.value, aim.value)
        if way is not None and way >= 0:
            return [say("results.course.way", desk.lang, percent=number(way * 100, desk.locale, 0), aim=goal)]
    return [say("results.course.not-met", desk.lang, aim=goal)]


def _drawing(desk: Desk, data: Data, title: str, c: Course) -> str:
    """The course as a drawing; nothing where fewer than two things with a date could be drawn."""
    grouped = results.lines([r for r in c.readings if r.ends])
    longest = sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST_LINES]
    units = {r.unit for _, reads in longest for r in reads}
    if len(units) > 1:  # not on one scale
        main = c.baseline.unit if c.baseline and c.baseline.ends else longest[0][1][0].unit
        longest = [(k, reads) for k, reads in longest if reads[0].unit == main]
        units = {main}
    lines = [drawings.Line(_line_name(desk, k), tuple(_read(desk, r) for r in reads)) for k, reads in longest]
    levels = [
        drawings.Level(
            say(f"results.course.{'target' if a.final else 'milestone'}", desk.lang), a.value, a.by
        )
        for a in c.aims
    ]
    if c.baseline and c.baseline.unit in units:
        name = say("results.course.baseline", desk.lang)
        levels.insert(0, drawings.Level(name, c.baseline.value, None, aim=False))
    if sum(len(line.reads) for line in lines) + len(levels) < 2 or not lines:
        return ""
    name = say("results.course.svg", desk.lang, indicator=title, state=wording.state(c.state, desk.lang))
    unit = codelists.units().name(units.pop(), desk.lang)
    frame = Frame(
        name, desk.lang, show=lambda v: number(v, desk.locale), unit=unit, width=WIDTH, key=c.state.lower()
    )
    return drawings.course(lines, levels, frame, lambda d: _month(d, desk.locale))


def _month(d: date, locale: str) -> str:
    return str(d.year) if (d.month, d.day) == (1, 1) else format_date(d, "MMM y", locale=locale)


def _line_name(desk: Desk, key: tuple[str, ...]) -> str:
    """What tells one line from another: the population and what it was counted in."""
    if len(key) < 5:
        return say("kind.indicator.field.told", desk.lang)
    population, universe, _stage, place, _dimensions = key[:5]
    within = universe if desk.lang == "en" else codelists.universes().get(universe, universe)
    named = [codelists.populations().name(population, desk.lang) if population else "", place,
             within]  # fmt: skip
    return wording.capital("; ".join(x for x in named if x))


def _read(desk: Desk, r: Reading) -> drawings.Read:
    assert r.ends is not None
    href = desk.url("figure", id=r.figure) if r.figure else ""
    return drawings.Read(r.value, r.ends, when(desk, r), r.starts, r.qualifier, href)


@require_POST
@working
def baseline(desk: Desk, code: str) -> HttpResponse:
    """Set the baseline of one State by one of the figures that the indicator reads."""
    held = desk.record("indicator", code)
    desk.require("results.write", state=held.state, body=held.body)
    state, figure = desk.request.POST.get("state", ""), desk.request.POST.get("figure", "")
    shelf = Reader(desk.request).shelf
    found = results.courses(held.data, lambda m: shelf.by_measure.get(m, ()), partial(by_id, shelf))
    if not any(c.state == state and figure in {r.figure for r in c.readings} for c in found):
        raise Http404
    rows = [r for r in held.data.get("baseline", ()) if r["state"] != state]
    data = {**held.data, "baseline": [*rows, {"state": state, "figure": figure}]}
    try:
        records.save(
            kind="indicator", code=code, data=data, base=held.number, by=desk.username, at=desk.now,
            role=desk.role_for("results.write", state=held.state, body=held.body),
            confirmed=records.stale(records.kinds()["indicator"], held.data),
        )  # fmt: skip
    except Refused as e:
        k = records.kinds()["indicator"]
        return _page(
            desk, held, faults=[("", showing.fault_words(k, f, desk.lang)) for f in e.faults], status=422
        )
    except Met as e:
        return _page(desk, e.held, faults=[("", say("record.met.act", desk.lang))], status=409)
    return HttpResponseRedirect(desk.url("indicator", code=code) + f"#c-{state}")


showing.PAGES |= {"indicator": "indicator"}
patterns: list[URLPattern] = [
    path("planning/indicator/<str:code>/", indicator, name="indicator"),
    path("planning/indicator/<str:code>/baseline/", baseline, name="indicator-baseline"),
]
