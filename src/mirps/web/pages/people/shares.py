"""Files that another institution sees, for a purpose that the person agreed to: one file's, and the lists."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.codelists import api as codelists
from mirps.base.refusal import Refusal
from mirps.base.texts.api import say
from mirps.people.consent import api as consent
from mirps.people.custody import api as custody
from mirps.people.custody.api import Share
from mirps.people.registry import api as registry
from mirps.web.pages.accounts.door import Typed
from mirps.web.pages.people.door import Desk, Refused, at_the_desk
from mirps.web.pages.people.person import opened

#: Shown of each list; the rest is told as a number.
MOST = 100
_FIELDS = {"consent.fault.institution": "institution", "consent.fault.no-consent": "institution",
           "consent.fault.purpose": "purpose", "custody.share.past": "until"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    row: Share
    number: str
    name: str
    institution: str
    purpose: str
    until: object


@require_safe
@at_the_desk()
def listed(desk: Desk) -> HttpResponse:
    """What other institutions share with this one, for the purpose that somebody sits here for; what this shares."""
    seat = desk.seat
    custody.admit(seat=seat, act="search", at=desk.now)
    with custody.seated(seat):
        theirs = list(consent.with_us(seat, at=desk.now))
        here = [s for s in theirs if s.purpose == seat.purpose][: MOST + 1]
        ours = list(consent.by_us(seat, at=desk.now)[: MOST + 1])
        ids = {s.subject for s in (*here[:MOST], *ours[:MOST])}
        seen = registry.Person.objects.filter(custody.seen(seat, at=desk.now), id__in=ids)
        people = {p.id: p for p in seen.order_by("id")}
        names = registry.names_of(people)
        custody.shown(seat=seat, act="search", subjects=people, at=desk.now)
    elsewhere = {
        p: sum(1 for s in theirs if s.purpose == p) for p in dict.fromkeys(s.purpose for s in theirs)
    }
    return desk.page(
        "people/shares-list.html", with_us=_told(desk, here[:MOST], people, names),
        by_us=_told(desk, ours[:MOST], people, names),
        more_here=len(here) > MOST, more_ours=len(ours) > MOST,
        elsewhere=[(custody.purposes().name(p, desk.lang), n) for p, n in elsewhere.items() if p != seat.purpose],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk("amend")
def of_file(desk: Desk, number: str) -> HttpResponse:
    """What is shared of one file; sharing it, and ending that. For the institution that keeps it."""
    typed = Typed(desk.request, desk.lang)
    with custody.seated(desk.seat):
        held = opened(desk, number)
        if (held.person.state, held.person.institution) != (desk.seat.state, desk.seat.institution):
            raise Refused(say("consent.fault.not-yours", desk.lang))
        if typed.posted and _done(desk, held, typed):
            return desk.go("people-file-shares", f"?done={typed.get('do')}", number=held.person.number)
        rows = list(consent.of_file([held.person.id])[:MOST])
    agreed = registry.consents(held.standing, on=desk.now)
    people = {held.person.id: held.person}
    return desk.page(
        "people/shares.html", 422 if typed.faults else 200, f=typed, held=held, name=held.name or number,
        rows=_told(desk, rows, people, {held.person.id: held.name}), institutions=_institutions(desk),
        purposes=[(code, c.name(desk.lang)) for code, c in custody.purposes().items()],
        agreed=[(code, name, agreed.get(code, False)) for code, name in _consents(desk)],
        done=desk.request.GET.get("done", ""),
    )  # fmt: skip


def _done(desk: Desk, held: registry.File, typed: Typed) -> bool:
    """Do what was posted; False where something is wrong with it."""
    institution, purpose = typed.get("institution"), typed.get("purpose")
    try:
        if typed.get("do") == "end":
            consent.end(seat=desk.seat, held=held, institution=institution, purpose=purpose, at=desk.now)
            return True
        until = typed.day("until")
        if until is None:
            return False
        consent.share(
            seat=desk.seat, held=held, institution=institution, purpose=purpose, until=until, at=desk.now
        )
        return True
    except Refusal as e:
        values = dict(e.values)
        if "purpose" in values:
            values["purpose"] = (
                registry.book().lists["consent-purposes"].name(str(values["purpose"]), desk.lang)
            )
        typed.fault(_FIELDS.get(e.key, "form"), e.key, **values)
    return False


def _told(
    desk: Desk, rows: list[Share], people: dict[UUID, registry.Person], names: dict[UUID, str]
) -> list[Told]:
    return [
        Told(s, people[s.subject].number, names.get(s.subject, ""), desk.institution_name(s.institution),
             custody.purposes().name(s.purpose, desk.lang), consent.last_day(s))
        for s in rows if s.subject in people
    ]  # fmt: skip


def _institutions(desk: Desk) -> list[tuple[str, str]]:
    """With whom a file may be shared: the State's own first."""
    own = desk.seat.institution
    found = [
        (c.extra["state"] != desk.seat.state, c.name(desk.lang), code)
        for code, c in codelists.institutions().items()
        if c.extra["kind"] in consent.KINDS and code != own
    ]
    return [(code, name) for _, name, code in sorted(found)]


def _consents(desk: Desk) -> list[tuple[str, str]]:
    list_ = registry.book().lists["consent-purposes"]
    return [(code, list_.name(code, desk.lang)) for code in ("share-state", "share-partners", "share-abroad")]
