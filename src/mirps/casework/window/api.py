"""The door to windows.

access, secret = window.open_window(person, "", seat=seat, at=now)     # at the office
word = window.enter(code, secret, at=now)                              # raises Wait, the same for every code
visit = window.visit(word, at=now)                                     # None once it has ended
window.own(visit.access, at=now)                                       # the person's cases, naming nobody
"""

from __future__ import annotations

from mirps.casework.window.actions import (
    answer,
    channels,
    confirm_data,
    given,
    outcomes,
    propose_contact,
    withdraw_consent,
    write,
)
from mirps.casework.window.entering import Visit, agrees, enter, leave, open_window, shut_window, visit
from mirps.casework.window.models import WindowAccess, WindowAnswer, WindowItem
from mirps.casework.window.queries import Own, Told, inbox, item, items_of, own, seat_of
from mirps.casework.window.rules import IDLE, LEAST, Wait, WindowFault, masked

__all__ = [
    "IDLE", "LEAST", "Own", "Told", "Visit", "Wait", "WindowAccess", "WindowAnswer", "WindowFault", "WindowItem",
    "agrees", "answer", "channels", "confirm_data", "enter", "given", "inbox", "item", "items_of", "leave", "masked",
    "open_window", "outcomes", "own", "propose_contact", "seat_of", "shut_window", "visit", "withdraw_consent", "write",
]  # fmt: skip
