"""The portal's tests: its caches begin empty, for one test's ledger is not the next one's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from mirps.sharing.portal import queries, search
from mirps.web import pagecache


@pytest.fixture(autouse=True)
def _fresh(settings: Settings) -> Iterator[None]:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    yield
    queries.forget()
    search.forget()
    pagecache.pages.clear()
    cache.clear()
