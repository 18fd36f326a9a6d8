"""A device that was not answered sends again while the first post is still being taken in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from tests.openrosa.conftest import Phone
from tests.openrosa.filled import one, typed

from mirps.people.registry.api import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_the_same_form_posted_four_times_at_once_is_one_family(transactional_db: None, phone: Phone) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory is of one connection")
    xml = typed(one(), one("Ana", key="p2", role="child"))

    def post(_: int) -> Any:
        try:
            return Phone(Client(), phone.device, phone.code).send(xml)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(post, range(4)))
    assert [a.status_code for a in answers] == [201] * 4
    assert len({a.content for a in answers}) == 1
    assert Person.objects.count() == 2
