"""Measures, States, places, documents, rounds and reports: what the figures speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from mirps.base.codelists import api as codelists
from mirps.base.places.rules import Division, Place, gazetteer
from mirps.base.texts.api import say
from mirps.evidence.figures import api as ledger
from mirps.evidence.figures.api import Measure
from mirps.evidence.rounds.api import Round
from mirps.sharing.exports.api import FORMATS
from mirps.sharing.reports import api as reports_api
from mirps.web.api import shapes
from mirps.web.api.ledger import shelf
from mirps.web.api.limits import READ
from mirps.web.api.problems import missing, unknown_code
from mirps.web.api.shapes import DATE, MAYBE, NUMBER, TEXT, YES, Code, Reader, answers, fields, listed

router = Router(throttle=READ)

MEASURE = fields(
    code=TEXT, name=TEXT, definition=TEXT, unit=TEXT, unit_label=TEXT, stock_flow=TEXT, additive_time=YES,
    additive_place=YES, additive_population=YES, sector=TEXT, pillar=MAYBE, proposal=YES,
)  # fmt: skip
STATE = fields(code=TEXT, iso2=MAYBE, name=TEXT, kind=TEXT, parent=MAYBE)
PLACE = fields(
    name=TEXT, code=MAYBE, pcode=MAYBE, kind=TEXT, state=TEXT, division=TEXT, lat=NUMBER, lon=NUMBER,
    aliases=listed(TEXT),
)  # fmt: skip
DOCUMENT = fields(
    code=TEXT, title=TEXT, publisher=TEXT, language=TEXT, date=DATE, known_from=DATE, known_from_basis=TEXT,
    cutoff=DATE, address=MAYBE, page=TEXT,
)  # fmt: skip
ROUND = fields(
    code=TEXT, title=TEXT, starts=DATE, ends=DATE, exports={"type": "object", "additionalProperties": TEXT}
)
REPORT = fields(
    report=TEXT, language=TEXT, format=TEXT, params={"type": "object"}, published_at=DATE, known_on=DATE,
    sha256=TEXT, page=TEXT, file=TEXT,
)  # fmt: skip


class ByState(Reader):
    state: Code = ""


Items = Callable[[str], Iterable[dict[str, Any]]]


def whole(name: str, shape: dict[str, Any]) -> Callable[[Items], Items]:
    """An address that gives a whole list, under the list's name. The function makes its items in a language."""

    def with_items(make: Items) -> Items:
        def view(request: HttpRequest, reader: Query[Reader]) -> HttpResponse:
            return shapes.reply(request, {name: list(make(shapes.tongue(request)))})

        view.__name__ = name
        described = answers(fields(**{name: listed(shape)}))
        router.get(f"/{name}", operation_id=name, url_name=name, openapi_extra=described)(view)
        return make

    return with_items


@whole("measures", MEASURE)
def measures(lang: str) -> Iterable[dict[str, Any]]:
    return (_measure(m, lang) for m in ledger.measures().values())


@router.get(
    "/measures/{code}", operation_id="measure", url_name="measure", openapi_extra=answers(MEASURE, 404)
)
def measure(request: HttpRequest, code: str, reader: Query[Reader]) -> HttpResponse:
    found = ledger.measures().get(code)
    if found is None:
        raise missing(request, "/api/v1/measures")
    return shapes.reply(request, _measure(found, shapes.tongue(request)))


def _measure(m: Measure, lang: str) -> dict[str, Any]:
    return {
        "code": m.code,
        "name": m.name(lang),
        "definition": m.definition_es if lang == "es" else m.definition_en,
        "unit": m.unit,
        "unit_label": codelists.units().name(m.unit, lang),
        "stock_flow": m.stock_flow.value,
        "additive_time": m.additive_time,
        "additive_place": m.additive_place,
        "additive_population": m.additive_population,
        "sector": m.sector,
        "pillar": m.pillar or None,
        "proposal": True,
    }


@whole("states", STATE)
def states(lang: str) -> Iterable[dict[str, Any]]:
    return [
        {
            "code": c.code,
            "iso2": c.extra["iso2"] or None,
            "name": c.name(lang),
            "kind": c.extra["kind"],
            "parent": c.extra["parent"] or None,
        }
        for c in codelists.states().values()
    ]


@router.get(
    "/places", operation_id="places", url_name="places", openapi_extra=answers(fields(places=listed(PLACE)))
)
def places(request: HttpRequest, wanted: Query[ByState]) -> HttpResponse:
    if wanted.state and wanted.state not in codelists.states():
        raise unknown_code("state", wanted.state, codelists.states())
    known, lang = gazetteer(codelists.data_folder() / "places"), shapes.tongue(request)
    every: tuple[Place, ...] = (*known.divisions, *known.municipalities)
    found = [
        {
            "name": p.name,
            "code": p.code if isinstance(p, Division) else None,
            "pcode": (p.pcode or None) if isinstance(p, Division) else None,
            "kind": p.kind(lang) if isinstance(p, Division) else say("api.place", lang),
            "state": p.state,
            "division": p.division,
            "lat": p.lat,
            "lon": p.lon,
            "aliases": [n for n in p.names if n != p.name],
        }
        for p in every
        if wanted.state in ("", p.state)
    ]
    return shapes.reply(request, {"places": found})


@whole("documents", DOCUMENT)
def documents(lang: str) -> Iterable[dict[str, Any]]:
    return [
        {
            "code": code,
            "title": d[f"title_{lang}"],
            "publisher": d[f"publisher_{lang}"],
            "language": d["language"],
            "date": d["date"] or None,
            "known_from": d["known_from"] or None,
            "known_from_basis": d[f"known_from_basis_{lang}"],
            "cutoff": d["cutoff"] or None,
            "address": d["address"] or None,
            "page": f"/{lang}/source/{code}/",
        }
        for code, d in codelists.documents().items()
    ]


@whole("rounds", ROUND)
def rounds(lang: str) -> Iterable[dict[str, Any]]:
    shown = {e.round for e in shelf().standing}
    return [
        {
            "code": r.code,
            "title": r.title_es if lang == "es" else r.title_en,
            "starts": r.starts.isoformat(),
            "ends": r.ends.isoformat(),
            "exports": {f.name: f"/api/v1/rounds/{r.code}/figures.{f.suffix}" for f in FORMATS.values()},
        }
        for r in Round.objects.order_by("-ends", "code")
        if r.code in shown
    ]


@whole("reports", REPORT)
def reports(lang: str) -> Iterable[dict[str, Any]]:
    return [
        {
            "report": b.report,
            "language": b.language,
            "format": b.format,
            "params": {k: v for k, v in b.params.items() if k not in ("text", "stories")},
            "published_at": b.published_at.date().isoformat() if b.published_at else None,
            "known_on": b.known_on.date().isoformat(),
            "sha256": b.digest,
            "page": f"/{lang}/report/{b.report}/",
            "file": f"/{lang}/report-file/{b.pk}/{Path(b.file).name}",
        }
        for b in reports_api.published()
    ]
