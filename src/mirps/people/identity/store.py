"""The table of entries as the index asks for it: many labels in one query, many rows in one insert.

Written in SQL because the ORM would put a mark for each label into the statement, which is then read anew
each time: here it stays the same and the labels come as one parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

Row = tuple[bytes, bytes]  # label, sealed

_FETCH = {
    "sqlite": """
        with recursive at(n) as (select 1 union all select n + 16 from at where n + 16 <= %s)
        select label, sealed from at cross join people_entry on label = substr(%s, at.n, 16)""",
    "postgresql": "select label, sealed from people_entry where label = any(%s)",
}
_INSERT = {
    "sqlite": "insert into people_entry (version, label, sealed) values (%s, %s, %s)",
    "postgresql": """
        insert into people_entry (version, label, sealed) select %s, * from unnest(%s::bytea[], %s::bytea[])""",
}


def fetch(labels: Sequence[bytes]) -> Mapping[bytes, bytes]:
    """What stands under those of the labels that are there."""
    if not labels:
        return {}
    joined = b"".join(labels)
    asked: list[Any] = [list(labels)] if _postgresql() else [len(joined), joined]
    with connection.cursor() as cursor:
        cursor.execute(_FETCH[connection.vendor], asked)
        return dict(cursor.fetchall())


def insert(version: int, rows: Sequence[Row]) -> None:
    """Raises IntegrityError where somebody else has taken one of the labels."""
    with connection.cursor() as cursor:
        if _postgresql():
            cursor.execute(_INSERT["postgresql"], [version, *map(list, zip(*rows, strict=True))])
        else:
            cursor.executemany(_INSERT[connection.vendor], [(version, *row) for row in rows])


def overwrite(rows: Iterable[Row]) -> None:
    """Put something else under labels that are there."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "update people_entry set sealed = %s where label = %s", [(new, label) for label, new in rows]
        )


def _postgresql() -> bool:
    return connection.vendor == "postgresql"
