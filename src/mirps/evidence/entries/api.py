"""The door to entries."""

from __future__ import annotations

from mirps.base.files.api import MOST_BYTES, FileFault, kind_of
from mirps.evidence.entries.actions import figure_of, members, prepare, steps_of, take
from mirps.evidence.entries.arriving import Arrived, Said, answered, follow, said_here
from mirps.evidence.entries.computed import misfits, proposals, take_over
from mirps.evidence.entries.files import attach, files_of, open_file, withdraw_file
from mirps.evidence.entries.fitting import Misfit, Proposal, Why
from mirps.evidence.entries.looking import TO_SEE, WANTS_NOTE, Look, look
from mirps.evidence.entries.models import Attachment, Cell, CellStep, Statement, Upload
from mirps.evidence.entries.queries import (
    Earlier,
    Line,
    Progress,
    history,
    others,
    progress,
    rebuilt,
    returns,
    sheet,
    steps_taken,
    versions,
)
from mirps.evidence.entries.rules import ABSENCES, Given, Hint, faults, jump, parts, writable
from mirps.evidence.entries.submitting import Ready, looked, submit, survey, values_before
from mirps.evidence.entries.typed import NotRead, read_block, read_cell, show_cell, write_block
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
    "MOST_BYTES",
    "TO_SEE",
    "WANTS_NOTE",
    "Arrived",
    "Attachment",
    "Cell",
    "CellStep",
    "Earlier",
    "FileFault",
    "Given",
    "Hint",
    "Line",
    "Look",
    "Misfit",
    "NotRead",
    "NotTaken",
    "Outcome",
    "Post",
    "Progress",
    "Proposal",
    "Ready",
    "Said",
    "Statement",
    "Upload",
    "Why",
    "Written",
    "answered",
    "attach",
    "counted",
    "faults",
    "figure_of",
    "files_of",
    "follow",
    "given_in",
    "history",
    "jump",
    "kind_of",
    "look",
    "looked",
    "members",
    "misfits",
    "open_file",
    "others",
    "parts",
    "prepare",
    "progress",
    "proposals",
    "read_block",
    "read_cell",
    "rebuilt",
    "returns",
    "said_here",
    "sheet",
    "show_cell",
    "steps_of",
    "steps_taken",
    "submit",
    "survey",
    "take",
    "take_over",
    "values_before",
    "versions",
    "withdraw_file",
    "writable",
    "write",
    "write_all",
    "write_block",
]
