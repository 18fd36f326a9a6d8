"""The door to contributions."""

from __future__ import annotations

from mirps.planning.contributions.queries import Book, book, contributions, disagreeing
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
    hanging,
    kept,
    parts,
    summed,
)

__all__ = [
    "IN_KIND", "REGION", "STAGES", "STATES", "Book", "Contribution", "Left", "Line", "Reach", "Sums", "Wanted",
    "book", "contributions", "disagreeing", "given", "hanging", "kept", "parts", "summed",
]  # fmt: skip
