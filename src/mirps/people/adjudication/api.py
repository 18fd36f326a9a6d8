"""The door to adjudication: who may be registered twice, and what was decided."""

from __future__ import annotations

from mirps.people.adjudication.actions import (
    JOIN,
    PART,
    AdjudicationFault,
    ask_to_join,
    ask_to_part,
    carry_out,
    keep_apart,
)
from mirps.people.adjudication.comparing import KINDS, compare, keep_suspected, record, suspected
from mirps.people.adjudication.models import Suspicion
from mirps.people.adjudication.queries import Shown, explained, queue

__all__ = [
    "JOIN", "KINDS", "PART", "AdjudicationFault", "Shown", "Suspicion", "ask_to_join", "ask_to_part", "carry_out",
    "compare", "explained", "keep_apart", "keep_suspected", "queue", "record", "suspected",
]  # fmt: skip
