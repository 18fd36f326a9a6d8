"""Figures: the list with filters and pages, and one figure with its history and doubts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.figures import api as ledger
from mirps.evidence.figures.api import Entry, canonical_dimensions, parse_dimensions
from mirps.evidence.findings.api import about
from mirps.sharing.exports.api import record_of
from mirps.web.api import shapes
from mirps.web.api.findings import FINDING, finding_out, readable
from mirps.web.api.ledger import Shelf, shelf
from mirps.web.api.limits import READ
from mirps.web.api.problems import bad_value, missing, unknown_code
from mirps.web.api.shapes import COUNT, DATE, FIGURE, MAYBE, TEXT, Code, Day, Reader, answers, fields, listed

router = Router(throttle=READ)
ROOT = "/api/v1/figures"


class Filters(Reader):
    """Which figures. An empty filter leaves nothing out."""

    round: Code = ""
    state: Code = ""
    measure: Code = ""
    sector: Code = ""
    population: Code = ""
    document: Code = ""
    source: Code = ""
    place: Code = ""
    dimensions: Code = ""
    role: Annotated[
        Literal["recommended", "triangulation"] | None,
        shapes.drawn(type="string", enum=["recommended", "triangulation"]),
    ] = None
    known_on: Day = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Code = ""


class OneFigure(Reader):
    known_on: Day = None


PAGE = fields(
    count=COUNT, limit=COUNT, cursor=MAYBE, next=MAYBE, ledger_version=COUNT, figures=listed(FIGURE)
)
EVENT = fields(kind=TEXT, kind_label=TEXT, at=DATE, other=MAYBE, reason=MAYBE)
DETAIL = fields(
    figure=FIGURE,
    history=listed(EVENT),
    others=listed(TEXT),
    findings=listed(FINDING),
    links=fields(self=TEXT, page=TEXT, document=MAYBE, measure=TEXT),
)


@router.get("/figures", operation_id="figures", url_name="figures", openapi_extra=answers(PAGE))
def figures(request: HttpRequest, wanted: Query[Filters]) -> HttpResponse:
    _check(wanted)
    held = shelf(wanted.known_on)
    tests = _tests(wanted)
    found = [e for e in held.standing if all(t(e) for t in tests)]
    last = _read_cursor(wanted.cursor)
    rest = [e for e in found if e.figure.id > last] if last else found
    page, more = rest[: wanted.limit], len(rest) > wanted.limit
    cursor = _cursor(page[-1].figure.id) if more else None
    following = f"{ROOT}?{urlencode({**request.GET.dict(), 'cursor': cursor})}" if cursor else None
    lang = shapes.tongue(request)
    response = shapes.reply(
        request,
        {
            "count": len(found),
            "limit": wanted.limit,
            "cursor": cursor,
            "next": following,
            "ledger_version": held.version,
            "figures": [_record(e, held, lang) for e in page],
        },
    )
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


def _check(wanted: Filters) -> None:
    """Every code that is given must be in its list. Raises Problem."""
    lists: dict[str, Callable[[], Any]] = {
        "state": codelists.states,
        "measure": ledger.measures,
        "sector": codelists.sectors,
        "population": codelists.populations,
        "document": codelists.documents,
        "source": codelists.institutions,
    }
    for name, codes in lists.items():
        given = getattr(wanted, name)
        if given and given not in codes():
            raise unknown_code(name, given, codes())


def _tests(wanted: Filters) -> list[Callable[[Entry], bool]]:
    tests: list[Callable[[Entry], bool]] = []
    for name in ("state", "measure", "sector", "population", "document", "source", "place", "role"):
        given = getattr(wanted, name)
        if given:
            tests.append(lambda e, name=name, given=given: getattr(e.figure, name) == given)  # type: ignore[misc]
    if wanted.round:
        tests.append(lambda e: e.round == wanted.round)
    if wanted.dimensions:
        dimensions = _dimensions(wanted.dimensions)
        tests.append(lambda e: e.figure.dimensions == dimensions)
    return tests


def _dimensions(text: str) -> str:
    try:
        return canonical_dimensions(parse_dimensions(text))
    except ValueError as e:
        raise bad_value("dimensions", text, "dimensions") from e


def _cursor(id_: str) -> str:
    return base64.urlsafe_b64encode(id_.encode()).decode().rstrip("=")


def _read_cursor(text: str) -> str:
    """The id after which to go on. Raises Problem for one that we did not give."""
    if not text:
        return ""
    try:
        id_ = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError) as e:
        raise bad_value("cursor", text, "cursor") from e
    if not id_ or _cursor(id_) != text:
        raise bad_value("cursor", text, "cursor")
    return id_


def _record(entry: Entry, held: Shelf, lang: str) -> dict[str, Any]:
    """The statement. What replaced it is named once the public may read that too."""
    out = record_of(entry, lang)
    if out["superseded_by"] not in held.entries:
        out["superseded_by"] = None
    return out


@router.get("/figures/{id}", operation_id="figure", url_name="figure", openapi_extra=answers(DETAIL, 404))
def figure(request: HttpRequest, id: str, reader: Query[OneFigure]) -> HttpResponse:
    held = shelf(reader.known_on)
    entry = held.entries.get(id)
    if entry is None:
        raise missing(request, ROOT)
    lang = shapes.tongue(request)
    f = entry.figure
    same = (f.measure, f.state, f.population)
    doubts = [] if reader.known_on else about([id]).get(id, [])
    return shapes.reply(
        request,
        {
            "figure": _record(entry, held, lang),
            "history": _history(id, held, reader, lang),
            "others": [
                e.figure.id
                for e in held.standing
                if (e.figure.measure, e.figure.state, e.figure.population) == same and e.figure.id != id
            ],
            "findings": [finding_out(d, lang, held) for d in doubts if readable(d, held)],
            "links": {
                "self": f"{ROOT}/{id}",
                "page": f"/{lang}/figure/{id}/",
                "document": f"/{lang}/source/{f.document}/" if f.document else None,
                "measure": f"/{lang}/measure/{f.measure}/",
            },
        },
    )


def _history(id_: str, held: Shelf, reader: OneFigure, lang: str) -> list[dict[str, Any]]:
    """What happened to the figure in public, oldest first. Who did it, and drafts, stay inside."""
    return [
        {
            "kind": e.kind,
            "kind_label": say(f"export.event.{e.kind}", lang),
            "at": e.at.date().isoformat(),
            "other": e.other if e.other in held.entries else None,
            "reason": (e.reason_es if lang == "es" else e.reason_en) or None,
        }
        for e in ledger.history(id_)
        if e.kind in ("published", "superseded")
        and (reader.known_on is None or e.at.date() <= reader.known_on)
        and (e.kind != "superseded" or e.other in held.entries)
    ]
