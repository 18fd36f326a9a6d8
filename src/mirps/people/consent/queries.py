"""What is shared: of a file, by an institution, with an institution."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from mirps.people.custody.api import Seat, Share
from mirps.people.registry.api import Person


def of_file(ids: Iterable[UUID]) -> QuerySet[Share]:
    """Everything that was ever shared of a file, the latest first."""
    return Share.objects.filter(subject__in=list(ids))


def in_force(ids: Iterable[UUID], *, at: datetime) -> list[Share]:
    return list(of_file(ids).filter(ended_at=None, until__gt=at))


def by_us(seat: Seat, *, at: datetime) -> QuerySet[Share]:
    """What the seat's institution shares now. Inside `custody.seated`."""
    ours = Person.objects.filter(state=seat.state, institution=seat.institution, stands_for=None).order_by()
    return Share.objects.filter(subject__in=ours.values("id"), ended_at=None, until__gt=at)


def with_us(seat: Seat, *, at: datetime) -> QuerySet[Share]:
    """What is shared with the seat's institution now, for whichever purpose."""
    return Share.objects.filter(
        state=seat.state, institution=seat.institution, since__lte=at, until__gt=at, ended_at=None
    )
