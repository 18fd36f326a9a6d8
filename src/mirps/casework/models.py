"""The tables of this band, by area."""

from mirps.casework.cases.models import (
    Absence,
    Case,
    CaseEvent,
    Decree,
    Handling,
    Party,
    Post,
    Standing,
    Subject,
)

__all__ = ["Absence", "Case", "CaseEvent", "Decree", "Handling", "Party", "Post", "Standing", "Subject"]
