"""How an answer (a cell's value or a section's text) travels from the one who writes it to the public.

draft -> submitted -> approved by the State -> approved by the region -> published, with returns on
the way. Pure: no Django, no clock. Every step is a dated event; a status is the fold of the events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mirps.base.refusal import Refusal


class Status(StrEnum):
    EMPTY = "empty"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    STATE = "state-approved"
    REGION = "region-approved"
    PUBLISHED = "published"


#: For what its State has answered: the region may read it.
BY_STATE = (Status.STATE, Status.REGION, Status.PUBLISHED)


class Step(StrEnum):
    """What may happen to an answer. Writing is a step too: it makes a draft of an empty answer."""

    WRITE = "write"
    ERASE = "erase"
    SUBMIT = "submit"
    SEND_BACK = "send-back"
    APPROVE_STATE = "approve-state"
    APPROVE_REGION = "approve-region"
    UNLOCK = "unlock"
    PUBLISH = "publish"


#: step -> from which status it may be taken, and the status that follows.
STEPS: Mapping[Step, Mapping[Status, Status]] = {
    Step.WRITE: {
        Status.EMPTY: Status.DRAFT,
        Status.DRAFT: Status.DRAFT,
        Status.RETURNED: Status.RETURNED,
    },
    Step.ERASE: {
        Status.EMPTY: Status.EMPTY,
        Status.DRAFT: Status.EMPTY,
        Status.RETURNED: Status.RETURNED,
    },
    Step.SUBMIT: {Status.DRAFT: Status.SUBMITTED, Status.RETURNED: Status.SUBMITTED},
    Step.SEND_BACK: {
        Status.SUBMITTED: Status.RETURNED,
        Status.STATE: Status.RETURNED,
        Status.REGION: Status.RETURNED,
    },
    Step.APPROVE_STATE: {Status.SUBMITTED: Status.STATE},
    Step.APPROVE_REGION: {Status.STATE: Status.REGION},
    # Taking an approved answer up again is for its own State, and says why.
    Step.UNLOCK: {
        Status.SUBMITTED: Status.RETURNED,
        Status.STATE: Status.RETURNED,
        Status.REGION: Status.RETURNED,
    },
    Step.PUBLISH: {Status.REGION: Status.PUBLISHED},
}
#: The act that a person must be allowed (base.access) to take a step.
ACTS: Mapping[Step, str] = {
    Step.WRITE: "entry.write",
    Step.ERASE: "entry.write",
    Step.SUBMIT: "entry.submit",
    Step.SEND_BACK: "entry.review",
    Step.APPROVE_STATE: "entry.approve-state",
    Step.APPROVE_REGION: "entry.approve-region",
    Step.UNLOCK: "entry.unlock",
    Step.PUBLISH: "round.publish",
}
#: Steps that must say why, to the people whose work it undoes.
NEEDS_REASON = frozenset({Step.SEND_BACK, Step.UNLOCK})
#: Steps by which somebody answers for a value: no one may take two of them for the same statement.
SIGNED = (Step.WRITE, Step.SUBMIT, Step.APPROVE_STATE, Step.APPROVE_REGION)


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: by whom (a person's user name), when, and on which version of the answer."""

    step: Step
    by: str
    at: datetime
    version: int = 0


class CannotStep(Refusal):
    """A step that may not be taken. `key` is a text of data/texts/rounds.yaml, `values` fill it."""


def after(status: Status, step: Step) -> Status:
    """The status that follows. Raises CannotStep when the step may not be taken from `status`."""
    try:
        return STEPS[step][status]
    except KeyError:
        raise CannotStep("workflow.fault.step", step=step.value, status=status.value) from None


def fold(steps: Iterable[Taken]) -> Status:
    """The status that steps, in the order they were taken, come to."""
    status = Status.EMPTY
    for taken in steps:
        status = after(status, taken.step)
    return status


def signed_already(steps: Iterable[Taken], step: Step, by: str) -> Step | None:
    """The step by which `by` already answered for what is now to be approved, or None.

    Segregation of duties: who wrote or submitted does not approve, and the two approvals are two
    people's. Only what happened since the answer last came back counts.
    """
    if step not in (Step.APPROVE_STATE, Step.APPROVE_REGION):
        return None
    own: Step | None = None
    for taken in steps:
        if taken.step in (Step.SEND_BACK, Step.UNLOCK):
            # What was written before still stands unless it is written anew; approvals do not.
            own = own if own in (Step.WRITE, Step.SUBMIT) else None
        elif taken.by == by and taken.step in SIGNED:
            own = own or taken.step
    return own
