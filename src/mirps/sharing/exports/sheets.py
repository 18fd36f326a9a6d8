"""XLSX, written row by row to disk (XlsxWriter's constant memory): figures, measures, sources, notes.

Every text is written as a string cell, so nothing in it can run as a formula. Workbook
times are fixed: the same rows make the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from mirps.base.texts.api import say
from mirps.sharing.exports.rows import COLUMNS, DATES, NUMERIC, document_rows, measure_rows

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTES = ("licence", "proposal", "source", "value", "qualifier", "absence", "period", "add", "codes", "cite")
_FIXED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_CHUNK = 64 * 1024


def write_xlsx(rows: Iterable[Mapping[str, str]], lang: str, title: str) -> Iterator[bytes]:
    """The workbook's bytes, in chunks, from a temporary file."""
    with tempfile.TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(file, options)
        book.set_properties({"title": title, "author": "MIRPS", "created": _FIXED})
        style = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _sheet(book, say("export.sheet.figures", lang), COLUMNS, rows, style)
        for name, table in (("measures", measure_rows(lang)), ("sources", document_rows(lang))):
            listed = list(table)
            _sheet(book, say(f"export.sheet.{name}", lang), tuple(listed[0]) if listed else (), listed, style)
        _notes(book, lang, title, style)
        book.close()
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _sheet(
    book: Any, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]], style: Mapping[str, Any]
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    for x, column in enumerate(columns):
        sheet.set_column(x, x, 12 if column in NUMERIC | DATES else 22)
        sheet.write_string(0, x, column, style["head"])
    for y, row in enumerate(rows, start=1):
        for x, column in enumerate(columns):
            _cell(sheet, y, x, column, row[column], style)


def _cell(sheet: Any, y: int, x: int, column: str, text: str, style: Mapping[str, Any]) -> None:
    if not text:
        return
    if column in NUMERIC:
        sheet.write_number(y, x, float(text))
    elif column in DATES and len(text) == 10:
        sheet.write_datetime(
            y, x, datetime.combine(date.fromisoformat(text), datetime.min.time()), style["date"]
        )
    else:
        sheet.write_string(y, x, text)


def _notes(book: Any, lang: str, title: str, style: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(say("export.sheet.notes", lang))
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, title, style["head"])
    for y, key in enumerate(NOTES, start=1):
        sheet.write_string(y, 0, say(f"export.note.{key}", lang), style["wrap"])
