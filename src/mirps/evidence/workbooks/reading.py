"""Reading a workbook that came back: its rows by key, wherever they now stand. Pure.

openpyxl reads the cells (values as last shown); what it does not tell without loading everything
(formulas, hidden rows, merged cells) is looked up in the sheet's XML. Nothing is worked out, and every
fault is found, not only the first.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from defusedxml.ElementTree import iterparse
from openpyxl.utils.cell import get_column_letter, range_boundaries

from mirps.evidence.workbooks.opening import has_links, opened
from mirps.evidence.workbooks.rules import (
    ANSWERS,
    FORMAT,
    MARK,
    META_SHEET,
    MOST_COLUMNS,
    MOST_ROWS,
    Column,
    Fault,
    Meta,
    Raw,
    Read,
    Row,
    Unreadable,
)

#: Without these columns nothing of a sheet can be read.
_NEEDED = {Column.CODE, Column.VALUE}
#: How far down the row with the columns' marks is looked for.
_HEAD = 60
#: More merged cells than this no filled workbook has.
_MERGED = 2_000
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"


@dataclass(slots=True)
class _Looks:
    """What a sheet's XML says beside its values."""

    formulas: set[str] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Found:
    rows: dict[str, Row] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    sheets: int = 0


def read(content: bytes, key: bytes, labels: Mapping[str, Column]) -> Read:
    """Read a workbook. `key` proves its signature; `labels`: a column's visible name, in lower case and
    either language, for one whose mark was lost. Raises Unreadable with every fault that stops it."""
    packed = opened(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            meta, signature = _meta(book, key)
            found = _sheets(book, packed, meta, labels)
    except Unreadable:
        raise
    except Exception as e:  # whatever a damaged file makes the library say, it cannot be read
        raise Unreadable(Fault("broken", whole=True)) from e
    if not found.sheets:
        raise Unreadable(Fault("no-values", whole=True), *found.faults)
    found.faults += [Fault("row-missing", row=k) for k in meta.cells if k not in found.rows]
    if has_links(packed):
        found.remarks.append(Fault("links"))
    return Read(meta, signature, found.rows, tuple(found.faults), tuple(found.remarks))


def _meta(book: Any, key: bytes) -> tuple[Meta, str]:
    """The hidden sheet, proved. Raises Unreadable: not ours, another format, changed by hand."""
    name = next((n for n in book.sheetnames if n.strip().lower() == META_SHEET), None)
    if name is None:
        raise Unreadable(Fault("not-ours", whole=True))
    told: dict[str, str] = {}
    cells: dict[str, int] = {}
    for row in book[name].iter_rows(max_row=MOST_ROWS, max_col=3, values_only=True):
        first, second, third = (*row, None, None, None)[:3]
        if first == "cell" and isinstance(third, int | float | str):
            cells[str(second)] = int(third)
        elif first is not None:
            told[str(first)] = "" if second is None else str(second)
    if told.get("format", "") != f"{MARK}{FORMAT}":
        raise Unreadable(
            Fault("format" if told.get("format", "").startswith(MARK) else "not-ours", whole=True)
        )
    said = {n: told.get(n, "") for n in ("round", "institution", "lang", "stand")}
    meta = Meta(said["round"], said["institution"], said["lang"], said["stand"], cells)
    signature = meta.signed(key)
    if told.get("signature") != signature:
        raise Unreadable(Fault("signature", sheet=name, cell="B6", whole=True))
    return meta, signature


def _sheets(book: Any, packed: zipfile.ZipFile, meta: Meta, labels: Mapping[str, Column]) -> _Found:
    found = _Found()
    for sheet in book.worksheets:
        if sheet.title.strip().lower() == META_SHEET:
            continue
        rows = list(sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS))
        columns, below = _head(rows, labels)
        if not columns:
            continue
        found.sheets += 1
        found.faults += [
            Fault("column-missing", {"column": c}, sheet.title, f"{below}:{below}", whole=c in _NEEDED)
            for c in (Column.CODE, *ANSWERS)
            if c not in columns
        ]
        if not set(columns) >= _NEEDED:
            continue
        looks = _looks(packed, getattr(sheet, "_worksheet_path", ""))
        for number, cells in enumerate(rows[below:], start=below + 1):
            _take(found, _row(cells, number, columns, sheet.title, looks), meta)
    return found


