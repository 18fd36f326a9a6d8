"""Quantification as a workbook: the gaps, every amount with how it was converted, the rates."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from mirps.base.texts.api import say
from mirps.planning.results.api import Amount, Converted, Gap, Group, Total
from mirps.sharing.exports.sheets import MEDIA
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk
from mirps.web.pages.planning.quantification_words import (
    Asked,
    Names,
    asked_words,
    money,
    rate_words,
    why_kept,
)

_FIXED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
PARTS = ("need", "own", "other")


def workbook(desk: Desk, asked: Asked, names: Names, groups: Sequence[Group], whole: Gap) -> HttpResponse:
    """Every text is a string cell, so that nothing in it can run as a formula; the same sums make the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    title = say("quant.title", desk.lang)
    book.set_properties({"title": title, "author": "MIRPS", "created": _FIXED})
    style = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True}),
    }
    _gaps(book, style, desk, asked, names, groups, whole)
    _amounts(book, style, desk, asked, names, whole)
    _rates(book, style, desk, whole)
    book.close()
    answer = HttpResponse(out.getvalue(), content_type=MEDIA)
    answer["Content-Disposition"] = (
        f'attachment; filename="mirps-{say("quant.file", desk.lang)}-{asked.currency}.xlsx"'
    )
    return answer


def _gaps(
    book: Any, style: Any, desk: Desk, asked: Asked, names: Names, groups: Sequence[Group], whole: Gap
) -> None:
    lang = desk.lang
    sheet = book.add_worksheet(say("quant.sheet.gaps", lang))
    sheet.set_column(0, 0, 50)
    sheet.set_column(1, 4, 18)
    sheet.set_column(5, 5, 50)
    sheet.write_string(0, 0, f"{say('quant.title', lang)} ({asked.currency})", style["bold"])
    sheet.write_string(1, 0, asked_words(desk, asked))
    sheet.write_string(2, 0, say("quant.total-note", lang), style["wrap"])
    heads = [say(f"quant.by.{asked.by}", lang), *(say(f"kind.cost.field.{p}", lang) for p in PARTS),
             say("quant.gap.name", lang), say("quant.kept", lang)]  # fmt: skip
    for x, words in enumerate(heads):
        sheet.write_string(4, x, words, style["head"])
    rows = [(names.group(asked.by, g.key)[0], g.gap) for g in groups]
    for y, (name, g) in enumerate([*rows, (say("quant.whole", lang), whole)], start=5):
        sheet.write_string(y, 0, name)
        for x, t in enumerate((g.need, g.own, g.other), start=1):
            if t.counted:
                sheet.write_number(y, x, float(t.value), style["money"])
        if g.value is not None:
            sheet.write_number(y, 4, float(g.value), style["money"])
        sheet.write_string(y, 5, "; ".join(money(desk, a) for a in g.kept))


def _amounts(book: Any, style: Any, desk: Desk, asked: Asked, names: Names, whole: Gap) -> None:
    lang = desk.lang
    sheet = book.add_worksheet(say("quant.sheet.amounts", lang))
    sheet.set_column(0, 0, 50)
    sheet.set_column(1, 7, 18)
    heads = ["record", "part", "amount", "currency", "day", "converted", "rate", "rate-day"]
    for x, key in enumerate(heads):
        sheet.write_string(0, x, say(f"quant.column.{key}", lang, currency=asked.currency), style["head"])
    y = 1
    for part, t in zip(PARTS, (whole.need, whole.own, whole.other), strict=True):
        for a, c in _every(t):
            cells = [names.of(a.whence)[0], say(f"kind.cost.field.{part}", lang), a.money.amount, a.money.currency,
                     a.day.isoformat() if a.day else ""]  # fmt: skip
            if c is None:
                cells += ["", say(f"quant.why.{why_kept(a)}", lang), ""]
            else:
                by = [rate_words(desk, u.rate) for u in c.by]
                cells += [c.value, "; ".join(w for w, _, _ in by), "; ".join(d for _, d, _ in by)]
            for x, cell in enumerate(cells):
                _write(sheet, y, x, cell, style)
            y += 1


def _every(t: Total) -> list[tuple[Amount, Converted | None]]:
    return [(c.amount, c) for c in t.counted] + [(a, None) for a in t.kept]


def _rates(book: Any, style: Any, desk: Desk, whole: Gap) -> None:
    sheet = book.add_worksheet(say("quant.sheet.rates", desk.lang))
    sheet.set_column(0, 2, 44)
    for x, key in enumerate(("rate", "rate-day", "source")):
        sheet.write_string(0, x, say(f"quant.column.{key}", desk.lang, currency=""), style["head"])
    called = showing.titles(desk, [r.key for r in whole.rates])
    for y, r in enumerate(whole.rates, start=1):
        words, on, _ = rate_words(desk, r)
        for x, cell in enumerate((words, on, called.get(r.key, r.key))):
            sheet.write_string(y, x, cell)


def _write(sheet: Any, y: int, x: int, cell: object, style: Any) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(y, x, float(cell), style["money"])
    elif cell:
        sheet.write_string(y, x, str(cell))
