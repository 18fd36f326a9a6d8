"""Who may see whom: the rule itself, as it is told to the database and to every query. Pure.

Nobody sees anything by being signed in. They sit at a `Seat`: one institution, perhaps one office of it, for a
purpose. From there they see their own office's files; those of other offices of the institution once they have
named a purpose; and another institution's by a share the person agreed to, or by emergency access (a broken
glass) that is told at once and reviewed. Facts that need clearance are seen by who is cleared alone, whichever
way the file came into view.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from mirps.base.access.rules import ALLOWED, Grant
from mirps.base.refusal import Refusal


class CustodyFault(Refusal):
    """What cannot be done, as a text of data/texts/people-custody.yaml."""


class Duty(StrEnum):
    """What a seat is for, besides working on files. Neither of the two opens a fact for reading."""

    DESK = ""
    AUDIT = "audit"  # sees who read what, and which files there are
    RETENTION = "retention"  # lets go of what is kept too long: may delete, sees every sensitivity sealed


#: The act by which one sits at a seat of this duty.
SITS = {Duty.DESK: "person.read", Duty.AUDIT: "reading.read", Duty.RETENTION: "retention.run"}
_KNOW = "know."


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits while they look: `office` empty is all of the institution, `purpose` a code of
    lists/purposes.csv or empty, `knows` the sensitivities (lists/sensitivities.csv) they are cleared for."""

    user: str
    state: str
    institution: str
    office: str = ""
    knows: frozenset[str] = frozenset()
    purpose: str = ""
    duty: Duty = Duty.DESK

    def for_purpose(self, purpose: str) -> Seat:
        return replace(self, purpose=purpose)

    def kept(self, at: datetime, office: str | None = None) -> dict[str, Any]:
        """As columns of whatever is kept from here: where, when and by whom."""
        where = self.office if office is None else office
        return {
            "state": self.state,
            "institution": self.institution,
            "office": where,
            "at": at,
            "by": self.user,
        }

    def clears(self, sensitivity: str) -> bool:
        return not sensitivity or sensitivity in self.knows


@dataclass(frozen=True, slots=True)
class Holding:
    """Whose a file is."""

    state: str
    institution: str
    office: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A share in force: of one file, to an institution, for a purpose."""

    state: str
    institution: str
    purpose: str


def seats_of(user: str, grants: Iterable[Grant], *, on: date, duty: Duty = Duty.DESK) -> list[Seat]:
    """The seats at which somebody may sit that day: one for each institution and office they hold.

    Who holds all of an institution has one seat there, whatever else they hold. A clearance counts at the
    offices for which it is held.
    """
    held = [g for g in grants if g.body and g.state and g.covers(on)]
    places = {(g.state, g.body, g.office) for g in held if SITS[duty] in ALLOWED.get(g.role, ())}
    whole = {(state, body) for state, body, office in places if not office}
    return [
        Seat(user, state, body, office, _knows(held, state, body, office), duty=duty)
        for state, body, office in sorted(places)
        if not office or (state, body) not in whole
    ]


def seat_of(
    user: str,
    grants: Iterable[Grant],
    institution: str,
    *,
    on: date,
    office: str = "",
    duty: Duty = Duty.DESK,
) -> Seat | None:
    """The seat at this institution (and office, where one is named); None where they have none."""
    seats = [s for s in seats_of(user, grants, on=on, duty=duty) if s.institution == institution]
    fitting = [s for s in seats if s.office in ("", office)] if office else seats
    return fitting[0] if fitting else None


def _knows(held: Iterable[Grant], state: str, body: str, office: str) -> frozenset[str]:
    return frozenset(
        act.removeprefix(_KNOW)
        for g in held
        if g.state == state and g.body == body and g.office in ("", office)
        for act in ALLOWED.get(g.role, ())
        if act.startswith(_KNOW)
    )


def sees(seat: Seat, of: Holding, *, shares: Collection[Shared] = (), glass: bool = False) -> bool:
    """Whether a file comes into view. `shares` and `glass` are those in force now, of this file.

    models.py, the queries and the policies of the database say the same; tests hold all three together.
    """
    ours = (of.state, of.institution) == (seat.state, seat.institution)
    if ours and (not seat.office or of.office in ("", seat.office) or seat.purpose or seat.duty):
        return True
    if seat.duty:
        return False
    mine = Shared(seat.state, seat.institution, seat.purpose)
    return glass or (bool(seat.purpose) and mine in shares)


def reads(seat: Seat, sensitivity: str) -> bool:
    """Whether a fact of a file that is in view is shown."""
    return seat.duty is Duty.DESK and seat.clears(sensitivity)


# --- two people for one act


def may_decide(asked_by: str, asked_for: str, *, by: str, by_for: str) -> bool:
    """Whether `by` (standing in for `by_for`, or for nobody) may answer what `asked_by` (for `asked_for`)
    asked. Two people, and neither acts in the other's name: a stand-in has one pair of eyes, not two."""
    asking = {u.casefold() for u in (asked_by, asked_for) if u}
    return not asking & {u.casefold() for u in (by, by_for) if u}


# --- how much


@dataclass(frozen=True, slots=True)
class Limit:
    hour: int
    day: int


class TooMany(CustodyFault):
    """A limit is reached: `act`, `most` and when to try again."""

    def __init__(self, act: str, most: int, span: str, until: datetime) -> None:
        super().__init__(f"custody.too-many.{span}", most=most)
        self.act, self.most, self.span, self.until = act, most, span, until


def limits(given: Mapping[str, Mapping[str, int]]) -> dict[str, Limit]:
    """The limits of data/registration/limits.yaml."""
    return {act: Limit(int(most["hour"]), int(most["day"])) for act, most in given.items()}


def admit(act: str, limit: Limit, done: Collection[datetime], *, at: datetime) -> None:
    """Raises TooMany where as many were done in the last hour, or day, as may be."""
    for span, most, length in (
        ("hour", limit.hour, timedelta(hours=1)),
        ("day", limit.day, timedelta(days=1)),
    ):
        within = sorted(d for d in done if d > at - length)
        if len(within) >= most:
            raise TooMany(act, most, span, within[-most] + length)
