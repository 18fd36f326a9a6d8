"""The door to extracts: lists of people that are taken out under four eyes."""

from __future__ import annotations

from mirps.people.extracts.actions import ACT, Taken, ask, take
from mirps.people.extracts.models import Extract
from mirps.people.extracts.queries import extracts, of_request, terms
from mirps.people.extracts.rules import ExtractFault, Wanted

__all__ = [
    "ACT",
    "Extract",
    "ExtractFault",
    "Taken",
    "Wanted",
    "ask",
    "extracts",
    "of_request",
    "take",
    "terms",
]
