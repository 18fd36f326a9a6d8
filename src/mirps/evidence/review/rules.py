"""What reviewing is: two levels of approval, what differs since the last one, what holds one up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mirps.evidence.entries.rules import Given
from mirps.evidence.rounds.workflow import STEPS, Status, Step, Taken, signed_already


class Level(StrEnum):
    """Who reviews: the State, then the region."""

    STATE = "state"
    REGION = "region"

    @property
    def approves(self) -> Step:
        return Step.APPROVE_STATE if self is Level.STATE else Step.APPROVE_REGION

    @property
    def waits(self) -> Status:
        """The status of an answer that waits for this level."""
        return Status.SUBMITTED if self is Level.STATE else Status.STATE

    @property
    def review_act(self) -> str:
        return "entry.review" if self is Level.STATE else "entry.review-region"

    @property
    def approve_act(self) -> str:
        return f"entry.{self.approves.value}"


class RemarkKind(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"
    COMMENT = "comment"


#: The fewest and most letters of a remark.
SHORTEST, LONGEST = 2, 2000


class Shift(StrEnum):
    """How an answer differs from what it is compared with."""

    NEW = "new"  # there is nothing to compare with
    SAME = "same"
    NOTE = "note"  # only its note
    VALUE = "value"  # its value, how sure it is, or why there is none


@dataclass(frozen=True, slots=True)
class Then:
    """What an answer is compared with: what was approved last (`approved`), else last year's figure."""

    given: Given
    approved: bool
    by: str = ""
    at: datetime | None = None
    version: int = 0
    when: str = ""  # the day that last year's figure speaks of, ISO
    figure: str = ""


def shift(then: Then | None, now: Given) -> Shift:
    """How `now` differs from `then`. Notes of last year's are not compared: they spoke of another year."""
    if then is None:
        return Shift.NEW
    was = then.given
    if (was.value, was.absence, was.qualifier) != (now.value, now.absence, now.qualifier):
        return Shift.VALUE
    if then.approved and (was.note_es, was.note_en) != (now.note_es, now.note_en):
        return Shift.NOTE
    return Shift.SAME


class Hold(StrEnum):
    """Why an answer cannot be approved now, the first that holds."""

    STATUS = "status"  # it does not wait for this level
    CONTRADICTION = "contradiction"
    QUESTION = "question"
    SIGNED = "signed"  # this person already answered for it in another part


def hold(
    level: Level, status: Status, steps: Sequence[Taken], by: str, *, contradictions: int, questions: int
) -> Hold | None:
    """What keeps `by` from approving an answer at `level`, or None."""
    if status is not level.waits:
        return Hold.STATUS
    if signed_already(steps, level.approves, by):
        return Hold.SIGNED
    if contradictions:
        return Hold.CONTRADICTION
    return Hold.QUESTION if questions else None


def last_approval(steps: Iterable[Taken], level: Level) -> Taken | None:
    """The last time that an answer was approved at a level, whatever happened to it since."""
    found = [t for t in steps if t.step is level.approves]
    return found[-1] if found else None


def done_already(steps: Sequence[Taken], step: Step, by: str, version: int) -> bool:
    """Whether this very step was the last that was taken, by the same person on the same version."""
    last = steps[-1] if steps else None
    return last is not None and (last.step, last.by, last.version) == (step, by, version)


def possible(status: Status, step: Step) -> bool:
    return status in STEPS[step]


def remark_fault(text: str) -> str:
    """Nothing, or the key of the text that says what a remark lacks."""
    if len(text.strip()) < SHORTEST:
        return "review.fault.empty"
    return "review.fault.long" if len(text) > LONGEST else ""
