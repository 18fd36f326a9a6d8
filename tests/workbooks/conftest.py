"""Making a workbook of the small round, filling it in, and taking it in."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
from tests.rounds.conftest import NOW, ask, cell, round_2025, write

from mirps.evidence.entries.api import Cell
from mirps.evidence.rounds.api import Round
from mirps.evidence.workbooks import api as workbooks
from mirps.evidence.workbooks.api import Choice, Frame, Looked, Taken
from mirps.evidence.workbooks.writing import AT, MARKS, Column
from mirps.web.pages.rounds.workbook_words import Naming

__all__ = ["NOW", "ask", "cell", "round_2025", "write"]

FRAME = Frame(due="el 21 de octubre", address="https://mirps.example/x/", contacts=("Hernán Ejemplo",))


def made(institution: str = "HND.INM", lang: str = "es", round: str = "2025") -> bytes:
    return workbooks.make(
        round=Round.objects.get(pk=round), institution=institution, lang=lang,
        words=Naming(institution[:3], lang), frame=FRAME,
    )  # fmt: skip


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def values_of(book: Any) -> Any:
    """The sheet that is filled in."""
    return next(s for s in book.worksheets if s.cell(MARKS + 1, 1).value == "mirps:code")


def rows_of(sheet: Any) -> dict[str, int]:
    return {
        r[0].value: r[0].row for r in sheet.iter_rows(min_row=MARKS + 3, max_col=1) if r[0].value is not None
    }


def fill(content: bytes, answers: Mapping[str, object], column: Column = Column.VALUE) -> bytes:
    """The workbook with these answers typed into it, by key."""
    book = opened(content)
    sheet = values_of(book)
    rows = rows_of(sheet)
    for key, value in answers.items():
        sheet.cell(rows[key], AT[column] + 1).value = value
    return saved(book)


def changed(content: bytes, change: Callable[[Any, Any], None]) -> bytes:
    """The workbook after `change(book, sheet of values)`."""
    book = opened(content)
    change(book, values_of(book))
    return saved(book)


def look(content: bytes, institution: str = "HND.INM", by: str = "clerk") -> Looked:
    return workbooks.look(round=Round.objects.get(pk="2025"), institution=institution, content=content, by=by)


def take_in(
    content: bytes, *, institution: str = "HND.INM", by: str = "clerk", whole: bool = False,
    choices: Mapping[str, Choice] | None = None, seen: Mapping[str, int] | None = None,
) -> Taken:  # fmt: skip
    return workbooks.take_in(
        round="2025", institution=institution, content=content, name="libro.xlsx", by=by, at=NOW, whole=whole,
        choices=choices, seen=seen,
    )  # fmt: skip


def standing(institution: str = "HND.INM") -> dict[tuple[str, str], Any]:
    """What stands in each cell that holds anything."""
    held = Cell.objects.filter(asked__institution=institution).select_related("asked").order_by("pk")
    return {
        (c.asked.code, c.dimensions): c.value if c.value is not None else c.absence
        for c in held
        if c.value is not None or c.absence
    }
