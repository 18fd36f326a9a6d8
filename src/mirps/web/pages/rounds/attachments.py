"""Files beside what was entered: sent in, listed, downloaded as files and never shown, withdrawn."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import number, say
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Attachment, Cell, FileFault
from mirps.evidence.rounds.api import BY_STATE
from mirps.web.jinja import moment
from mirps.web.pages.page import private
from mirps.web.pages.rounds.door import Desk, Refused, at_the_door
from mirps.web.pages.rounds.enter_words import Entering, names, thing

#: Who may read an institution's files beside those who enter: whoever reviews what it hands over.
READERS = ("entry.write", "entry.submit", "entry.review", "entry.approve-state")
REGION = ("entry.review-region", "entry.approve-region")
#: A page from elsewhere cannot run in a file that a browser shows after all.
SANDBOX = "default-src 'none'; sandbox"


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def files(desk: Desk, institution: str) -> HttpResponse:
    """The list, and one file more."""
    e = Entering(desk, institution)
    fault, raw = "", desk.request.POST
    if desk.request.method == "POST":
        e.require_write()
        fault = _attached(e)
        if not fault:
            return desk.go("enter-files", "?kept=1", code=desk.round.code, institution=institution)
    held = entries.files_of(desk.round.code, institution=institution)
    return desk.page(
        "rounds/enter-files.html", 422 if fault else 200, e=e, fault=fault, held=held,
        who=names(f.by for f in held), kb=lambda size: number(max(1, size // 1024), e.locale),
        about={r.line.asked.pk: thing(r.line.ask, e.lang, e.locale) for r in e.things},
        chosen=raw.get("asked") or desk.request.GET.get("asked", ""),
        most=entries.MOST_BYTES // 1024 // 1024, kept=bool(desk.request.GET.get("kept")),
        trail=[*e.trail, (say("entries.files.title", desk.lang), "")],
    )  # fmt: skip


def _attached(e: Entering) -> str:
    """Keep the file that was sent; what is at fault with it, or nothing."""
    sent = e.desk.request.FILES.get("file")
    if sent is None or sent.file is None:
        return say("entries.file.none", e.lang)
    code = e.desk.request.POST.get("asked", "")
    asked = next((r.line.asked for r in e.things if r.line.ask.code == code), None)
    try:
        entries.attach(
            file=sent.file, name=sent.name or "", round=e.desk.round, state=e.state,
            institution=e.institution, by=e.desk.user.username, at=e.desk.now, asked=asked,
        )  # fmt: skip
    except FileFault as wrong:
        values = dict(wrong.values)
        if "at" in values:
            values["at"] = moment(values["at"], e.locale)  # type: ignore[arg-type]
        return say(wrong.key, e.lang, **values)
    return ""


@require_POST
@at_the_door
def withdraw(desk: Desk, institution: str, file: int) -> HttpResponse:
    e = Entering(desk, institution)
    e.require_write()
    held = _held(desk, institution, file)
    entries.withdraw_file(file=held.pk, by=desk.user.username, at=desk.now)
    return desk.go("enter-files", "?kept=1", code=desk.round.code, institution=institution)


@require_safe
@at_the_door
def download(desk: Desk, institution: str, file: int) -> HttpResponse:
    """The file itself, always to be saved and never shown in the page's own place."""
    if institution not in codelists.institutions():
        raise Http404
    state = institution.partition(".")[0]
    own = any(desk.may(act, state=state, body=institution) for act in READERS)
    if not own and not any(desk.may(act) for act in REGION):
        raise Refused(desk.why_not("entry.review", state=state, body=institution))
    held = _held(desk, institution, file)
    if not own and not _answered_for(held):
        raise Refused(desk.why_not("entry.review", state=state, body=institution))
    try:
        content = entries.open_file(held)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=held.name, content_type=held.kind)
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    return private(answer)  # type: ignore[arg-type]


def _answered_for(held: Attachment) -> bool:
    """Whether the State has answered for something that the file bears out: then the region reads it."""
    of = Cell.objects.filter(asked__round=held.round_id, asked__institution=held.institution)
    about = of if held.asked_id is None else of.filter(asked=held.asked_id)
    return about.filter(status__in=BY_STATE).exists()


def _held(desk: Desk, institution: str, file: int) -> Attachment:
    found = Attachment.objects.filter(
        pk=file, round=desk.round, institution=institution, withdrawn_at=None
    ).first()
    if found is None:
        raise Http404
    return found


patterns: list[URLPattern] = [
    path("rounds/<slug:code>/enter/<str:institution>/files/", files, name="enter-files"),
    path("rounds/<slug:code>/enter/<str:institution>/files/<int:file>/", download, name="enter-file"),
    path(
        "rounds/<slug:code>/enter/<str:institution>/files/<int:file>/withdraw/", withdraw,
        name="enter-file-withdraw",
    ),
]  # fmt: skip
