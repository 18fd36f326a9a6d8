"""What one node tells another of a referral: what it is, what is said of the person (with the sending alone), what
this side did, and which acts of the other side it has. Pure.

Any letter can come first, late or twice. Names as they travel are a contract: who changes one raises the version of
the letters (sharing/exchange).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from mirps.casework.referrals.rules import OF, REASONS, REPLY, WORDS, Act, Event, ReferralFault, Side
from mirps.casework.referrals.services import MOST_ITEMS, Item

MOST_EVENTS = 500
_BAD = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class About:
    """What a referral is, as both sides hold it."""

    id: UUID
    from_state: str
    from_institution: str
    from_office: str
    to_state: str
    to_institution: str
    service: str
    sent_at: datetime
    answer_by: date
    outcome: int
    follows: UUID | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """`parts`: sensitivity -> items; None where the letter carries nothing of the person. `repr` tells none of it."""

    about: About
    side: Side
    events: Sequence[Event]
    have: frozenset[UUID]
    parts: Mapping[str, Sequence[Item]] | None = None
    words: str = ""
    reply: str = ""

    def __repr__(self) -> str:
        return f"Letter({self.about.id})"


def told(letter: Letter) -> dict[str, Any]:
    a = letter.about
    out: dict[str, Any] = {
        "referral": {
            "id": str(a.id), "from": [a.from_state, a.from_institution, a.from_office],
            "to": [a.to_state, a.to_institution], "service": a.service, "sent": _moment(a.sent_at),
            "answer_by": a.answer_by.isoformat(), "outcome": a.outcome, "follows": str(a.follows or ""),
        },
        "side": letter.side.value, "events": [_told(e) for e in letter.events],
        "have": sorted(map(str, letter.have)),
    }  # fmt: skip
    if letter.parts is not None:
        out["person"] = {"parts": {s: list(i) for s, i in letter.parts.items()}, "words": letter.words,
                         "reply": letter.reply}  # fmt: skip
    return out


def _told(e: Event) -> dict[str, Any]:
    return {
        "id": str(e.id), "n": e.n, "act": e.act.value, "at": _moment(e.happened), "institution": e.institution,
        "office": e.office, "reason": e.reason, "words": e.words, "day": e.day.isoformat() if e.day else "",
    }  # fmt: skip


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def read(given: object) -> Letter:
    """A letter, proved in itself. What is not known is passed over. Raises ReferralFault, which tells the place and
    nothing of what stands there."""
    at = Place(given)
    about, side = _about(at.map("referral")), Side(at.one_of("side", list(Side)))
    events = [_event(e, side) for e in at.maps("events", MOST_EVENTS)]
    have = frozenset(_id(i, "have") for i in at.list("have", MOST_EVENTS))
    if "person" not in at.said:
        return Letter(about, side, events, have)
    person = at.map("person")
    parts = {str(s)[:20]: _items(i) for s, i in person.map("parts").said.items()}
    return Letter(about, side, events, have, parts, person.text("words", WORDS), person.text("reply", REPLY))


def _about(at: Place) -> About:
    sender, receiver = at.list("from", 3), at.list("to", 2)
    if len(sender) != 3 or len(receiver) != 2 or not all(_is_text(v, 40) for v in (*sender, *receiver)):
        raise _fault(at.name + "from")
    return About(
        _id(at.said.get("id"), "id"), sender[0], sender[1], sender[2], receiver[0], receiver[1], at.text("service", 40),
        at.moment("sent"), at.day("answer_by"), at.whole("outcome", 366),
        _id(at.said["follows"], "follows") if at.said.get("follows") else None,
    )  # fmt: skip


def _event(at: Place, side: Side) -> Event:
    act = Act(at.one_of("act", list(Act)))
    if OF.get(act, side) is not side:
        raise _fault(at.name + "act")
    reason = at.text("reason", 20)
    if reason and reason not in REASONS.get(act, ()):
        reason = ""  # one that a later version knows: its words say it
    return Event(
        _id(at.said.get("id"), at.name + "id"), side, at.whole("n", 10**6), act, at.moment("at"),
        at.text("institution", 40), at.text("office", 40), reason, at.text("words", WORDS),
        at.day("day") if at.said.get("day") else None,
    )  # fmt: skip


def _items(given: object) -> list[Item]:
    if not isinstance(given, list) or len(given) > MOST_ITEMS or not all(isinstance(i, dict) for i in given):
        raise _fault("person.parts")
    return given


def _is_text(given: object, most: int) -> bool:
    """Of characters that a database keeps: no NUL, no half of a pair."""
    return isinstance(given, str) and len(given) <= most and not _BAD.search(given)


def _id(given: object, where: str) -> UUID:
    try:
        return UUID(str(given))
    except ValueError:
        raise _fault(where) from None


def _fault(where: str) -> ReferralFault:
    return ReferralFault("referrals.fault.letter", where=where)


class Place:
    """An object of a letter, and where it stands."""

    def __init__(self, given: object, name: str = "") -> None:
        if not isinstance(given, dict):
            raise _fault(name or "letter")
        self.said: Mapping[str, Any] = given
        self.name = f"{name}." if name else ""

    def map(self, name: str) -> Place:
        return Place(self.said.get(name), self.name + name)

    def maps(self, name: str, most: int) -> Iterable[Place]:
        return [Place(e, f"{self.name}{name}[{n}]") for n, e in enumerate(self.list(name, most))]

    def list(self, name: str, most: int) -> list[Any]:
        found = self.said.get(name)
        if not isinstance(found, list) or len(found) > most:
            raise _fault(self.name + name)
        return found

    def text(self, name: str, most: int) -> str:
        found = self.said.get(name, "")
        if not _is_text(found, most):
            raise _fault(self.name + name)
        return str(found)

    def one_of(self, name: str, known: Sequence[str]) -> str:
        found = self.text(name, 40)
        if found not in known:
            raise _fault(self.name + name)
        return found

    def whole(self, name: str, most: int) -> int:
        found = self.said.get(name)
        if type(found) is not int or not 0 < found <= most:
            raise _fault(self.name + name)
        return found

    def moment(self, name: str) -> datetime:
        try:
            found = datetime.fromisoformat(self.text(name, 40)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise _fault(self.name + name) from None
        if not 2000 < found.year < 2200:
            raise _fault(self.name + name)
        return found

    def day(self, name: str) -> date:
        try:
            found = date.fromisoformat(self.text(name, 40))
        except ValueError:
            raise _fault(self.name + name) from None
        if not 2000 < found.year < 2200:
            raise _fault(self.name + name)
        return found
