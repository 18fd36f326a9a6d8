"""The figures of the client's own State that its people approved: those that wait for their day too."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router

from mirps.evidence.figures import api as ledger
from mirps.evidence.figures.api import FigureRow
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
    own = FigureRow.objects.filter(state=caller.client.state, status__in=OFFERED, superseded_by="")
    found = sorted(
        id_ for id_, round_, measure in own.order_by("pk").values_list("pk", "round", "measure")
        if wanted.round in ("", round_) and wanted.measure in ("", measure)
    )  # fmt: skip
    rest = [id_ for id_ in found if id_ > wanted.after]
    page, lang = rest[: wanted.limit], shapes.tongue(request)
    following = page[-1] if len(rest) > wanted.limit else None
    held = {e.figure.id: e for e in ledger.entries(FigureRow.objects.filter(pk__in=page), caller.now)}
    return shapes.reply(request, {
        "count": len(found), "next": following, "figures": [record_of(held[id_], lang) for id_ in page],
    })  # fmt: skip
