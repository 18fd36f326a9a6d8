"""How a body decides in session: who sits, whether enough do, who may vote, and what a vote comes to. Pure.

A session is a list of events in the order in which they were kept; how it stands is folded from them. What may not
follow is refused with its reason, so that a kept event always fits. Nothing here acts on a case: a carried vote
that the chair confirmed proposes an act, which a person who holds the body's role does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from mirps.base.calendars.api import Certainty
from mirps.base.refusal import Refusal
from mirps.base.texts.api import Text


class SessionFault(Refusal):
    """What cannot be done, as a text of data/texts/casework-sessions.yaml."""


class Enough(StrEnum):
    """When there is a quorum."""

    ALL = "all"
    MORE_THAN_HALF = "more-than-half"
    HALF = "half"
    TWO_THIRDS = "two-thirds"


class Majority(StrEnum):
    UNANIMITY = "unanimity"  # all who may vote are for it
    SIMPLE = "simple"  # more for it than against
    OF_PRESENT = "of-present"  # more than half of those who may vote
    ABSOLUTE = "absolute"  # more than half of all seats
    TWO_THIRDS = "two-thirds"  # of those who may vote


class Abstention(StrEnum):
    """What an abstention does where a majority counts those who may vote."""

    NOT_FOR = "not-for"  # it stays among them: it weighs against
    ASIDE = "aside"  # as if they were not there


class Tie(StrEnum):
    CHAIR = "chair"  # the chair's own vote decides
    LOST = "lost"


class Way(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class What(StrEnum):
    PRESENT = "present"
    LEFT = "left"
    RECUSED = "recused"
    PUT = "put"  # an act is put to the vote
    VOTED = "voted"
    CLOSED = "closed"  # the vote is counted
    CONFIRMED = "confirmed"  # by the chair
    ACTED = "acted"  # the act was done in the case
    DEFERRED = "deferred"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Sure:
    """How sure a rule is, and where it was read."""

    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class SeatOf:
    name: Text
    votes: bool = True
    chair: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """A body as its file has it (data/bodies). `procedures`: procedure -> the role that the body has in it."""

    code: str
    version: str
    state: str
    institution: str
    name: Text
    procedures: Mapping[str, str]
    seats: Mapping[str, SeatOf]
    quorum: Enough
    majority: Majority
    abstention: Abstention
    tie: Tie
    sure: Mapping[str, Sure] = field(default_factory=dict)  # of seats, quorum, majority, abstention, tie

    @property
    def rule(self) -> str:
        return f"{self.code}@{self.version}"

    @property
    def voting(self) -> list[str]:
        return [code for code, s in self.seats.items() if s.votes]


def needed(rule: Enough, seats: int) -> int:
    """How many of the seats that vote must be taken."""
    return {
        Enough.ALL: seats, Enough.MORE_THAN_HALF: seats // 2 + 1, Enough.HALF: -(-seats // 2),
        Enough.TWO_THIRDS: -(-2 * seats // 3),
    }[rule]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """A counted vote. `may`: how many could vote; `asked`: how many had to be for it; `by_chair`: the chair's vote
    decided a tie."""

    carried: bool
    for_: int
    against: int
    abstained: int
    may: int
    asked: int
    by_chair: bool = False


def result(body: Body, *, may: int, for_: int, against: int, chair: Way | None = None) -> Result:
    """Whoever may vote and did not say for or against abstained. `chair`: how the chair voted, if they might."""
    abstained = may - for_ - against
    counting = may - abstained if body.abstention is Abstention.ASIDE else may
    asked = {
        Majority.UNANIMITY: counting, Majority.SIMPLE: against + 1, Majority.OF_PRESENT: counting // 2 + 1,
        Majority.ABSOLUTE: len(body.voting) // 2 + 1, Majority.TWO_THIRDS: -(-2 * counting // 3),
    }[body.majority]  # fmt: skip
    asked = max(asked, 1)
    tied = for_ == against > 0 and body.majority in (Majority.SIMPLE, Majority.OF_PRESENT)
    if for_ < asked and tied and body.tie is Tie.CHAIR and chair in (Way.FOR, Way.AGAINST):
        return Result(chair is Way.FOR, for_, against, abstained, may, asked, by_chair=True)
    return Result(for_ >= asked, for_, against, abstained, may, asked)


# --- a session


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who holds a seat, or stands in for whoever does (`substitute`)."""

    id: int
    seat: str
    user: str
    substitute: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    what: What
    by: str = ""
    item: UUID | None = None
    member: int | None = None
    act: str = ""
    way: Way | None = None
    why: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    act: str
    votes: Mapping[int, tuple[Way, str]] = field(default_factory=dict)  # member -> how, and why they dissent
    result: Result | None = None
    confirmed: bool = False
    event: str = ""  # of the case, once the act was done


