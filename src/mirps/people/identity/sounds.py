"""The sounds that anybody here bears: kept sealed, a row each, and open in the memory of each process.

They are words, not people. The memory follows the table: what came since is read before each use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.db.models import Model, QuerySet

from mirps.base.crypto import api as crypto
from mirps.base.crypto.tokens import token
from mirps.base.prepared.api import planned
from mirps.people.identity.models import Sound

_PURPOSE = "people.sound"
#: On PostgreSQL a row may show later than one with a higher id: so many rows are looked at again.
_AGAIN = 64

_Row = tuple[int, bytes, bytes]  # id, token, sealed


@dataclass(slots=True)
class _Memory:
    """What was read so far: the tokens by id (the last ones suffice to see that the table was changed)."""

    last: tuple[int, bytes] | None = None
    tokens: set[bytes] = field(default_factory=set)
    words: list[str] = field(default_factory=list)

    def take(self, rows: Sequence[_Row]) -> None:
        fresh = [(token_, sealed) for _, token_, sealed in rows if token_ not in self.tokens]
        known = set(self.words) if fresh else set()
        opened = dict.fromkeys(_opened(token_, sealed) for token_, sealed in fresh)
        self.words = [*self.words, *(word for word in opened if word not in known)]
        self.tokens.update(token_ for token_, _ in fresh)
        if rows:
            self.last = max(self.last or (0, b""), rows[-1][:2])


_memory = _Memory()


def known() -> Sequence[str]:
    """Every sound that anybody here bears, each once."""
    return _now().words


def hear(words: Iterable[str]) -> None:
    """Keep those of these sounds that are new here, in the caller's transaction."""
    ring = crypto.ring()
    tokens = {token(ring, _PURPOSE, word): word for word in words}
    new = sorted(tokens.keys() - _now().tokens)
    sealer = crypto.sealer()
    Sound._base_manager.bulk_create(
        [Sound(token=t, sealed=sealer.seal(tokens[t], _place(t))) for t in new], ignore_conflicts=True
    )


def under(version: int) -> QuerySet[Model]:
    """The rows sealed under this version of the key."""
    return crypto.SealedColumn(Sound, "sealed", lambda row: _place(bytes(row.token))).under([version])


def _now() -> _Memory:
    """The memory, with what came since. What this transaction reads is remembered once it is committed."""
    global _memory
    memory = _memory
    rows = _since(memory)
    if memory.last and memory.last not in {row[:2] for row in rows}:
        memory, rows = _Memory(), _since(_Memory())  # another table than the one read: emptied, or rotated
    fresh = [row for row in rows if row[1] not in memory.tokens]
    if not fresh and memory is _memory:
        return memory
    now = _Memory(memory.last, set(memory.tokens), memory.words)
    now.take(rows)
    transaction.on_commit(partial(_remember, now))
    return now


def _remember(now: _Memory) -> None:
    global _memory
    _memory = now


def _since(memory: _Memory) -> list[_Row]:
    after = memory.last[0] - _AGAIN if memory.last else 0
    with planned() as cursor:
        cursor.execute("select id, token, sealed from people_sound where id > %s order by id", [after])
        return [(id_, bytes(token_), bytes(sealed)) for id_, token_, sealed in cursor.fetchall()]


def _opened(token_: bytes, sealed: bytes) -> str:
    return crypto.sealer().open(sealed, _place(token_))


def _place(token_: bytes) -> crypto.Place:
    return crypto.Place("people_sound", "sealed", token_.hex())
