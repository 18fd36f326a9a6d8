"""Sitting down: what a transaction shows is what its seat may see.

On PostgreSQL the seat is told to the database for the length of the transaction, and row security holds every
query to it, one that forgot its filter too. SQLite has no such thing: there `queries.seen` alone holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from mirps.people.custody.rules import Seat

#: What is told of a seat, each as the setting `mirps.<name>` of the transaction.
TOLD = ("user", "state", "institution", "office", "knows", "purpose", "duty", "keeper")
_NOBODY = dict.fromkeys(TOLD, "")


@contextmanager
def seated(seat: Seat) -> Iterator[Seat]:
    """Sit at a seat for the length of the block, which is one transaction (or part of one).

    Read everything inside: a query that runs after the block shows nothing on PostgreSQL.
    """
    told = {
        "user": seat.user, "state": seat.state, "institution": seat.institution, "office": seat.office,
        "knows": ",".join(sorted(seat.knows)), "purpose": seat.purpose, "duty": seat.duty.value,
    }  # fmt: skip
    with _telling(_NOBODY | told):
        yield seat


@contextmanager
def keeping() -> Iterator[None]:
    """For jobs of the node itself (rotation of keys, building the index anew), which see every row.

    It opens nothing for the role that serves pages: only for the owner of the tables.
    """
    with _telling(_NOBODY | {"keeper": "on"}):
        yield


@contextmanager
def _telling(told: dict[str, str]) -> Iterator[None]:
    with transaction.atomic():
        if connection.vendor != "postgresql":
            yield
            return
        before = _tell(told)
        yield
        # Where this was part of a longer transaction, whoever sat before sits again. After a fault the
        # savepoint's rollback does the same.
        _tell(before)


def _tell(told: dict[str, str]) -> dict[str, str]:
    """Tell the database; returns what it was told before. `true`: forgotten at the transaction's end."""
    with connection.cursor() as cursor:
        cursor.execute(  # the names are those of TOLD
            "WITH before AS MATERIALIZED (SELECT "  # noqa: S608
            + ", ".join(f"coalesce(current_setting('mirps.{n}', true), '') AS {n}_" for n in TOLD)
            + ") SELECT "
            + ", ".join(f"{n}_, set_config('mirps.{n}', %s, true)" for n in TOLD)
            + " FROM before",
            [told[n] for n in TOLD],
        )
        row = cursor.fetchone()
    return dict(zip(TOLD, row[::2], strict=True))
