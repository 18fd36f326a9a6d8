"""SQLite lets one write at a time: who only reads there keeps no desk from registering."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.intake.test_intake_taking import AT, TAPACHULA, take
from tests.people_pages.conftest import Officer, person, register, seek
from tests.registry.said import family, who

from mirps.people.adjudication import api as adjudication
from mirps.people.intake import api as intake

pytestmark = pytest.mark.django_db(transaction=True)


class Held:
    """What is asked while nobody else could write."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if connection.in_atomic_block and connection.vendor == "sqlite":
            self.asked.append(sql)
        return execute(sql, params, many, context)

    def of_people(self) -> list[str]:
        return [sql for sql in self.asked if sql.startswith("SELECT") and "people_" in sql]


def test_comparing_reads_before_it_writes() -> None:
    take(family(who("Ximena", "Vásquez López")))
    said, held = family(who("Jimena", "Bázquez Lopes")), Held()
    take(said)
    with connection.execute_wrapper(held):
        assert intake.compare(UUID(said["id"]), seat=TAPACHULA, at=AT) == 1
    assert all("people_suspicion" in sql for sql in held.of_people())
    assert len(adjudication.queue(TAPACHULA)) == 1


def test_a_search_keeps_who_looked_and_nothing_else(officer: Officer) -> None:
    client, held = officer(), Held()
    register(client, person())
    with connection.execute_wrapper(held):
        assert "Ximena" in seek(client, "jimena bazquez lopes")
    assert held.of_people() == []
