"""The figures of the client's own State that its people approved: those that wait for their day too."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router

from mirps.evidence.figures import api as ledger
from mirps.sharing.exports.api import record_of
from mirps.web.api import shapes
from mirps.web.api.institutions.door import Caller, Needs
from mirps.web.api.institutions.shapes import answers
from mirps.web.api.shapes import COUNT, MAYBE, Code, Reader, fields, listed

router = Router()
#: A figure that is written, sent in or returned is its writers' alone. One that disclosure control withheld stands
#: here as withheld ("_S"): its value left the node for nobody.
OFFERED = ("approved", "published")
FIGURE = {**shapes.FIGURE, "properties": {**shapes.FIGURE["properties"], "status": {"enum": list(OFFERED)}}}
PAGE = fields(count=COUNT, next=MAYBE, figures=listed(FIGURE))


class Wanted(Reader):
    """Which figures. An empty filter leaves nothing out; `after`: the id with which the page before ended."""

    round: Code = ""
    measure: Code = ""
    after: Code = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@router.get(
    "/figures", operation_id="own-figures", url_name="own-figures", auth=Needs("figures.read"),
    openapi_extra=answers(PAGE, 422),
)  # fmt: skip
def figures(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    caller: Caller = request.auth  # type: ignore[attr-defined]
    book = ledger.book(at=caller.now)
    found = [
        e for e in book.entries.values()
        if e.figure.state == caller.client.state and e.status in OFFERED and not e.superseded_by
        and wanted.round in ("", e.round) and wanted.measure in ("", e.figure.measure)
    ]  # fmt: skip
    rest = [e for e in found if e.figure.id > wanted.after]
    page, lang = rest[: wanted.limit], shapes.tongue(request)
    following = page[-1].figure.id if len(rest) > wanted.limit else None
    return shapes.reply(request, {
        "count": len(found), "next": following, "figures": [record_of(e, lang) for e in page],
    })  # fmt: skip
