"""A cursor whose statements PostgreSQL plans once for each connection, with the policies of every table in them.

With row security, planning a statement takes several times as long as running it. So a statement whose text stays
the same is prepared (psycopg keeps the last `_MOST` of a connection) and its plan holds for any values
(plan_cache_mode, settings.DATABASES). Not for text that is made anew each time: it would push out the others.

Answers come as they lie in the database, not written out: reading a hundred facts takes a third of the time.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

__all__ = ["planned"]

#: Statements that a connection keeps. One takes some 100 kB in the server's process.
_MOST = 250


def planned() -> CursorWrapper:
    """As `connection.cursor()`, for a statement whose text stays the same. SQLite keeps its statements by itself."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    ours: Any = connection
    cursor, of_json = _preparing()
    if ours.connection.prepared_max != _MOST:  # a new connection
        ours.connection.prepared_max = _MOST
        ours.connection.adapters.register_loader("jsonb", of_json)
    wrapped: CursorWrapper = ours._prepare_cursor(cursor(ours.connection))  # as cursor() does
    return wrapped


@cache
def _preparing() -> tuple[Any, Any]:
    """The kind of cursor, and what reads its JSON; made when PostgreSQL is there: its driver need not be otherwise."""
    from django.db.backends.postgresql import base
    from psycopg.adapt import Loader
    from psycopg.pq import Format

    binding: Any = base.ServerBindingCursor

    class Written(Loader):
        """As Django reads JSON: from what is written, after the byte that says the version of its form."""

        format = Format.BINARY

        def load(self, data: Any) -> str:
            return bytes(data)[1:].decode()

    class Preparing(binding):  # type: ignore[misc]
        def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
            super().execute(query, params, prepare=True, binary=True)
            if connection.queries_logged:  # Django's log asks; the driver keeps none of what it prepared
                self._query = SimpleNamespace(query=str(query).encode())
            return self

    return Preparing, Written
