"""CSV, plain and with HXL hashtags (hxlstandard.org 1.1). Rows in, bytes out, one row at a time.

A spreadsheet program runs a cell that begins with = + - @ (or a tab or line break before
it) as a formula. Text cells that do so get an apostrophe in front, numbers and dates are
left alone. `unguard` takes exactly one apostrophe off again, so nothing is lost.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mirps.sharing.exports.rows import COLUMNS, DATES, NUMERIC

_RISKY = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")

_TAGS = {
    "id": "#meta+id",
    "document": "#meta+document+code",
    "state": "#country+code+v_iso3",
    "sector": "#sector+code",
    "measure": "#indicator+code",
    "value": "#indicator+value+num",
    "unit": "#indicator+unit+code",
    "qualifier": "#indicator+qualifier",
    "population": "#population+type+code",
    "dimensions": "#indicator+disaggregation+code",
    "place": "#loc+name",
    "period_start": "#date+start",
    "period_end": "#date+end",
    "as_of": "#date+reference",
    "source": "#org+source+code",
    "fragment": "#description+fragment",
    "note": "#description+note",
    "locator": "#meta+locator",
    "stage": "#indicator+stage",
    "universe": "#description+universe",
    "role": "#meta+role",
    "status": "#status",
    "supersedes": "#meta+supersedes",
    "origin": "#meta+origin",
    "absence": "#indicator+absence",
    "compare_start": "#date+start+compare",
    "compare_end": "#date+end+compare",
    "series": "#meta+series",
    "note_es": "#description+note+i_es",
    "note_en": "#description+note+i_en",
    "round": "#meta+round",
    "known_from": "#date+reported",
}


def guard(text: str) -> str:
    """The text as a spreadsheet may safely open it."""
    return f"'{text}" if _RISKY.match(text) else text


def unguard(text: str) -> str:
    """The text as it was before `guard`."""
    return text[1:] if _GUARDED.match(text) else text


def tag(column: str, lang: str) -> str:
    """The HXL hashtag of a column. Labels and the reader's note say their language."""
    if column.endswith("_label"):
        stem = _TAGS[column.removesuffix("_label")]
        return f"{stem.removesuffix('+v_iso3').removesuffix('+code')}+name+i_{lang}"
    return f"{_TAGS[column]}+i_{lang}+reader" if column == "note" else _TAGS[column]


def write_csv(rows: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> Iterator[bytes]:
    """UTF-8, comma, quotes where needed, header in the first line."""
    yield _line(columns)
    yield from _body(rows, columns)


def write_hxl(rows: Iterable[Mapping[str, str]], lang: str) -> Iterator[bytes]:
    """As `write_csv`, with the row of hashtags under the header."""
    yield _line(COLUMNS)
    yield _line([tag(c, lang) for c in COLUMNS])
    yield from _body(rows, COLUMNS)


def _body(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> Iterator[bytes]:
    safe = NUMERIC | DATES
    for row in rows:
        yield _line([row[c] if c in safe else guard(row[c]) for c in columns])


def _line(cells: Sequence[str]) -> bytes:
    return csv_line(cells).encode()


def csv_line(cells: Sequence[str]) -> str:
    """One line, ended by a line feed. Python's writer quotes a cell for a carriage return only when
    that is part of its line end: hence CR LF, and the CR taken off again."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()[:-2] + "\n"
