"""How a record comes into force: who wrote it, who else looked, what the public sees. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from mirps.planning.records.kinds import Flow


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"  # what stands is in force
    WITHDRAWN = "withdrawn"  # no longer in force; kept, and can be written anew


class Act(StrEnum):
    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


#: act -> from which statuses, to which.
STEPS: dict[Act, tuple[frozenset[Status], Status]] = {
    Act.SAVE: (frozenset(Status) - {Status.SUBMITTED}, Status.DRAFT),
    Act.SUBMIT: (frozenset({Status.DRAFT, Status.RETURNED}), Status.SUBMITTED),
    Act.RETURN: (frozenset({Status.SUBMITTED}), Status.RETURNED),
    Act.PUBLISH: (frozenset({Status.SUBMITTED}), Status.PUBLISHED),
    Act.WITHDRAW: (frozenset({Status.DRAFT, Status.RETURNED, Status.PUBLISHED}), Status.WITHDRAWN),
}
#: What right an act needs: `<domain>.<right>`.
RIGHT = {
    Act.SAVE: "write",
    Act.SUBMIT: "write",
    Act.RETURN: "review",
    Act.PUBLISH: "publish",
    Act.WITHDRAW: "publish",
}
#: Acts that are not done without saying why.
REASONED = frozenset({Act.RETURN, Act.WITHDRAW})


@dataclass(frozen=True, slots=True)
class Step:
    """One change as kept: what stood after it (`data`), by whom and when it became known."""

    number: int
    act: Act
    by: str
    at: datetime
    known_at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as its changes leave it. `public` is None while nothing is in force."""

    status: Status = Status.DRAFT
    number: int = 0
    data: dict[str, Any] | None = None
    public: dict[str, Any] | None = None
    known_at: datetime | None = None  # of what is in force
    written_by: frozenset[str] = frozenset()  # since it last came into force


def fold(steps: Iterable[Step], flow: Flow) -> Standing:
    """What the changes, in their order, add up to."""
    now = Standing()
    for s in steps:
        now = after(now, s, flow)
    return now


def after(was: Standing, s: Step, flow: Flow) -> Standing:
    status, public, known, wrote = STEPS[s.act][1], was.public, was.known_at, was.written_by
    if s.act is Act.SAVE:
        wrote = wrote | {s.by}
    if s.act is Act.PUBLISH or (s.act is Act.SAVE and flow is Flow.DIRECT):
        status, public, known, wrote = Status.PUBLISHED, s.data, s.known_at, frozenset()
    if s.act is Act.WITHDRAW:
        public, known = None, None
    return Standing(status, s.number, s.data, public, known, wrote)


def as_known(steps: Iterable[Step], flow: Flow, at: datetime) -> dict[str, Any] | None:
    """What was in force and known at a moment, or None. Changes count in the order in which they became
    known: a document that is loaded late is known from its own day."""
    ordered = sorted((s for s in steps if s.known_at <= at), key=lambda s: (s.known_at, s.number))
    return fold(ordered, flow).public


def offered(status: Status, flow: Flow) -> list[Act]:
    """The acts that a status allows anybody at all."""
    if flow is Flow.DIRECT:
        return [Act.SAVE] + ([Act.WITHDRAW] if status is not Status.WITHDRAWN else [])
    return [act for act, (sources, _) in STEPS.items() if status in sources]
