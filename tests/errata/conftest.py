"""Correcting: caches begin empty, and the focal point of Costa Rica stands ready."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from mirps.base.access.api import User, give_role
from mirps.sharing.portal import queries, search
from mirps.web import pagecache

MARCH = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: The annual report's population of Costa Rica, which its three parts exceed.
TOTAL = "ar24-cri-001"
REASON_ES, REASON_EN = "Suma de las tres poblaciones.", "Sum of the three populations."
GIVEN = {
    "value": "234,430",
    "absence": "",
    "qualifier": "exact",
    "document": "",
    "locator": "Oficio 12 de la DGME, 3 de marzo de 2025",
    "fragment": "",
    "note_es": "",
    "note_en": "",
    "reason_es": REASON_ES,
    "reason_en": REASON_EN,
}


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


def person(username: str, role: str, state: str) -> Client:
    """Somebody signed in who holds `role` for `state` (empty: the region)."""
    user = User.objects.create(username=username)
    give_role(
        user=user, role=role, state=state, starts=date(2020, 1, 1), ends=None, by="tests", at=MARCH
    )  # fmt: skip
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def focal_point(loaded: None) -> Client:
    return person("focal-cri", "focal-point", "CRI")
