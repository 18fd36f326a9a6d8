"""What the node sees to by itself: consents that ended, referrals that nobody answers, contents kept long enough."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from mirps.base.codelists import api as codelists
from mirps.base.notices.api import zone
from mirps.casework.referrals import keeping, queries
from mirps.casework.referrals.keeping import node_seat
from mirps.casework.referrals.models import Referral
from mirps.casework.referrals.queries import ReferralFile
from mirps.casework.referrals.rules import CONSENT, Act, Side
from mirps.people.consent import api as consent
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

#: Days between two reminders of one that is overdue; and for which contents are kept once it is final.
EVERY, KEPT = 7, timedelta(days=90)


def consent_said(persons: Iterable[UUID], by: str, at: datetime) -> int:
    """After something was said of these persons' consents: withdraw every referral that none allows any more. At once,
    whoever heard it. Returns how many."""
    about = set(registry.together(persons))
    with custody.seated(keeping.NOWHERE):
        rows = list(queries.waiting().filter(person__in=about, final=False))
    return sum(_held_to_consent(row, by=by, at=at) for row in rows)


def _held_to_consent(row: Referral, *, by: str, at: datetime) -> bool:
    seat = node_seat(row, Side.SENDER)
    with custody.seated(seat):
        file = queries.file(row.pk, seat=seat, lock=True)
        held = registry.file(row.person_id, knows=()) if row.person_id else None
        if file is None or file.stand.final or held is None:
            return False
        kind = codelists.institutions()[row.to_institution].extra["kind"]
        takes, local = consent.needed(row.from_state, kind, row.to_state), timezone.localtime(at)
        if consent.resting_on(held.standing, takes, at=local, until=local.date()):
            return False
        keeping.done(file, Act.WITHDRAW, seat=seat, at=at, reason=CONSENT)
        keeping.tell_people(row, Side.SENDER, "referral.answered", by=by, at=at)
        return True


def see_to(*, at: datetime) -> int:
    """Each of those that are watched, once a day: how many were withdrawn, reminded of or emptied."""
    with custody.seated(keeping.NOWHERE):
        rows = list(queries.waiting())
    return sum(_seen_to(row, at) for row in rows)


def _seen_to(row: Referral, at: datetime) -> bool:
    seat = node_seat(row, queries.our_side(row))
    today = at.astimezone(zone(seat.state)).date()
    if row.seen_to_on is not None and row.seen_to_on >= today:
        return False
    withdrawn = _held_to_consent(row, by=keeping.NODE, at=at)
    with custody.seated(seat):
        queries.seen(seat).filter(pk=row.pk).update(seen_to_on=today)
        file = queries.file(row.pk, seat=seat, lock=True)
        return withdrawn or (file is not None and (_emptied(file, seat, at) or _reminded(file, today, at)))


def _reminded(file: ReferralFile, today: date, at: datetime) -> bool:
    """Whose turn it is, where they sit at this node; and whoever waits for them."""
    row, due = file.row, file.stand.due
    late = (today - due).days if due else 0
    if late < 1 or (late - 1) % EVERY:
        return False
    for side in Side:
        if not file.elsewhere or side is file.side:
            keeping.tell_people(row, side, "referral.due", by=keeping.NODE, at=at)
    return True


def _emptied(file: ReferralFile, seat: Seat, at: datetime) -> bool:
    last = max(e.happened for e in file.events) if file.events else at
    if not file.stand.final or last > at - KEPT or not file.row.parts.exists():
        return False
    file.row.parts.all().delete()
    keeping.project(file.row, seat)
    return True
