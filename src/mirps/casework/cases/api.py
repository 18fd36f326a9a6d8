"""The door to cases: what was done in them, how they stand, whose turn it is.

seat = custody.seat_of(user.username, grants, "MEX.COMAR", on=today).for_purpose("procedure")
opened = cases.open_case("mex_asylum", people=[(person, "principal")], event=Saying(uuid7(), "claim", now, {...}),
                         seat=seat, role="registration", at=now)
cases.record(opened.case, Saying(uuid7(), "admit", now), seat=seat, role="registration", at=now)
with custody.seated(seat):
    file = cases.case(opened.number, seat=seat, at=now)      # raises custody.TooMany
"""

from __future__ import annotations

from mirps.casework.cases.actions import assign, open_case, record
from mirps.casework.cases.catalogue import clock, latest, version
from mirps.casework.cases.decrees import calendar_for
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
from mirps.casework.cases.numbers import number, tidy
from mirps.casework.cases.posts import appoint, dismiss, roles_of
from mirps.casework.cases.queries import CaseFile, can_do, case, of_person, opened, seen, state_of
from mirps.casework.cases.rules import CaseFault, NotPossible, Recorded, Saying
from mirps.casework.cases.worklists import MINE, Worklist, counts, load, worklist

__all__ = [
    "MINE", "Absence", "Case", "CaseEvent", "CaseFault", "CaseFile", "Decree", "Handling", "NotPossible", "Party",
    "Post", "Recorded", "Saying", "Standing", "Subject", "Worklist", "appoint", "assign", "calendar_for", "can_do",
    "case", "clock", "counts", "dismiss", "latest", "load", "number", "of_person", "open_case", "opened", "record",
    "roles_of", "seen", "state_of", "tidy", "version", "worklist",
]  # fmt: skip
