"""The door to review."""

from __future__ import annotations

from mirps.evidence.review.actions import (
    Done,
    Overtaken,
    Seen,
    StillAsked,
    Unanswered,
    approve,
    remark,
    send_back,
    settle,
    unlock,
)
from mirps.evidence.review.answers import CELLS, SECTIONS, Answers, Held
from mirps.evidence.review.models import Remark
from mirps.evidence.review.queries import (
    Bulk,
    Field,
    Item,
    Part,
    Standing,
    bulk,
    items,
    parts,
    remarks,
    review,
    section_steps,
    standings,
    steps,
)
from mirps.evidence.review.rules import Hold, Level, RemarkKind, Shift, Then
from mirps.evidence.review.telling import tell
from mirps.evidence.rounds.workflow import SIGNED, Taken

__all__ = [
    "CELLS",
    "SECTIONS",
    "SIGNED",
    "Answers",
    "Bulk",
    "Done",
    "Field",
    "Held",
    "Hold",
    "Item",
    "Level",
    "Overtaken",
    "Part",
    "Remark",
    "RemarkKind",
    "Seen",
    "Shift",
    "Standing",
    "StillAsked",
    "Taken",
    "Then",
    "Unanswered",
    "approve",
    "bulk",
    "items",
    "parts",
    "remark",
    "remarks",
    "review",
    "section_steps",
    "send_back",
    "settle",
    "standings",
    "steps",
    "tell",
    "unlock",
]
