"""A State's page: its figures by sector, what contradicts, its places and institutions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.places.rules import gazetteer
from mirps.base.texts.api import say
from mirps.evidence.figures.api import Entry
from mirps.sharing.portal import series
from mirps.sharing.portal.charts import Draughtsman, anchor
from mirps.sharing.portal.presiding import in_the_framework
from mirps.sharing.portal.shelf import RoundInfo
from mirps.sharing.portal.telling import told
from mirps.web.jinja import address
from mirps.web.pages import errata
from mirps.web.pages.page import Reader, page
from mirps.web.pages.reports import brief

MOST_FINDINGS = 8


def round_of(
    r: Reader, of: list[Entry] | None, what: str
) -> tuple[list[RoundInfo], RoundInfo | None, list[Entry]]:
    """The rounds that these figures come from, the one to show, and its figures. `what` names the group."""
    held = r.shelf.once(("rounds", what), lambda: _by_round(of or ()), of)
    rounds = [x for x in r.shelf.rounds if x.code in held]
    chosen = next((x for x in rounds if x.code == r.request.GET.get("round")), rounds[0] if rounds else None)
    return rounds, chosen, (of or []) if chosen is None else held[chosen.code]


def _by_round(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    out: dict[str, list[Entry]] = {}
    for e in entries:
        out.setdefault(e.round, []).append(e)
    return out


@require_safe
def state(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    known = codelists.states().get(code)
    if known is None:
        raise Http404
    r = Reader(request)
    of = r.shelf.by_state.get(code)
    every = of or []
    rounds, chosen, entries = round_of(r, of, f"state {code}")
    sectors = [
        {"code": sector, "name": codelists.sectors().name(sector, r.lang), "lines": r.lines(held)}
        for sector, held in series.by_sector(entries)
    ]
    doubts = [
        d for d in r.shelf.doubts.values() if d.state == code and (chosen is None or d.round == chosen.code)
    ]
    drawn: Any = None
    places: list[dict[str, Any]] = []
    if known.extra["kind"] == "state":
        mark = ("places", code, chosen.code if chosen else "", r.lang, r.locale)
        drawn, places = r.shelf.once(mark, lambda: _places(r, code, entries), of)
    return page(
        request,
        "state.html",
        here_state=code,
        code=code,
        name=known.name(r.lang),
        rounds=rounds,
        chosen=chosen,
        key=r.lines(r.shelf.once(("key", code), lambda: series.state_figures(r.shelf, code), of)),
        sectors=sectors,
        doubts=r.shelf.doubts_about,
        errata=errata.marks(r),
        findings=[told(d, r.shelf, r.lang, r.locale) for d in doubts[:MOST_FINDINGS]],
        findings_left=max(0, len(doubts) - MOST_FINDINGS),
        framework=in_the_framework(r.shelf, code, r.lang),
        state_map=drawn,
        places=places,
        institutions=r.shelf.once(("bodies", code, r.lang), lambda: institutions(r, [code], every), of),
        downloads=_downloads(r, code, chosen),
    )


def _places(r: Reader, code: str, entries: list[Entry]) -> tuple[Any, list[dict[str, Any]]]:
    drawn, held = Draughtsman(r.shelf, r.lang, r.locale).state_map(code, entries)
    divisions = gazetteer(codelists.data_folder() / "places").by_code
    return drawn, [
        {"name": m.name, "anchor": anchor(m.name), "division": divisions[m.division].name, "lines": lines}
        for m, lines in held
    ]


def institutions(r: Reader, states: list[str], entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The bodies of a State's namespace, with how many of these figures each reported."""
    counts = Counter(e.figure.source for e in entries)
    found = [
        {
            "anchor": institution_anchor(code),
            "acronym": i.extra.get("acronym", ""),
            "name": i.name(r.lang),
            "count": counts[code],
        }
        for code, i in codelists.institutions().items()
        if i.extra.get("state", "") in states
    ]
    return sorted(found, key=lambda i: (-int(i["count"]), str(i["name"])))


def institution_anchor(code: str) -> str:
    return "body-" + code.lower().replace(".", "-")


def _downloads(r: Reader, code: str, chosen: RoundInfo | None) -> list[dict[str, str]]:
    out = brief(r.lang, code)
    if chosen:
        for ending in ("csv", "xlsx", "json"):
            out.append(
                {
                    "href": f"/api/v1/rounds/{chosen.code}/figures.{ending}?state={code}&lang={r.lang}",
                    "title": say("portal.state.export", r.lang),
                    "format": ending.upper(),
                }
            )
    out.append(
        {
            "href": address("downloads", lang=r.lang),
            "title": say("portal.state.all-downloads", r.lang),
            "format": "",
        }
    )
    return out
