"""What happens in a referral, how it stands by that, and what either side may do next. Pure.

Each of the two institutions says what it does, numbered by itself, and holds what the other said. How a referral
stands is a fold over the set of both: it asks no clock, and not in which order or how often anything came. So two
copies that have the same events stand the same, and a late, doubled or overtaken answer does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from mirps.base.refusal import Refusal


class ReferralFault(Refusal):
    """What cannot be done, as a text of data/texts/casework-referrals.yaml."""


class Side(StrEnum):
    SENDER = "sender"
    RECEIVER = "receiver"

    @property
    def other(self) -> Side:
        return Side.RECEIVER if self is Side.SENDER else Side.SENDER


class Act(StrEnum):
    SEND = "send"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    ARRIVE = "arrive"  # said by the node itself: it is there, and nobody has read it
    OPEN = "open"
    ACCEPT = "accept"
    REFUSE = "refuse"
    RETURN = "return"
    REPORT = "report"
    NOTE = "note"  # either side's


#: Whose act it is; a note is whoever's writes it.
OF: dict[Act, Side] = {
    **dict.fromkeys((Act.SEND, Act.WITHDRAW, Act.CLOSE), Side.SENDER),
    **dict.fromkeys((Act.ARRIVE, Act.OPEN, Act.ACCEPT, Act.REFUSE, Act.RETURN, Act.REPORT), Side.RECEIVER),
}
#: Why, by act: each is a text `referrals.why.<act>.<code>`. The first of them that need words must have some.
REASONS: dict[Act, tuple[str, ...]] = {
    Act.WITHDRAW: ("consent", "mistake", "elsewhere", "not-needed"),
    Act.REFUSE: ("not-competent", "no-capacity", "outside-area", "other"),
    Act.RETURN: ("unreachable", "incomplete", "person-declined", "other"),
    Act.REPORT: ("attended", "partly", "not-attended", "referred-on", "under-way"),
    Act.CLOSE: ("done", "not-taken", "referred-again", "lost"),
}
NEEDS_WORDS = frozenset({"other", "incomplete"})
CONSENT, UNDER_WAY = "consent", "under-way"
#: Characters of what is written to the other side, and of how whoever answers reaches the officer.
WORDS, REPLY = 2_000, 300
#: Days within which the sender ends what was refused, returned or answered.
SETTLE = 15


class Stage(StrEnum):
    SENT = "sent"
    ARRIVED = "arrived"
    OPENED = "opened"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETURNED = "returned"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


FINAL = frozenset({Stage.WITHDRAWN, Stage.CLOSED})
_WAITING = frozenset({Stage.SENT, Stage.ARRIVED, Stage.OPENED})
_REACHED = {
    Act.ARRIVE: Stage.ARRIVED, Act.OPEN: Stage.OPENED, Act.ACCEPT: Stage.ACCEPTED, Act.REFUSE: Stage.REFUSED,
    Act.RETURN: Stage.RETURNED, Act.REPORT: Stage.ANSWERED, Act.WITHDRAW: Stage.WITHDRAWN, Act.CLOSE: Stage.CLOSED,
}  # fmt: skip
#: From which stages the receiver does what. The sender withdraws what is not final, and closes what came to an end.
_MAY: dict[Act, frozenset[Stage]] = {
    Act.OPEN: frozenset({Stage.SENT, Stage.ARRIVED}),
    Act.ACCEPT: frozenset({Stage.OPENED, Stage.REFUSED, Stage.RETURNED}),
    Act.REFUSE: frozenset({Stage.OPENED}),
    Act.RETURN: frozenset({Stage.OPENED, Stage.ACCEPTED}),
    Act.REPORT: frozenset({Stage.ACCEPTED, Stage.ANSWERED}),
    Act.WITHDRAW: frozenset(Stage) - FINAL,
    Act.CLOSE: frozenset({Stage.REFUSED, Stage.RETURNED, Stage.ANSWERED}),
    Act.NOTE: frozenset(Stage) - FINAL,
}


@dataclass(frozen=True, slots=True)
class Event:
    """`n`: its number on its side, by which that side's events follow one another, whatever clocks say.
    `reason`: a code of REASONS. `by` is empty for who sits at another node."""

    id: UUID
    side: Side
    n: int
    act: Act
    happened: datetime
    institution: str
    office: str = ""
    reason: str = ""
    words: str = ""
    day: date | None = None
    by: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Stand:
    """`turn`: whose turn it is, and `due` by when; none once it is final. `opened`: whether anybody at the receiver has
    read it; `outcome`: what was told last of what came of it."""

    stage: Stage
    turn: Side | None
    due: date | None
    opened: bool
    outcome: str = ""

    @property
    def final(self) -> bool:
        return self.stage in FINAL


def ordered(events: Iterable[Event]) -> list[Event]:
    """Each event once, in one order on every node: by side, number, and (two of one number: a node was restored from
    an old backup and went on) by id."""
    return sorted({e.id: e for e in events}.values(), key=lambda e: (e.side, e.n, e.id.int))


def fold(events: Iterable[Event], *, answer_by: date, outcome: int) -> Stand:
    """How a referral stands. `answer_by`: until when the receiver says whether it takes the person up; `outcome`:
    days from that to what came of it."""
    told = ordered(events)
    theirs = [e for e in told if e.side is Side.RECEIVER and e.act in _REACHED]
    ours = [e for e in told if e.side is Side.SENDER and e.act in (Act.WITHDRAW, Act.CLOSE)]
    reports = [e for e in theirs if e.act is Act.REPORT]
    opened = any(e.act is not Act.ARRIVE for e in theirs)
    stage = Stage.SENT
    if ours:
        stage = Stage.CLOSED if any(e.act is Act.CLOSE for e in ours) else Stage.WITHDRAWN
    elif theirs:
        stage = _stage(theirs[-1])
    turn, due = _turn(stage, theirs, answer_by, outcome)
    return Stand(stage, turn, due, opened, reports[-1].reason if reports else "")


def _stage(last: Event) -> Stage:
    """A report that it is still under way leaves it accepted."""
    under_way = last.act is Act.REPORT and last.reason == UNDER_WAY
    return Stage.ACCEPTED if under_way else _REACHED[last.act]


def _turn(
    stage: Stage, theirs: Sequence[Event], answer_by: date, outcome: int
) -> tuple[Side | None, date | None]:
    if stage in FINAL:
        return None, None
    if stage in _WAITING:
        return Side.RECEIVER, answer_by
    last = theirs[-1].happened.date()
    if stage is Stage.ACCEPTED:
        return Side.RECEIVER, last + timedelta(days=outcome)
    return Side.SENDER, last + timedelta(days=SETTLE)


def possible(stand: Stand, side: Side) -> set[Act]:
    """What this side may do now."""
    return {a for a, stages in _MAY.items() if stand.stage in stages and OF.get(a, side) is side}


def prove(stand: Stand, side: Side, act: Act, reason: str, words: str, day: date | None) -> None:
    """Raises ReferralFault unless the side may do it, with this reason and these words."""
    if act not in possible(stand, side):
        raise ReferralFault("referrals.fault.not-now")
    if act in REASONS and reason not in REASONS[act]:
        raise ReferralFault("referrals.fault.reason")
    if len(words) > WORDS:
        raise ReferralFault("referrals.fault.words", most=WORDS)
    if not words.strip() and (reason in NEEDS_WORDS or act is Act.NOTE):
        raise ReferralFault("referrals.fault.say")
    if day is not None and act is not Act.ACCEPT:
        raise ReferralFault("referrals.fault.day")


def lacking(events: Iterable[Event], side: Side) -> list[Event]:
    """What the other side has yet to be told of what this side did."""
    return [e for e in ordered(events) if e.side is side and not e.known]
