"""Records as a workbook: one row a record, one column a cell, out and in again.

The columns are known by the marks in a hidden row, the records by their code and the version that the
workbook holds; so it may be sorted, filtered and filled offline, and what others wrote meanwhile is met,
not overwritten. A row without a code is a new record. What a file may do to us is looked at before
anything in it is read (evidence.workbooks.opened).
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.utils import get_column_letter

from mirps.evidence.workbooks.api import Fault as FileFault
from mirps.evidence.workbooks.api import Unreadable, opened
from mirps.planning.records import values
from mirps.planning.records.kinds import Flow, Kind, Type
from mirps.planning.records.values import Data, Fault, Known

#: What a row has beside its kind's cells.
BESIDE = ("code", "parent", "version")
MARK = "mirps:"
FIRST_ROW = 5  # where rows begin, counted from 1: title, help, marks, heads, rows
MOST_ROWS = 2_000
_HELD = "#F3F3F3"


@dataclass(frozen=True, slots=True)
class Line:
    """One record as a row: its code, the code of what it stands under (empty: the top), its version."""

    code: str
    parent: str
    version: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """What the sheet says in its reader's language."""

    title: str
    help: str
    heads: Mapping[str, str]  # column -> what it is called
    hints: Mapping[str, str]


def write(
    kind: Kind, lines: Iterable[Line], words: Words, options: Mapping[str, Sequence[str]], spare: int = 40
) -> bytes:
    """The workbook as XLSX: `options` are the codes that a column takes, `spare` how many empty rows have
    their lists too. The same content gives the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {"title": words.title, "author": "MIRPS", "created": datetime(2025, 1, 1, tzinfo=UTC)}
    )
    sheet = book.add_worksheet(kind.name[:31])
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#D9E8F6"}
    )
    cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    shut = book.add_format({"valign": "top", "bg_color": _HELD, "num_format": "@"})
    sheet.write_string(0, 0, words.title, bold)
    sheet.write_string(1, 0, words.help)
    names = (*BESIDE, *(c for f in kind.fields if not f.kept for c in values.cells(f)))
    last = FIRST_ROW - 1
    for n, line in enumerate(lines):
        last = FIRST_ROW - 1 + n
        row = {"code": line.code, "parent": line.parent, "version": str(line.version), **line.cells}
        for x, name in enumerate(names):
            sheet.write_string(last, x, row.get(name, ""), shut if name in ("code", "version") else cell)
    for x, name in enumerate(names):
        sheet.write_string(2, x, f"{MARK}{name}")
        sheet.write_string(3, x, words.heads.get(name, name), head)
        if hint := words.hints.get(name):
            sheet.write_comment(3, x, hint[:1000], {"x_scale": 2})
        sheet.set_column(x, x, 14 if name in BESIDE else 30, cell)
        if 0 < len(listed := ",".join(options.get(name, ()))) <= 255:
            sheet.data_validation(
                FIRST_ROW - 1,
                x,
                last + spare,
                x,
                {"validate": "list", "source": listed.split(","), "error_type": "warning"},
            )
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.freeze_panes(FIRST_ROW - 1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Found:
    """A row as it came back; `at` is its number in the sheet, `where` the letter of each column."""

    at: int
    code: str
    parent: str
    version: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    rows: list[Found]
    letters: dict[str, str]  # column -> letter


def read(content: bytes, kind: Kind) -> Sheet:
    """The rows of a workbook. Raises Unreadable saying why a file cannot be read at all."""
    opened(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            for sheet in book.worksheets:
                rows = sheet.iter_rows(max_row=FIRST_ROW + MOST_ROWS, max_col=200, values_only=True)
                found = _rows([list(r) for r in rows], kind)
                if found is not None:
                    return found
    except Unreadable:
        raise
    except Exception as e:  # whatever a damaged file makes the library say, it cannot be read
        raise Unreadable(FileFault("broken", whole=True)) from e
    raise Unreadable(FileFault("kind", whole=True))


def _rows(rows: list[list[Any]], kind: Kind) -> Sheet | None:
    known = {*BESIDE, *values.columns(kind)}
    columns: dict[str, int] = {}
    head = 0
    for head, row in enumerate(rows[:20], start=1):  # noqa: B007 - where the marks stand is used below
        marks = {x: str(v).removeprefix(MARK) for x, v in enumerate(row) if str(v or "").startswith(MARK)}
        columns = {name: x for x, name in marks.items() if name in known}
        if "code" in columns:
            break
    if "code" not in columns or set(columns) <= set(BESIDE):
        return None
    out = []
    for at, row in enumerate(rows[head + 1 :], start=head + 2):
        cells = {name: _text(row[x]) if x < len(row) else "" for name, x in columns.items()}
        if any(cells.values()):
            version = cells.pop("version", "")
            out.append(
                Found(
                    at,
                    cells.pop("code"),
                    cells.pop("parent", ""),
                    int(version) if version.isdecimal() else 0,
                    cells,
                )
            )
    return Sheet(out, {name: get_column_letter(x + 1) for name, x in columns.items()})


def _text(value: Any) -> str:
    """A cell as it would be typed: numbers plainly, days in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return values.plain(Decimal(repr(value)))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return value.strftime("%H:%M") if isinstance(value, time) else str(value).strip()


