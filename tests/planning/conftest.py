"""Planning's tests: what the process keeps begins empty, for one test's records are not the next one's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from mirps.sharing.portal import queries, recorded, search
from mirps.web import pagecache


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    queries.forget()
    search.forget()
    recorded.forget()
    pagecache.pages.clear()
    cache.clear()
