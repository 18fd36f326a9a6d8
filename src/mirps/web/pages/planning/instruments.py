"""Instruments: the list with whom they address, and one of them by paragraph with what came of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import partial_date, say
from mirps.evidence.figures import api as figures
from mirps.planning.instruments import api as instruments
from mirps.planning.instruments.api import Actor, Follow, Instrument, Paragraph
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.sharing.portal import queries as portal
from mirps.sharing.portal import wording
from mirps.sharing.portal.wording import Line
from mirps.web.pages.planning import lists, showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.record import whole

#: Figures of a series that a paragraph shows, the latest first.
MOST_FIGURES = 7


@dataclass(frozen=True, slots=True)
class Came:
    """A record that follows a paragraph: what kind of thing it is, what it is called, where it is."""

    kind: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph as a page shows it."""

    p: Paragraph
    title: str
    summary: str
    lang: str  # of the text, where it is not the page's
    asked: tuple[tuple[Actor, str], ...]
    support: str
    trackable: str
    note: str
    came: tuple[Came, ...]
    figures: tuple[Line, ...]
    series: str
    sources: tuple[dict[str, str], ...]
    status: str


@require_safe
@reading
def every(desk: Desk) -> HttpResponse:
    """Every instrument by whose it is; with `?actor=`, the paragraphs that address one."""
    found = instruments.instruments(desk.shown)
    actor = instruments.actor_of(desk.request.GET.get("actor", "")[:60])
    asked = instruments.addressed(found)
    if actor is not None and _name(desk, actor) == actor.code and actor not in asked:
        actor = None
    return desk.page(
        "planning/instruments.html", trail=[(say("kind.instrument.many", desk.lang), "")],
        families=[(f, [_row(desk, i) for i in group]) for f, group in instruments.by_family(found)],
        actors=_choices(desk, asked), actor=actor, actor_name=_name(desk, actor) if actor else "",
        addressed=_of_actor(desk, found, actor) if actor else [], total=len(found),
        may_write=bool(desk.owners(records.kinds()["instrument"])),
    )  # fmt: skip


def _row(desk: Desk, i: Instrument) -> dict[str, Any]:
    counted = i.follows()
    return {
        "i": i, "title": records.title("instrument", dict(i.data), desk.lang), "date": date_of(desk, i),
        "type": _choice(desk, i, "type"), "held": str(i.data.get("held", "named")),
        "points": sum(counted[f] for f in Follow if f is not Follow.DECLARATORY),
        "unfollowed": counted[Follow.UNFOLLOWED], "followed": counted[Follow.FOLLOWED],
    }  # fmt: skip


def date_of(desk: Desk, i: Instrument) -> str:
    """When it was adopted; a date that no document gives says so."""
    when = i.data.get("adopted")
    if not when:
        return say("instruments.no-date", desk.lang)
    told = partial_date(when, desk.locale)
    basis = i.data.get("basis", "stated")
    return told if basis == "stated" else say(f"instruments.date.{basis}", desk.lang, date=told)


def _choice(desk: Desk, i: Instrument, field: str) -> str:
    held = i.data.get(field)
    return showing.choice(records.kinds()["instrument"], field, held, desk.lang) if held else ""


def _name(desk: Desk, actor: Actor) -> str:
    """What an actor is called."""
    if actor.sort == "body":
        options = records.kinds()["paragraph"]["bodies"].options
        if actor.code not in options:
            return actor.code
        return say(f"kind.paragraph.choice.bodies.{actor.code}", desk.lang)
    listed = codelists.states() if actor.sort == "state" else codelists.institutions()
    return listed.name(actor.code, desk.lang) if actor.code in listed else actor.code


def _choices(desk: Desk, asked: Mapping[Actor, int]) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """The actors to choose from, by sort: each State (with what falls to all), then bodies and institutions."""
    areas = instruments.areas()
    found: dict[str, list[tuple[str, str, int]]] = {"state": [], "body": [], "institution": []}
    for code in areas["MIRPS"]:
        mine = Actor("state", code)
        wide = sum(n for a, n in asked.items() if a.sort == "state" and code in areas.get(a.code, ()))
        found["state"].append((str(mine), _name(desk, mine), asked[mine] + wide))
    for actor, n in asked.items():
        if actor.sort != "state":
            found[actor.sort].append((str(actor), _name(desk, actor), n))
    return [
        (sort, group if sort == "state" else sorted(group, key=lambda x: records.folded(x[1])))
        for sort, group in found.items()
        if group
    ]


