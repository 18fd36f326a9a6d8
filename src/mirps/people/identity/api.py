"""Names and how people are found by them: the door for other areas."""

from __future__ import annotations

from mirps.people.identity.actions import keep, keep_soon, settle, take_back
from mirps.people.identity.finding import Candidate
from mirps.people.identity.names import Name, read, read_line
from mirps.people.identity.queries import find, find_exact
from mirps.people.identity.rebuilding import Compared, Source, compare, follow
from mirps.people.identity.terms import BORN, DOCUMENT, PHONE, Terms, looked_up

__all__ = [
    "BORN",
    "DOCUMENT",
    "PHONE",
    "Candidate",
    "Compared",
    "Name",
    "Source",
    "Terms",
    "compare",
    "find",
    "find_exact",
    "follow",
    "keep",
    "keep_soon",
    "looked_up",
    "read",
    "read_line",
    "settle",
    "take_back",
]
