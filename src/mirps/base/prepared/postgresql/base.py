"""The database of Django's settings (`ENGINE`); Django asks for it under this name."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.db.backends.postgresql import base

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DatabaseWrapper"]


class DatabaseWrapper(base.DatabaseWrapper):
    """Transactions are begun and ended by statements like any other, while the driver stays in autocommit. As the
    driver does it, it waits in a pipeline for BEGIN, after COMMIT and at each change of autocommit: five answers for
    one page that looks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pipe: ExitStack | None = None
        self._implied = False
        self.kept: dict[str, list[Any]] = {}  # cursors of the connection, by what they ask (planned.asked)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.kept = {}
        return super().get_new_connection(conn_params)

    @contextmanager
    def piped(self) -> Iterator[None]:
        """Statements are sent without waiting for their answers (planned.piped). It ends with the block, or with the
        transaction that is committed in it: what could not be done is known before anybody goes on."""
        self.ensure_connection()
        if self._pipe is not None:
            yield
            return
        with self.wrap_database_errors, ExitStack() as self._pipe:
            self._pipe.callback(self._alone)
            self._pipe.enter_context(self.connection.pipeline())
            yield

    def _alone(self) -> None:
        self._pipe = None

    def _start_transaction_under_autocommit(self) -> None:
        """Django calls it where the driver does not begin a transaction by itself. What is sent in a pipe is one
        anyhow, which its end commits: https://www.postgresql.org/docs/15/protocol-flow.html (pipelining)."""
        self._implied = self._pipe is not None
        if not self._implied:
            self._say("BEGIN")

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.autocommit != autocommit:  # to ask costs nothing, to set an answer
            super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _savepoint(self, sid: str) -> None:
        self._begin()  # it stands in no other
        super()._savepoint(sid)  # type: ignore[misc]

    def _commit(self) -> None:
        if self._pipe is None:
            super()._commit()  # type: ignore[misc]
            return
        if not self._implied:
            self._say("COMMIT")
        with self.wrap_database_errors:
            self._pipe.close()

    def _rollback(self) -> None:
        if self._pipe is not None:
            with suppress(DatabaseError):  # after a fault of the database nothing is left of it
                self._begin()  # or the end of the pipe would keep what was sent
                with self.wrap_database_errors:
                    self._pipe.close()
        super()._rollback()  # type: ignore[misc]

    def _begin(self) -> None:
        """Begin the transaction that a pipe implies; what was sent before is part of it."""
        if self._implied:
            self._implied = False
            self._say("BEGIN")

    def _say(self, command: str) -> None:
        with self.wrap_database_errors:
            self.connection.execute(command, prepare=False)
