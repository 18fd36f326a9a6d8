"""The public ledger as the portal holds it in memory: one shelf for each version.

Pure: made from a book, findings and rounds. A page asks the shelf, not the database, so
twenty years of rounds cost a page no more than one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from mirps.evidence.figures.api import Book, Entry, Figure, Measure
from mirps.sharing.portal.wording import Line, line

#: Lines kept before the oldest are thrown away: bounds the memory of a process.
MOST_LINES = 40_000
#: Drawings and lists kept for one version; there are few, and a reader's country multiplies them.
MOST_MADE = 2_000

Made = TypeVar("Made")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to a finding."""

    kind: str
    role: str
    by: str
    at: datetime
    reason_es: str
    reason_en: str
    figure: str = ""

    @property
    def proposed(self) -> bool:
        """Whether it came with the data, as our proposal, and no account has given it."""
        return self.by.startswith("data/")

    def reason(self, lang: str) -> str:
        return self.reason_es if lang == "es" else self.reason_en


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding with its answers, as anyone may read it."""

    code: str
    round: str
    kind: str
    severity: str
    state: str
    figures: tuple[str, ...]
    stated: str
    expected: str
    params: Mapping[str, str]
    found_at: datetime
    standing: str
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundInfo:
    code: str
    title_es: str
    title_en: str
    starts: date
    ends: date

    def title(self, lang: str) -> str:
        return self.title_es if lang == "es" else self.title_en


class Stock:
    """The public figures of one book, by all that a page asks for. Kept while no figure changes."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @cached_property
    def public(self) -> dict[str, Entry]:
        """Every published figure that no embargo keeps, superseded ones too."""
        return {id_: e for id_, e in self.book.entries.items() if e.public}

    @cached_property
    def current(self) -> dict[str, Entry]:
        """Public figures that nothing public has superseded, in the order of their ids."""
        public = self.public
        return {id_: e for id_, e in public.items() if e.superseded_by not in public}

    @cached_property
    def closed(self) -> frozenset[tuple[str, str]]:
        """(round, State) pairs that an embargo keeps."""
        return frozenset((e.round, e.figure.state) for e in self.book.entries.values() if e.embargoed)

    @cached_property
    def by_state(self) -> dict[str, list[Entry]]:
        return _grouped(self.current.values(), lambda f: f.state)

    @cached_property
    def by_measure(self) -> dict[str, list[Entry]]:
        return _grouped(self.current.values(), lambda f: f.measure)

    @cached_property
    def by_document(self) -> dict[str, list[Entry]]:
        return _grouped(self.current.values(), lambda f: f.document)

    @cached_property
    def by_kin(self) -> dict[tuple[str, ...], list[Entry]]:
        """Figures of one measure, State and population: other statements of nearly the same thing."""
        return _grouped(self.public.values(), _kin)


@dataclass
class Shelf:
    """What anyone may read at one version of the ledger."""

    token: str
    version: int
    stock: Stock
    rounds: tuple[RoundInfo, ...] = ()  # latest first
    every_doubt: tuple[Doubt, ...] = ()
    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    _made: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def book(self) -> Book:
        return self.stock.book

    @property
    def public(self) -> dict[str, Entry]:
        return self.stock.public

    @property
    def current(self) -> dict[str, Entry]:
        return self.stock.current

    @property
    def by_state(self) -> dict[str, list[Entry]]:
        return self.stock.by_state

    @property
    def by_measure(self) -> dict[str, list[Entry]]:
        return self.stock.by_measure

    @property
    def by_document(self) -> dict[str, list[Entry]]:
        return self.stock.by_document

    def kin(self, figure: Figure) -> list[Entry]:
        """Other public statements of the same measure, State and population."""
        return [e for e in self.stock.by_kin.get(_kin(figure), ()) if e.figure.id != figure.id]

    @cached_property
    def doubts(self) -> dict[str, Doubt]:
        """Findings that may be shown, by code: each of their figures is public, and one about dates
        alone is of a State whose round no embargo keeps."""
        public, closed = self.public, self.stock.closed
        return {
            d.code: d
            for d in self.every_doubt
            if all(f in public for f in d.figures) and (d.round, d.state) not in closed
        }

    @cached_property
    def doubts_about(self) -> dict[str, list[Doubt]]:
        out: dict[str, list[Doubt]] = {}
        for d in self.doubts.values():
            for f in d.figures:
                out.setdefault(f, []).append(d)
        return out

    def measure(self, code: str) -> Measure | None:
        return self.book.measures.get(code)

    def line(self, entry: Entry, lang: str, locale: str) -> Line:
        """The figure in words, made once for each way of writing numbers."""
        key = (entry.figure.id, locale + lang)
        found = self.lines.get(key)
        if found is None:
            if len(self.lines) > MOST_LINES:
                self.lines.clear()
            found = line(entry.figure, self.measure(entry.figure.measure), lang, locale)
            self.lines[key] = found
        return found

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What several pages, or one page often, need of this version: made once for it."""
        if key not in self._made:
            if len(self._made) > MOST_MADE:
                self._made.clear()
            self._made[key] = make()
        found: Made = self._made[key]
        return found


def _kin(f: Figure) -> tuple[str, ...]:
    return (f.measure, f.state, f.population)


def _grouped(entries: Iterable[Entry], key: Callable[[Figure], Key]) -> dict[Key, list[Entry]]:
    out: dict[Key, list[Entry]] = {}
    for e in entries:
        out.setdefault(key(e.figure), []).append(e)
    return out


def latest_first(entries: Sequence[Entry]) -> list[Entry]:
    """By the day they speak of, the latest first; those of no date last."""
    return sorted(entries, key=lambda e: (str(e.figure.when or ""), e.figure.id), reverse=True)
