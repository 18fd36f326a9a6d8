"""A cursor whose statements PostgreSQL plans once for each connection, with the policies of every table in them.

With row security, planning a statement takes several times as long as running it. So a statement whose text stays
the same is prepared (psycopg keeps the last `_MOST` of a connection) and its plan holds for any values
(plan_cache_mode, settings.DATABASES). Not for text that is made anew each time: it would push out the others.

Answers come as they lie in the database, not written out: reading a hundred facts takes a third of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

__all__ = ["answered", "asked", "piped", "planned", "said", "vendor"]

#: Statements that a connection keeps. One takes some 100 kB in the server's process.
_MOST = 250
#: Rows of an answer that a kept cursor goes on holding.
_FEW = 50


@cache
def vendor() -> str:
    """Of the database, of which a process has one: looked up once, since `connection` asks anew at every touch."""
    return connection.vendor


def planned() -> Any:
    """As `connection.cursor()`, for one statement, said at once, whose text stays the same. SQLite keeps its
    statements by itself. On PostgreSQL it is the driver's own, which raises Django's errors too: what Django wraps
    around each takes as long as saying it. Where somebody listens (execute_wrapper, CaptureQueriesContext) it is
    wrapped."""
    ours: Any = connections[DEFAULT_DB_ALIAS]
    if vendor() != "postgresql":
        return ours.cursor()
    ours.ensure_connection()
    if ours.needs_rollback:
        ours.validate_no_broken_transaction()
    cursor, of_json = _preparing()
    if ours.connection.prepared_max != _MOST:  # a new connection
        ours.connection.prepared_max = _MOST
        ours.connection.adapters.register_loader("jsonb", of_json)
    made = cursor(ours.connection)
    if _listened(ours):
        made.heard = True
        return ours._prepare_cursor(made)  # as cursor() does
    return made


def asked(sql: str, given: Sequence[Any]) -> Any:
    """A question that has been said: what `answered` reads, once. PostgreSQL's driver works out anew for each cursor
    how to write what is given, and to read what comes; so a cursor whose answer was read is kept with its connection,
    for the same question (the same text itself, as the driver compares it)."""
    ours: Any = connections[DEFAULT_DB_ALIAS]
    home = ours.kept.setdefault(sql, []) if vendor() == "postgresql" else None
    if home and ours.connection is not None and not (ours.needs_rollback or _listened(ours)):
        cursor = home.pop()
    else:
        cursor = planned()
        if home is not None and not _listened(ours):
            cursor.home = home
    cursor.execute(sql, given)
    return cursor


def answered(cursor: Any) -> list[Any]:
    rows: list[Any] = cursor.fetchall()
    home = getattr(cursor, "home", None)
    if home is None or len(rows) > _FEW:
        cursor.close()
    else:
        home.append(cursor)
    return rows


def said(sql: str, given: Sequence[Any]) -> None:
    """The same of what nobody reads an answer to."""
    cursor = asked(sql, given)
    home = getattr(cursor, "home", None)
    if home is None:
        cursor.close()
    else:
        home.append(cursor)


def _listened(ours: Any) -> bool:
    return bool(ours.execute_wrappers or ours.force_debug_cursor)


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
    from psycopg import Error
    from psycopg.adapt import Loader
    from psycopg.pq import Format

    binding: Any = base.ServerBindingCursor

    class Written(Loader):
        """As Django reads JSON: from what is written, after the byte that says the version of its form."""

        format = Format.BINARY

        def load(self, data: Any) -> str:
            return bytes(data)[1:].decode()

    def raising(say: Callable[..., Any]) -> Callable[..., Any]:
        def said(*args: Any, **more: Any) -> Any:
            try:
                return say(*args, **more)
            except Error:
                with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
                    raise

        return said

    class Preparing(binding):  # type: ignore[misc]
        heard = False
        home: list[Any] | None = None

        @raising
        def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
            binding.execute(self, query, params, prepare=True, binary=True)
            if self.heard:  # Django's log asks for what was sent; the driver keeps none of what it prepared.
                self._query = SimpleNamespace(query=str(query).encode())
            return self

        fetchone = raising(binding.fetchone)
        fetchall = raising(binding.fetchall)

    return Preparing, Written
