"""Who was registered a moment ago: found at once, put into the index by the job beside the server.

A family has some fifty entries, each somewhere else in the table: to look for the ends of their lists and to
write fifty pages took longer than all else that a registration does. So its terms wait in one sealed row, and
what waits stands open in the memory of each process, which follows the table; a search looks there too.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from mirps.base.crypto import api as crypto
from mirps.base.crypto.postings import Entry, cut
from mirps.base.prepared.api import Prepared, adapted, insert, planned
from mirps.people.identity.models import Fresh
from mirps.people.identity.terms import Terms

log = logging.getLogger(__name__)

#: Sealed in steps of this many bytes: four people and one look alike.
_BLOCK = 1024
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Waiting:
    """The terms of one registration: by value in the index, the entries to come; and the sounds of its names."""

    entries: Mapping[str, tuple[Entry, ...]]
    sounds: tuple[str, ...]

    @property
    def rows(self) -> set[bytes]:
        return {entry.row for each in self.entries.values() for entry in each}

    @property
    def added(self) -> list[tuple[str, Entry]]:
        return [(value, entry) for value, each in self.entries.items() for entry in each]


_SEALED = Prepared(lambda ids: Fresh.objects.filter(id__in=ids).order_by().values_list("id", "sealed"))
#: By id, as the database writes it.
_memory: Mapping[object, Waiting] = {}


def wait(rows: Mapping[UUID, Terms]) -> None:
    """Keep these terms for the index, in the caller's transaction."""
    told = {
        "rows": {row.hex: list(terms.values()) for row, terms in rows.items()},
        "sounds": sorted({sound for terms in rows.values() for sound in terms.sounds()}),
    }
    id_ = uuid4()
    value = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    insert(Fresh, [{"id": id_, "sealed": crypto.sealer().seal(value, _place(id_), block=_BLOCK)}])


def waiting() -> Collection[Waiting]:
    """What waits now, as this transaction sees it."""
    return _now().values()


def count() -> int:
    with planned() as cursor:
        cursor.execute("SELECT count(*) FROM people_fresh")
        return int(cursor.fetchone()[0])


def taken(most: int) -> dict[UUID, Waiting]:
    """The first that wait, locked until they are `done`; in no order."""
    rows = Fresh.objects.select_for_update(skip_locked=True).order_by("id").values_list("id", "sealed")
    return {id_: _opened(id_, bytes(sealed)) for id_, sealed in rows[:most]}


def done(ids: Iterable[UUID]) -> None:
    Fresh.objects.filter(id__in=list(ids)).delete()


def hold() -> None:
    """Have what waits sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(Fresh, "sealed", lambda row: _place(row.pk), block=_BLOCK))


def _now() -> Mapping[object, Waiting]:
    global _memory
    memory = _memory
    with planned() as cursor:
        cursor.execute("SELECT id FROM people_fresh")
        ids = [row[0] for row in cursor.fetchall()]
    new = [id_ for id_ in ids if id_ not in memory]
    if not new and len(ids) == len(memory):
        return memory
    opened = {}
    for at in range(0, len(new), _AT_ONCE):
        for id_, sealed in _SEALED(ids=[UUID(str(id_)) for id_ in new[at : at + _AT_ONCE]]):
            opened[adapted(id_)] = _opened(id_, bytes(sealed))
    _memory = {id_: held for id_ in ids if (held := memory.get(id_) or opened.get(id_))}
    return _memory


def _opened(id_: UUID, sealed: bytes) -> Waiting:
    """What was altered finds nobody, and keeps nobody else from being found."""
    try:
        told = json.loads(crypto.sealer().open(sealed, _place(id_)))
    except crypto.CryptoFault:
        log.exception("what waited for the index was altered: mirps keys compare --mend")
        return Waiting({}, ())
    entries: dict[str, tuple[Entry, ...]] = {}
    for row, terms in told["rows"].items():
        for value, note in terms:
            entries[value] = (*entries.get(value, ()), Entry(bytes.fromhex(row), cut(note)))
    return Waiting(entries, tuple(told["sounds"]))


def _place(id_: UUID) -> crypto.Place:
    return crypto.Place("people_fresh", "sealed", str(id_))
