"""The door to linkage between States: agreeing, counting, and what a count told."""

from __future__ import annotations

from mirps.sharing.linkage.actions import end, propose, sign
from mirps.sharing.linkage.counting import TOTAL, Line, cells, compare, crossed, encode, margin, open_
from mirps.sharing.linkage.models import Agreement, Count
from mirps.sharing.linkage.queries import agreement, agreements, stage_of, terms_of
from mirps.sharing.linkage.rules import (
    LEAST_THRESHOLD,
    MOST_TEXT,
    MOST_THRESHOLD,
    PERSONS,
    Every,
    LinkageRefused,
    Stage,
    Terms,
    days_of,
)
from mirps.sharing.linkage.telling import SIGN

__all__ = [
    "LEAST_THRESHOLD", "MOST_TEXT", "MOST_THRESHOLD", "PERSONS", "SIGN", "TOTAL", "Agreement", "Count", "Every", "Line",
    "LinkageRefused", "Stage", "Terms", "agreement", "agreements", "cells", "compare", "crossed", "days_of", "encode",
    "end", "margin", "open_", "propose", "sign", "stage_of", "terms_of",
]  # fmt: skip
