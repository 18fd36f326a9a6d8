"""The door to calendars: one a State, municipality, authority and procedure, made once a process.

Places with the same entries share one calendar, so that a State's many municipalities cost little.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from mirps.base.calendars.counting import Day, Pause, Term, Unit, days_of, due, remaining, spent, walk
from mirps.base.calendars.reading import StateCalendar, read
from mirps.base.calendars.rules import Calendar, Certainty, Entry, Off, Sort, within
from mirps.base.codelists.api import data_folder

__all__ = [
    "Calendar", "Certainty", "Day", "Entry", "Off", "Pause", "Sort", "StateCalendar", "Term", "Unit",
    "calendar", "days_of", "due", "of_state", "remaining", "spent", "walk", "within",
]  # fmt: skip


@cache
def of_state(state: str) -> StateCalendar:
    """A State's file. Raises Faults; FileNotFoundError for a State without one."""
    return read(data_folder() / "calendars" / f"{state}.yaml")


def calendar(
    state: str,
    place: str = "",
    *,
    authority: str = "",
    procedure: str = "",
    known_on: date | None = None,
    added: tuple[Entry, ...] = (),
) -> Calendar:
    """The days that count. `known_on`: without what was published after that day, so that a date can be told
    as it was understood then. `added`: decrees that are kept elsewhere than in the file."""
    return _made(state, tuple(
        e for e in (*of_state(state).entries, *added)
        if e.is_for(place, authority, procedure) and (known_on is None or not e.published or e.published <= known_on)
    ))  # fmt: skip


@lru_cache(maxsize=256)
def _made(state: str, entries: tuple[Entry, ...]) -> Calendar:
    about = of_state(state)
    return Calendar(about.holidays, entries, about.weekend)
