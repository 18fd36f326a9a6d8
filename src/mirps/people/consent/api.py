"""The door to what rests on consent."""

from __future__ import annotations

from mirps.people.consent.above import join
from mirps.people.consent.actions import end, last_day, revoked, share
from mirps.people.consent.queries import by_us, in_force, of_file, with_us
from mirps.people.consent.rules import KINDS, ConsentFault, needed, resting_on

__all__ = [
    "KINDS",
    "ConsentFault",
    "by_us",
    "end",
    "in_force",
    "join",
    "last_day",
    "needed",
    "of_file",
    "resting_on",
    "revoked",
    "share",
    "with_us",
]
