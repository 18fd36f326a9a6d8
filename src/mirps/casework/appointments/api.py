"""The door to appointments: slots and bookings, interpreters and what is ordered of their suppliers.

with custody.seated(seat):
    board = appointments.Board(standing, want, seat=seat, office=office, at=now)
    offer = board.offer()                     # the first slots, why none is earlier, how interpreters were matched
row = appointments.book(id=uuid7(), case=standing.pk, want=want, choice=choice, seat=seat, office=office, at=now)
"""

from __future__ import annotations

from mirps.casework.appointments.actions import Choice, book, close, move
from mirps.casework.appointments.agenda import Entry as CalendarEntry
from mirps.casework.appointments.agenda import build as calendar_file
from mirps.casework.appointments.kinds import Kind, kinds, settings
from mirps.casework.appointments.leaving import aways, to_move, turns
from mirps.casework.appointments.matching import (
    CONFLICTS,
    LEVELS,
    Candidate,
    Judged,
    Match,
    Need,
    Speech,
    Why,
)
from mirps.casework.appointments.models import (
    Appointment,
    AppointmentEvent,
    Away,
    Conflict,
    Hours,
    Interpreter,
    Order,
    Room,
    Speaks,
    Supplier,
    Turn,
)
from mirps.casework.appointments.ordering import follow, open_of
from mirps.casework.appointments.queries import (
    Board,
    Offer,
    Row,
    Want,
    agenda,
    held_by,
    names,
    of_case,
    persons,
    report,
    standing_of,
)
from mirps.casework.appointments.registering import (
    add_interpreter,
    add_room,
    add_supplier,
    away,
    back,
    declare,
    end_conflict,
    end_interpreter,
    end_room,
    end_supplier,
    set_hours,
)
from mirps.casework.appointments.rules import (
    AppointmentFault,
    Done,
    Mode,
    NotThen,
    Ordered,
    Slot,
    Sort,
    Stand,
    interpreter,
    may_follow,
    officer,
    room,
    supplier,
)
from mirps.casework.appointments.sealing import opened

__all__ = [
    "CONFLICTS", "LEVELS", "Appointment", "AppointmentEvent", "AppointmentFault", "Away", "Board", "CalendarEntry",
    "Candidate", "Choice", "Conflict", "Done", "Hours", "Interpreter", "Judged", "Kind", "Match", "Mode", "Need",
    "NotThen", "Offer", "Order", "Ordered", "Room", "Row", "Slot", "Sort", "Speaks", "Speech", "Stand", "Supplier",
    "Turn", "Want", "Why", "add_interpreter", "add_room", "add_supplier", "agenda", "away", "aways", "back", "book",
    "calendar_file", "close", "declare", "end_conflict", "end_interpreter", "end_room", "end_supplier", "follow",
    "held_by", "interpreter", "kinds", "may_follow", "move", "names", "of_case", "officer", "open_of", "opened",
    "persons", "report", "room", "set_hours", "settings", "standing_of", "supplier", "to_move", "turns",
]  # fmt: skip
