"""Lists of people that two people approved for this system: which there are, and one of them, once, sealed to it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.people.custody.api import CustodyFault
from mirps.people.extracts import api as extracts
from mirps.people.extracts.api import Extract
from mirps.web.api import shapes
from mirps.web.api.institutions.door import ROOT, Caller, Needs
from mirps.web.api.institutions.shapes import answers
from mirps.web.api.problems import Problem
from mirps.web.pages.people import extract_files as files
from mirps.web.pages.people.extract_words import column_name

router = Router()
LISTED = shapes.listed(
    shapes.fields(
        id=shapes.TEXT, purpose=shapes.TEXT, people=shapes.COUNT, columns=shapes.listed(shapes.TEXT), until=shapes.TEXT
    )
)  # fmt: skip
WAITING = shapes.fields(extracts=LISTED)
_AGE = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    "description": "OK",
}
_FETCHED = answers({}, 404, 422)
_FETCHED["responses"][200] = _AGE


@router.get(
    "/extracts",
    operation_id="extracts",
    url_name="extracts",
    auth=Needs(extracts.FETCH),
    openapi_extra=answers(WAITING),
)
def waiting(request: HttpRequest) -> HttpResponse:
    caller: Caller = request.auth  # type: ignore[attr-defined]
    with custody.seated(caller.seat):
        found = extracts.waiting(caller.seat, at=caller.now)
    return shapes.reply(request, {"extracts": [
        {"id": str(row.pk), "purpose": row.purpose, "people": len(row.people), "columns": row.columns,
         "until": asked.until.isoformat()} for row, asked in found
    ]})  # fmt: skip


@router.post(
    "/extracts/{id}", operation_id="extract-fetch", url_name="extract-fetch", auth=Needs(extracts.FETCH),
    openapi_extra=_FETCHED,
)  # fmt: skip
def fetch(request: HttpRequest, id: str) -> HttpResponse:
    """The list as a ZIP of XLSX and CSV, sealed to the key that was approved with it (age-encryption.org/v1)."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    lang = shapes.tongue(request)
    try:
        taken = extracts.fetch(seat=caller.seat, extract=UUID(id), lang=lang, at=caller.now)
    except custody.TooMany:
        raise
    except (ValueError, Extract.DoesNotExist, CustodyFault):
        raise Problem(404, "extract", "extract", parameter="id", address=f"{ROOT}extracts") from None
    name = f"mirps-{taken.extract.pk.hex[:8]}"
    lines = {
        "what": say("extracts.about.words", lang), "asked": taken.request.by, "approved": taken.request.decided_by,
        "taken": f"{caller.now.isoformat()} {caller.client.pk}", "rows": str(len(taken.rows)),
        "id": str(taken.extract.pk),
    }  # fmt: skip
    about = [(say(f"extracts.about.{key}", lang), words) for key, words in lines.items()]
    head = [say("extracts.column.number", lang), *(column_name(key, lang) for key in taken.columns)]
    sheets = (say("extracts.sheet.people", lang), say("extracts.sheet.about", lang))
    content = files.sealed_to(files.packed(name, head, taken.rows, about, sheets), taken.extract.sealing)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}.zip.age"'
    return answer
