"""What tests of planning share. What the process keeps begins empty: one test's records are not the next one's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache

from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.sharing.portal import queries, recorded, search
from mirps.web import pagecache

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    queries.forget()
    search.forget()
    recorded.forget()
    pagecache.pages.clear()
    cache.clear()


def whole_practice(code: str, *, state: str, by: str = "ana") -> Record:
    """A draft of a good practice (a kind that is reviewed) with all that its kind requires."""
    k = records.kinds()["practice"]
    both = {"es": f"Práctica {code}", "en": f"Practice {code}"}
    fill: dict[str, Any] = {
        "words": both, "long": both, "text": "x", "when": "2024", "date": "2024-01-01", "number": "1", "yes": True,
    }  # fmt: skip
    data: dict[str, Any] = {}
    for f in k.fields:
        if not f.required:
            continue
        if f.options:
            data[f.name] = [f.options[0]] if f.many else f.options[0]
        elif f.list:
            held = "HND.INM" if f.list == "institutions" else "HND"
            data[f.name] = [held] if f.many else held
        else:
            data[f.name] = fill[f.type.value]
    return records.save(kind="practice", code=code, data=data, base=0, by=by, at=AT, state=state)
