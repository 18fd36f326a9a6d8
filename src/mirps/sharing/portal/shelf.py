"""The public ledger as the portal holds it in memory: one shelf for each version.

Pure: made from a book, findings and rounds. A page asks the shelf, not the database, so
twenty years of rounds cost a page no more than one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from mirps.evidence.figures.api import Book, Entry, Figure, Measure
from mirps.sharing.portal.wording import Line, line

#: Lines kept before the oldest are thrown away: bounds the memory of a process.
MOST_LINES = 40_000


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


@dataclass
class Shelf:
    """What anyone may read at one version of the ledger."""

    token: str
    book: Book
    rounds: tuple[RoundInfo, ...] = ()  # latest first
    doubts: tuple[Doubt, ...] = ()
    lines: dict[tuple[str, str], Line] = field(default_factory=dict)

    @cached_property
    def public(self) -> dict[str, Entry]:
        """Every published figure that no embargo keeps, superseded ones too."""
        return {id_: e for id_, e in self.book.entries.items() if e.public}

    @cached_property
    def current(self) -> tuple[Entry, ...]:
        """Public figures that nothing public has superseded, in the order of their ids."""
        public = self.public
        return tuple(e for e in public.values() if e.superseded_by not in public)

    @cached_property
    def by_state(self) -> dict[str, list[Entry]]:
        return _grouped(self.current, lambda f: f.state)

    @cached_property
    def by_measure(self) -> dict[str, list[Entry]]:
        return _grouped(self.current, lambda f: f.measure)

    @cached_property
    def by_document(self) -> dict[str, list[Entry]]:
        return _grouped(self.current, lambda f: f.document)

    @cached_property
    def alike(self) -> dict[tuple[str, ...], list[Entry]]:
        """Figures of one measure, State and population: other statements of nearly the same thing."""
        out: dict[tuple[str, ...], list[Entry]] = {}
        for e in self.public.values():
            out.setdefault(_kin(e.figure), []).append(e)
        return out

    def kin(self, figure: Figure) -> list[Entry]:
        """Other public statements of the same measure, State and population."""
        return [e for e in self.alike.get(_kin(figure), ()) if e.figure.id != figure.id]

    @cached_property
    def open_doubts(self) -> tuple[Doubt, ...]:
        """Findings that may be shown: each of their figures is public."""
        return tuple(d for d in self.doubts if all(f in self.public for f in d.figures))

    @cached_property
    def doubts_about(self) -> dict[str, list[Doubt]]:
        out: dict[str, list[Doubt]] = {}
        for d in self.open_doubts:
            for f in d.figures:
                out.setdefault(f, []).append(d)
        return out

    def doubt(self, code: str) -> Doubt | None:
        return next((d for d in self.open_doubts if d.code == code), None)

    def measure(self, code: str) -> Measure | None:
        return self.book.measures.get(code)

    def round(self, code: str) -> RoundInfo | None:
        return next((r for r in self.rounds if r.code == code), None)

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


def _kin(f: Figure) -> tuple[str, ...]:
    return (f.measure, f.state, f.population)


def _grouped(entries: Iterable[Entry], key: object) -> dict[str, list[Entry]]:
    out: dict[str, list[Entry]] = {}
    for e in entries:
        out.setdefault(key(e.figure), []).append(e)  # type: ignore[operator]
    return out


def latest_first(entries: Sequence[Entry]) -> list[Entry]:
    """By the day they speak of, the latest first; those of no date last."""
    return sorted(entries, key=lambda e: (str(e.figure.when or ""), e.figure.id), reverse=True)
