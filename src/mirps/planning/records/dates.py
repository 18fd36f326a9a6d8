"""Dates as exact as they are known: "2024", "2024-12", "2024-12-05" (kinds.Type.WHEN). Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time


def first_day(when: str) -> date:
    """The first day that it may mean."""
    return date.fromisoformat((when + "-01-01")[:10])


def last_day(when: str) -> date:
    """The last day that it may mean: for what is due, the day on which it may still be done."""
    if len(when) == 10:
        return date.fromisoformat(when)
    year, month = int(when[:4]), int(when[5:7] or 12)
    return date(year, month, monthrange(year, month)[1])


def day(text: str | None) -> date | None:
    """The day of a field that holds one, or None where it says nothing."""
    return date.fromisoformat(text) if text else None


def end_of(on: date) -> datetime:
    """The moment by which all that was known on a day was known."""
    return datetime.combine(on, time.max, tzinfo=UTC)
