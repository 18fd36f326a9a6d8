"""What does not add up, and what was answered. Only findings whose figures are all public."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import DEFAULT_LOCALE, catalogue, number
from mirps.evidence.checks import stated_dates
from mirps.evidence.checks.over_ledger.messages import message
from mirps.evidence.findings import api as findings_api
from mirps.evidence.findings.api import Finding
from mirps.web.api import shapes
from mirps.web.api.ledger import Shelf, shelf
from mirps.web.api.limits import READ
from mirps.web.api.problems import missing, unknown_code
from mirps.web.api.shapes import DATE, MAYBE, TEXT, Code, Reader, answers, fields, listed

router = Router(throttle=READ)
STANDINGS = ("open", "explained", "acknowledged", "corrected")

ANSWER = fields(kind=TEXT, role=TEXT, at=DATE, reason=TEXT, figure=MAYBE)
FINDING = fields(
    code=TEXT, round=TEXT, kind=TEXT, kind_label=TEXT, why=MAYBE, message=MAYBE, severity=TEXT, state=MAYBE,
    figures=listed(TEXT), stated=MAYBE, expected=MAYBE, standing={"enum": list(STANDINGS)}, found_at=DATE,
    answers=listed(ANSWER), page=TEXT,
)  # fmt: skip


class Filters(Reader):
    round: Code = ""
    state: Code = ""
    kind: Code = ""
    standing: Annotated[
        Literal["open", "explained", "acknowledged", "corrected"] | None,
        shapes.drawn(type="string", enum=list(STANDINGS)),
    ] = None


def readable(finding: Finding, held: Shelf) -> bool:
    """Whether every figure that the finding is about is public: its numbers would tell them."""
    return all(id_ in held.entries for id_ in finding.figures)


def _message(f: Finding, lang: str, held: Shelf) -> str | None:
    """What is stated and what would follow, in a sentence; None for a kind that has no words yet."""
    if not f.figures:
        return stated_dates.message(f.params, lang, DEFAULT_LOCALE[lang])
    stated = {id_: held.entries[id_].figure for id_ in f.figures}
    try:
        return message(f, lang, stated, partial(number, locale=DEFAULT_LOCALE[lang]))
    except KeyError:
        return None


def finding_out(f: Finding, lang: str, held: Shelf) -> dict[str, Any]:
    kind, why = (catalogue().get(f"finding.{part}.{f.kind}") for part in ("kind", "why"))
    return {
        "code": f.code,
        "round": f.round,
        "kind": f.kind,
        "kind_label": getattr(kind, lang) if kind else f.kind,
        "why": getattr(why, lang) if why else None,
        "message": _message(f, lang, held),
        "severity": f.severity,
        "state": f.state or None,
        "figures": list(f.figures),
        "stated": f.stated or None,
        "expected": f.expected or None,
        "standing": findings_api.standing_of(f),
        "found_at": f.found_at.date().isoformat(),
        "answers": [
            {
                "kind": a.kind,
                "role": a.role,
                "at": a.at.date().isoformat(),
                "reason": a.reason_es if lang == "es" else a.reason_en,
                "figure": a.figure or None,
            }
            for a in f.answers.all()
        ],
        "page": f"/{lang}/finding/{f.code}/",
    }


@router.get(
    "/findings",
    operation_id="findings",
    url_name="findings",
    openapi_extra=answers(fields(findings=listed(FINDING))),
)
def findings(request: HttpRequest, wanted: Query[Filters]) -> HttpResponse:
    if wanted.state and wanted.state not in codelists.states():
        raise unknown_code("state", wanted.state, codelists.states())
    held, lang = shelf(), shapes.tongue(request)
    current = [f for f in findings_api.current() if readable(f, held)]
    kinds = sorted({f.kind for f in current})
    if wanted.kind and wanted.kind not in kinds:
        raise unknown_code("kind", wanted.kind, kinds)
    found = [
        finding_out(f, lang, held)
        for f in current
        if wanted.round in ("", f.round)
        and wanted.state in ("", f.state)
        and wanted.kind in ("", f.kind)
        and wanted.standing in (None, findings_api.standing_of(f))
    ]
    return shapes.reply(request, {"findings": found})


@router.get(
    "/findings/{code}", operation_id="finding", url_name="finding", openapi_extra=answers(FINDING, 404)
)
def finding(request: HttpRequest, code: str, reader: Query[Reader]) -> HttpResponse:
    held = shelf()
    for f in findings_api.current():
        if f.code == code and readable(f, held):
            return shapes.reply(request, finding_out(f, shapes.tongue(request), held))
    raise missing(request, "/api/v1/findings")
