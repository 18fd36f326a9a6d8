"""Registrations that an institution's own system sends: by the door through which every registration comes in."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from ninja import Router

from mirps.base.texts.api import LANGUAGES
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry.wording import fault_text
from mirps.web.api import shapes
from mirps.web.api.institutions.door import Caller, Needs
from mirps.web.api.institutions.shapes import BILINGUAL, answers
from mirps.web.api.problems import Problem
from mirps.web.pages.people.sync import durably

router = Router()
RECEIPT = shapes.fields(
    submission=shapes.TEXT, at=shapes.TEXT, again=shapes.YES, people=shapes.listed(shapes.TEXT),
    groups=shapes.listed(shapes.TEXT), tasks=shapes.COUNT,
)  # fmt: skip
FAULTS = shapes.fields(faults=shapes.listed(shapes.fields(path=shapes.TEXT, words=BILINGUAL)))
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


@router.post(
    "/registrations", operation_id="register", url_name="register", auth=Needs("registration.submit"),
    openapi_extra={**answers(RECEIPT, also={201: RECEIPT, 422: FAULTS}), **_BODY},
)  # fmt: skip
def register(request: HttpRequest) -> HttpResponse:
    """Take a submission (docs/registration.md). Its ids are made by whoever sends it: sent again, it is the same, and
    its receipt says so. Every fault is told at its place; then nothing was kept."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Problem(400, "json", "json", title="bad_content") from None
    try:
        with durably():
            receipt = intake.take(given, seat=caller.seat, door="api", at=caller.now)
    except registry.Refused as refused:
        book = registry.book()
        faults = [
            {"path": f.path, "words": {lang: fault_text(f, book, lang) for lang in LANGUAGES}}
            for f in refused.faults
        ]
        answer = shapes.reply(request, {"faults": faults})
        answer.status_code = 422
        return answer
    answer = shapes.reply(request, {
        "submission": str(receipt.submission), "at": receipt.at.isoformat(), "again": receipt.again,
        "people": [number for _, number in receipt.people], "groups": [number for _, number in receipt.groups],
        "tasks": receipt.tasks,
    })  # fmt: skip
    answer.status_code = 200 if receipt.again else 201
    return answer
