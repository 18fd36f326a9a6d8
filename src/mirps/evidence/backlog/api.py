"""The door to the backlog planner."""

from __future__ import annotations

from mirps.evidence.backlog.asked import FIELDS, GROUPS, Field, Values, plans, read
from mirps.evidence.backlog.model import WEEKS, Plan
from mirps.evidence.backlog.scenarios import RUNS, Ages, Band, Outcome, compare, gained, kept_weeks
from mirps.evidence.backlog.starting import Start, starting, states

__all__ = [
    "FIELDS",
    "GROUPS",
    "RUNS",
    "WEEKS",
    "Ages",
    "Band",
    "Field",
    "Outcome",
    "Plan",
    "Start",
    "Values",
    "compare",
    "gained",
    "kept_weeks",
    "plans",
    "read",
    "starting",
    "states",
]
