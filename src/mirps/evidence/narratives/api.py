"""The door to narratives."""

from __future__ import annotations

from mirps.evidence.entries.api import Outcome
from mirps.evidence.narratives.actions import NotReady, NotTaken, Written, approve_of_region, take, write
from mirps.evidence.narratives.binding import Figures, Nameable, nameable, offers, search, veiled
from mirps.evidence.narratives.changes import Piece, changes
from mirps.evidence.narratives.consents import record_consent, revoke_consent
from mirps.evidence.narratives.identifying import Sign
from mirps.evidence.narratives.models import Consent, Section, SectionStep, SectionText
from mirps.evidence.narratives.queries import (
    APPROVED,
    Compiled,
    agreed,
    compiled,
    consents,
    held,
    lacks,
    rebuilt,
    sections,
    signs,
    steps_of,
    steps_taken,
    text_of,
    unconsented,
    versions,
    versions_of,
)
from mirps.evidence.narratives.reading import (
    Part,
    Spot,
    blocks,
    bound,
    clean,
    lines_of,
    marked,
    stray_brackets,
    unbound,
    unfit,
    words,
)
from mirps.evidence.narratives.rules import MOST, USES, Held, Lack, Standing, Version, other, writable
from mirps.evidence.narratives.setup import Wanted, ask_for, change, prepare, restore, withdraw

__all__ = [
    "APPROVED", "MOST", "USES", "Compiled", "Consent", "Figures", "Held", "Lack", "Nameable", "NotReady",
    "NotTaken", "Outcome", "Part", "Piece", "Section", "SectionStep", "SectionText", "Sign", "Spot", "Standing",
    "Version", "Wanted", "Written", "agreed", "approve_of_region", "ask_for", "blocks", "bound", "change",
    "changes", "clean", "compiled", "consents", "held", "lacks", "lines_of", "marked", "nameable", "offers", "other",
    "prepare", "rebuilt", "record_consent", "restore", "revoke_consent", "search", "sections", "signs",
    "steps_of", "steps_taken", "stray_brackets", "take", "text_of", "unbound", "unconsented", "unfit", "veiled",
    "versions", "versions_of", "withdraw", "words", "writable", "write",
]  # fmt: skip
