"""The door to cases: what was done in them, how they stand, whose turn it is.

seat = custody.seat_of(user.username, grants, "MEX.COMAR", on=today).for_purpose("procedure")
opened = cases.open_case("mex_asylum", people=[(person, "principal")], event=Saying(uuid7(), "claim", now, {...}),
                         seat=seat, role="registration", at=now)
cases.record(opened.case, Saying(uuid7(), "admit", now), seat=seat, role="registration", at=now)
with custody.seated(seat):
    file = cases.case(opened.number, seat=seat, at=now)      # raises custody.TooMany
"""

from __future__ import annotations

from mirps.casework.cases.actions import open_case, record, settle, take_late
from mirps.casework.cases.catalogue import clock, latest, of_state, version, versions
from mirps.casework.cases.dating import confirm as confirm_decree
from mirps.casework.cases.dating import recount
from mirps.casework.cases.decrees import calendar_for, decree
from mirps.casework.cases.decrees import in_force as decrees
from mirps.casework.cases.decrees import waiting as decrees_waiting
from mirps.casework.cases.handing import absences, assign, assign_all, away, back
from mirps.casework.cases.letting_go import goes_with, remove
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
from mirps.casework.cases.posts import appoint, dismiss, officers, roles_of
from mirps.casework.cases.posts import held as posts
from mirps.casework.cases.queries import CaseFile, case, event, fold, handed, of_person, opened, seen
from mirps.casework.cases.rebuilding import Rebuilt, check, rebuild
from mirps.casework.cases.rules import CaseFault, NotPossible, Recorded, Saying
from mirps.casework.cases.worklists import MINE, NOBODY, About, Load, Worklist, counts, load, loads, worklist

__all__ = [
    "MINE", "NOBODY", "About", "Absence", "Case", "CaseEvent", "CaseFault", "CaseFile", "Decree", "Handling", "Load",
    "NotPossible", "Party", "Post", "Rebuilt", "Recorded", "Saying", "Standing", "Subject", "Worklist",
    "absences", "appoint", "assign", "assign_all", "away", "back", "calendar_for", "case", "check", "clock",
    "confirm_decree", "counts", "decree", "decrees", "decrees_waiting", "dismiss", "event", "fold", "goes_with",
    "handed", "latest", "load", "loads", "number", "of_person", "of_state", "officers", "open_case", "opened",
    "posts", "rebuild", "record", "recount", "remove", "roles_of", "seen", "settle", "take_late", "tidy",
    "version", "versions", "worklist",
]  # fmt: skip
