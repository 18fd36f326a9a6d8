"""The door to contributions."""

from __future__ import annotations

from mirps.planning.contributions.queries import contributions, disagreeing
from mirps.planning.contributions.rules import (
    IN_KIND,
    REGION,
    STAGES,
    STATES,
    Contribution,
    Left,
    Line,
    Reach,
    Sums,
    Wanted,
    given,
    kept,
    parts,
    summed,
)

__all__ = [
    "IN_KIND", "REGION", "STAGES", "STATES", "Contribution", "Left", "Line", "Reach", "Sums", "Wanted",
    "contributions", "disagreeing", "given", "kept", "parts", "summed",
]  # fmt: skip
