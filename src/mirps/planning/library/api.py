"""The door to the library and the newsletter."""

from __future__ import annotations

from mirps.planning.library.actions import (
    CONFIRM_WITHIN,
    AddressFault,
    asked,
    confirm,
    leave,
    leaving,
    read_confirmation,
    send_out,
    subscriber_of,
)
from mirps.planning.library.checking import newsletter as newsletter_faults
from mirps.planning.library.models import Letter, Subscriber
from mirps.planning.library.queries import happened, newsletters, posted, shelved, since, type_of
from mirps.planning.library.rules import LANGUAGES, Item, bound, proposed
from mirps.planning.library.sending import send

__all__ = [
    "CONFIRM_WITHIN", "LANGUAGES", "AddressFault", "Item", "Letter", "Subscriber", "asked", "bound", "confirm",
    "happened", "leave", "leaving", "newsletter_faults", "newsletters", "posted", "proposed", "read_confirmation",
    "send", "send_out", "shelved", "since", "subscriber_of", "type_of",
]  # fmt: skip
