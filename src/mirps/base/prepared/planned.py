"""A cursor whose statements PostgreSQL plans once for each connection, with the policies of every table in them.

With row security, planning a statement takes several times as long as running it. So a statement whose text stays
the same is prepared (psycopg keeps the last `_MOST` of a connection) and its plan holds for any values
(plan_cache_mode, settings.DATABASES). Not for text that is made anew each time: it would push out the others.
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


def planned(*, binary: bool = False) -> CursorWrapper:
    """As `connection.cursor()`, for a statement whose text stays the same. SQLite keeps its statements by itself.

    `binary`: answers come as they lie (bytes without a detour by hexadecimals; of JSON, what it says).
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    ours: Any = connection
    ours.connection.prepared_max = _MOST
    wrapped: CursorWrapper = ours._prepare_cursor(_preparing()(ours.connection, binary))  # as cursor() does
    return wrapped


@cache
def _preparing() -> Any:
    """The kind of cursor; made when PostgreSQL is there, since its driver need not be otherwise."""
    from django.db.backends.postgresql import base

    binding: Any = base.ServerBindingCursor

    class Preparing(binding):  # type: ignore[misc]
        def __init__(self, raw: Any, binary: bool) -> None:
            super().__init__(raw)
            self._binary = binary

        def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
            super().execute(query, params, prepare=True, binary=self._binary)
            if (
                connection.queries_logged
            ):  # Django's log asks for it; the driver keeps none of what it prepared
                self._query = SimpleNamespace(query=str(query).encode())
            return self

    return Preparing