class Fate(StrEnum):
    """What would become of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    MET = "met"  # another wrote the record since the workbook was made
    WRONG = "wrong"
    CLOSED = "closed"  # it may not be written now, or not by this person


@dataclass(frozen=True, slots=True)
class Item:
    """A row and what would become of it; faults by cell."""

    row: Found
    fate: Fate
    data: Data = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A record as it stands beside its row."""

    version: int
    data: Data
    parent: str
    open: bool


def planned(
    kind: Kind, sheet: Sheet, held: Mapping[str, Held], known: Known, check: Callable[[Data], list[Fault]]
) -> list[Item]:
    """What would become of every row. `held`: the records that it may change, by code; `check`: what is
    wrong with data besides what a cell alone shows. Nothing is guessed and nothing is written."""
    items = []
    codes: set[str] = set()
    named = {r.code for r in sheet.rows if r.code} | set(held)
    for row in sheet.rows:
        items.append(_item(kind, row, held, known, check, codes, named))
        codes.add(row.code)
    return items


def _item(
    kind: Kind, row: Found, held: Mapping[str, Held], known: Known, check: Callable[[Data], list[Fault]],
    codes: set[str], named: set[str],
) -> Item:  # fmt: skip
    stands = held.get(row.code)
    if row.code and row.code in codes:
        return Item(row, Fate.WRONG, faults=(Fault("code", "record.fault.twice", {"found": row.code}),))
    if row.code and stands is None and row.version:
        return Item(row, Fate.WRONG, faults=(Fault("code", "record.fault.gone", {"found": row.code}),))
    # What the sheet has no column for stays as it is.
    kept = {**values.flat(kind, stands.data), **row.cells} if stands else row.cells
    data, faults = values.read(kind, kept, known)
    if kind.flow is Flow.REVIEWED:
        faults = [f for f in faults if f.key != "record.fault.required"]
    faults += [f for f in check(data) if f.cell not in {g.cell for g in faults}]
    if row.parent and row.parent not in named:
        faults.append(Fault("parent", "record.fault.ref", {"found": row.parent, "kinds": kind.name}))
    if faults:
        return Item(row, Fate.WRONG, data, tuple(faults))
    if stands is None:
        return Item(row, Fate.NEW, data)
    data = values.revised(kind, stands.data, data)
    if data == stands.data:
        return Item(row, Fate.SAME, data)
    if not stands.open:
        return Item(row, Fate.CLOSED, data)
    return Item(row, Fate.MET if row.version != stands.version else Fate.CHANGED, data)


def listed(kind: Kind, codes: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    """The codes that each column takes, where there are few."""
    out: dict[str, list[str]] = {}
    for f in kind.fields:
        if f.type is Type.CHOICE and not f.many:
            out[f.name] = list(f.options)
        elif f.type is Type.CODE and not f.many:
            out[f.name] = list(codes(f.list))
        elif f.type is Type.YES:
            out[f.name] = ["yes", "no"]
    return out
