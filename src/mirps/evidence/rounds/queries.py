"""Reading rounds: what is asked, by when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from mirps.evidence.rounds.models import Asked, DueDate, Round
from mirps.evidence.rounds.rules import Due, Stage


def asked(round: str, *, state: str = "", institution: str = "") -> QuerySet[Asked]:
    """What a round asks (of a State, of an institution), in the order of its forms."""
    found = Asked.objects.filter(round_id=round, withdrawn_at=None)
    if state:
        found = found.filter(state=state)
    if institution:
        found = found.filter(institution=institution)
    return found.order_by("state", "institution", "order", "code")


def worked() -> QuerySet[Round]:
    """Rounds that people work in (not those that were loaded), the latest first."""
    return Round.objects.exclude(stage=Stage.LOADED).order_by("-ends", "code")


def due(dates: Iterable[DueDate], step: Due, *, state: str = "", institution: str = "") -> datetime | None:
    """By when, from a round's dates in the order they were set: the institution's own date before its
    State's before the round's, the last one set of each."""
    found: dict[tuple[str, str], datetime] = {}
    for d in dates:
        if d.step == step:
            found[d.state, d.institution] = d.due
    for key in ((state, institution), (state, ""), ("", "")):
        if key in found:
            return found[key]
    return None
