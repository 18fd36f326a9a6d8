"""The door to findings."""

from __future__ import annotations

from mirps.evidence.findings.actions import AnswerFault, answer, keep
from mirps.evidence.findings.models import Answer, Finding
from mirps.evidence.findings.queries import about, current, standing_of, unanswered
from mirps.evidence.findings.rules import (
    ACKNOWLEDGED,
    ACT,
    CORRECTED,
    EXPLAINED,
    KINDS,
    OPEN,
    WITHDRAWN,
    standing,
)

__all__ = [
    "ACKNOWLEDGED",
    "ACT",
    "CORRECTED",
    "EXPLAINED",
    "KINDS",
    "OPEN",
    "WITHDRAWN",
    "Answer",
    "AnswerFault",
    "Finding",
    "about",
    "answer",
    "current",
    "keep",
    "standing",
    "standing_of",
    "unanswered",
]
