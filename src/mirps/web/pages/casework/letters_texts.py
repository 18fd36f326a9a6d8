"""The texts of documents: which is in force, an office's own proposed, seen on an invented case, approved."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.marked.faults import Faults
from mirps.base.texts.api import LANGUAGES, say
from mirps.casework.cases import api as cases
from mirps.casework.letters import api as letters
from mirps.casework.letters.api import LetterFault, LetterTemplate, Text, texting
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.api import Procedure
from mirps.casework.procedures.wording import in_lang
from mirps.people.custody import api as custody
from mirps.web.pages.casework.door import Desk, with_right
from mirps.web.pages.page import private

DONE = ("proposed", "approved", "ended")
#: For those who may change the texts of their institution.
_of_texts = with_right("letter.template")


def _procedures(desk: Desk) -> list[Procedure]:
    found = [cases.latest(name) for name in procedures.procedures()]
    return [p for p in found if p.state == desk.seat.state]


@require_safe
@_of_texts
def catalogue(desk: Desk) -> HttpResponse:
    """Every document of the State's procedures, with the text that holds at this office."""
    with custody.seated(desk.seat):
        rows = LetterTemplate.objects.filter(institution=desk.seat.institution, ended_at=None).order_by("at")
        own = {(r.procedure, r.document, bool(r.approved_at)) for r in rows}
    held = [
        (in_lang(p.title, desk.lang),
         [(p.name, code, in_lang(d.name, desk.lang), (p.name, code, True) in own, (p.name, code, False) in own)
          for code, d in p.documents.items()])
        for p in _procedures(desk)
    ]  # fmt: skip
    return desk.page("casework/letters-texts.html", held=held)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_texts
def text(desk: Desk, procedure: str, document: str) -> HttpResponse:
    """One document's text: written, checked, proposed, approved, taken back."""
    p = _procedure(desk, procedure, document)
    post, fault, faults, fits = desk.request.POST, "", [], False
    if desk.request.method == "POST":
        try:
            done = _do(desk, p, document)
            if done:
                return desk.go("letter-text", f"?done={done}", procedure=procedure, document=document)
            fits = True
        except Faults as e:
            faults = e.faults
        except LetterFault as e:
            fault = say(e.key, desk.lang, **e.values)
    with custody.seated(desk.seat):
        now = letters.text_in_force(p, document, desk.seat.institution, desk.office)
        rows = letters.versions(desk.seat.institution, p.name, document)
    done = desk.request.GET.get("done", "")
    return desk.page(
        "casework/letters-text.html", 422 if fault or faults else 200, p=p, document=document, now=now, rows=rows,
        name=in_lang(p.documents[document].name, desk.lang), es=post.get("es") or now.es, en=post.get("en") or now.en,
        fault=fault, faults=faults, fits=fits, fields=_fields(p, desk.lang), done=done if done in DONE else "",
        whole=not desk.seat.office,
    )  # fmt: skip


def _procedure(desk: Desk, name: str, document: str) -> Procedure:
    p = next((p for p in _procedures(desk) if p.name == name), None)
    if p is None or document not in p.documents:
        raise Http404
    return p


def _do(desk: Desk, p: Procedure, document: str) -> str:
    """What was posted; what was done of it, empty for a text that was only checked."""
    post, seat, at = desk.request.POST, desk.seat, desk.now
    act, es, en = post.get("act", ""), post.get("es", ""), post.get("en", "")
    if act in ("approve", "end"):
        try:
            id_ = UUID(post.get("id", ""))
        except ValueError:
            raise LetterFault("letters.fault.none") from None
        if act == "approve":
            texting.approve(id_, p=p, seat=seat, at=at)
            return "approved"
        texting.end(id_, seat=seat, at=at)
        return "ended"
    if act != "propose":
        texting.check(p, document, Text("", es, en))
        return ""
    office = "" if post.get("where") == "everywhere" and not seat.office else desk.office
    texting.propose(p, document, es=es, en=en, office=office, seat=seat, at=at)
    return "proposed"


def _fields(p: Procedure, lang: str) -> list[tuple[str, str]]:
    out = []
    for name in letters.known(p):
        code = name.removeprefix("said_")
        if code in p.fields and name != code:
            out.append((name, say("letters.texts.said", lang, name=in_lang(p.fields[code].name, lang))))
        else:
            out.append((name, say(f"letters.field.{name}", lang)))
    return out


@require_http_methods(["GET", "HEAD", "POST"])
@_of_texts
def sample(desk: Desk, procedure: str, document: str, tongue: str) -> HttpResponse:
    """A text on the invented case, as PDF: one of the versions, or what is being written."""
    p = _procedure(desk, procedure, document)
    if tongue not in LANGUAGES:
        raise Http404
    post = desk.request.POST
    with custody.seated(desk.seat):
        rows = letters.versions(desk.seat.institution, p.name, document)
        chosen = next((r for r in rows if str(r.id) == desk.request.GET.get("id")), None)
        held = letters.text_in_force(p, document, desk.seat.institution, desk.office)
    shown = Text(str(chosen.id), chosen.es, chosen.en) if chosen else held
    if desk.request.method == "POST":
        shown = Text("", post.get("es", ""), post.get("en", ""))
    try:
        made = texting.sample(p, document, shown, tongue)
    except Faults:
        return text(desk.request, lang=desk.lang, procedure=procedure, document=document)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{document}-{tongue}.pdf"'
    return private(answer)


patterns: list[URLPattern] = [
    path("cases/texts/", catalogue, name="letter-texts"),
    path("cases/texts/<slug:procedure>/<slug:document>/", text, name="letter-text"),
    path("cases/texts/<slug:procedure>/<slug:document>/<slug:tongue>.pdf", sample, name="letter-sample"),
]
