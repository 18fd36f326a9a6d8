"""A cursor whose statements PostgreSQL plans once for each connection, with the policies of every table in them.

With row security, planning a statement takes several times as long as running it. So a statement whose text stays
the same is prepared (psycopg keeps the last `_MOST` of a connection) and its plan holds for any values
(plan_cache_mode, settings.DATABASES). Not for text that is made anew each time: it would push out the others.

Answers come as they lie in the database, not written out: reading a hundred facts takes a third of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.utils import CursorWrapper

__all__ = ["piped", "planned", "vendor"]

#: Statements that a connection keeps. One takes some 100 kB in the server's process.
_MOST = 250


@cache
def vendor() -> str:
    """Of the database, of which a process has one: looked up once, since `connection` asks anew at every touch."""
    return connection.vendor


def planned() -> CursorWrapper:
    """As `connection.cursor()`, for a statement whose text stays the same. SQLite keeps its statements by itself."""
    ours: Any = connections[DEFAULT_DB_ALIAS]
    if vendor() != "postgresql":
        of_sqlite: CursorWrapper = ours.cursor()
        return of_sqlite
    ours.ensure_connection()
    cursor, of_json = _preparing()
    if ours.connection.prepared_max != _MOST:  # a new connection
        ours.connection.prepared_max = _MOST
        ours.connection.adapters.register_loader("jsonb", of_json)
    wrapped: CursorWrapper = ours._prepare_cursor(cursor(ours.connection))  # as cursor() does
    return wrapped


@contextmanager
def piped() -> Iterator[None]:
    """Statements of the block are sent on without waiting for their answers (PostgreSQL's pipeline): who reads one
    waits, for it and for all before. A page that writes down who looked, and reads, takes half of its time so.

    What a statement could not do is raised at the next answer that is read, or at the commit, with which it ends:
    nothing in the block may go on by catching an error of the database. SQLite answers at once.
    """
    if vendor() != "postgresql":
        yield
        return
    ours: Any = connections[DEFAULT_DB_ALIAS]
    with ours.piped():
        yield


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
            # Django's log asks for what was sent; the driver keeps none of what it prepared.
            if connections[DEFAULT_DB_ALIAS].queries_logged:
                self._query = SimpleNamespace(query=str(query).encode())
            return self

    return Preparing, Written
