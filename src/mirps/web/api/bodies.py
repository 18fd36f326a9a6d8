"""Bodies of the MIRPS, their terms, and who was in charge of one on a day."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from mirps.planning.governance import api as governance
from mirps.planning.governance.api import Answer, Body, Term
from mirps.web.api import shapes
from mirps.web.api.limits import READ
from mirps.web.api.problems import missing
from mirps.web.api.shapes import MAYBE, TEXT, YES, Day, Reader, answers, fields, listed

router = Router(throttle=READ)

BODY = {
    "code": TEXT, "type": TEXT, "title": TEXT, "short": MAYBE, "state": MAYBE, "within": MAYBE,
    "created": MAYBE, "ended": MAYBE, "page": TEXT,
}  # fmt: skip
TERM = fields(
    code=TEXT, role=TEXT, state=MAYBE, institution=MAYBE, who=TEXT, year=MAYBE, starts=MAYBE, ends=MAYBE,
    held=MAYBE, number={"type": ["integer", "null"]}, basis=TEXT, documents=listed(TEXT),
)  # fmt: skip
CHARGE = fields(
    on=TEXT, answered=YES, together=YES, known=listed(TEXT), named=listed(TEXT), open=listed(TEXT),
    before=listed(TEXT), after=listed(TEXT),
)  # fmt: skip
ONE = fields(**BODY, terms=listed(TERM), charge={"oneOf": [CHARGE, {"type": "null"}]})


class Asked(Reader):
    on: Day = None


@router.get(
    "/bodies", operation_id="bodies", url_name="bodies", openapi_extra=answers(fields(bodies=listed(fields(**BODY))))
)  # fmt: skip
def bodies(request: HttpRequest, reader: Query[Reader]) -> HttpResponse:
    lang = shapes.tongue(request)
    return shapes.reply(request, {"bodies": [_body(b, lang) for b in governance.book().bodies.values()]})


@router.get("/bodies/{code}", operation_id="body", url_name="body", openapi_extra=answers(ONE, 404))
def body(request: HttpRequest, code: str, asked: Query[Asked]) -> HttpResponse:
    held, lang = governance.book(), shapes.tongue(request)
    found = held.body(code)
    if found is None:
        raise missing(request, "/api/v1/bodies")
    charge = _charge(governance.who(found, held.terms, asked.on)) if asked.on else None
    terms = [_term(t, lang) for t in held.of(found)]
    return shapes.reply(request, _body(found, lang) | {"terms": terms, "charge": charge})


def _body(b: Body, lang: str) -> dict[str, Any]:
    return {
        "code": b.code, "type": b.type, "title": b.title(lang), "short": b.short or None, "state": b.state or None,
        "within": b.within.partition("/")[2] or None, "created": b.created or None, "ended": b.ended or None,
        "page": f"/{lang}/planning/body/{b.code}/",
    }  # fmt: skip


def _code(t: Term) -> str:
    return t.key.partition("/")[2]


def _term(t: Term, lang: str) -> dict[str, Any]:
    return {
        "code": _code(t), "role": t.role, "state": t.member or None, "institution": t.institution or None,
        "who": t.holder(lang) or governance.who_name(t.member, t.institution, lang), "year": t.year or None,
        "starts": t.starts or None, "ends": t.ends or None, "held": t.held or None, "number": t.number,
        "basis": t.basis, "documents": [s.document for s in t.sources],
    }  # fmt: skip


def _charge(a: Answer) -> dict[str, Any]:
    """The answer for a day; terms by their codes."""
    lists = {"known": a.known, "named": a.named, "open": a.open, "before": a.before, "after": a.after}
    told = {name: [_code(t) for t in terms] for name, terms in lists.items()}
    return {"on": a.on.isoformat(), "answered": a.answered, "together": a.together, **told}
