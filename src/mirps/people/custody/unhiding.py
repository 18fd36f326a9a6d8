"""Showing what only some may know, for a time, to one officer who is named: asked by one, approved by another.

Neither learns by it whether there is anything to show. What is shown is one file's facts of one sensitivity.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mirps.base.access.api import User
from mirps.people.custody import actions, queries
from mirps.people.custody.models import Request
from mirps.people.custody.rules import CustodyFault, Seat

ACT = "person.unhide"


@dataclass(frozen=True, slots=True)
class Unhidden:
    """Of whom, what, to whom."""

    person: UUID
    sensitivity: str
    officer: str

    @property
    def subject(self) -> str:
        return f"{self.person}:{self.sensitivity}:{self.officer}"


def read(subject: str) -> Unhidden:
    person, sensitivity, officer = subject.split(":", 2)
    return Unhidden(UUID(person), sensitivity, officer)


def ask_to_show(
    *, seat: Seat, person: UUID, sensitivity: str, officer: str, why: str, at: datetime
) -> Request:
    """Ask that an officer of the institution be shown it. Raises CustodyFault, access.NotAllowed."""
    if officer not in {u.username for u in officers(seat, at=at)}:
        raise CustodyFault("custody.unhide.officer")
    subject = Unhidden(person, sensitivity, officer).subject
    return actions.ask(seat=seat, act=ACT, subject=subject, detail=why, at=at)


def officers(seat: Seat, *, at: datetime) -> list[User]:
    """To whom something may be shown: whoever reads the institution's files."""
    return queries.answering("person.read", seat.state, seat.institution, at=at)


def shown_to(seat: Seat, *, at: datetime) -> list[tuple[Unhidden, datetime]]:
    """What is shown now to whoever sits there, each until when."""
    held = Request.objects.filter(
        state=seat.state, institution=seat.institution, act=ACT, answer="approved", used_at=None, until__gt=at,
        subject__endswith=f":{seat.user}",
    )  # fmt: skip
    found = [(read(r.subject), r.until) for r in held]
    return [(u, until) for u, until in found if u.officer == seat.user]
