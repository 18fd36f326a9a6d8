"""Any test of pages again, its views served by a role that owns nothing, as a node on PostgreSQL serves them:

    tools/with-postgres .venv/bin/python -m pytest -p tests.custody.served tests/people_pages tests/openrosa tests/desk

A view that reads people without sitting down first then finds nobody. What a test itself looks up it looks up
as the owner.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

ROLE = "mirps_served_in_tests"


@pytest.fixture(autouse=True)
def _served_by_a_role_that_owns_nothing(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    marker = request.node.get_closest_marker("django_db")
    if marker is None and not {"db", "transactional_db"} & set(request.fixturenames):
        yield
        return
    whole = "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))
    request.getfixturevalue("transactional_db" if whole else "db")
    from django.db import connection
    from django.test import Client

    from mirps.people.custody import rows

    def become(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    become(f"DO $$ BEGIN CREATE ROLE {ROLE} NOSUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    rows.grant(ROLE)
    as_owner = Client.request

    def as_role(self: Client, **given: Any) -> Any:
        become(f"SET ROLE {ROLE}")
        try:
            return as_owner(self, **given)
        finally:
            become("RESET ROLE")

    monkeypatch.setattr(Client, "request", as_role)
    yield
