"""What somebody types or pastes into a cell: a number in their country's style, or why there is none.

Pure. The words for an absence are the product's own texts, in either language, so that what a page
shows can be typed, and what a spreadsheet holds can be pasted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

from mirps.base.texts.api import NotANumber, Wrong, number, read_number
from mirps.evidence.entries.rules import Hint

#: The most rows and columns that are pasted at once.
MOST_ROWS, MOST_COLUMNS = 500, 60


class NotRead(ValueError):
    """What was typed is neither a number nor a word for an absence. `hint` says what helps."""

    def __init__(self, hint: Hint) -> None:
        super().__init__(hint.key)
        self.hint = hint


def read_cell(text: str, locale: str, words: Mapping[str, str]) -> tuple[Decimal | None, str]:
    """(value, absence) of what was typed; both empty for an empty cell. `words`: word, in lower case,
    -> absence. Raises NotRead."""
    given = " ".join(text.split())
    if not given:
        return None, ""
    if absence := words.get(given.lower()):
        return None, absence
    try:
        return read_number(given, locale), ""
    except NotANumber as e:
        found = e.found[:40]
        if e.why is Wrong.STYLE:
            meant = [number(m, locale) for m in e.meant]
            raise NotRead(Hint("entries.fault.style", {"found": found, "meant": meant}, stop=True)) from None
        raise NotRead(Hint(f"entries.fault.{e.why.value}", {"found": found}, stop=True)) from None


def show_cell(value: Decimal | None, absence: str, locale: str, words: Mapping[str, str]) -> str:
    """What stands in a cell, as it would be typed. `words`: absence -> its word in the reader's language."""
    if value is not None:
        return number(value, locale)
    return words[absence] if absence else ""


def read_block(text: str) -> list[list[str]]:
    """The cells of a block copied from a spreadsheet: rows by line, columns by tab, quoted where a cell
    holds a tab, a quote or a line. What goes beyond MOST_ROWS and MOST_COLUMNS is left out."""
    trimmed = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    if not trimmed:
        return []
    table = csv.reader(io.StringIO(trimmed, newline=""), delimiter="\t", quotechar='"', strict=False)
    rows = []
    for row in table:
        rows.append([c.strip() for c in row[:MOST_COLUMNS]] or [""])
        if len(rows) == MOST_ROWS:
            break
    return rows


def write_block(rows: Sequence[Sequence[str]]) -> str:
    """A block as spreadsheets put it on the clipboard."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return out.getvalue()
