"""Referring somebody from their file: what for and to whom, then each thing that would travel, then it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import day
from mirps.casework.referrals import api as referrals
from mirps.casework.referrals.api import ReferralFault, Service
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.people.registry.api import File
from mirps.web.pages.casework.appointments_common import Typed
from mirps.web.pages.people.door import Desk
from mirps.web.pages.people.person import opened
from mirps.web.pages.referrals.door import abroad, place, seat_of, with_referrals
from mirps.web.pages.referrals.words import told

_FIELDS = {"service": "service", "to": "to", "asks": "words", "words": "reply", "explained": "explained"}


@require_http_methods(["GET", "HEAD", "POST"])
@with_referrals("act")
def refer(desk: Desk, number: str) -> HttpResponse:
    """`?service=…&to=…` shows what would travel; sent from there, it is the officer's and the person's choice."""
    given, asked = Typed(desk), desk.request.POST if desk.request.method == "POST" else desk.request.GET
    reached, to = abroad(), asked.get("to", "")
    among = referrals.receivers(desk.seat, abroad=reached)
    to = to if to in among else ""
    with custody.seated(seat_of(desk)):
        held = opened(desk, number)
        service = referrals.catalogue().get(asked.get("service", ""))
        if (
            desk.request.method == "POST"
            and service
            and to
            and _sent(desk, given, held, service, to, reached)
        ):
            return desk.go("referral", "?done=sent", id=given.id)
        if "service" in asked and not given.faults:
            for name, chosen in (("service", service), ("to", to)):
                if not chosen:
                    given.fault(name, f"referrals.fault.{name}")
        shown = _shown(desk, held, service, to) if service and to else None
    return desk.page(
        "referrals/new.html", given.status, given=given, held=held, name=held.name or number, shown=shown,
        services=_services(desk), institutions=_institutions(desk, among), service=asked.get("service", ""), to=to,
        follows=asked.get("follows", ""),
    )  # fmt: skip


def _services(desk: Desk) -> list[tuple[str, str]]:
    """Those that this person is cleared to refer to."""
    return [
        (code, getattr(s.name, desk.lang))
        for code, s in referrals.catalogue().items()
        if desk.seat.clears(s.sensitivity)
    ]


def _institutions(desk: Desk, codes: Iterable[str]) -> list[tuple[str, str]]:
    """The State's own first."""
    own = f"{desk.seat.state}."
    return sorted(
        ((c, place(c, desk)) for c in codes), key=lambda each: (not each[0].startswith(own), each[1])
    )


def _shown(desk: Desk, held: File, service: Service, to: str) -> dict[str, Any]:
    """What would travel, whether the person agrees, and by when an answer is due."""
    items, due = (
        referrals.least(service, held.standing),
        referrals.answer_by(service, seat_of(desk), desk.now),
    )
    takes, fact = referrals.agreed(held, to=to, seat=seat_of(desk), at=desk.now, until=due)
    kept = desk.request.POST.getlist("item") if desk.request.method == "POST" else None
    return {
        "items": [
            (n, kind, words, (not sensitivity) if kept is None else str(n) in kept)
            for n, ((sensitivity, _), (kind, words)) in enumerate(zip(items, told(desk, items), strict=True))
        ],
        "service": getattr(service.name, desk.lang), "to": place(to, desk), "due": due, "agrees": fact is not None,
        "takes": takes, "consent": registry.book().lists["consent-purposes"].name(takes, desk.lang),
    }  # fmt: skip


def _sent(
    desk: Desk, given: Typed, held: File, service: Service, to: str, reached: Sequence[str] | None
) -> bool:
    """Send it; False where something is wrong with it."""
    if not given.get("explained"):
        given.fault("explained", "referrals.fault.explained")
    if given.faults:
        return False
    items, kept = referrals.least(service, held.standing), set(given.many("item"))
    try:
        referrals.send(
            id=given.id, held=held, service=service.code, to=to, words=given.get("words"), reply=given.get("reply"),
            items=[i for n, i in enumerate(items) if str(n) in kept], follows=given.uuid("follows"), abroad=reached,
            seat=seat_of(desk), at=desk.now,
        )  # fmt: skip
    except ReferralFault as e:
        values = dict(e.values)
        if "consent" in values:
            values["consent"] = (
                registry.book().lists["consent-purposes"].name(str(values["consent"]), desk.lang)
            )
            values["day"] = day(values["day"], desk.locale)
        given.fault(_FIELDS.get(e.key.rpartition(".")[2], "form"), e.key, **values)
    return not given.faults