@dataclass(frozen=True, slots=True)
class OnItem:
    recused: Mapping[int, str] = field(default_factory=dict)
    ballots: tuple[Ballot, ...] = ()
    deferred: str = ""

    @property
    def last(self) -> Ballot | None:
        return self.ballots[-1] if self.ballots else None

    @property
    def proposes(self) -> str:
        """The act that a carried and confirmed vote proposes and nobody has done yet."""
        b = self.last
        return b.act if b and b.result and b.result.carried and b.confirmed and not b.event else ""


@dataclass(frozen=True, slots=True)
class Held:
    """How a session stands."""

    present: frozenset[int] = frozenset()
    came: frozenset[int] = frozenset()  # were there at all
    items: Mapping[UUID, OnItem] = field(default_factory=dict)
    ended: bool = False

    def on(self, item: UUID | None) -> OnItem:
        return self.items.get(item, OnItem()) if item else OnItem()


def sitting(members: Iterable[Member], present: frozenset[int]) -> dict[str, Member]:
    """Who sits in each seat now: its member if there, else whoever stands in."""
    out: dict[str, Member] = {}
    for m in sorted(members, key=lambda m: (m.seat, m.substitute, m.id)):
        if m.id in present:
            out.setdefault(m.seat, m)
    return out


@dataclass(frozen=True, slots=True)
class Quorum:
    there: int
    needed: int

    @property
    def met(self) -> bool:
        return self.there >= self.needed


def quorum(body: Body, members: Iterable[Member], held: Held) -> Quorum:
    seats = sitting(members, held.present)
    voting = set(body.voting)
    return Quorum(sum(s in voting for s in seats), needed(body.quorum, len(voting)))


def voters(body: Body, members: Iterable[Member], held: Held, item: UUID | None) -> dict[int, Member]:
    """Who may vote on a case: those who sit in a voting seat and do not stand back from it."""
    recused = held.on(item).recused
    return {
        m.id: m
        for seat, m in sitting(members, held.present).items()
        if body.seats[seat].votes and m.id not in recused
    }


def chair(body: Body, members: Iterable[Member], held: Held) -> Member | None:
    """Who presides: whoever sits in the chair's seat."""
    seats = sitting(members, held.present)
    return next((m for s, m in seats.items() if body.seats[s].chair), None)


def fold(body: Body, members: Iterable[Member], events: Iterable[Happened]) -> Held:
    """How a session stands. Raises SessionFault for what could not follow."""
    everybody, held = list(members), Held()
    for e in events:
        held = after(body, everybody, held, e)
    return held


def after(body: Body, members: list[Member], held: Held, e: Happened) -> Held:
    """How it stands after one more. Raises SessionFault with why it may not follow."""
    closing = held.on(e.item).last if e.what is What.ACTED else None
    if held.ended and closing is None:  # what a session decided may be carried out after it
        raise SessionFault("sessions.fault.ended")
    known = {m.id: m for m in members}
    if e.member is not None and (e.member not in known or known[e.member].seat not in body.seats):
        raise SessionFault("sessions.fault.member")
    if e.what in (What.PRESENT, What.LEFT):
        assert e.member is not None
        there = held.present | {e.member} if e.what is What.PRESENT else held.present - {e.member}
        return replace(held, present=there, came=held.came | there)
    if e.what is What.ENDED:
        if any(i.last and i.last.result is None for i in held.items.values()):
            raise SessionFault("sessions.fault.open-vote")
        return replace(held, ended=True)
    if e.item is None:
        raise SessionFault("sessions.fault.item")
    on = _on_item(body, members, held, held.on(e.item), e)
    return replace(held, items={**held.items, e.item: on})


