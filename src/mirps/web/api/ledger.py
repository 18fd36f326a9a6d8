"""What the API reads: the public part of the ledger, kept in memory until the ledger changes."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from threading import Lock

from django.utils import timezone

import mirps
from mirps.base.codelists.api import data_folder
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Entry
from mirps.sharing.exports.api import end_of
from mirps.sharing.portal import queries


@dataclass(frozen=True)
class Shelf:
    """The public statements at one version: all of them by id, and those that stand, by id."""

    entries: Mapping[str, Entry]
    standing: Sequence[Entry]
    ids: Sequence[str]
    version: int

    def after(self, id_: str) -> int:
        """Where the statements after `id_` begin."""
        return bisect_right(self.ids, id_)


_kept: OrderedDict[tuple[str, date | None], Shelf] = OrderedDict()
_lock = Lock()
MOST_KEPT = 3  # ledgers in memory: the present one, and the days last asked for


def shelf(known_on: date | None = None) -> Shelf:
    """The public statements now, or as they were known at the end of a day."""
    now = timezone.now()
    token = figures.cache_token(now)
    key = (token, known_on)
    with _lock:
        found = _kept.pop(key, None) or (_read(known_on, now) if known_on else _present(token, now))
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _present(token: str, now: datetime) -> Shelf:
    """What the pages hold in memory, for the API too."""
    held = queries.shelf(now, token)
    standing = held.stock.everything
    return Shelf(held.public, standing, [e.figure.id for e in standing], held.version)


def _read(known_on: date, now: datetime) -> Shelf:
    book = figures.book(known_on=end_of(known_on), at=now)
    public = {e.figure.id: e for e in book.entries.values() if e.public}
    standing = sorted((e for e in public.values() if not e.superseded_by), key=lambda e: e.figure.id)
    return Shelf(public, standing, [e.figure.id for e in standing], book.version)


def etag(path: str, lang: str) -> str:
    """A weak validator: changes when what the public may read changes, or the lists, texts or code do."""
    token = figures.cache_token(timezone.now())
    mark = hashlib.sha256("|".join((token, path, lang, _lists(), mirps.__version__)).encode()).hexdigest()
    return f'W/"{mark[:24]}"'


@cache
def _lists() -> str:
    """A digest of the lists and texts that answers are made from; they are read once a process."""
    h = hashlib.sha256()
    folder = data_folder()
    for pattern in (
        "codelists/*.csv",
        "measures/*.csv",
        "institutions/*.csv",
        "documents.csv",
        "texts/*.yaml",
    ):
        for path in sorted(folder.glob(pattern)):
            h.update(path.read_bytes())
    return h.hexdigest()[:16]
