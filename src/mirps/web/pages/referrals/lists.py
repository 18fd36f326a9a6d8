"""The referrals of an institution: what came and what was sent, under way, overdue or ended. No name stands here."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from mirps.casework.referrals import api as referrals
from mirps.casework.referrals.api import Side
from mirps.people.custody import api as custody
from mirps.web.pages.people.door import Desk
from mirps.web.pages.referrals.door import line, seat_of, with_referrals

SHOWN = ("open", "late", "final")


@require_safe
@with_referrals()
def listed(desk: Desk) -> HttpResponse:
    asked = desk.request.GET.get("show", "")
    show, seat = asked if asked in SHOWN else "open", seat_of(desk)
    with custody.seated(seat):
        lists = [_list(desk, side, show) for side in (Side.RECEIVER, Side.SENDER)]
    return desk.page("referrals/list.html", lists=lists, show=show, shown=SHOWN)


def _list(desk: Desk, side: Side, show: str) -> dict[str, Any]:
    rows = referrals.seen(seat_of(desk), side).filter(final=show == "final")
    if show == "late":
        rows = referrals.overdue(rows, on=desk.now.date())
    rows = rows.order_by("-sent_at", "id") if show == "final" else rows.order_by("due", "sent_at", "id")
    held = list(rows[: referrals.MOST + 1])
    return {
        "side": side.value, "rows": [line(desk, row, side) for row in held[: referrals.MOST]],
        "more": referrals.MOST if len(held) > referrals.MOST else 0,
    }  # fmt: skip
