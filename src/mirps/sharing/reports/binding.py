"""Binding: every figure that a section names becomes words with a numbered source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mirps.base.notices.api import zone
from mirps.evidence.figures.api import Book, Entry, Figure
from mirps.sharing.reports import wording
from mirps.sharing.reports.tree import (
    Bind,
    Contradictions,
    Inline,
    Line,
    Number,
    Source,
)

Findings = Callable[["Binder", dict[str, object]], Contradictions]


@dataclass
class Binder:
    """The ledger as one report in one language reads it. Notes are numbered as they are met."""

    book: Book
    lang: str
    locale: str
    findings: Findings | None = None
    notes: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    anchors: set[str] = field(default_factory=set)
    base: str = ""  # address before /es/figure/…
    linked: bool = True  # whether drawings carry links, as only HTML can
    drawn: int = 0
    file: str = ""  # the section being bound, for messages

    def entry(self, id_: str) -> Entry | None:
        return self.book.entries.get(id_)

    def figure(self, id_: str) -> Figure | None:
        found = self.entry(id_)
        return found.figure if found else None

    def href(self, id_: str) -> str:
        return f"{self.base}/{self.lang}/figure/{id_}/"

    def key(self) -> str:
        """A name for the next drawing, unlike the others of this report."""
        self.drawn += 1
        return str(self.drawn)

    def number(self, id_: str, form: str = "", *, strong: bool = False, em: bool = False) -> Number:
        """The figure in words. One that the ledger does not hold (drafts only) prints its id."""
        note = self.notes.setdefault(id_, len(self.notes) + 1)
        figure = self.figure(id_)
        words = wording.value(figure, self.lang, self.locale, form) if figure else f"⟨{id_}⟩"
        self.words.setdefault(id_, words)
        return Number(id_, words, note, strong, em)

    def line(self, line: Line) -> Line:
        out: list[Inline] = []
        for part in line:
            if not isinstance(part, Bind):
                out.append(part)
                continue
            bound = self.number(part.figure, part.form, strong=part.strong, em=part.em)
            if _opens_sentence(out):
                bound = Number(bound.figure, wording.capital(bound.words), bound.note, bound.strong, bound.em)
            out.append(bound)
        return tuple(out)

    def sources(self) -> tuple[Source, ...]:
        """Where each bound figure was stated, in the order of the notes."""
        out = []
        for id_, note in self.notes.items():
            f = self.figure(id_)
            if f is None:
                continue
            measure = self.book.measures.get(f.measure)
            what = f"{wording.state(f.state, self.lang)}: {wording.describe(f, measure, self.lang)}"
            out.append(
                Source(note, id_, self.words[id_], what, f.document, self.stated_in(id_), *self._where(f))
            )
        return tuple(out)

    def stated_in(self, id_: str) -> str:
        """Where a figure was stated: its document, or the institution and the round that it entered it in."""
        found = self.entry(id_)
        return wording.stated_in(found.figure, self.lang, found.round) if found else id_

    def _where(self, figure: Figure) -> tuple[str, str]:
        """The place and the fragment in the document; for what was entered, the day it was handed over."""
        if figure.document or figure.known_at is None:
            return figure.locator, figure.fragment
        return wording.short_day(figure.known_at.astimezone(zone(figure.state)).date(), self.locale), ""


def _opens_sentence(before: list[Inline]) -> bool:
    if not before:
        return True
    last = before[-1].words if not isinstance(before[-1], Bind) else ""
    return last.rstrip().endswith((".", "?", "!")) and last.endswith(" ")
