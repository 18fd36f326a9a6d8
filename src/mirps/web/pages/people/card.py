"""Cards to print and to carry: the number, as letters and as a code to scan. No name stands in the code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import segno
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from mirps.people.custody import api as custody
from mirps.web.pages.people.door import Desk, at_the_desk, place_name
from mirps.web.pages.people.group import gathered
from mirps.web.pages.people.person import opened


@dataclass(frozen=True, slots=True)
class Card:
    number: str
    name: str
    place: str
    code: Markup


@lru_cache(maxsize=256)
def code(number: str) -> Markup:
    """The number as a QR code (ISO/IEC 18004), drawn in the page: nothing else is in it."""
    made = segno.make(number, error="q", micro=False)
    return Markup(made.svg_inline(scale=4, border=2, svgclass="qr", omitsize=True))  # noqa: S704 - of our number


@require_safe
@at_the_desk()
def card(desk: Desk, number: str) -> HttpResponse:
    """One person's card."""
    custody.admit(seat=desk.seat, act="print", at=desk.now)
    with custody.seated(desk.seat):
        held = opened(desk, number, act="print")
    of = held.person
    one = Card(of.number, held.name, place_name(of.institution, of.office, desk.lang), code(of.number))
    return desk.page("people/cards.html", cards=[one], back=desk.url("people-file", number=of.number))


@require_safe
@at_the_desk()
def cards(desk: Desk, number: str) -> HttpResponse:
    """The cards of everybody in a group, on one sheet."""
    custody.admit(seat=desk.seat, act="print", at=desk.now)
    with custody.seated(desk.seat):
        held = gathered(desk, number)
        custody.shown(
            seat=desk.seat, act="print", subjects=[m.person.id for m in held.members], at=desk.now
        )  # fmt: skip
    made = [
        Card(m.person.number, held.names.get(m.person.id, ""),
             place_name(m.person.institution, m.person.office, desk.lang), code(m.person.number))
        for m in held.members
    ]  # fmt: skip
    return desk.page("people/cards.html", cards=made, back=desk.url("people-group", number=number))
