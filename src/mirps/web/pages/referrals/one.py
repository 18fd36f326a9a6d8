"""One referral: how it stands, what it says of the person, what both sides did, and what this side may do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.base.refusal import Refusal
from mirps.base.texts.api import say
from mirps.casework.referrals import api as referrals
from mirps.casework.referrals.api import REASONS, Act, Event, ReferralFile, Side, Stage
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.web.pages.casework.appointments_common import Typed
from mirps.web.pages.casework.worklist import called
from mirps.web.pages.people.door import Desk
from mirps.web.pages.people.register import searched
from mirps.web.pages.referrals import who
from mirps.web.pages.referrals.door import file_of, line, may_act, place, seat_of, with_referrals
from mirps.web.pages.referrals.words import told

#: In which order what may be done is offered.
_ORDER = (Act.OPEN, Act.ACCEPT, Act.REPORT, Act.CLOSE, Act.REFUSE, Act.RETURN, Act.NOTE, Act.WITHDRAW)
_FIELDS = {"reason": "reason", "words": "words", "say": "words", "day": "day"}


@require_http_methods(["GET", "HEAD", "POST"])
@with_referrals()
def referral(desk: Desk, id: UUID) -> HttpResponse:
    given, do, found = Typed(desk), desk.request.POST.get("do", ""), None
    custody.admit(seat=desk.seat, act="open", at=desk.now)
    if desk.request.method == "POST":
        desk.require("referral.act", state=desk.seat.state, body=desk.seat.institution)
        with custody.seated(seat_of(desk)):
            held = file_of(desk, id)
        if do == "search":
            found = who.search(desk, held)
        elif _did(desk, given, do, held):
            return desk.go("referral", f"?done={do}", id=id)
    with custody.seated(seat_of(desk)):
        context = _told(desk, file_of(desk, id))
    return desk.page(
        "referrals/one.html", given.status, given=given, do=do, found=found,
        token=searched(desk) if found else "", done=desk.request.GET.get("done", ""), **context,
    )  # fmt: skip


def _did(desk: Desk, given: Typed, do: str, held: ReferralFile) -> bool:
    """Do what was posted; False where something is wrong with it."""
    seat, id = seat_of(desk), held.row.pk
    try:
        if do == "link":
            who.link(desk, held, given.get("number"))
        elif do == "register":
            who.register(desk, held, given)
        elif do in list(Act):
            referrals.act(
                referral=id, act=Act(do), reason=given.get("reason"), words=given.get("words"), day=given.day("day"),
                id=given.id, seat=seat, at=desk.now,
            )  # fmt: skip
        else:
            return False
    except registry.Refused as e:
        given.faults["form"] = " ".join(
            wording.fault_text(f, registry.book(), desk.lang) for f in e.faults[:3]
        )
    except Refusal as e:
        given.refused(e, _FIELDS.get(e.key.rpartition(".")[2], "form"))
    return not given.faults


def _told(desk: Desk, file: ReferralFile) -> dict[str, Any]:
    row, seat = file.row, seat_of(desk)
    said = referrals.said(row, seat) if file.readable else None
    person = row.person if file.side is Side.SENDER else row.registered
    if said and said.there:
        custody.shown(seat=seat, act="open", subjects=[person.pk if person else row.pk], at=desk.now)
    seen = person is not None and registry.Person.objects.filter(
        custody.seen(seat, at=desk.now), pk=person.pk
    ).exists()  # fmt: skip
    last = next((e for e in file.events if e.act is Act.WITHDRAW), None)
    return {
        "r": line(desk, row, file.side), "said": said, "items": told(desk, said.items) if said else [],
        "sender": place(row.from_institution, desk), "receiver": place(row.to_institution, desk),
        "events": [_event(desk, e) for e in sorted(file.events, key=lambda e: (e.happened, e.side, e.n))],
        "names": called({e.by for e in file.events if e.by}), "acts": _acts(file) if may_act(desk) else [],
        "person": person if seen else None, "away": file.elsewhere and bool(settings.NODE),
        "not_there": file.elsewhere and file.side is Side.SENDER and file.stand.stage is Stage.SENT,
        "withdrawn": last.reason if last and file.side is Side.RECEIVER else "", "again": referrals.AGAIN.days,
        "may_recognise": may_act(desk) and file.side is Side.RECEIVER and bool(said and said.there),
        "may_register": desk.allows("register"), "may_refer": may_act(desk) and file.side is Side.SENDER and seen,
    }  # fmt: skip


def _acts(file: ReferralFile) -> list[tuple[str, tuple[str, ...]]]:
    may = file.may
    return [(a.value, REASONS.get(a, ())) for a in _ORDER if a in may]


def _event(desk: Desk, e: Event) -> dict[str, Any]:
    why = say(f"referrals.why.{e.act}.{e.reason}", desk.lang) if e.reason in REASONS.get(e.act, ()) else ""
    return {"e": e, "why": why, "where": place(e.institution, desk), "known": e.known}
