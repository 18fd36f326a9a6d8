"""The door to custody: who may see whom, and who did.

seat = custody.seat_of(user.username, grants, "MEX.COMAR", on=today).for_purpose("registration")
custody.admit(seat=seat, act="open", at=now)                 # raises TooMany
with custody.seated(seat):                                   # one transaction
    person = Person.objects.filter(custody.seen(seat, at=now)).get(pk=id)
    custody.shown(seat=seat, act="open", subjects=[id], at=now)
"""

from __future__ import annotations

from mirps.people.custody.actions import (
    ACTS,
    VERDICTS,
    admit,
    ask,
    break_glass,
    close_glass,
    decide,
    end_shares,
    review_glass,
    share,
    shown,
    tell_of_limit,
    use,
)
from mirps.people.custody.models import Glass, GlassOf, Reading, ReadingOf, Request, Sat, Share
from mirps.people.custody.queries import (
    glasses,
    limits,
    opened_by_glass,
    purposes,
    readable,
    readers_of,
    readings_by,
    readings_of,
    requests,
    rights,
    seen,
    settings,
)
from mirps.people.custody.rows import DESK, HERE, OURS, Guards, Rows, guard, stands, subject_of
from mirps.people.custody.rules import (
    SITS,
    CustodyFault,
    Duty,
    Holding,
    Limit,
    Seat,
    Shared,
    TooMany,
    may_decide,
    reads,
    seat_of,
    seats_of,
    sees,
)
from mirps.people.custody.sealing import opened
from mirps.people.custody.seating import asking, keeping, seated
from mirps.people.custody.unhiding import ACT as UNHIDE
from mirps.people.custody.unhiding import Unhidden, ask_to_show, officers, shown_to
from mirps.people.custody.unhiding import read as read_unhidden

__all__ = [
    "ACTS", "DESK", "HERE", "OURS", "SITS", "UNHIDE", "VERDICTS", "CustodyFault", "Duty", "Glass", "GlassOf",
    "Guards", "Holding", "Limit", "Reading", "ReadingOf", "Request", "Rows", "Sat", "Seat", "Share", "Shared",
    "TooMany", "Unhidden", "admit", "ask", "ask_to_show", "asking", "break_glass", "close_glass",
    "decide", "end_shares", "glasses", "guard", "keeping", "limits", "may_decide", "officers", "opened",
    "opened_by_glass", "purposes", "read_unhidden", "readable", "readers_of", "readings_by", "readings_of", "reads",
    "requests", "review_glass", "rights", "seat_of", "seated", "seats_of", "seen", "sees", "settings", "share", "shown",
    "shown_to", "stands", "subject_of", "tell_of_limit", "use",
]  # fmt: skip
