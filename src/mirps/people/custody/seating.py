"""Sitting down: what a transaction shows is what its seat may see.

On PostgreSQL the seat is told to the database for the length of the transaction, and row security holds every
query to it, one that forgot its filter too. SQLite has no such thing: there `queries.seen` alone holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from django.db import connection, transaction

from mirps.base.prepared.api import answered, asked, piped, said
from mirps.people.custody.rules import CustodyFault, Seat

#: What is told of a seat, each as the setting `mirps.<name>` of the transaction.
TOLD = ("user", "state", "institution", "office", "knows", "purpose", "duty", "keeper")
#: To a transaction of its own, with whether it waits for the disk when it is committed (empty: as the node's
#: administrator has it). One column: the driver works through every answer.
_TELL = (
    "SELECT concat("
    + ", ".join(f"set_config('mirps.{n}', %s, true)" for n in TOLD)
    + ", set_config('synchronous_commit', coalesce(nullif(%s, ''), current_setting('synchronous_commit')), true))"
)
#: To part of a longer one; it answers what was told before. The names are those of TOLD.
_TELL_AGAIN = (
    "WITH before AS MATERIALIZED (SELECT "  # noqa: S608
    + ", ".join(f"coalesce(current_setting('mirps.{n}', true), '') AS {n}_" for n in TOLD)
    + ") SELECT "
    + ", ".join(f"{n}_, set_config('mirps.{n}', %s, true)" for n in TOLD)
    + " FROM before"
)
#: Whether every row can be seen at all: by a superuser, or whoever the policies `keeper` (rows.py) are for.
_KEEPS = """
SELECT NOT row_security_active(t) OR EXISTS (
    SELECT 1 FROM pg_policy p, unnest(p.polroles) r
    WHERE p.polrelid = t AND p.polname = 'keeper' AND pg_has_role(r, 'MEMBER'))
FROM (SELECT to_regclass('people_person')::oid AS t) people
"""
#: Who sits in this thread now.
_SITS: ContextVar[Seat | None] = ContextVar("sits", default=None)
_NOBODY = dict.fromkeys(TOLD, "")


@contextmanager
def seated(seat: Seat, *, looks: bool = False, sends: bool = False) -> Iterator[Seat]:
    """Sit at a seat for the length of the block, which is one transaction (or part of one).

    Read everything inside: a query that runs after the block shows nothing on PostgreSQL. `looks`: nothing is kept
    in it but that somebody looked, for which nobody waits until it is on the disk: like SQLite here, PostgreSQL puts
    it there within a second, and loses it only if the machine itself stops before. Nor does anybody wait for an
    answer but who reads it: what could not be kept raises at the next one, or when the block ends. `sends`: the same
    of what is kept until it is on the disk; nothing inside may ask how many rows it changed, as a model's save does.

    SQLite lets one write at a time: there a block that looks is no transaction, or who searches would keep the desks
    from registering; what it keeps of who looked is one by itself (`shown`).
    """
    told = {
        "user": seat.user, "state": seat.state, "institution": seat.institution, "office": seat.office,
        "knows": ",".join(sorted(seat.knows)), "purpose": seat.purpose, "duty": seat.duty.value,
    }  # fmt: skip
    longer = connection.in_atomic_block
    if looks and connection.vendor != "postgresql":
        yield seat
        return
    with piped() if (looks or sends) and not longer else nullcontext(), transaction.atomic():
        if connection.vendor != "postgresql":
            yield seat
            return
        seats = [(_NOBODY | told)[n] for n in TOLD]
        if longer:
            before = asked(_TELL_AGAIN, seats)
        else:
            said(_TELL, [*seats, "off" if looks else ""])
        sits = _SITS.set(seat)
        try:
            yield seat
        finally:
            _SITS.reset(sits)
        # Where this was part of a longer transaction, whoever sat before sits again. After a fault the
        # savepoint's rollback does the same.
        if longer:
            said(_TELL_AGAIN, answered(before)[0][::2])


@contextmanager
def asking(seat: Seat) -> Iterator[None]:
    """As `seated`, for a question that writes nothing: without row security, or where one
    sits there already, it takes no transaction."""
    if connection.vendor != "postgresql" or _SITS.get() == seat:
        yield
        return
    with seated(seat):
        yield


@contextmanager
def keeping() -> Iterator[None]:
    """For jobs of the node itself (keys sealed anew, the index compared with its rows), which must see every
    row: one that saw none would take all for lost. For the length of the block, over its transactions.

    Raises CustodyFault 'custody.rows.not-owner' for the role that serves pages: it would be shown nothing.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_KEEPS)
        if cursor.fetchone() == (False,):
            raise CustodyFault("custody.rows.not-owner")
        cursor.execute("SELECT set_config('mirps.keeper', 'on', false)")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT set_config('mirps.keeper', '', false)")
