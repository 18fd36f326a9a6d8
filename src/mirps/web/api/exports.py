"""A whole round as a file, at an address that stays: /api/v1/rounds/2024/figures.csv"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import compress_sequence
from ninja import Query, Router

from mirps.base.codelists import api as codelists
from mirps.evidence.figures.api import measures
from mirps.sharing.exports import api as exports_api
from mirps.sharing.exports.api import FORMATS, NoSuchRound, Wanted
from mirps.web.api import shapes
from mirps.web.api.limits import EXPORT
from mirps.web.api.problems import missing, unknown_code
from mirps.web.api.shapes import PROBLEM, Code, Day, Reader

router = Router(throttle=EXPORT)
SUFFIXES = {f.suffix: f for f in FORMATS.values()}


class Part(Reader):
    """Which part of the round."""

    state: Code = ""
    measure: Code = ""
    known_on: Day = None


def _responses() -> dict[str, object]:
    out = shapes.answers(PROBLEM, 404)
    kinds = sorted({f.media.split(";")[0] for f in FORMATS.values()} | {f.media for f in FORMATS.values()})
    out["responses"][200]["content"] = {kind: {} for kind in kinds}
    return out


@router.get(
    "/rounds/{round}/figures.{suffix}",
    operation_id="export",
    url_name="export",
    openapi_extra=_responses(),
)
def export(request: HttpRequest, round: str, suffix: str, part: Query[Part]) -> HttpResponseBase:
    form = SUFFIXES.get(suffix)
    if form is None:
        raise missing(request, "/api/v1/rounds")
    if part.state and part.state not in codelists.states():
        raise unknown_code("state", part.state, codelists.states())
    if part.measure and part.measure not in measures():
        raise unknown_code("measure", part.measure, measures())
    lang = shapes.tongue(request)
    wanted = Wanted(round, part.state, part.measure, part.known_on)
    try:
        chunks = exports_api.export(wanted=wanted, format=form.name, lang=lang, at=timezone.now())
    except NoSuchRound as e:
        raise missing(request, "/api/v1/rounds") from e
    squeezed = form.text and "gzip" in request.headers.get("Accept-Encoding", "")[:200]
    response = StreamingHttpResponse(
        compress_sequence(chunks) if squeezed else chunks, content_type=form.media
    )
    if squeezed:
        response["Content-Encoding"] = "gzip"
    what = "-".join(p for p in ("mirps", round, part.state, part.measure, lang) if p)
    response["Content-Disposition"] = f'attachment; filename="{what}.{suffix}"'
    return response


@router.get(
    "/figures.schema.json",
    operation_id="schema",
    url_name="schema",
    openapi_extra=shapes.answers({"type": "object"}),
)
def schema(request: HttpRequest, reader: Query[Reader]) -> HttpResponse:
    return shapes.reply(request, exports_api.json_schema())
