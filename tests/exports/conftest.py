"""Statements to export: made ones that try every kind of text, and the published round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mirps.evidence.figures.api import Entry, Figure, Status
from mirps.sharing.exports import api

NOW = datetime(2026, 6, 1, tzinfo=UTC)
Export = Callable[..., bytes]


def entry(**changes: object) -> Entry:
    """A published statement of Honduras, with what the test changes of it."""
    given: dict[str, object] = {
        "id": "ar24-hnd-001", "document": "AR24", "locator": "Honduras, paragraph 1", "fragment": "332 people",
        "state": "HND", "sector": "asylum", "measure": "asylum.applications", "value": Decimal(332),
        "unit": "person", "population": "ASY", **changes,
    }  # fmt: skip
    return Entry(Figure(**given), Status.PUBLISHED, round="2024")  # type: ignore[arg-type]


@pytest.fixture
def exported(loaded: None) -> Export:
    """Exports the loaded round: `exported("csv", "es")`."""

    def make(format: str, lang: str = "es", at: datetime = NOW, **wanted: object) -> bytes:
        wish = api.Wanted(**{"round": "2024", **wanted})  # type: ignore[arg-type]
        return b"".join(api.export(wanted=wish, format=format, lang=lang, at=at))

    return make
