"""The door to rounds."""

from __future__ import annotations

from mirps.evidence.rounds.actions import check, correct, found, load
from mirps.evidence.rounds.checking import HANDED, found_in
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
    propose,
    series_of,
    shut,
)
from mirps.evidence.rounds.setup import RoundFault, ask, proposed_from, set_due, set_up, turn, withdraw
from mirps.evidence.rounds.sheet import read as read_asks
from mirps.evidence.rounds.sheet import written as written_asks
from mirps.evidence.rounds.workflow import (
    ACTS,
    BY_STATE,
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
    "BY_STATE",
    "HANDED",
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
    "found_in",
    "load",
    "moved",
    "next_code",
    "propose",
    "proposed_from",
    "read_asks",
    "series_of",
    "set_due",
    "set_up",
    "shut",
    "signed_already",
    "turn",
    "withdraw",
    "worked",
    "written_asks",
]