def _head(rows: Sequence[Any], labels: Mapping[str, Column]) -> tuple[dict[Column, int], int]:
    """Where each column now is, by its mark, else by its name; and the row below which answers stand.
    Nothing and 0 for a sheet without answers."""
    marks = {f"{MARK}{c.value}": c for c in Column}
    by_mark: dict[Column, int] = {}
    by_name: dict[Column, int] = {}
    below = 0
    for number, cells in enumerate(rows[:_HEAD], start=1):
        words = {i: str(c.value).strip() for i, c in enumerate(cells) if c.value is not None}
        if seen := {marks[w]: i for i, w in words.items() if w in marks}:
            by_mark, below = seen, number
        seen = {labels[w.lower()]: i for i, w in words.items() if w.lower() in labels}
        if len(seen) > 1 and (Column.CODE in seen or Column.VALUE in seen):
            by_name, below = seen, number
            break
    return {**by_name, **by_mark}, below


def _row(
    cells: Any, number: int, columns: Mapping[Column, int], sheet: str, looks: _Looks
) -> Row | None:  # fmt: skip
    key = cells[columns[Column.CODE]].value
    wanted = {c: i for c, i in columns.items() if c in ANSWERS}
    row = Row(
        "" if key is None else str(key).strip(), sheet, number,
        {c: _raw(cells[i], number, i, looks) for c, i in wanted.items()},
        hidden=number in looks.hidden,
        merged=any(top <= number <= end and left <= i + 1 <= right
                   for left, top, right, end in looks.merged for i in wanted.values()),
    )  # fmt: skip
    return row if row.key or row.filled else None


def _raw(cell: Any, row: int, column: int, looks: _Looks) -> Raw:
    address = f"{get_column_letter(column + 1)}{row}"
    return Raw(
        address,
        cell.value,
        shape=getattr(cell, "number_format", None) or "General",
        date=bool(getattr(cell, "is_date", False)),
        error=getattr(cell, "data_type", "") == "e",
        formula=address in looks.formulas,
    )


def _take(found: _Found, row: Row | None, meta: Meta) -> None:
    """Keep a row by its key; say what a row without a known key, or a second one, holds."""
    if row is None:
        return

    def wrong(key: str, **values: object) -> Fault:
        return Fault(key, values, row.sheet, str(row.number), row.key, row.key)

    if not row.key or row.key not in meta.cells:
        if row.filled:
            found.faults.append(wrong("code-unknown" if row.key else "code-missing"))
        return
    held = found.rows.get(row.key)
    if held is None:
        found.rows[row.key] = row
    elif [r.value for r in held.cells.values()] != [r.value for r in row.cells.values()]:
        found.faults.append(wrong("code-twice", other=f"{held.sheet}!{held.number}"))


def _looks(packed: zipfile.ZipFile, part: str) -> _Looks:
    out = _Looks()
    name = part.lstrip("/")
    if name not in packed.namelist():
        return out
    with packed.open(name) as f:
        for _, e in iterparse(f, events=("end",), forbid_dtd=True):
            tag = e.tag.removeprefix(_NS).removeprefix(_STRICT)
            if tag == "c":
                if any(x.tag.endswith("}f") for x in e):
                    out.formulas.add(e.get("r", ""))
            elif tag == "row":
                if e.get("hidden") in ("1", "true"):
                    out.hidden.add(int(e.get("r", 0)))
                e.clear()
            elif tag == "mergeCell":
                left, top, right, end = range_boundaries(e.get("ref", "A1"))
                out.merged.append((left or 1, top or 1, right or MOST_COLUMNS, end or MOST_ROWS))
                if len(out.merged) > _MERGED:
                    raise Unreadable(Fault("bomb", whole=True))
    return out
