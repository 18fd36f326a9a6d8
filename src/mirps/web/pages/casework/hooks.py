"""Ways from a case's page to what other areas keep of it: letters, appointments, sessions, each a page of its own.

They ask the database nothing here: a case's page asks enough.
"""

from __future__ import annotations

from django.urls import NoReverseMatch

from mirps.web.pages.casework.door import Desk

#: The name of an address that takes a case's `number`, the text of the link, and the right that it needs.
WAYS = [
    ("case-letters", "casework.more.letters", "case.read"),
    ("case-appointments", "casework.more.appointments", "case.read"),
    ("case-sessions", "casework.more.sessions", "case.read"),
]


def ways(desk: Desk, number: str) -> list[tuple[str, str]]:
    """(text, address) of each that is there and open to this reader."""
    out = []
    for name, text, right in WAYS:
        try:
            where = desk.url(name, number=number)
        except NoReverseMatch:
            continue
        if desk.may(right, state=desk.seat.state, body=desk.seat.institution):
            out.append((text, where))
    return out
