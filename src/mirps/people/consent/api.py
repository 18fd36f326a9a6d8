"""The door to what rests on consent."""

from __future__ import annotations

from mirps.people.consent.actions import end, last_day, revoked, share
from mirps.people.consent.queries import by_us, in_force, of_file, with_us
from mirps.people.consent.rules import KINDS, ConsentFault, needed

__all__ = [
    "KINDS",
    "ConsentFault",
    "by_us",
    "end",
    "in_force",
    "last_day",
    "needed",
    "of_file",
    "revoked",
    "share",
    "with_us",
]
