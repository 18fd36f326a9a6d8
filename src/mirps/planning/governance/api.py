"""The door to governance: who takes part, who is in charge of what, and handing over."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from mirps.base.access.api import Mandate
from mirps.base.codelists import api as codelists
from mirps.planning.governance.actions import (
    drift,
    follow,
    hand_over,
    rehearse,
    rehearse_following,
    told,
    who_name,
)
from mirps.planning.governance.handover import ROLES, Handover, NotSo, Shift, check, closing, due, presided
from mirps.planning.governance.mandates import WITH_RIGHTS, mandates, via
from mirps.planning.governance.queries import Book, Member, book, book_of_files
from mirps.planning.governance.rotation import Turn, ahead, alphabetical, explained, following
from mirps.planning.governance.terms import (
    LEADING,
    Answer,
    Body,
    Cited,
    Name,
    Seat,
    Seated,
    Span,
    Sure,
    Term,
    Text,
    bounds,
    holding,
    spans,
    troika,
    who,
)

__all__ = [
    "LEADING", "ROLES", "WITH_RIGHTS", "Answer", "Body", "Book", "Cited", "Handover", "Member", "Name", "NotSo",
    "Seat", "Seated", "Shift", "Span", "Sure", "Term", "Text", "Turn", "ahead", "alphabetical", "book",
    "bounds", "check", "closing", "drift", "due", "explained", "follow", "following", "governance",
    "hand_over", "holding", "mandates", "mandates_of_files", "order", "presided", "rehearse",
    "rehearse_following", "spans", "told", "troika", "via", "who", "who_name",
]  # fmt: skip


@cache
def _files() -> Book:
    return book_of_files(codelists.data_folder())


def governance() -> Book:
    """Governance as recorded; where nothing is recorded yet, as the facts of the data folder tell it."""
    held = book()
    return held if held.terms else _files()


def mandates_of_files() -> list[Mandate]:
    """The mandates that follow from the facts of the data folder alone."""
    return mandates(_files().bodies, _files().terms)


def order(states: Iterable[str], lang: str) -> list[str]:
    """States in the alphabetical order of their names in a language."""
    names = codelists.states()
    return alphabetical({s: names.name(s, lang) for s in states})
