"""What a workbook is made of and what can be wrong with one that comes back. Pure.

A row of the sheet is one cell of the round, known by its key (the ask's code, and what the cell is
broken down by); a column is known by the mark in its hidden row. So rows and columns may be moved. What
a workbook was made from is written into it and signed: which round, institution and language, and
which version each cell had, so that what others changed meanwhile is met and not written over.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID, uuid5

from mirps.evidence.entries.api import Given
from mirps.evidence.figures.api import Qualifier, canonical_dimensions, parse_dimensions
from mirps.evidence.rounds.api import Ask

#: Of the sheet's layout and of what is signed. A workbook of another one is not read.
FORMAT = 1
#: The hidden sheet, and the mark in its first cell and before each column's name in the hidden row.
META_SHEET, MARK = "mirps", "mirps:"
#: The most rows and columns of a sheet that are looked at.
MOST_ROWS, MOST_COLUMNS = 5_000, 60
#: The longest note that is taken.
MOST_NOTE = 4_000

_UPLOADS = UUID("5e0d6b9c-7d0f-5a55-9a0e-5b3c1c8a7f42")


class Column(StrEnum):
    """The columns of a sheet of values, in their order."""

    CODE = "code"
    WHAT = "what"
    POPULATION = "population"
    PERIOD = "period"
    UNIT = "unit"
    EARLIER = "earlier"
    WHEN = "when"
    VALUE = "value"
    SURE = "sure"
    ABSENCE = "absence"
    NOTE = "note"
    CHECK = "check"


#: Those that are filled in.
ANSWERS = (Column.VALUE, Column.SURE, Column.ABSENCE, Column.NOTE)


def key_of(ask: Ask, dimensions: str) -> str:
    """The key of a cell: `hnd-inm-001`, `hnd-inm-001/sex=F`."""
    own = parse_dimensions(ask.dimensions)
    extra = {k: v for k, v in parse_dimensions(dimensions).items() if own.get(k) != v}
    return f"{ask.code}/{canonical_dimensions(extra)}" if extra else ask.code


@dataclass(frozen=True, slots=True)
class Meta:
    """What a workbook was made from. `stand`: when anything in it last changed; `cells`: the version
    that each cell had, by key."""

    round: str
    institution: str
    lang: str
    stand: str
    cells: Mapping[str, int]
    format: int = FORMAT

    def signed(self, key: bytes) -> str:
        """The signature of this installation, in hexadecimal. The same workbook has the same."""
        told = [self.format, self.round, self.institution, self.lang, self.stand, sorted(self.cells.items())]
        return hmac.new(key, json.dumps(told, ensure_ascii=True).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a workbook, or worth knowing.

    `key`: why and what helps are the texts `workbooks.fault.<key>.why` and `.do`, filled by `values`.
    `found`: what stands in that cell of that sheet. `whole`: nothing in the file can be taken.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    sheet: str = ""
    cell: str = ""
    found: str = ""
    row: str = ""  # the key of its row
    whole: bool = False


class Unreadable(ValueError):
    """A file that is no workbook of ours, or cannot be read at all."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(f.key for f in faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class Raw:
    """What stands in one cell of a sheet. `value` is what the program last showed; a formula is never
    worked out here. `shape` is its number format."""

    address: str
    value: object = None
    shape: str = "General"
    date: bool = False
    error: bool = False
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row that bears a key, with its answers by column."""

    key: str
    sheet: str
    number: int
    cells: Mapping[Column, Raw]
    hidden: bool = False
    merged: bool = False

    @property
    def filled(self) -> bool:
        return any(r.value not in (None, "") or r.formula for r in self.cells.values())


@dataclass(frozen=True, slots=True)
class Read:
    """A workbook as it was read: who it is from, its rows by key, what is wrong, what is worth knowing."""

    meta: Meta
    signature: str
    rows: Mapping[str, Row]
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


def client_of(digest: str, key: str) -> UUID:
    """The mark of what one workbook says in one cell: the same file again is the same post."""
    return uuid5(_UPLOADS, f"{digest}:{key}")


def note_in(given: Given, lang: str) -> str:
    return given.note_es if lang == "es" else given.note_en


def tidy(note: str) -> str:
    """A note as it is compared: line ends and blanks at either end do not make another note."""
    return note.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def says(given: Given, lang: str) -> tuple[object, ...]:
    """What of an answer a workbook shows; two answers with the same are the same in it."""
    sure = given.qualifier if given.value is not None else Qualifier.EXACT
    return (given.value, given.absence, sure, tidy(note_in(given, lang)))