def _of_actor(
    desk: Desk, found: Iterable[Instrument], actor: Actor
) -> list[tuple[Instrument, str, list[Shown]]]:
    mine = instruments.of_actor(found, actor, instruments.areas())
    told = _told(desk, [p for _, ps in mine for p in ps])
    return [
        (i, records.title("instrument", dict(i.data), desk.lang), [told[p.key] for p in ps]) for i, ps in mine
    ]


@require_safe
@reading
def one(desk: Desk, code: str) -> HttpResponse:
    """An instrument by paragraph: what each asks of whom, and what came of it."""
    held = desk.record("instrument", code)
    context = whole(desk, held)
    found = instruments.instrument(held.key, desk.shown)
    if found is None:
        found = Instrument(held.key, held.place, context["data"])
    told = _told(desk, found.paragraphs)
    k = records.kinds()["instrument"]
    facts = showing.told(
        desk, k, context["data"],
        fields=["type", "family", "by", "where", "occasion", "states", "builds-on", "document", "link"],
    )  # fmt: skip
    return desk.page(
        "planning/instrument.html", i=found, date=date_of(desk, found), facts=facts,
        parts=[(part, [told[p.key] for p in ps]) for part, ps in found.parts()], follows=found.follows(),
        may_add=desk.may_on(held, "write"), **context,
    )  # fmt: skip


def _told(desk: Desk, found: Iterable[Paragraph]) -> dict[str, Shown]:
    """Paragraphs as they are shown; the records that follow them and their figures are read once for all."""
    points = list(found)
    keys = {k for p in points for k in (*p.came, *p.tracked_by)}
    named = showing.titles(desk, keys)
    statuses = dict(
        Record.objects.filter(pk__in=[p.key for p in points]).order_by().values_list("key", "status")
    )
    return {p.key: _shown(desk, p, named, statuses.get(p.key, "")) for p in points}


def _shown(desk: Desk, p: Paragraph, named: Mapping[str, str], status: str) -> Shown:
    summary, lang = showing.texts_of(p.data.get("summary", {}), desk.lang)
    followers = [k for k in dict.fromkeys((*p.came, *p.tracked_by)) if k in named]
    came = [
        Came(say(f"kind.{k.partition('/')[0]}.name", desk.lang), named[k], showing.address_of(k, desk.lang))
        for k in followers
    ]
    lines, series = _figures(desk, str(p.data.get("series", "")))

    def text(field: str) -> str:
        return showing.texts_of(p.data.get(field, {}), desk.lang)[0]

    return Shown(
        p=p, title=records.title("paragraph", dict(p.data), desk.lang), summary=summary, lang=lang,
        asked=tuple((a, _name(desk, a)) for a in p.actors), support=text("support"), trackable=text("trackable"),
        note=text("note"), came=tuple(came), figures=tuple(lines), series=series, status=status,
        sources=tuple(showing.sources(desk, p.data)),
    )  # fmt: skip


def _figures(desk: Desk, series: str) -> tuple[list[Line], str]:
    """The latest figures of a series that the public may read, one a State; and what the series is."""
    if not series:
        return [], ""
    measure, state, *rest = series.split(" ")
    known = figures.measures().get(measure)
    shelf = portal.shelf(desk.now, getattr(desk.request, "ledger_token", ""))
    areas = instruments.areas()
    wanted = {state, *areas.get(state, ())}
    dims = dict(part.split("=", 1) for part in rest if "=" in part)
    latest: dict[str, Any] = {}
    for e in shelf.by_measure.get(measure, ()):
        f = e.figure
        if f.state in wanted and f.members() == dims and e.figure.id in shelf.current:
            best = latest.get(f.state)
            if best is None or (f.when and (not best.figure.when or f.when > best.figure.when)):
                latest[f.state] = e
    order = list(codelists.states())
    chosen = sorted(latest.values(), key=lambda e: order.index(e.figure.state))[:MOST_FIGURES]
    name = known.name(desk.lang) if known else measure
    told = f"{name}: {wording.state(state, desk.lang)}"
    return [shelf.line(e, desk.lang, desk.locale) for e in chosen], told


patterns: list[URLPattern] = [
    path("planning/instruments/", every, name="instruments"),
    path("planning/instrument/<str:code>/", one, name="instrument"),
]
showing.PAGES["instrument"] = "instrument"
lists.LEADS["instruments"] = "instruments"
