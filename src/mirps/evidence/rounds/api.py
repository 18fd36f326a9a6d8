"""The door to rounds."""

from __future__ import annotations

from mirps.evidence.rounds.actions import check, correct, found, load
from mirps.evidence.rounds.models import Asked, DueDate, Round, RoundEvent
from mirps.evidence.rounds.queries import asked, due, worked
from mirps.evidence.rounds.rules import (
    Ask,
    Change,
    Due,
    Kind,
    Stage,
    cells,
    figure_id,
    moved,
    next_code,
    next_id,
    propose,
    series_of,
)
from mirps.evidence.rounds.setup import RoundFault, ask, proposed_from, set_due, set_up, turn, withdraw
from mirps.evidence.rounds.workflow import (
    ACTS,
    NEEDS_REASON,
    STEPS,
    CannotStep,
    Status,
    Step,
    Taken,
    after,
    fold,
    signed_already,
)

__all__ = [
    "ACTS",
    "NEEDS_REASON",
    "STEPS",
    "Ask",
    "Asked",
    "CannotStep",
    "Change",
    "Due",
    "DueDate",
    "Kind",
    "Round",
    "RoundEvent",
    "RoundFault",
    "Stage",
    "Status",
    "Step",
    "Taken",
    "after",
    "ask",
    "asked",
    "cells",
    "check",
    "correct",
    "due",
    "figure_id",
    "fold",
    "found",
    "load",
    "moved",
    "next_code",
    "next_id",
    "propose",
    "proposed_from",
    "series_of",
    "set_due",
    "set_up",
    "signed_already",
    "turn",
    "withdraw",
    "worked",
]
