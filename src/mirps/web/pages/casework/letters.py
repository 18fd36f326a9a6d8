"""A case's letters: what was issued, its PDFs, how it was delivered and what proves it, annulled, issued anew."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path, register_converter
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.files.api import FileFault
from mirps.base.notices.api import zone
from mirps.base.texts.api import LANGUAGES, say
from mirps.casework.cases.api import CaseFile
from mirps.casework.letters import api as letters
from mirps.casework.letters.api import Issued, LetterFault
from mirps.casework.procedures.wording import in_lang
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.web.pages.casework.case import header
from mirps.web.pages.casework.door import Desk, allows, file_of, with_cases
from mirps.web.pages.page import private
from mirps.web.pages.people.urls import PersonNumber
from mirps.web.pages.throttle import exceeded

TRIED = ("delivered", "refused", "not-found")
DONE = (*TRIED, "annulled", "replaced")
#: The box that a fault of a delivery is about.
_BOXES = {"proof": "proof", "file": "proof", "when": "day", "means": "means", "reason": "note"}
_MOST = 5_000_000


class LetterSerial(PersonNumber):
    """MEX-L-7K3Q9-2VXHD-C."""

    regex = "[A-Z]{3}-L-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]"


register_converter(LetterSerial, "letter")


@require_safe
@with_cases()
def of_case(desk: Desk, number: str) -> HttpResponse:
    """Every letter of a case."""
    with custody.seated(desk.seat):
        file = file_of(desk, number)
        held = [told(desk, file, i) for i in _of(file)]
    return desk.page("casework/letters.html", **header(desk, file, {}), letters=held)


def _of(file: CaseFile) -> list[Issued]:
    return letters.of_case(file.case.id, institution="" if file.whole else file.seat.institution)


def told(desk: Desk, file: CaseFile, issued: Issued) -> dict[str, Any]:
    """A letter in words."""
    row = issued.row
    standing = "void" if issued.void else "ended" if row.until and row.until < file.on else "holds"
    return {
        "row": row, "serial": row.serial, "name": in_lang(file.procedure.documents[row.document].name, desk.lang),
        "standing": standing, "delivered": issued.delivered, "tries": len(issued.tries), "issued": issued,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@with_cases()
def one(desk: Desk, number: str, serial: str) -> HttpResponse:
    """One letter: its papers, what became of it, and what can be done with it."""
    fault, box, act = "", "", desk.request.POST.get("act", "")
    if desk.request.method == "POST":
        desk.require("case.act", state=desk.seat.state, body=desk.seat.institution)
        try:
            to, done = _done(desk, serial, act)
            return desk.go("case-letter", f"?done={done}", number=number, serial=to)
        except LetterFault as e:
            fault, box = say(e.key, desk.lang, **e.values), e.key
        except FileFault:
            fault, box = say("letters.fault.file", desk.lang), "file"
        box = _BOXES.get(box.rpartition(".")[2], "kind") if act == "deliver" else act
    with custody.seated(desk.seat):
        file = file_of(desk, number)
        found = next((i for i in _of(file) if i.row.serial == serial), None)
        if found is None:
            raise Http404
        became = [(e, found.told(e)) for e in found.became]
        replaced = found.row.replaces.serial if found.row.replaces else ""
    done = desk.request.GET.get("done", "")
    return desk.page(
        "casework/letters-one.html", 422 if fault else 200, **header(desk, file, {}), letter=told(desk, file, found),
        became=became, replaced=replaced, fault=fault, box=box, act=act, post=desk.request.POST,
        may_act=allows(desk, "act"), means=[m.value for m in letters.Means], tried=TRIED,
        done=done if done in DONE else "", today=file.on,
    )  # fmt: skip


def _done(desk: Desk, serial: str, act: str) -> tuple[str, str]:
    """Do what was posted; the letter to show, and what was done."""
    post, seat, at = desk.request.POST, desk.seat, desk.now
    if act == "annul":
        letters.annul(serial, reason=post.get("reason", ""), seat=seat, at=at)
        return serial, "annulled"
    if act == "reissue":
        return letters.reissue(serial, reason=post.get("reason", ""), seat=seat, at=at).serial, "replaced"
    file = desk.request.FILES.get("proof")
    proof = file.read() if file is not None and (file.size or 0) <= _MOST else b""
    made = letters.deliver(
        serial, kind=post.get("kind", ""), means=post.get("means", ""), happened=_when(desk),
        to=post.get("to", "")[:200], note=post.get("note", "")[:2000], proof=proof, seat=seat, at=at,
    )  # fmt: skip
    return serial, made.kind


def _when(desk: Desk) -> datetime:
    """The day that was typed, at noon of the State's clock; now for today and for none."""
    day = desk.day("day")
    here = desk.now.astimezone(zone(desk.seat.state))
    if day is None or day == here.date():
        return desk.now
    return datetime.combine(day, time(12), here.tzinfo)


@require_safe
@with_cases()
def pdf(desk: Desk, number: str, serial: str, tongue: str) -> HttpResponse:
    """The paper in a language."""
    if exceeded(desk.request, "letter-pdf", 120, 600):
        return desk.page("people/too-many.html", 429, met=None)
    with custody.seated(desk.seat):
        file = file_of(desk, number)
        if tongue not in LANGUAGES or serial not in {i.row.serial for i in _of(file)}:
            raise Http404
        made = letters.paper(serial, tongue, seat=desk.seat, at=desk.now)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{serial.lower()}-{tongue}.pdf"'
    return private(answer)


@require_safe
@with_cases()
def proof(desk: Desk, number: str, serial: str) -> HttpResponse:
    """What proves the delivery."""
    with custody.seated(desk.seat):
        file = file_of(desk, number)
        found = next((i for i in _of(file) if i.row.serial == serial), None)
        digest = found.told(found.delivered).get("proof", "") if found and found.delivered else ""
        if not digest:
            raise Http404
        content = registry.file_content(digest)
    kinds = {b"%PDF": "application/pdf", b"\x89PNG": "image/png"}
    answer = HttpResponse(content, content_type=kinds.get(content[:4], "image/jpeg"))
    answer["Content-Disposition"] = "inline"
    return private(answer)


patterns: list[URLPattern] = [
    path("cases/<case:number>/letters/", of_case, name="case-letters"),
    path("cases/<case:number>/letters/<letter:serial>/", one, name="case-letter"),
    path("cases/<case:number>/letters/<letter:serial>/proof/", proof, name="case-letter-proof"),
    path("cases/<case:number>/letters/<letter:serial>/<slug:tongue>.pdf", pdf, name="case-letter-pdf"),
]
