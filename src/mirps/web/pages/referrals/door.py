"""Who sits at a page about referrals: somebody at an institution's desk who may see them, or make and answer them.

Whatever a page reads of referrals it reads inside `custody.seated(seat_of(desk))`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404

from mirps.base.codelists import api as codelists
from mirps.casework.referrals import api as referrals
from mirps.casework.referrals.api import Referral, ReferralFile, Side, Stage
from mirps.people.custody.api import Seat
from mirps.sharing.exchange import api as exchange
from mirps.sharing.portal.wording import state as state_name
from mirps.web.pages.casework.door import may, with_right
from mirps.web.pages.people.door import Desk, View

PURPOSE = "referral"


def with_referrals(right: str = "read") -> Callable[[View], View]:
    """A view for those who may `right` (read, act) at their seat."""
    return with_right(f"referral.{right}")


def seat_of(desk: Desk) -> Seat:
    """What is looked at here is looked at to refer, unless this person has said another purpose."""
    return desk.seat.for_purpose(desk.purpose or PURPOSE)


def may_act(desk: Desk) -> bool:
    return may(desk, "referral.act")


def file_of(desk: Desk, id: UUID) -> ReferralFile:
    """The referral of an address, inside `seated`; 404 for none in view."""
    found = referrals.file(id, seat=seat_of(desk))
    if found is None:
        raise Http404
    return found


def abroad() -> list[str] | None:
    """Institutions of other States that this node can seal to; None, all, where one process plays every node."""
    return exchange.institutions.reachable() if settings.NODE else None


def place(code: str, desk: Desk) -> str:
    """An institution, and its State where that is another's."""
    state = codelists.institutions()[code].extra["state"]
    other = f" ({state_name(state, desk.lang)})" if state != desk.seat.state else ""
    return f"{desk.institution_name(code)}{other}"


def line(desk: Desk, row: Referral, side: Side) -> dict[str, Any]:
    """How lists and the page's head tell of a referral."""
    late = row.due is not None and not row.final and row.due < desk.now.date()
    return {
        "row": row, "service": getattr(referrals.catalogue()[row.service].name, desk.lang), "late": late,
        "other": place(row.from_institution if side is Side.RECEIVER else row.to_institution, desk),
        "mine": row.turn == side.value, "side": side.value, "settled": row.stage in (Stage.ACCEPTED, Stage.ANSWERED),
    }  # fmt: skip
