"""Answering a finding: explain it, acknowledge it in a named role, or correct a figure."""

from __future__ import annotations

from collections.abc import Iterable

EXPLAINED = "explained"
ACKNOWLEDGED = "acknowledged"
CORRECTED = "corrected"
WITHDRAWN = "withdrawn"  # takes the answer back: the finding is open again
KINDS = (EXPLAINED, ACKNOWLEDGED, CORRECTED, WITHDRAWN)
OPEN = "open"

#: What someone must be allowed to do to give each kind of answer (mirps.base.access.rules).
ACT = {
    EXPLAINED: "finding.explain",
    ACKNOWLEDGED: "finding.acknowledge",
    CORRECTED: "figure.correct",
    WITHDRAWN: "finding.acknowledge",
}


def standing(kinds: Iterable[str]) -> str:
    """What a finding's answers, oldest first, come to: open, or the kind of the last answer."""
    last = OPEN
    for kind in kinds:
        last = OPEN if kind == WITHDRAWN else kind
    return last


def faults(kind: str, reason_es: str, reason_en: str, figure: str) -> list[str]:
    """What an answer lacks, as keys of data/texts/findings.yaml."""
    found = []
    if kind not in KINDS:
        found.append("answer.fault.kind")
    if len(reason_es.strip()) < 10:
        found.append("answer.fault.reason_es")
    if len(reason_en.strip()) < 10:
        found.append("answer.fault.reason_en")
    if kind == CORRECTED and not figure:
        found.append("answer.fault.figure")
    return found
