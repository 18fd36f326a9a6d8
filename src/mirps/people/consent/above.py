"""What bands above rest on a person's consent. They say so when they start (`AppConfig.ready`)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

#: Told of whom something was said, by whom and when: how many of what it keeps ended by that.
Rests = Callable[[Collection[UUID], str, datetime], int]
_ABOVE: dict[str, Rests] = {}


def join(name: str, rests: Rests) -> None:
    """Twice the same name is once: a band may start twice."""
    _ABOVE[name] = rests


def said(persons: Collection[UUID], by: str, at: datetime) -> int:
    return sum(rests(persons, by, at) for rests in _ABOVE.values())
