"""What a system may look up, each with the least answer that serves: who is registered, how a case stands, whether a
letter holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from mirps.base.texts.api import LANGUAGES
from mirps.casework.cases import api as cases
from mirps.casework.letters import api as letters
from mirps.people.custody import api as custody
from mirps.people.identity import api as identity
from mirps.people.registry import api as registry
from mirps.web.api import shapes
from mirps.web.api.institutions.door import Caller, Needs
from mirps.web.api.institutions.shapes import BILINGUAL, answers, strict
from mirps.web.api.problems import Problem

router = Router()
#: As a reading is kept in the log (custody.ACTS).
ACT = "lookup"


class Document(Schema):
    """A document as it is written; with type or country, only one that is so registered is meant."""

    model_config = strict()
    number: str = Field(min_length=3, max_length=60, pattern=r"[0-9A-Za-z].*[0-9A-Za-z].*[0-9A-Za-z]")
    type: str = Field("", max_length=20)
    country: str = Field("", max_length=3)


class Code(Schema):
    """The code of a letter; and what its bearer says, where the paper is to be theirs."""

    model_config = strict()
    code: str = Field(min_length=1, max_length=4000)
    name: str = Field("", max_length=200)
    born: str = Field("", max_length=10)
    control: str = Field("", max_length=20)


REGISTERED = shapes.fields(registered=shapes.YES)
STATUS = shapes.fields(
    number=shapes.TEXT, procedure=shapes.TEXT, version=shapes.TEXT, stage=shapes.TEXT, stage_name=BILINGUAL,
    open=shapes.YES, since=shapes.DATE, last=shapes.TEXT,
)  # fmt: skip
LETTER = shapes.fields(
    verdict={"enum": ["holds", "void", "ended", "other", "not-signed"]}, issuer=shapes.MAYBE, serial=shapes.MAYBE,
    document=shapes.MAYBE, issued=shapes.DATE, until=shapes.DATE,
)  # fmt: skip


@router.post(
    "/people/check", operation_id="people-check", url_name="people-check", auth=Needs("registration.check"),
    openapi_extra=answers(REGISTERED, 422),
)  # fmt: skip
def check(request: HttpRequest, given: Document) -> HttpResponse:
    """Whether somebody in view of the client's seat is registered with this document: yes or no, and no more."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    types = registry.book().lists["document-types"]
    if given.type and given.type not in types:
        raise Problem(
            422,
            "code",
            "known",
            title="bad_content",
            parameter="type",
            found=given.type,
            known=", ".join(types),
        )
    with custody.seated(caller.seat):
        custody.admit(seat=caller.seat, act=ACT, at=caller.now)
        found = identity.find_exact(identity.DOCUMENT, given.number)
        seen = registry.Person.objects.filter(
            custody.seen(caller.seat, at=caller.now), id__in=found, let_go_at=None
        )
        ids = list(seen.order_by("id").values_list("id", flat=True))
        said = registry.standing_of(ids, "document") if ids else {}
        meant = [i for i in ids if any(_fits(given, f.data) for f in said.get(i, []))]
        custody.shown(seat=caller.seat, act=ACT, subjects=meant, at=caller.now, typed=given.number)
    return shapes.reply(request, {"registered": bool(meant)})


def _fits(given: Document, data: Any) -> bool:
    """Documents are compared as the index has them."""
    one, other = given.number, str(data.get("number", ""))
    return (
        identity.looked_up(identity.DOCUMENT, one) == identity.looked_up(identity.DOCUMENT, other)
        and given.type in ("", data.get("type"))
        and given.country.upper() in ("", data.get("country"))
    )


@router.get(
    "/cases/{number}", operation_id="case-status", url_name="case-status", auth=Needs("case.status"),
    openapi_extra=answers(STATUS, 404),
)  # fmt: skip
def status(request: HttpRequest, number: str) -> HttpResponse:
    """At which stage a case is, of those in view; nothing of whom it is about, of what was said or decided why."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    with custody.seated(caller.seat):
        custody.admit(seat=caller.seat, act=ACT, at=caller.now)
        rows = cases.Standing.objects.select_related("case").filter(cases.seen(caller.seat))
        row = rows.filter(case__number=cases.tidy(number)).first()
        people = (
            cases.Subject.objects.filter(case=row.case_id, until=None)
            if row
            else cases.Subject.objects.none()
        )
        about = list(people.order_by("id").values_list("person_id", flat=True))
        custody.shown(seat=caller.seat, act=ACT, subjects=about, at=caller.now, typed=number[:40])
    if row is None:
        raise Problem(404, "case", "case", parameter="number")
    name = cases.version(row.procedure, row.version).stages[row.stage].name
    return shapes.reply(request, {
        "number": row.case.number, "procedure": row.procedure, "version": row.version, "stage": row.stage,
        "stage_name": {lang: getattr(name, lang) for lang in LANGUAGES}, "open": row.open,
        "since": row.entered.isoformat(), "last": row.last.isoformat(),
    })  # fmt: skip


@router.post(
    "/letters/verify", operation_id="letter-verify", url_name="letter-verify", auth=Needs("letter.verify"),
    openapi_extra=answers(LETTER, 422),
)  # fmt: skip
def verify(request: HttpRequest, given: Code) -> HttpResponse:
    """What the public page for verifying says too: by the code alone, nobody's file is read."""
    try:
        found = letters.verify(
            given.code, on=timezone.localdate(), name=given.name, born=given.born, control=given.control
        )
    except letters.NotSigned:
        return shapes.reply(request, {**dict.fromkeys(LETTER["required"]), "verdict": "not-signed"})
    c = found.claims
    return shapes.reply(request, {
        "verdict": found.verdict, "issuer": c.issuer, "serial": c.serial, "document": c.document,
        "issued": _day(c.issued), "until": _day(c.until),
    })  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
