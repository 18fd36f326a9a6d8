"""Reading a CSV file into columns of text, and saying where it cannot be read.

A file is read in blocks and equal cells are kept once, so that a large table takes little
more memory than its distinct values.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

LARGEST = 256 * 1024 * 1024  # bytes: far above any round, far below what would hurt
LARGEST_CELL = 131_072  # characters
MOST_FAULTS = 100
_BLOCK = 512  # rows that are turned into columns at once: few enough to stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file. `key` is a text of data/texts/figures.yaml."""

    file: str
    line: int
    column: str
    key: str
    found: str = ""
    expected: str = ""


class PackageFaults(ValueError):
    """Everything wrong with a package. Nothing of it was taken."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults, first: {faults[0]}")
        self.faults = list(faults)


@dataclass(slots=True)
class Cells:
    """A file's header and its columns, all of one length."""

    header: list[str]
    columns: list[list[str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def text_of(path: Path) -> str:
    """The file's text. UTF-8 (with or without a mark) is read; anything else is refused by name."""
    if not path.is_file():
        raise PackageFaults([Fault(path.name, 0, "", "fault.file_missing", found=str(path.name))])
    if path.stat().st_size > LARGEST:
        raise PackageFaults(
            [Fault(path.name, 0, "", "fault.file_too_large", expected=f"{LARGEST // 2**20} MB")]
        )
    raw = path.read_bytes()
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise PackageFaults([Fault(path.name, 1, "", "fault.encoding", found="UTF-16")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = raw[: e.start].count(b"\n") + 1
        raise PackageFaults([Fault(path.name, line, "", "fault.encoding", found=f"byte {e.start}")]) from e
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise PackageFaults([Fault(path.name, line, "", "fault.not_text")])
    return text


def read_cells(path: Path) -> Cells:
    """The file's cells. Raises PackageFaults for what is no CSV, and for every row of a wrong length.

    Empty rows at the end are passed over.
    """
    csv.field_size_limit(LARGEST_CELL)  # of the whole process: libraries move it
    reader = csv.reader(io.StringIO(text_of(path), newline=""), strict=True)
    try:
        cells = Cells([c.strip() for c in next(reader, [])])
        if not any(cells.header):
            raise PackageFaults([Fault(path.name, 1, "", "fault.file_empty")])
        cells.columns = [[] for _ in cells.header]
        uneven, last = _read(reader, cells)
    except csv.Error as e:
        raise PackageFaults([Fault(path.name, reader.line_num, "", "fault.csv", found=str(e))]) from e
    if wrong := [(line, size) for line, size in uneven if line <= last]:
        expected = str(len(cells.header))
        raise PackageFaults(
            [
                Fault(path.name, n, "", "fault.row_length", str(size), expected)
                for n, size in wrong[:MOST_FAULTS]
            ]
        )
    while len(cells) and not any(c[-1] for c in cells.columns):
        for column in cells.columns:
            column.pop()
    return cells


def _read(reader: csv._reader, cells: Cells) -> tuple[list[tuple[int, int]], int]:  # type: ignore[name-defined]
    """Fill the columns. Returns rows of a wrong length (line, length) and the last line with anything."""
    width, line, last = len(cells.header), 1, 1
    uneven: list[tuple[int, int]] = []
    once = dict[str, str]().setdefault
    while block := list(islice(reader, _BLOCK)):
        if set(map(len, block)) == {width}:
            last = line + len(block)
            for column, part in zip(cells.columns, zip(*block, strict=True), strict=True):
                column.extend(map(once, part, part))
        else:
            for n, row in enumerate(block, start=line + 1):
                last = n if any(row) else last
                if len(row) != width:
                    uneven.append((n, len(row)))
                    continue
                for column, cell in zip(cells.columns, row, strict=True):
                    column.append(cell)
        line += len(block)
    return uneven, last
