"""Good practices and exchange visits: found by topic, State and words; each with its figures and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.evidence.figures.api import canonical_dimensions, parse_dimensions
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.sharing.portal import wording
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import lists, showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.lists import readable
from mirps.web.pages.planning.projects_telling import figures
from mirps.web.pages.planning.record import whole

showing.PAGES |= {"practice": "practice", "visit": "visit"}
lists.LEADS["knowledge"] = "knowledge"
#: Figures of a series that a practice shows, the latest first.
MOST_FIGURES = 8
FIELDS = (
    "problem", "done", "result", "conditions", "commitments", "states", "places", "starts", "ends", "sectors",
    "populations", "projects", "evidence", "note",
)  # fmt: skip


@require_safe
@reading
def knowledge(desk: Desk) -> HttpResponse:
    """The three parts of it, with how much of each the reader may see."""
    parts = (("practice", "practices"), ("course", "courses"), ("coi-product", "origins"))
    return desk.page(
        "planning/knowledge.html", parts=[(k, name, readable(desk, records.kinds()[k]).count()) for k, name in parts],
        trail=[(say("knowledge.title", desk.lang), "")],
    )  # fmt: skip


@require_safe
@reading
def practices(desk: Desk) -> HttpResponse:
    """Every good practice that the reader may see, and the visits in which others came to look."""
    ask = desk.request.GET
    k = records.kinds()["practice"]
    found = readable(desk, k)
    for word in records.folded(ask.get("q", "")[:100]).split()[:8]:
        found = found.filter(Q(words_es__contains=word) | Q(words_en__contains=word))
    shown = [
        (r, d) for r in found if (d := desk.shown(r)) is not None and r.status != records.Status.WITHDRAWN
    ]
    sector, state = ask.get("sector", ""), ask.get("state", "")
    cards = [
        practice_card(desk, r, d) for r, d in shown
        if sector in ("", *d.get("sectors", ())) and state in ("", *d.get("states", ()))
    ]  # fmt: skip
    return desk.page(
        "planning/practices.html", cards=cards, q=ask.get("q", ""), sector=sector, state=state,
        sectors=_named(desk, "sectors", (s for _, d in shown for s in d.get("sectors", ()))),
        states=_named(desk, "states", (s for _, d in shown for s in d.get("states", ()))),
        visits=[visit_line(desk, r) for r in readable(desk, records.kinds()["visit"]) if desk.shown(r)],
        may_write=bool(desk.owners(k)), may_visit=bool(desk.owners(records.kinds()["visit"])),
        trail=[(say("knowledge.practices", desk.lang), "")],
    )  # fmt: skip


def _named(desk: Desk, list_: str, codes: Any) -> list[tuple[str, str]]:
    return sorted(((c, records.name_of(list_, c, desk.lang)) for c in set(codes)), key=lambda pair: pair[1])


def practice_card(desk: Desk, r: Record, data: Mapping[str, Any]) -> dict[str, Any]:
    words, lang = showing.texts_of(data["done"], desk.lang) if data.get("done") else ("", "")
    return {
        "r": r, "title": records.title(r.kind, dict(data), desk.lang), "href": showing.address_of(r.key, desk.lang),
        "states": ", ".join(wording.state(s, desk.lang) for s in data.get("states", ())), "words": words, "lang": lang,
        "sectors": [codelists.sectors().name(s, desk.lang) for s in data.get("sectors", ())],
    }  # fmt: skip


def visit_line(desk: Desk, r: Record) -> dict[str, Any]:
    data = desk.shown(r) or {}
    return {
        "r": r, "title": records.title(r.kind, data, desk.lang), "href": showing.address_of(r.key, desk.lang),
        "when": texts.partial_date(data["starts"], desk.locale) if data.get("starts") else "",
        "visitors": ", ".join(wording.state(s, desk.lang) for s in data.get("visitors", ())),
        "host": wording.state(data["host"], desk.lang) if data.get("host") else "",
    }  # fmt: skip


@require_safe
@reading
def practice(desk: Desk, code: str) -> HttpResponse:
    """One good practice, with the figures of its result as the ledger holds them."""
    held = desk.record("practice", code)
    about = whole(desk, held)
    data = about["data"]
    shelf = Reader(desk.request)
    contact = data.get("contact", "")
    return desk.page("planning/practice.html", **{
        **about, "told": showing.told(desk, records.kinds()["practice"], data, fields=FIELDS),
        "figures": [*figures(desk, shelf, data), *series(shelf, data.get("series", ""))],
        "contact": codelists.institutions().name(contact, desk.lang) if contact else "",
    })  # fmt: skip


def series(shelf: Reader, named: str) -> list[Any]:
    """The latest figures of a series ("measure STATE" or "measure STATE sex=F") as lines."""
    if not named:
        return []
    measure, state, *rest = named.split(" ")
    wanted = canonical_dimensions(parse_dimensions(rest[0])) if rest else None
    held = [
        e for e in shelf.shelf.by_measure.get(measure, ())
        if e.figure.state == state and (wanted is None or e.figure.dimensions == wanted)
    ]  # fmt: skip
    held.sort(key=lambda e: (str(e.figure.when or ""), e.figure.id), reverse=True)
    return shelf.lines(held[:MOST_FIGURES])


@require_safe
@reading
def visit(desk: Desk, code: str) -> HttpResponse:
    """One exchange visit: who went where to learn what, and what came of it."""
    held = desk.record("visit", code)
    return desk.page("planning/visit.html", **whole(desk, held))


patterns: list[URLPattern] = [
    path("planning/knowledge/", knowledge, name="knowledge"),
    path("planning/practices/", practices, name="practices"),
    path("planning/practices/<str:code>/", practice, name="practice"),
    path("planning/visits/<str:code>/", visit, name="visit"),
]
