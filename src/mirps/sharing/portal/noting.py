"""What a thing made of the shelf looked at, so that it is made again only when one of these changed.

A report names some hundreds of figures and selects others: while each of those answers would be the
same, so would the report.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from mirps.evidence.figures.api import Book, Entry
from mirps.sharing.portal.shelf import Shelf, same

#: Filters of `Book.select` by which the shelf holds groups. A document's figures change the least.
_GROUPS = ("document", "measure", "state")


Made = TypeVar("Made")


def once(shelf: Shelf, key: Hashable, make: Callable[[Reading], Made], *of: object) -> Made:
    """What `make` makes of its reading: kept while the shelf would answer the same, and `of` is the same."""
    found = shelf.made.get(key)
    if found is None or not _holds(found[0], shelf, of):
        reading = Reading(shelf)
        found = shelf.keep(key, (reading.notes, *of), make(reading))
    value: Made = found[1]
    return value


def _holds(kept: tuple[object, ...], shelf: Shelf, of: tuple[object, ...]) -> bool:
    notes = kept[0]
    return isinstance(notes, Notes) and notes.hold(shelf) and same(kept[1:], of)


@dataclass
class Notes:
    """What was asked of a shelf and answered: figures by id, groups of them, open contradictions."""

    figures: dict[str, Entry | None] = field(default_factory=dict)
    groups: dict[tuple[str, str], list[Entry] | None] = field(default_factory=dict)
    open: dict[tuple[str, ...], Mapping[str, list[str]]] = field(default_factory=dict)

    def hold(self, shelf: Shelf) -> bool:
        """Whether this shelf would answer everything that was asked in the same way."""
        return (
            all(shelf.public.get(id_) is e for id_, e in self.figures.items())
            and all(shelf.stock.group(*which) is g for which, g in self.groups.items())
            and all(shelf.unanswered(ids) == told for ids, told in self.open.items())
        )


@dataclass
class Reading:
    """A shelf that notes what it is asked."""

    shelf: Shelf
    notes: Notes = field(default_factory=Notes)

    @property
    def book(self) -> Book:
        """The public figures."""
        return _NotedBook(_Noted(self), self.shelf.measures, self.shelf.version, reading=self)

    def group(self, kind: str, code: str) -> list[Entry] | None:
        found = self.notes.groups[kind, code] = self.shelf.stock.group(kind, code)
        return found

    def unanswered(self, ids: Iterable[str]) -> Mapping[str, list[str]]:
        """Figure id -> codes of the open contradictions about it that the public may read."""
        wanted = tuple(ids)
        found = self.notes.open[wanted] = self.shelf.unanswered(wanted)
        return found


class _Noted(Mapping[str, Entry]):
    def __init__(self, reading: Reading) -> None:
        self._reading, self._public = reading, reading.shelf.public

    def __getitem__(self, id_: str) -> Entry:
        found = self._reading.notes.figures[id_] = self._public.get(id_)
        if found is None:
            raise KeyError(id_)
        return found

    def __iter__(self) -> Iterator[str]:
        self._reading.group("", "")
        return iter(self._public)

    def __len__(self) -> int:
        return len(self._public)


@dataclass(frozen=True)
class _NotedBook(Book):
    reading: Reading | None = None

    def select(self, **wanted: str | None) -> list[Entry]:
        assert self.reading is not None
        kind = next((k for k in _GROUPS if wanted.get(k) is not None), "")
        entries = self.reading.group(kind, wanted.get(kind) or "")
        return Book({e.figure.id: e for e in entries or ()}).select(**wanted)
