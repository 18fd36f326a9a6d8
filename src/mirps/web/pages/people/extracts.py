"""Lists of people that are taken out: asking for one, its answer, the one download."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access.api import User
from mirps.base.clients.api import Client
from mirps.base.codelists import api as codelists
from mirps.base.refusal import Refusal
from mirps.base.texts.api import moment, say
from mirps.people.custody import api as custody
from mirps.people.custody.api import Request
from mirps.people.extracts import api as extracts
from mirps.people.extracts.api import Extract, Taken, Wanted
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.page import private
from mirps.web.pages.people import extract_files as files
from mirps.web.pages.people.door import Desk, at_the_desk, offices_of
from mirps.web.pages.people.extract_words import column_name, told

MOST = 50
_FIELDS = {"extracts.fault.purpose": "purpose", "extracts.fault.columns": "columns", "extracts.fault.days": "until",
           "extracts.fault.nobody": "since", "extracts.fault.too-many": "since",
           "custody.request.detail": "why", "extracts.fault.receiver": "receiver"}  # fmt: skip


def stands(desk: Desk, row: Extract, request: Request | None) -> str:
    """A key of custody.request: how it stands now."""
    if row.taken_at:
        return "used"
    if request is None or request.until <= desk.now:
        return "over"
    return request.answer or "waiting"


@require_safe
@at_the_desk("export")
def listed(desk: Desk) -> HttpResponse:
    """What was asked for at the institution, the latest first."""
    with custody.seated(desk.seat):
        rows = list(extracts.extracts(desk.seat)[:MOST])
    asked = Request.objects.in_bulk([r.request for r in rows])
    return desk.page(
        "people/extracts.html",
        rows=[(r, told(desk, r), stands(desk, r, asked.get(r.request))) for r in rows],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("export")
def new(desk: Desk) -> HttpResponse:
    """Asking for a list. First what for (`?purpose=`): that says which columns there are to choose from."""
    typed, terms = Typed(desk.request, desk.lang), extracts.terms()
    purpose = typed.get("purpose") if typed.posted else desk.request.GET.get("purpose", "")
    may = terms.purposes.get(purpose, ())
    ticked = desk.request.POST.getlist("columns")
    if typed.posted and (made := _asked(desk, typed, purpose, tuple(ticked))):
        return desk.go("people-extract", "?done=asked", id=made.pk)
    offices = [(o, codelists.office_name(o, desk.lang)) for o in offices_of(desk.seat.institution)]
    return desk.page(
        "people/extract-new.html", 422 if typed.faults else 200, f=typed, purpose=purpose if may else "",
        purposes=[(p, custody.purposes().name(p, desk.lang)) for p in terms.purposes], offices=offices,
        columns=[(c.key, column_name(c.key, desk.lang)) for c in may], ticked=ticked, most=terms.most,
        receivers=[(r.user, f"{desk.institution_name(r.institution)} · {r.name}") for r in receivers(desk)],
        purpose_name=custody.purposes().name(purpose, desk.lang) if may else "",
    )  # fmt: skip


def receivers(desk: Desk) -> list[Client]:
    """The systems of this State's institutions that fetch lists, each with the key to which they are sealed."""
    rows = Client.objects.filter(state=desk.seat.state, ended_at=None, approved_at__isnull=False).exclude(
        sealing=""
    )
    return [r for r in rows.order_by("institution", "name", "id") if extracts.FETCH in r.scopes]


def _asked(desk: Desk, typed: Typed, purpose: str, columns: tuple[str, ...]) -> Extract | None:
    """What was asked for; None where something is wrong with it."""
    since, until = typed.day("since", required=False), typed.day("until", required=False)
    if typed.faults:
        return None
    wanted = Wanted(purpose, columns, typed.get("office"), since, until)
    try:
        to = {r.user: r.sealing for r in receivers(desk)}
        name = typed.get("receiver")
        if name and name not in to:
            raise extracts.ExtractFault("extracts.fault.receiver")
        return extracts.ask(
            seat=desk.seat,
            wanted=wanted,
            why=typed.get("why"),
            at=desk.now,
            receiver=name,
            sealing=to.get(name, ""),
        )
    except Refusal as e:
        typed.fault(_FIELDS.get(e.key, "form"), e.key, **e.values)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("export")
