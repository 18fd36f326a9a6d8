"""The day on which a test runs: asked where it is needed, since a run may begin before midnight and end after it."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    """The day in UTC, now."""
    return datetime.now(UTC).date()
