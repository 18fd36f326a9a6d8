"""The pages of a rate and of a cost: what they come to, beside what was written."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import day, say
from mirps.planning.records.api import Record
from mirps.planning.results import api as results
from mirps.planning.results.api import Circle
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.quantification import FIRST, cells
from mirps.web.pages.planning.quantification_words import rate_words
from mirps.web.pages.planning.record import whole
from mirps.web.pages.planning.results_indicator import by_id


@require_safe
@reading
def rate(desk: Desk, code: str) -> HttpResponse:
    """A rate in both directions with its day, and the figures that imply it."""
    held = desk.record("rate", code)
    context, entries = _whole(desk, held)
    found = results.rate(held.key, context["data"], partial(by_id, Reader(desk.request).shelf))
    words = rate_words(desk, found)[0] if found else say("quant.no-rate", desk.lang)
    on = day(found.day, desk.locale) if found else ""
    return desk.page("planning/money.html", **context, **entries, stated=words, on_day=on, sums=[])


@require_safe
@reading
def cost(desk: Desk, code: str) -> HttpResponse:
    """What a commitment costs, what pays for it and what is lacking, in the currency of the need."""
    held = desk.record("cost", code)
    context, entries = _whole(desk, held)
    shelf = Reader(desk.request).shelf
    made = results.cost(held, context["data"], partial(by_id, shelf))
    stated = [s.money.currency for said in made.parts.values() for s in said if s.money.currency]
    currency = stated[0] if stated else FIRST
    try:
        books = results.books(desk.shown, partial(by_id, shelf))
    except Circle:
        return desk.page("planning/money.html", **context, **entries, stated=say("quant.circle", desk.lang), on_day="",
                         sums=[])  # fmt: skip
    paying = [
        f for f in books.flows if f.key in made.paid_by or (made.commitment and made.commitment in f.serves)
    ]
    gap = cells(desk, replace(books, costs=[made], flows=paying).gap(currency))
    names = [say(f"kind.cost.field.{p}", desk.lang) for p in ("need", "own", "other")]
    sums = list(zip([*names, say("quant.gap.name", desk.lang)], gap, strict=True))
    return desk.page("planning/money.html", **context, **entries, stated="", on_day="", sums=sums)


def _whole(desk: Desk, held: Record) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record as every page shows it, and the figures that it names as lines of a table."""
    reader = Reader(desk.request)
    context = whole(desk, held)
    context["told"] = [t for t in context["told"] if t.name not in ("figures", "title")]
    rows = context["data"].get("figures", ())
    entries = [e for row in rows if (e := by_id(reader.shelf, row["figure"])) is not None]
    return context, {"lines": reader.lines(entries), "doubts": reader.shelf.doubts_about}


showing.PAGES |= {"rate": "rate", "cost": "cost"}
patterns: list[URLPattern] = [
    path("planning/rate/<str:code>/", rate, name="rate"),
    path("planning/cost/<str:code>/", cost, name="cost"),
]
