"""The door to extracts: lists of people that are taken out under four eyes."""

from __future__ import annotations

from mirps.people.extracts.actions import ACT, FETCH, Taken, ask, fetch, take
from mirps.people.extracts.models import Extract
from mirps.people.extracts.queries import extracts, of_request, terms, waiting
from mirps.people.extracts.rules import ExtractFault, Wanted

__all__ = [
    "ACT",
    "FETCH",
    "Extract",
    "ExtractFault",
    "Taken",
    "Wanted",
    "ask",
    "extracts",
    "fetch",
    "of_request",
    "take",
    "terms",
    "waiting",
]