def _on_item(body: Body, members: list[Member], held: Held, on: OnItem, e: Happened) -> OnItem:
    if e.what in (What.RECUSED, What.DEFERRED):
        return _stood_back(on, e) if e.what is What.RECUSED else _deferred(on, e)
    if e.what is What.PUT:
        return _put(body, members, held, on, e)
    if on.last is None:
        raise SessionFault("sessions.fault.no-vote")
    if e.what is What.ACTED:
        if not on.proposes or not e.event:
            raise SessionFault("sessions.fault.not-carried")
        changed = replace(on.last, event=e.event)
    else:
        does = {What.VOTED: _voted, What.CLOSED: _closed, What.CONFIRMED: _confirmed}[e.what]
        changed = does(body, members, held, on.last, e)
    return replace(on, ballots=(*on.ballots[:-1], changed))


def _no_open_vote(on: OnItem, e: Happened) -> None:
    if on.last is not None and on.last.result is None:
        raise SessionFault("sessions.fault.open-vote")
    if not e.why.strip():
        raise SessionFault("sessions.fault.why")


def _stood_back(on: OnItem, e: Happened) -> OnItem:
    _no_open_vote(on, e)
    if e.member is None:
        raise SessionFault("sessions.fault.member")
    return replace(on, recused={**on.recused, e.member: e.why})


def _deferred(on: OnItem, e: Happened) -> OnItem:
    _no_open_vote(on, e)
    if on.last is not None and on.last.result is not None and on.last.result.carried:
        raise SessionFault("sessions.fault.decided")
    return replace(on, deferred=e.why)


def _put(body: Body, members: list[Member], held: Held, on: OnItem, e: Happened) -> OnItem:
    if on.last is not None and (on.last.result is None or not on.last.confirmed):
        raise SessionFault("sessions.fault.open-vote")
    if on.last is not None and on.last.result is not None and on.last.result.carried:
        raise SessionFault("sessions.fault.decided")
    if not e.act:
        raise SessionFault("sessions.fault.act")
    found = quorum(body, members, held)
    if not found.met:
        raise SessionFault("sessions.fault.quorum", there=found.there, needed=found.needed)
    if chair(body, members, held) is None:
        raise SessionFault("sessions.fault.no-chair")
    if not voters(body, members, held, e.item):
        raise SessionFault("sessions.fault.no-voters")
    return replace(on, ballots=(*on.ballots, Ballot(e.act)), deferred="")


def _voted(body: Body, members: list[Member], held: Held, ballot: Ballot, e: Happened) -> Ballot:
    if ballot.result is not None:
        raise SessionFault("sessions.fault.counted")
    if e.member not in voters(body, members, held, e.item) or e.way is None:
        raise SessionFault("sessions.fault.may-not-vote")
    assert e.member is not None
    return replace(ballot, votes={**ballot.votes, e.member: (e.way, e.why)})


def _closed(body: Body, members: list[Member], held: Held, ballot: Ballot, e: Happened) -> Ballot:
    if ballot.result is not None:
        raise SessionFault("sessions.fault.counted")
    found = quorum(body, members, held)
    if not found.met:
        raise SessionFault("sessions.fault.quorum", there=found.there, needed=found.needed)
    may = voters(body, members, held, e.item)
    ways = [ballot.votes[m][0] for m in may if m in ballot.votes]
    presides = chair(body, members, held)
    own = ballot.votes.get(presides.id) if presides and presides.id in may else None
    counted = result(
        body, may=len(may), for_=ways.count(Way.FOR), against=ways.count(Way.AGAINST), chair=own[0] if own else None
    )  # fmt: skip
    return replace(ballot, result=counted)


def _confirmed(body: Body, members: list[Member], held: Held, ballot: Ballot, e: Happened) -> Ballot:
    if ballot.result is None or ballot.confirmed:
        raise SessionFault("sessions.fault.no-vote")
    presides = chair(body, members, held)
    if presides is None or presides.user != e.by:
        raise SessionFault("sessions.fault.chair-only")
    return replace(ballot, confirmed=True)
