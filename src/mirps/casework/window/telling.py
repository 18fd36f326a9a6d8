"""Who is told that something came in through a window. A notice says that, and at which institution: not who sent it,
about which case, or what it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mirps.base.access import api as access
from mirps.base.notices import api as notices
from mirps.casework.cases import api as cases
from mirps.casework.window.models import WindowItem
from mirps.people.custody.api import Seat


def tell(row: WindowItem, *, seat: Seat, at: datetime) -> None:
    """Tell who has the case in hand (or stands in for them), else all who carry cases at its office; of a complaint,
    who supervises, and never whoever it may be about. Unread, it is one notice with a count."""
    hand = cases.Standing.objects.filter(pk=row.case_id).values_list("handler", flat=True).first() or ""
    complaint = row.kind == WindowItem.Kind.COMPLAINT
    names = set() if complaint else _carry(hand, row.office, seat, at)
    act = "case.supervise" if complaint else "case.read"
    held = [
        (user, grant)
        for user, grant in access.holdings(on=at.date())
        if grant.office in ("", row.office)
        and (user.username != hand if complaint else user.username in names)
    ]
    notices.tell(
        to=access.able(held, act, state=row.state, on=at.date(), body=row.institution), by=seat.user, at=at,
        kind="window.complaint" if complaint else "window.came",
        about=notices.About(state=row.state, institution=row.institution),
    )  # fmt: skip


def _carry(hand: str, office: str, seat: Seat, at: datetime) -> set[str]:
    day = at.date()
    if hand:
        away: Iterable[str] = (
            cases.absences(seat, on=day)
            .filter(user=hand, starts__lte=day)
            .values_list("stands_in", flat=True)
        )
        found = set(away) or {hand}
        if "" not in found:
            return found
    here = Seat(seat.user, seat.state, seat.institution, office=office)
    return set(cases.officers(here, on=day)) - {hand}
