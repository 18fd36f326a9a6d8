"""The door to entries."""

from __future__ import annotations

from mirps.evidence.entries.actions import figure_of, members, prepare, steps_of, take
from mirps.evidence.entries.models import Attachment, Cell, CellStep, Statement, Upload
from mirps.evidence.entries.queries import (
    Earlier,
    Line,
    Progress,
    history,
    progress,
    rebuilt,
    sheet,
    versions,
)
from mirps.evidence.entries.rules import ABSENCES, Given, Hint, faults, jump, parts, writable
from mirps.evidence.entries.writing import (
    NotTaken,
    Outcome,
    Post,
    Written,
    counted,
    given_in,
    write,
    write_all,
)

__all__ = [
    "ABSENCES",
    "Attachment",
    "Cell",
    "CellStep",
    "Earlier",
    "Given",
    "Hint",
    "Line",
    "NotTaken",
    "Outcome",
    "Post",
    "Progress",
    "Statement",
    "Upload",
    "Written",
    "counted",
    "faults",
    "figure_of",
    "given_in",
    "history",
    "jump",
    "members",
    "parts",
    "prepare",
    "progress",
    "rebuilt",
    "sheet",
    "steps_of",
    "take",
    "versions",
    "writable",
    "write",
    "write_all",
]
