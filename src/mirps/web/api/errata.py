"""Errata: published figures that were corrected since. Only those whose two statements are public."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import catalogue, say
from mirps.evidence.errata import api as errata_api
from mirps.evidence.errata.api import Erratum
from mirps.evidence.figures.api import Entry
from mirps.sharing.exports.api import record_of
from mirps.web.api import shapes
from mirps.web.api.ledger import Shelf, shelf
from mirps.web.api.limits import READ
from mirps.web.api.problems import missing, unknown_code
from mirps.web.api.shapes import COUNT, DATE, FIGURE, MAYBE, TEXT, Code, Reader, answers, fields, listed

router = Router(throttle=READ)

ERRATUM = fields(
    round=TEXT, number=COUNT, code=TEXT, state=TEXT, measure=TEXT, at=DATE, role=TEXT, role_label=TEXT,
    reason=TEXT, finding=MAYBE, old=FIGURE, new=FIGURE, page=TEXT,
)  # fmt: skip


class Filters(Reader):
    round: Code = ""
    state: Code = ""


def erratum_out(e: Erratum, lang: str, held: Shelf) -> dict[str, Any]:
    role = f"portal.role-held.{e.role}"
    return {
        "round": e.round,
        "number": e.number,
        "code": e.code,
        "state": e.state,
        "measure": held.entries[e.old].figure.measure,
        "at": e.at.date().isoformat(),
        "role": e.role,
        "role_label": say(role if role in catalogue() else "portal.role-held.none", lang),
        "reason": e.reason(lang),
        "finding": e.finding or None,
        "old": _statement(held.entries[e.old], held, lang),
        "new": _statement(held.entries[e.new], held, lang),
        "page": f"/{lang}/erratum/{e.round}/{e.code}/",
    }


def _statement(entry: Entry, held: Shelf, lang: str) -> dict[str, Any]:
    """What was stated. What replaced it is named once the public may read that too."""
    out = record_of(entry, lang)
    return out if out["superseded_by"] in held.entries else {**out, "superseded_by": None}


@router.get(
    "/errata", operation_id="errata", url_name="errata", openapi_extra=answers(fields(errata=listed(ERRATUM)))
)
def errata(request: HttpRequest, wanted: Query[Filters]) -> HttpResponse:
    if wanted.state and wanted.state not in codelists.states():
        raise unknown_code("state", wanted.state, codelists.states())
    held, lang = shelf(), shapes.tongue(request)
    found = [
        erratum_out(e, lang, held)
        for e in errata_api.public(held.entries)
        if wanted.round in ("", e.round) and wanted.state in ("", e.state)
    ]
    return shapes.reply(request, {"errata": found})


@router.get(
    "/errata/{round}/{code}",
    operation_id="erratum",
    url_name="erratum",
    openapi_extra=answers(ERRATUM, 404),
)
def erratum(request: HttpRequest, round: str, code: str, reader: Query[Reader]) -> HttpResponse:
    held = shelf()
    for e in errata_api.public(held.entries):
        if (e.round, e.code) == (round, code):
            return shapes.reply(request, erratum_out(e, shapes.tongue(request), held))
    raise missing(request, "/api/v1/errata")
