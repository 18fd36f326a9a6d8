"""A reader of the API: answers as they come over HTTP, limits counted anew for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from mirps.sharing.portal import queries
from mirps.web.api import ledger

ROOT = "/api/v1/"
Get = Callable[..., Any]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    cache.clear()
    ledger._kept.clear()
    queries.forget()
    yield
    ledger._kept.clear()
    queries.forget()


@pytest.fixture
def get(loaded: None, client: Client) -> Get:
    """`get("figures?state=HND", lang="en")`: the response at an address of the API."""

    def ask(address: str = "", accept: str = "", **headers: str) -> Any:
        return client.get(ROOT + address, headers={"Accept-Language": accept, **headers})

    return ask


def body_of(response: Any) -> bytes:
    found: bytes = b"".join(response.streaming_content) if response.streaming else response.content
    return found
