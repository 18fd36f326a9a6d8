"""A few invented people at COMAR's desk in Tapachula, the officers there, and what they do in cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.registry.said import family, ids, who
from uuid_utils.compat import uuid7

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import Recorded, Saying
from mirps.people.custody.api import Seat
from mirps.people.intake import api as intake

#: A Wednesday; the claim is made on it.
AT = datetime(2026, 3, 4, 16, tzinfo=UTC)
TAP, TEN = "MEX.COMAR.TAP", "MEX.COMAR.TEN"
MEX = "mex_asylum"
ENTERED = {"entered_on": "2026-02-20", "nationality": "HND"}
PROFILE = {"lone_child": False, "urgent": False, "joined": False}


def seat(user: str = "ana", office: str = TAP, institution: str = "MEX.COMAR") -> Seat:
    return Seat(user, institution[:3], institution, office, purpose="procedure")


def registered(*people: dict[str, Any], at: datetime = AT, sits: Seat | None = None) -> list[UUID]:
    """Register a family (one person where none is given); their ids."""
    at_desk = replace(sits or seat(), purpose="registration")
    place = {"state": at_desk.state, "institution": at_desk.institution, "office": at_desk.office or "main"}
    said = family(*(people or (who("Ximena", "Vásquez López"),)), **place)
    intake.take(said, seat=at_desk, door="page", at=at)
    return ids(said)


def posted(
    user: str = "ana", *roles: str, office: str = TAP, institution: str = "MEX.COMAR", procedure: str = MEX,
    since: date = date(2025, 1, 1), until: date | None = None,
) -> None:  # fmt: skip
    """Give somebody roles of a procedure; ana has those of an officer who does everything."""
    held = roles or ("registration", "protection", "coordinator", "reviewer")
    cases.appoint(
        user,
        procedure,
        held,
        institution=institution,
        office=office,
        since=since,
        until=until,
        by="boss",
        at=AT,
    )


def saying(
    act: str, days: float = 0, values: Mapping[str, Any] | None = None, reason: str = "", **more: Any
) -> Saying:
    return Saying(uuid7(), act, AT + timedelta(days=days), values or {}, reason, **more)


@dataclass
class Walked:
    """A case that a test takes along: `case.does("admit", days=1)`."""

    id: UUID
    number: str
    seat: Seat = field(default_factory=seat)

    def does(
        self, act: str, role: str = "registration", days: float = 0, values: Mapping[str, Any] | None = None,
        reason: str = "because it was so", **more: Any,
    ) -> Recorded:  # fmt: skip
        said = saying(act, days, values, reason, **more)
        return cases.record(self.id, said, seat=self.seat, role=role, at=AT + timedelta(days=days))


def claimed(*people: dict[str, Any], at: Seat | None = None) -> Walked:
    """A claim made by a newly registered person at Tapachula."""
    who_ = registered(*people)
    sits = at or seat()
    first = cases.open_case(
        MEX, people=[(p, "principal" if n == 0 else "dependant") for n, p in enumerate(who_)],
        event=saying("claim", 0, ENTERED), seat=sits, role="registration", at=AT,
    )  # fmt: skip
    return Walked(first.case, first.number, sits)


def at_decision(case: Walked) -> Walked:
    """Taken as far as the decision, ten days after the claim."""
    case.does("admit", days=1)
    case.does("profile", "protection", days=2, values=PROFILE)
    case.does("assign_modality", "protection", days=2, values={"modality": "regular"})
    case.does("interview", "protection", days=8, values={"language": "es"})
    case.does("give_opinion", "protection", days=10)
    return case
