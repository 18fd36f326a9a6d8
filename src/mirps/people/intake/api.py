"""The door by which registrations and corrections come in."""

from __future__ import annotations

from mirps.people.intake.actions import (
    CLOCK,
    Receipt,
    compare,
    compare_waiting,
    receipt,
    seat_for,
    take,
)
from mirps.people.intake.models import Arrival, Task

__all__ = [
    "CLOCK",
    "Arrival",
    "Receipt",
    "Task",
    "compare",
    "compare_waiting",
    "receipt",
    "seat_for",
    "take",
]
