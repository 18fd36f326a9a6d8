"""Asking an engine whether somebody is who they say: what would leave, why, what came back, and who decides."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from mirps.base.access.api import User
from mirps.base.refusal import Refusal
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry.api import Fact, File
from mirps.people.verification import api as verification
from mirps.people.verification.api import CheckFault, Engine, IdentityCheck
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.people.door import Desk, at_the_desk, with_camera
from mirps.web.pages.people.person import opened
from mirps.web.pages.people.person_words import Teller

#: Bytes of a face: a picture as a telephone makes it, made small.
MOST_FACE = 1_500_000
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("amend")
@sensitive_variables()
def verify(desk: Desk, number: str) -> HttpResponse:
    with custody.seated(desk.seat):
        held = opened(desk, number)
        checks = list(
            IdentityCheck.objects.filter(person__in=held.ids, institution=desk.seat.institution).order_by(
                "-at"
            )
        )
    if held.person.number != number:
        return desk.go("people-verify", number=held.person.number)
    typed = Typed(desk.request, desk.lang)
    if typed.posted:
        try:
            return _do(desk, held, typed)
        except registry.Refused:
            typed.fault("form", "verification.fault.not-waiting")
        except Refusal as e:
            typed.fault(_FIELDS.get(e.key.rpartition(".")[2], "form"), e.key, **e.values)
    users = User.objects.filter(
        username__in={name for c in checks for name in (c.by, c.decided_by)}
    ).order_by("pk")
    standing, engines = list(held.standing), verification.of_institution(desk.seat.institution)
    return with_camera(desk.page(
        "people/verify.html", 422 if typed.faults else 200, f=typed, held=held, name=held.name or number,
        engines=[(e, verification.agrees(e, standing, at=timezone.localtime(desk.now))) for e in engines],
        documents=_documents(desk, standing),
        checks=[(c, _engine_name(c, desk.lang), verification.told(c)) for c in checks],
        names={u.username: u.called for u in users}, done=desk.request.GET.get("done", ""), code=_code(desk),
    ))  # fmt: skip


_FIELDS = {"why": "why", "no-document": "fact", "no-face": "face", "consent": "engine", "not-yours": "engine"}


def _do(desk: Desk, held: File, typed: Typed) -> HttpResponse:
    what, check = typed.get("do"), typed.get("check")
    if what == "ask":
        stand = _asked(desk, held, typed).stand
    elif what == "accept":
        stand = verification.accept(check=_uuid(check), seat=desk.seat, office=desk.office, at=desk.now).stand
    elif what == "set-aside":
        stand = verification.set_aside(
            check=_uuid(check), seat=desk.seat, said=typed.get("said"), at=desk.now
        ).stand
    else:
        raise Http404
    return desk.go("people-verify", f"?done={stand}", number=held.person.number)


def _asked(desk: Desk, held: File, typed: Typed) -> IdentityCheck:
    found = {e.id: e for e in verification.of_institution(desk.seat.institution)}.get(typed.get("engine"))
    if found is None:
        raise CheckFault("verification.fault.not-yours")
    fact = typed.get("fact")
    return verification.ask(
        person=held.person, engine=found, standing=list(held.standing), seat=desk.seat, office=desk.office,
        why=typed.get("why"), clock=timezone.now, fact=_uuid(fact) if fact else None, face=_face(desk, found),
    )  # fmt: skip


def _face(desk: Desk, engine: Engine) -> str:
    """The picture that was taken for this question: it is sent on and kept nowhere."""
    given = desk.request.FILES.get("face")
    if engine.about != "face" or given is None:
        return ""
    content = given.read(MOST_FACE + 1)
    if len(content) > MOST_FACE or not content.startswith((_JPEG, _PNG)):
        raise CheckFault("verification.fault.no-face")
    return b64encode(content).decode()


def _documents(desk: Desk, standing: list[Fact]) -> list[tuple[str, str]]:
    teller = Teller(registry.book(), desk.lang, desk.locale)
    told = [(f, teller.told(f)) for f in standing if f.kind == "document"]
    return [(str(f.id), f"{t.words} {' '.join(words for _, words in t.more)}".strip()) for f, t in told]


def _code(desk: Desk) -> Any:
    lists = registry.book().lists
    return lambda list_, code: lists[list_].name(code, desk.lang)


def _engine_name(row: IdentityCheck, lang: str) -> str:
    found = verification.engines().get(row.engine)
    return found.name(lang) if found else row.engine


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
