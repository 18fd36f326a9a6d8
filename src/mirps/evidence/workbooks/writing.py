"""Writing a workbook: one row a cell, in the order of the form; only what is to be filled in is open.

The same content gives the same bytes. No macros, no password, no link to anywhere. The column of checks
holds formulas that Excel and LibreOffice both know, with what they say now beside them, for programs
that only show.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from mirps.base.texts.api import moment, number, say
from mirps.evidence.entries.api import ABSENCES
from mirps.evidence.entries.rules import MOST
from mirps.evidence.figures.api import Qualifier, absence
from mirps.evidence.workbooks import checks
from mirps.evidence.workbooks.rules import ANSWERS, FORMAT, MARK, META_SHEET, Column, Meta, note_in
from mirps.evidence.workbooks.sheet import Asking, Entry, Workbook, check
from mirps.evidence.workbooks.typed import DIGITS

COLUMNS = list(Column)
AT = {c: i for i, c in enumerate(COLUMNS)}
LETTER = {c: chr(ord("A") + i) for c, i in AT.items()}
WIDTHS = {
    Column.CODE: 15, Column.WHAT: 46, Column.POPULATION: 20, Column.PERIOD: 14, Column.UNIT: 12,
    Column.EARLIER: 13, Column.WHEN: 24, Column.VALUE: 16, Column.SURE: 13, Column.ABSENCE: 17,
    Column.NOTE: 40, Column.CHECK: 34,
}  # fmt: skip
#: The title, the line of help, the hidden marks, the names of the columns; then the answers.
TITLE, HELP, MARKS, NAMES, FIRST = range(5)
LETTER_PAPER = 1
#: What a spreadsheet would take for a formula, if somebody went into the cell and left it again.
STARTERS = ("=", "+", "-", "@", "\t")
_TOP = {"valign": "top", "text_wrap": True}
_LINED = {**_TOP, "border": 1, "border_color": "#C9C9C9"}
_DEEP, _QUIET = "#0B4778", "#5C5C5C"
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": _DEEP},
    "subtitle": {"bold": True, "font_size": 12, "font_color": _DEEP},
    "words": _TOP,
    "head": {
        "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": _DEEP,
        "font_color": "#FFFFFF",
    },
    "sector": {"bold": True, "bg_color": "#D9E8F6", "font_color": _DEEP},
    "plain": _LINED,
    "code": {**_LINED, "text_wrap": False, "font_size": 8, "font_color": _QUIET},
    "total": {**_LINED, "bold": True},
    "part": {**_LINED, "align": "left", "indent": 2},
    "earlier": {**_LINED, "font_color": _QUIET},
    "shut": {**_LINED, "bg_color": "#EDEDED"},
    "answer": {**_LINED, "border_color": "#8A6D00", "bg_color": "#FFF9E0", "locked": False},
    "check": {**_LINED, "hidden": True},
    "bad": {"bg_color": "#F8D7D4", "font_color": "#8B0A03", "bold": True},
    "look": {"bg_color": "#FDEBC8", "font_color": "#5B3B00"},
    "todo": {"bg_color": "#DCEBFA", "font_color": _DEEP},
}  # fmt: skip
#: The mark that a sentence of the checks begins with, so that colour is never alone.
BAD, LOOK, TODO = "✗", "?", "…"


def write(book: Workbook, key: bytes) -> bytes:
    """The workbook as XLSX. `key` signs what it was made from."""
    out = io.BytesIO()
    file = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    # A fixed day, so that the same content gives the same bytes.
    file.set_properties({"title": f"{book.institution} · {book.title}", "author": "MIRPS",
                         "created": datetime(2025, 1, 1, tzinfo=UTC)})  # fmt: skip
    shapes = _Shapes(file)
    _read_me(file.add_worksheet(_say(book, "sheet.read-me")), book, shapes)
    _Values(file.add_worksheet(_say(book, "sheet.values")), book, shapes).write()
    _meta(file.add_worksheet(META_SHEET), book.meta, key)
    file.close()
    return out.getvalue()


def _say(book: Workbook, key: str, **values: object) -> str:
    return say(f"workbooks.{key}", book.lang, **values)


class _Shapes(dict[str, Any]):
    """The formats of a file, each made once."""

    def __init__(self, file: Any) -> None:
        super().__init__()
        self.file = file

    def __missing__(self, name: str) -> Any:
        base, _, more = name.partition(" ")
        look = dict(_LOOKS[base])
        if more == "quoted":
            look["quote_prefix"] = True
        elif more:
            look["num_format"] = more
        self[name] = self.file.add_format(look)
        return self[name]


def _read_me(sheet: Any, book: Workbook, shapes: _Shapes) -> None:
    sheet.set_column(0, 0, 100)
    sheet.hide_gridlines(2)
    sheet.set_paper(LETTER_PAPER)
    sheet.fit_to_pages(1, 0)
    steps = [_say(book, f"read-me.step-{n}") for n in range(1, 9)]
    lines: list[tuple[str, str]] = [
        (book.institution, "title"),
        (f"{book.title} · {book.state_name}", "subtitle"),
        ("", "words"),
        (_say(book, "read-me.what", institution=book.institution), "words"),
        (_say(book, "read-me.by", due=book.due) if book.due else _say(book, "read-me.no-date"), "words"),
        ("", "words"),
        (_say(book, "read-me.how"), "subtitle"),
        *((f"{n}. {words}", "words") for n, words in enumerate(steps, start=1)),
        (f"{len(steps) + 1}. {_say(book, 'read-me.send', address=book.address)}", "words"),
        ("", "words"),
        (_say(book, "read-me.numbers"), "subtitle"),
        (_say(book, "read-me.style", example=number(Decimal("226029.5"), book.locale)), "words"),
        ("", "words"),
        (_say(book, "read-me.ask"), "subtitle"),
        *((c, "words") for c in book.contacts or (_say(book, "read-me.nobody"),)),
        ("", "words"),
        (_say(book, "read-me.stand", stand=_stand(book)), "words"),
    ]
    for y, (words, look) in enumerate(lines):
        sheet.write_string(y, 0, words, shapes[look])
        if look == "words" and (tall := _lines(words, 95)) > 1:
            sheet.set_row(y, 15 * tall)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _stand(book: Workbook) -> str:
    """When what the workbook holds last changed, as its readers write it."""
    if not book.meta.stand:
        return "–"
    return f"{moment(datetime.fromisoformat(book.meta.stand), book.locale)} UTC"


def _meta(sheet: Any, meta: Meta, key: bytes) -> None:
    """The hidden sheet by which a workbook is known again."""
    told = [
        ("format", f"{MARK}{FORMAT}"), ("round", meta.round), ("institution", meta.institution),
        ("lang", meta.lang), ("stand", meta.stand), ("signature", meta.signed(key)),
    ]  # fmt: skip
    for y, (name, value) in enumerate(told):
        sheet.write_string(y, 0, name)
        sheet.write_string(y, 1, value)
    for y, (cell, version) in enumerate(meta.cells.items(), start=len(told)):
        sheet.write_string(y, 0, "cell")
        sheet.write_string(y, 1, cell)
        sheet.write_number(y, 2, version)
    sheet.protect()
    sheet.very_hidden()


class _Values:
    """The sheet that is filled in."""

    def __init__(self, sheet: Any, book: Workbook, shapes: _Shapes) -> None:
        self.sheet, self.book, self.shapes = sheet, book, shapes
        self.sure = {q: _say(book, f"sure.{q.value}") for q in Qualifier}
        self.absences = {a: absence(a, book.lang) for a in ABSENCES}
        marks = {"both": BAD, "missing": TODO, "above": BAD, "below": LOOK, "jump": LOOK}
        self.said = {n: f"{marks[n]} {_say(book, f'check.{n}')}" for n in checks.NAMES}
        self.limits: dict[tuple[bool, Decimal, Decimal], list[int]] = {}
        self.open_rows: list[int] = []

    def write(self) -> None:
        s, book = self.sheet, self.book
        s.write_string(TITLE, 0, f"{book.institution} · {book.title}", self.shapes["title"])
        s.write_string(HELP, 0, _say(book, "help"), self.shapes["subtitle"])
        for c, x in AT.items():
            s.set_column(x, x, WIDTHS[c])
            s.write_string(MARKS, x, f"{MARK}{c.value}")
            s.write_string(NAMES, x, _say(book, f"column.{c.value}"), self.shapes["head"])
        s.set_row(MARKS, None, None, {"hidden": True})
        s.set_row(NAMES, 32)
        y = FIRST
        for sector, things in book.sectors:
            for x in range(len(COLUMNS)):
                s.write_blank(y, x, None, self.shapes["sector"])
            s.write_string(y, AT[Column.WHAT], sector, self.shapes["sector"])
            y += 1
            for thing in things:
                y = self._thing(y, thing)
        self._rules(y - 1)
        self._view(y - 1)

    def _thing(self, y: int, thing: Asking) -> int:
        groups = [(f"{LETTER[Column.VALUE]}{y + a + 1}:{LETTER[Column.VALUE]}{y + b + 1}", b - a + 1)
                  for a, b in thing.groups()]  # fmt: skip
        for n, entry in enumerate(thing.entries):
            self._told(y + n, thing, entry, total=n == 0)
            self._answers(y + n, thing, entry)
            self._check(y + n, thing, entry, groups if n == 0 else [])
            if not entry.locked:
                low = Decimal(0) if thing.ask.unit not in ("difference", "percent_change") else 1 - MOST
                low = thing.ask.low if thing.ask.low is not None else low
                high = thing.ask.high if thing.ask.high is not None else MOST - 1
                self.limits.setdefault((thing.whole, low, high), []).append(y + n)
                self.open_rows.append(y + n)
        return y + len(thing.entries)

    def _told(self, y: int, thing: Asking, entry: Entry, *, total: bool) -> None:
        """What is asked, in the columns that are not filled in."""
        s, shapes = self.sheet, self.shapes
        words = entry.label
        if total:
            words = "\n".join(filter(None, (thing.name, thing.detail, thing.guidance, thing.change)))
        s.write_string(y, AT[Column.CODE], entry.key, shapes["code"])
        s.write_string(y, AT[Column.WHAT], words, shapes["total" if total else "part"])
        # Of whom and when is said once, at the total: its parts are of the same.
        told = {Column.POPULATION: thing.population, Column.PERIOD: thing.period} if total else {}
        for column in (Column.POPULATION, Column.PERIOD):
            s.write_string(y, AT[column], told.get(column, ""), shapes["plain"])
        s.write_string(y, AT[Column.UNIT], thing.unit, shapes["plain"])
        if entry.earlier is not None:
            shape = self._numbers("earlier", thing, entry.earlier)
            s.write_number(y, AT[Column.EARLIER], float(entry.earlier), shape)
        else:
            s.write_blank(y, AT[Column.EARLIER], None, shapes["earlier"])
        s.write_string(y, AT[Column.WHEN], entry.earlier_when, shapes["plain"])
        texts = {Column.WHAT: words, Column.WHEN: entry.earlier_when, **told}
        tall = max(_lines(text, WIDTHS[column]) for column, text in texts.items())
        if tall > 1:
            s.set_row(y, 15 * min(tall, 12))

    def _numbers(self, look: str, thing: Asking, value: Decimal | None) -> Any:
        whole = thing.whole or value is None or value == value.to_integral_value()
        return self.shapes[f"{look} {'#,##0' if whole else 'General'}"]

    def _answers(self, y: int, thing: Asking, entry: Entry) -> None:
        s, g = self.sheet, entry.given
        look = "shut" if entry.locked else "answer"
        shape = self.shapes[f"{look} {'#,##0' if thing.whole else 'General'}"]
        if g.value is None:
            s.write_blank(y, AT[Column.VALUE], None, shape)
        elif len(g.value.normalize().as_tuple().digits) > DIGITS:
            # More digits than a spreadsheet keeps: as text, in the style of the country.
            s.write_string(y, AT[Column.VALUE], number(g.value, self.book.locale), self.shapes[look])
        else:
            s.write_number(y, AT[Column.VALUE], float(g.value), shape)
        sure = self.sure[g.qualifier] if g.value is not None and g.qualifier is not Qualifier.EXACT else ""
        texts = {
            Column.SURE: sure,
            Column.ABSENCE: self.absences.get(g.absence, ""),
            Column.NOTE: note_in(g, self.book.lang),
        }
        for column, text in texts.items():
            quoted = f"{look} quoted" if text.startswith(STARTERS) else look
            if text:
                s.write_string(y, AT[column], text, self.shapes[quoted])
            else:
                s.write_blank(y, AT[column], None, self.shapes[look])

    def _check(self, y: int, thing: Asking, entry: Entry, groups: list[tuple[str, int]]) -> None:
        if entry.locked:
            self.sheet.write_string(y, AT[Column.CHECK], entry.locked, self.shapes["shut"])
            return
        total = entry is thing.entries[0]
        text = checks.formula(
            {c.value: f"{LETTER[c]}{y + 1}" for c in (Column.VALUE, Column.SURE, Column.ABSENCE, Column.EARLIER)},
            self.said, exact=self.sure[Qualifier.EXACT], required=total and thing.ask.required, groups=groups,
        )  # fmt: skip
        now = check(thing, entry)
        self.sheet.write_formula(
            y, AT[Column.CHECK], text, self.shapes["check"], self.said[now] if now else ""
        )

    def _rules(self, last: int) -> None:
        """What may be typed where, with its message; and the colours of what the checks say."""
        for (whole, low, high), rows in self.limits.items():
            message = _say(self.book, "limits.whole" if whole else "limits.any",
                           low=number(low, self.book.locale), high=number(high, self.book.locale))  # fmt: skip
            self._validate(Column.VALUE, rows, {
                "validate": "integer" if whole else "decimal", "criteria": "between",
                "minimum": _bound(low), "maximum": _bound(high),
                "input_title": _say(self.book, "limits.title")[:32], "input_message": message[:255],
                "error_title": _say(self.book, "limits.wrong")[:32], "error_message": message[:255],
            })  # fmt: skip
        for column, options in ((Column.SURE, self.sure), (Column.ABSENCE, self.absences)):
            self._validate(column, self.open_rows, {
                "validate": "list", "source": list(options.values()),
                "error_title": _say(self.book, "limits.wrong")[:32],
                "error_message": _say(self.book, "limits.list")[:255],
            })  # fmt: skip
        for mark, look in ((BAD, "bad"), (LOOK, "look"), (TODO, "todo")):
            for column in (Column.VALUE, Column.CHECK):
                self.sheet.conditional_format(FIRST, AT[column], max(last, FIRST), AT[column], {
                    "type": "formula", "format": self.shapes[look],
                    "criteria": f'=LEFT(${LETTER[Column.CHECK]}{FIRST + 1},1)="{mark}"',
                })  # fmt: skip

    def _validate(self, column: Column, rows: list[int], rule: dict[str, Any]) -> None:
        x = AT[column]
        ranges = [[a, x, b, x] for a, b in _runs(rows)]
        if ranges:
            first, *others = ranges
            self.sheet.data_validation(*first, {**rule, "other_cells": others})

    def _view(self, last: int) -> None:
        s = self.sheet
        s.freeze_panes(FIRST, AT[Column.POPULATION])
        s.autofilter(NAMES, 0, max(last, FIRST), len(COLUMNS) - 1)
        s.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
        s.set_landscape()
        s.set_paper(LETTER_PAPER)
        s.fit_to_pages(1, 0)
        s.repeat_rows(NAMES)
        s.set_footer(f"&L{self.book.institution.replace('&', '&&')[:80]}&C{self.book.meta.round}&R&P / &N")
        if self.open_rows:
            s.set_selection(self.open_rows[0], AT[Column.VALUE], self.open_rows[0], AT[Column.VALUE])
        s.activate()


def _lines(words: str, width: int) -> int:
    """About how many lines a text takes in a column: spreadsheets do not make room for it by themselves."""
    return sum(1 + len(part) // width for part in words.split("\n"))


def _bound(limit: Decimal) -> int | float:
    return int(limit) if limit == limit.to_integral_value() else float(limit)


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Rows in ascending order as unbroken runs."""
    out: list[tuple[int, int]] = []
    for y in rows:
        if out and out[-1][1] == y - 1:
            out[-1] = (out[-1][0], y)
        else:
            out.append((y, y))
    return out


#: The columns whose names are read when the hidden marks are lost.
NAMED = (Column.CODE, *ANSWERS)
