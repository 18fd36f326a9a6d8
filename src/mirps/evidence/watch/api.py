"""The door to watching a round."""

from __future__ import annotations

from mirps.evidence.rounds.api import BY_STATE
from mirps.evidence.watch.queries import Written, bodies, course, reminders, sections
from mirps.evidence.watch.rules import BY_REGION, HANDED, Body, Day, Plan, mark, together

__all__ = [
    "BY_REGION",
    "BY_STATE",
    "HANDED",
    "Body",
    "Day",
    "Plan",
    "Written",
    "bodies",
    "course",
    "mark",
    "reminders",
    "sections",
    "together",
]
