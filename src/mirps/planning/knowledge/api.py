"""The door to knowledge."""

from __future__ import annotations

from mirps.planning.knowledge.actions import Declined, attend, certify, enrol, forget, leave, revoke, show
from mirps.planning.knowledge.checking import figure_faults
from mirps.planning.knowledge.models import Certificate, Enrolment
from mirps.planning.knowledge.queries import (
    certificate,
    course,
    enrolled,
    enrolments,
    mine,
    of,
    statements,
    versions,
)
from mirps.planning.knowledge.rules import (
    Course,
    Door,
    Lack,
    Statement,
    Weighing,
    attended,
    door,
    lacks,
    side_by_side,
    weighed,
)

__all__ = [
    "Certificate", "Course", "Declined", "Door", "Enrolment", "Lack", "Statement", "Weighing", "attend",
    "attended", "certificate", "certify", "course", "door", "enrol", "enrolled", "enrolments",
    "figure_faults", "forget", "lacks", "leave", "mine", "of", "revoke", "show", "side_by_side", "statements",
    "versions", "weighed",
]  # fmt: skip
