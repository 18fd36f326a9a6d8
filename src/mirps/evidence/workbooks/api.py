"""The door to workbooks."""

from __future__ import annotations

from mirps.evidence.entries.api import Upload
from mirps.evidence.workbooks.actions import (
    Looked,
    Taken,
    digest_of,
    faults_of,
    look,
    made_for,
    take_in,
)
from mirps.evidence.workbooks.keeping import drop, keep, kept
from mirps.evidence.workbooks.opening import MOST_BYTES, opened
from mirps.evidence.workbooks.planning import Choice, Fate, Item, Plan
from mirps.evidence.workbooks.queries import (
    Frame,
    institutions,
    locale_of,
    make,
    taken_before,
    uploads,
    worth_a_look,
)
from mirps.evidence.workbooks.rules import Fault, Unreadable
from mirps.evidence.workbooks.sheet import Words
from mirps.evidence.workbooks.telling import Told, answer, remark, told

__all__ = [
    "MOST_BYTES",
    "Choice",
    "Fate",
    "Fault",
    "Frame",
    "Item",
    "Looked",
    "Plan",
    "Taken",
    "Told",
    "Unreadable",
    "Upload",
    "Words",
    "answer",
    "digest_of",
    "drop",
    "faults_of",
    "institutions",
    "keep",
    "kept",
    "locale_of",
    "look",
    "made_for",
    "make",
    "opened",
    "remark",
    "take_in",
    "taken_before",
    "told",
    "uploads",
    "worth_a_look",
]
