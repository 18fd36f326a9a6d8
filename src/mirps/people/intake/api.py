"""The door by which registrations and corrections come in."""

from __future__ import annotations

from mirps.people.intake.actions import CLOCK, Receipt, receipt, seat_for, take, terms_of
from mirps.people.intake.models import Arrival, Task

__all__ = ["CLOCK", "Arrival", "Receipt", "Task", "receipt", "seat_for", "take", "terms_of"]
