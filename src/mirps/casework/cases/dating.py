"""The dates in lists, counted again after a decree and with each new day, without opening what was said.

A list may lag behind a decree for as long as this takes: such rows say so (Standing.decree). Rows are taken a
batch at a time, each batch a transaction that holds them, so that an officer's act is never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from mirps.base.calendars.api import Calendar
from mirps.casework.cases import catalogue, decrees, rules
from mirps.casework.cases.models import Decree, Standing
from mirps.casework.cases.rules import Dated
from mirps.casework.procedures.api import Procedure, procedures
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat

BATCH = 2_000


def recount(*, at: datetime, most: int | None = None) -> int:
    """Count again what is behind, at most so many rows; how many were. Begun again, it takes up what is left."""
    done = 0
    for seat in _keepers():
        while most is None or done < most:
            size = BATCH if most is None else min(BATCH, most - done)
            with custody.seated(seat):
                n = _batch(seat, size, at)
            done += n
            if n < size:
                break
    return done


def _keepers() -> Iterator[Seat]:
    """A seat at each institution that holds cases: the node's own work, which opens nothing."""
    every = {(p.state, rules.holder(p, code)) for versions in procedures().values() for p in versions.values()
             for code, act in p.acts.items() if act.opens}  # fmt: skip
    for state, holder in sorted(every):
        yield Seat("mirps", state, holder, purpose="procedure")


def _batch(seat: Seat, size: int, at: datetime) -> int:
    held = decrees.in_force(seat.state)
    day = at.astimezone(catalogue.zone(seat.state)).date()
    behind = Q(decree__lt=len(held))
    overdue = Q(due__lt=day, counted__lt=day)
    rows = Standing.objects.filter(state=seat.state, institution=seat.institution, open=True)
    # Of the two each has an index of its own; asked together, neither would serve.
    found = _read(rows.filter(behind), size)
    if len(found) < size:
        found += _read(rows.filter(overdue).exclude(behind), size - len(found))
    calendars: dict[tuple[str, str, str], tuple[Procedure, Calendar]] = {}
    dated: list[tuple[UUID, Dated]] = []
    for id_, procedure, version, office, runs in found:
        key = (procedure, version, office)
        if key not in calendars:
            p = catalogue.version(procedure, version)
            calendars[key] = (p, decrees.calendar_for(p, office, held=held))
        p, days = calendars[key]
        dated.append((id_, rules.dated(p, runs, day.toordinal(), days)))
    write(dated, day, len(held))
    return len(found)


def _read(rows: Any, size: int) -> list[tuple[UUID, str, str, str, dict[str, Any]]]:
    locked = rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    return list(locked.order_by()[:size].values_list("case_id", "procedure", "version", "office", "runs"))


_POSTGRESQL = """
UPDATE casework_standing s SET due = v.due, due_of = v.due_of, missed = v.missed, counted = %s, decree = %s
FROM unnest(%s::uuid[], %s::date[], %s::text[], %s::int[]) AS v(id, due, due_of, missed) WHERE s.case_id = v.id
"""
_SQLITE = """
UPDATE casework_standing SET due = %s, due_of = %s, missed = %s, counted = %s, decree = %s WHERE case_id = %s
"""


def write(dated: Sequence[tuple[UUID, Dated]], day: date, stamp: int) -> None:
    """Set the dates of many rows in one statement."""
    if not dated:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL, [day, stamp, [i for i, _ in dated], [d.due for _, d in dated],
                                         [d.due_of for _, d in dated], [d.missed for _, d in dated]])  # fmt: skip
        else:
            cursor.executemany(_SQLITE, [
                (d.due and d.due.isoformat(), d.due_of, d.missed, day.isoformat(), stamp, i.hex) for i, d in dated
            ])  # fmt: skip


def confirm(number: int, *, by: str, at: datetime, most: int = 5_000) -> Decree:
    """Confirm a decree, and count at once as many rows as a page can wait for; `mirps beside` does the others."""
    row = decrees.confirm_decree(number, by=by, at=at)
    recount(at=at, most=most)
    return row
