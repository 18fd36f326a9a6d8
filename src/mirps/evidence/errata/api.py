"""The door to errata: correcting a figure, and reading what was corrected since publication."""

from __future__ import annotations

from mirps.evidence.errata.actions import Corrected, correct, proposed, standing
from mirps.evidence.errata.models import Erratum
from mirps.evidence.errata.queries import Foreseen, foreseen, latest, of, public
from mirps.evidence.errata.restating import SETTABLE
from mirps.evidence.errata.rules import (
    EVIDENCE,
    Correction,
    Refused,
    Superseded,
    numbered,
    reason_faults,
    threads,
)
from mirps.evidence.errata.typed import read as read_typed

__all__ = [
    "EVIDENCE",
    "SETTABLE",
    "Corrected",
    "Correction",
    "Erratum",
    "Foreseen",
    "Refused",
    "Superseded",
    "correct",
    "foreseen",
    "latest",
    "numbered",
    "of",
    "proposed",
    "public",
    "read_typed",
    "reason_faults",
    "standing",
    "threads",
]
