"""Contributions as a workbook for donors: each of them, what they add up to, what could not be summed.

Every text is a string cell, so that nothing in it runs as a formula, and times are fixed: the same
contributions make the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from mirps.base.texts.api import say
from mirps.planning.contributions import wording
from mirps.planning.contributions.rules import Contribution, Left, Sums
from mirps.planning.records import api as records

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Columns of the sheet of contributions: the cell's name and its width.
COLUMNS = {
    "code": 26, "donor": 30, "unit": 26, "title": 44, "stage": 16, "form": 24, "exactness": 12, "amount": 18,
    "currency": 10, "made": 12, "starts": 12, "ends": 12, "earmark": 22, "states": 26, "sectors": 30, "channel": 34,
    "purpose": 60, "part-of": 26, "fulfils": 26, "projects": 30, "source": 50, "note": 50,
}  # fmt: skip
SUMMED = ("reach", "stage", "currency", "exactness", "total", "count")
NOTES = ("stages", "once", "currency", "reach", "source")
_FIXED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def workbook(of: Sequence[Contribution], sums: Sums, lang: str, titles: Mapping[str, str]) -> Iterator[bytes]:
    """The workbook's bytes in chunks. `titles`: what projects are called, by key."""
    with tempfile.TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(file, options)
        book.set_properties({"title": say("contributions.title", lang), "author": "MIRPS", "created": _FIXED})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        money = book.add_format({"num_format": "#,##0.##"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _contributions(book, of, lang, titles, head, money)
        _sums(book, sums, lang, head, money)
        _left(book, sums, lang, head)
        notes = book.add_worksheet(say("contributions.sheet.notes", lang))
        notes.set_column(0, 0, 100)
        for y, key in enumerate(NOTES):
            notes.write_string(y, 0, say(f"contributions.note.{key}", lang), wrap)
        book.close()
        file.seek(0)
        while chunk := file.read(64 * 1024):
            yield chunk


def _contributions(
    book: Any, of: Sequence[Contribution], lang: str, titles: Mapping[str, str], head: Any, money: Any
) -> None:
    sheet = book.add_worksheet(say("contributions.sheet.contributions", lang))
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(len(of), 1), len(COLUMNS) - 1)
    for x, (name, width) in enumerate(COLUMNS.items()):
        sheet.set_column(x, x, width)
        sheet.write_string(0, x, _label(name, lang), head)
    for y, c in enumerate(of, start=1):
        row = _row(c, lang, titles)
        for x, name in enumerate(COLUMNS):
            if name == "amount" and c.amount is not None:
                sheet.write_number(y, x, float(c.amount), money)
            elif row.get(name):
                sheet.write_string(y, x, row[name])


def _row(c: Contribution, lang: str, titles: Mapping[str, str]) -> dict[str, str]:
    def named(list_: str, codes: Sequence[str]) -> str:
        return "; ".join(
            records.name_of(list_, code, lang) if code in records.listed(list_) else code for code in codes
        )

    return {
        "code": c.code, "donor": wording.donor(c.donor, lang),
        "unit": named("institutions", [c.unit] if c.unit else []),
        "title": c.title.get(lang, ""), "stage": wording.choice("stage", c.stage, lang),
        "form": wording.choice("form", c.form, lang), "currency": c.currency, "made": c.made, "starts": c.starts,
        "exactness": wording.choice("exactness", c.exactness, lang) if c.amount is not None else "",
        "ends": c.ends, "earmark": wording.choice("earmark", c.earmark, lang), "states": named("states", c.states),
        "sectors": named("sectors", c.sectors), "channel": named("institutions", c.channels),
        "purpose": c.purpose.get(lang, ""), "part-of": "; ".join(c.part_of), "fulfils": "; ".join(c.fulfils),
        "projects": "; ".join(titles[key] for key in c.projects if key in titles),
        "source": "; ".join(", ".join(filter(None, s[:2])) for s in c.sources), "note": (c.note or {}).get(lang, ""),
    }  # fmt: skip


def _label(name: str, lang: str) -> str:
    if name in ("code", "donor", "currency"):
        return say(f"contributions.column.{name}", lang)
    return say(
        f"record.field.{name}" if name in ("source", "note") else f"kind.contribution.field.{name}", lang
    )


def _sums(book: Any, sums: Sums, lang: str, head: Any, money: Any) -> None:
    sheet = book.add_worksheet(say("contributions.sheet.sums", lang))
    sheet.set_column(0, len(SUMMED) - 1, 22)
    for x, name in enumerate(SUMMED):
        sheet.write_string(0, x, say(f"contributions.column.{name}", lang), head)
    found = [(line.reach.value, line) for line in sums.lines] + [("inside", line) for line in sums.inside]
    for y, (reach, line) in enumerate(found, start=1):
        texts = (
            say(f"contributions.reach.{reach}", lang), wording.choice("stage", line.stage, lang),
            line.currency, wording.choice("exactness", line.exactness, lang),
        )  # fmt: skip
        for x, text in enumerate(texts):
            sheet.write_string(y, x, text)
        sheet.write_number(y, 4, float(line.total), money)
        sheet.write_number(y, 5, line.count)


def _left(book: Any, sums: Sums, lang: str, head: Any) -> None:
    sheet = book.add_worksheet(say("contributions.sheet.left", lang))
    sheet.set_column(0, 2, 44)
    for x, name in enumerate(("why", "donor", "title", "within")):
        sheet.write_string(0, x, say(f"contributions.column.{name}", lang), head)
    y = 0
    for why, of in sums.left.items():
        for c in of:
            y += 1
            sheet.write_string(y, 0, say(f"contributions.left.{why.value}", lang))
            sheet.write_string(y, 1, wording.donor(c.donor, lang))
            sheet.write_string(y, 2, c.title.get(lang, ""))
            if why is Left.PART:
                sheet.write_string(y, 3, sums.within[c.code])
