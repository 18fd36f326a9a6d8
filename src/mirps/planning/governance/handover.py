"""A handover: what it writes, and whose rights begin and end by it. No clock, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mirps.base.access.api import Grant, User
from mirps.base.refusal import Refusal
from mirps.planning.governance import rotation
from mirps.planning.governance.terms import Body, Term, bounds, spans

#: The role in which a handover puts somebody, by the type of the body. The others pass by no handover.
ROLES = {
    "presidency": "presidency", "team": "lead", "platform": "chair", "dialogue": "presidency",
    "secretariat": "secretariat", "fund": "administrator", "committee": "chair", "national-team": "lead",
    "roundtable": "chair", "commission": "chair", "coordination-group": "lead", "group": "chair",
}  # fmt: skip
#: How far ahead a handover may be recorded.
MOST_DAYS = 731


@dataclass(frozen=True, slots=True)
class Handover:
    """Who takes over a body from a day. `also`: beside whoever leads it already."""

    body: Body
    starts: date
    member: str = ""
    institution: str = ""
    year: str = ""
    also: bool = False
    reason: str = ""

    @property
    def role(self) -> str:
        return "co-lead" if self.also else ROLES[self.body.type]


class NotSo(Refusal):
    """A handover that cannot be: the field, and the sentence with what fills it."""

    def __init__(self, field: str, key: str, /, **values: object) -> None:
        super().__init__(key, **values)
        self.field = field


def closing(h: Handover, terms: Iterable[Term]) -> list[Term]:
    """The terms that end with it: those in charge of the body that may still run on its day."""
    if h.also:
        return []
    leading = [t for t in terms if t.body == h.body.key and t.role in h.body.in_charge]
    found = spans(leading)
    return [t for t in leading if found[t.key].first_start < h.starts < found[t.key].last_end]


def check(h: Handover, terms: Sequence[Term], today: date) -> None:
    """Raises NotSo."""
    if h.body.type not in ROLES or (h.also and h.body.type != "team"):
        raise NotSo("body", "body")
    if not h.member and not h.institution:
        raise NotSo("institution", "who")
    if h.body.type in ("presidency", "team") and not h.body.state and not h.member:
        raise NotSo("member", "state")
    if abs((h.starts - today).days) > MOST_DAYS and h.starts > today:
        raise NotSo("starts", "far")
    if h.year and not (h.year.isdecimal() and abs(int(h.year) - h.starts.year) <= 1):
        raise NotSo("year", "year")
    if len(h.reason.strip()) < 3:
        raise NotSo("reason", "reason")
    leading = [t for t in terms if t.body == h.body.key and t.role in h.body.in_charge]
    latest = max((bounds(t.starts)[0] for t in leading if t.starts), default=None)
    if latest and h.starts <= latest:
        raise NotSo("starts", "early", day=latest)
    for t in closing(h, terms) if not h.also else leading:
        if not t.ends and (t.member, t.institution) == (h.member, h.institution):
            raise NotSo("member", "same")


def term_data(h: Handover, terms: Iterable[Term], title: dict[str, str]) -> dict[str, Any]:
    """The new term's data."""
    numbers = [t.number for t in terms if t.body == h.body.key and t.role == h.role and t.number is not None]
    data: dict[str, Any] = {"title": title, "role": h.role, "starts": h.starts.isoformat(), "basis": "stated"}
    data |= {k: v for k, v in (("member", h.member), ("institution", h.institution), ("year", h.year)) if v}
    if numbers and not h.also:
        data["number"] = str(max(numbers) + 1)
    return data


def presided(terms: Iterable[Term], presidency: Body) -> list[tuple[int, str]]:
    """(year, State) of every presidency, in order."""
    held = [t for t in terms if t.body == presidency.key and t.role == "presidency" and t.member]
    found = {(int((t.year or t.starts)[:4]), t.member) for t in held if t.year or t.starts}
    return sorted(found)


def due(order: Sequence[str], terms: Iterable[Term], presidency: Body) -> rotation.Turn | None:
    """Whose turn it is by the rotation, with the reason."""
    turns = rotation.ahead(order, presided(terms, presidency), 1)
    return turns[0] if turns else None


@dataclass(frozen=True, slots=True)
class Shift:
    """Whose roles begin to act and cease to act on the day of a handover."""

    begin: tuple[tuple[User, Grant], ...]
    end: tuple[tuple[User, Grant], ...]

    @property
    def people(self) -> list[User]:
        return list(dict.fromkeys(user for user, _ in (*self.begin, *self.end)))


def shift(before: Iterable[tuple[User, Grant]], after: Iterable[tuple[User, Grant]]) -> Shift:
    """What differs between who may act on a day by the old mandates and by the new ones."""
    was, now = ({_same(u, g): (u, g) for u, g in held} for held in (before, after))
    return Shift(
        begin=tuple(held for key, held in now.items() if key not in was),
        end=tuple(held for key, held in was.items() if key not in now),
    )


def _same(user: User, g: Grant) -> tuple[object, ...]:
    return user.pk, g.role, g.state, g.body, g.via, g.giver
