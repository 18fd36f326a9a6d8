"""The table of entries as the index asks for it: many labels in one query, many rows in one insert.

Written in SQL because the ORM would put a mark for each label into the statement, which is then read anew
each time: here it stays the same and the labels come as one parameter, one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from django.db import connection

from mirps.base.prepared.api import planned
from mirps.people.identity.models import Entry

Row = tuple[bytes, bytes]  # label, sealed

_SLICE = 5000
_FETCH = {
    "sqlite": """
        with recursive at(n) as (select 1 union all select n + 16 from at where n + 16 <= %s)
        select label, sealed from at cross join people_entry on label = substr(%s, at.n, 16)""",
    "postgresql": """
        select found.label, found.sealed from generate_series(1, %s, 16) n cross join lateral (
            select label, sealed from people_entry where label = substring(%b::bytea from n for 16)) found""",
}
_INSERT = {
    "sqlite": "insert into people_entry (version, label, sealed) values (%s, %s, %s)",
    "postgresql": """
        insert into people_entry (version, label, sealed) select %s, * from unnest(%s::bytea[], %s::bytea[])""",
}


def fetch(labels: Sequence[bytes]) -> Mapping[bytes, bytes]:
    """What stands under those of the labels that are there."""
    return ask(labels)() if labels else {}


def ask(labels: Sequence[bytes]) -> Callable[[], Mapping[bytes, bytes]]:
    """The same: on its way in a piped block, to be read once."""
    joined, cursor = b"".join(labels), planned()
    cursor.execute(_FETCH[connection.vendor], [len(joined), joined])

    def read() -> Mapping[bytes, bytes]:
        with cursor:
            return dict(cursor.fetchall())

    # On SQLite a question that is not read to its end keeps its tables from others.
    return read if _postgresql() else partial(dict, read())


def insert(version: int, rows: Sequence[Row]) -> None:
    """Raises IntegrityError where somebody else has taken one of the labels."""
    with planned() as cursor:
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


def count(version: int | None = None) -> int:
    """How many entries there are, under one version of the key or in all."""
    rows = Entry._base_manager.all()
    return (rows if version is None else rows.filter(version=version)).count()


def scan(version: int) -> Iterator[Row]:
    """Every entry under this version of the key, in order of label, some thousands at a time."""
    for rows in _slices(version):
        yield from rows


def drop(version: int) -> None:
    """Remove every entry under this version of the key, some thousands in a transaction."""
    for rows in _slices(version):
        Entry._base_manager.filter(version=version, label__gte=rows[0][0], label__lte=rows[-1][0]).delete()


def _slices(version: int) -> Iterator[list[Row]]:
    last = b""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "select label, sealed from people_entry where version = %s and label > %s order by label limit %s",
                [version, last, _SLICE],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield rows


def _postgresql() -> bool:
    return connection.vendor == "postgresql"