def one(desk: Desk, id: UUID) -> HttpResponse:
    """One list: how it stands; for whoever asked for it, once it is approved, the download."""
    with custody.seated(desk.seat):
        row = extracts.extracts(desk.seat).filter(pk=id).first()
    request = Request.objects.filter(pk=row.request).first() if row else None
    if row is None or request is None:
        raise Http404
    typed = Typed(desk.request, desk.lang)
    if typed.posted and (answer := _download(desk, row, typed)):
        return answer
    how = stands(desk, row, request)
    return desk.page(
        "people/extract.html", 422 if typed.faults else 200, f=typed, row=row, lines=told(desk, row), stands=how,
        decider=request.decided_by, why=custody.opened(request, "sealed"), names=_names(row.by, request.decided_by),
        said=custody.opened(request, "said"), mine=row.by == desk.username, phrase=files.passphrase(),
        ready=how == "approved" and row.by == desk.username, asked=desk.request.GET.get("done") == "asked",
    )  # fmt: skip


def _download(desk: Desk, row: Extract, typed: Typed) -> HttpResponse | None:
    """The list as a file; None where something is wrong with what was typed."""
    phrase, plain = typed.get("phrase"), typed.get("plain") == "1"
    if not row.sealing and not plain and len(phrase) < files.LEAST:
        typed.fault("phrase", "extracts.fault.phrase", least=files.LEAST)
        return None
    try:
        taken = extracts.take(
            seat=desk.seat, extract=row.pk, sealed=bool(row.sealing) or not plain, lang=desk.lang, at=desk.now
        )
    except custody.TooMany:
        raise
    except Refusal as e:
        typed.fault("form", e.key, **e.values)
        return None
    content, name = _file(desk, taken), f"mirps-{row.institution.lower()}-{row.pk.hex[:8]}"
    if row.sealing:
        content, plain = files.sealed_to(content, row.sealing), False
    elif not plain:
        content = files.sealed(content, phrase)
    answer = HttpResponse(content, content_type="application/zip" if plain else "application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}.zip{"" if plain else ".age"}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return private(answer)


def _file(desk: Desk, taken: Taken) -> bytes:
    lang, names = desk.lang, _names(taken.request.by, taken.request.decided_by)
    about = [
        (say("extracts.about.what", lang), say("extracts.about.words", lang)),
        *told(desk, taken.extract),
        (say("custody.reason", lang), custody.opened(taken.request, "sealed")),
        (say("extracts.about.asked", lang), f"{names[taken.request.by]}, {_when(desk, taken.request.at)}"),
        (say("extracts.about.approved", lang),
         f"{names[taken.request.decided_by]}, {_when(desk, taken.request.decided_at)}"),
        (say("extracts.about.taken", lang), _when(desk, desk.now)),
        (say("extracts.about.rows", lang), str(len(taken.rows))),
        (say("extracts.about.id", lang), str(taken.extract.pk)),
    ]  # fmt: skip
    head = [say("extracts.column.number", lang), *(column_name(key, lang) for key in taken.columns)]
    sheets = (say("extracts.sheet.people", lang), say("extracts.sheet.about", lang))
    return files.packed(f"mirps-{taken.extract.pk.hex[:8]}", head, taken.rows, about, sheets)


def _when(desk: Desk, at: object) -> str:
    return moment(timezone.localtime(at), desk.locale)  # type: ignore[arg-type]


def _names(*usernames: str) -> dict[str, str]:
    """User name -> the name to show; of somebody without an account, the user name."""
    called = {u.username: u.called for u in User.objects.filter(username__in=usernames).order_by("pk")}
    return {name: called.get(name, name) for name in usernames}


patterns: list[URLPattern] = [
    path("people/extracts/", listed, name="people-extracts"),
    path("people/extracts/new/", new, name="people-extract-new"),
    path("people/extracts/<uuid:id>/", one, name="people-extract"),
]
