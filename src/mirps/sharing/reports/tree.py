"""The tree that a report is: one small set of blocks, which three writers print.

A section is read into blocks that name figures (`Bind`, `Directive`); binding turns these
into blocks that carry their words (`Number`, `Cards`, `Picture`, `Grid` ...). Pure Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mirps.base.texts.api import day, locale_for
from mirps.base.texts.prose import (
    Bind,
    Bullets,
    Directive,
    Heading,
    Inline,
    Line,
    Number,
    Paragraph,
    Text,
)

__all__ = [
    "Bind", "Block", "Bullets", "Card", "Cards", "Contradiction", "Contradictions", "Directive",
    "Document", "Grid", "Heading", "Inline", "Line", "Number", "Paragraph", "Picture", "Section",
    "Source", "SourceList", "Text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    number: Number
    label: str
    detail: str  # State, date


@dataclass(frozen=True, slots=True)
class Cards:
    items: tuple[Card, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. The first cell of each row is its header."""

    title: str
    head: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    numeric: tuple[bool, ...]  # columns whose cells are numbers, set to the right


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart or a map with the table of what it shows."""

    kind: Literal["chart", "map"]
    svg: str
    alt: str
    title: str
    data: Grid
    half: bool = False  # takes half the page: two in a row stand side by side


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One finding: what it is about, which document states what, what would follow, what was answered."""

    code: str
    state: str
    what: str
    stated: Line
    follows: str
    answer: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Contradictions:
    items: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the list of sources: where the figure was stated."""

    note: int
    figure: str
    words: str
    what: str  # measure and State
    code: str  # of the document
    document: str
    place: str
    fragment: str


@dataclass(frozen=True, slots=True)
class SourceList:
    """Where the list of sources stands. Its entries are `Document.sources`."""

    title: str


Block = Heading | Paragraph | Bullets | Directive | Cards | Grid | Picture | Contradictions | SourceList


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str
    blocks: tuple[Block, ...]
    file: str = ""
    fingerprint: str = ""  # of this text
    translated_from: str = ""  # fingerprint of the original when this was last confirmed
    runs_on: bool = False  # on paper, no new page before it
    opener: bool = False  # its title and first cards open it as a chapter


@dataclass(frozen=True, slots=True)
class Document:
    """A report with every number in it: what the writers print."""

    code: str
    lang: str
    locale: str
    title: str
    subtitle: str
    author: str
    published: date
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    draft: str = ""  # the words of the watermark; empty for a report fit to publish
    short: bool = False  # a brief: no cover, no contents
    base: str = ""  # address before /es/figure/…
    known_on: str = ""
    states: tuple[str, ...] = ()  # the names of the MIRPS States, for a cover
    note: str = ""  # under whose presidency, for a cover

    def dated(self) -> str:
        """The day of publication, alike in every report of a language: es-HN would write "05 de diciembre"."""
        return day(self.published, locale_for(self.lang, "", {}))

    def figures(self) -> tuple[str, ...]:
        return tuple(s.figure for s in self.sources)
