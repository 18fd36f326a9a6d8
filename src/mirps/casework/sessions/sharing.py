"""Who decides a case knows whose it is. While a case stands on an agenda, the files of its people are shared with the
body's institution, to handle the procedure: each look is kept there as any is. The share rests on the agenda's item,
as others rest on a consent; it ends once the act is done, the case is deferred or the session ends, and at the latest
by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import Subject
from mirps.casework.sessions.models import Item
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat

PURPOSE = "procedure"
#: So long after a session began, what it shared ends by itself.
LASTS = timedelta(days=30)


def share(item: Item, standing: cases.Standing, *, starts: datetime, seat: Seat, at: datetime) -> None:
    """Whoever holds the case sees its people's files already."""
    if standing.institution == seat.institution:
        return
    own = (Subject.Role.PRINCIPAL, Subject.Role.DEPENDANT)
    people = Subject.objects.filter(case=standing.case_id, until=None, role__in=own).order_by("id")
    for person in people.values_list("person_id", flat=True):
        custody.share(
            subject=person, state=seat.state, institution=seat.institution, purpose=PURPOSE, consent=item.pk,
            until=starts + LASTS, by=seat.user, at=at,
        )  # fmt: skip


def end(items: Iterable[Item], *, by: str, at: datetime) -> None:
    shares = custody.Share.objects.filter(consent__in=[i.pk for i in items])
    custody.end_shares(shares=shares, by=by, at=at)
