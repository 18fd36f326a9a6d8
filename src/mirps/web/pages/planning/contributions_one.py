"""One contribution: who gives it, what it is worth, whether its money is in another's, and what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.planning.contributions import api as contributions
from mirps.planning.contributions import wording
from mirps.planning.records import api as records
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.contributions import rows
from mirps.web.pages.planning.donors import came_of, linked
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.record import whole

#: Told by the head of the page, or by what came of it.
_APART = frozenset(
    {
        "title",
        "amount",
        "exactness",
        "stage",
        "figures",
        "source",
        "proposal",
        "part-of",
        "part-is",
        "fulfils",
    }
)


@require_safe
@reading
def one(desk: Desk, code: str) -> HttpResponse:
    """A contribution as it stands for this reader; `?on=` as it was known on a day."""
    held = desk.record("contribution", code)
    context = whole(desk, held, desk.day("on"))
    known = held.known_at.date() if held.known_at else None
    c = contributions.given(code, held.body, context["data"], known=known, place=held.place)
    book = contributions.book()
    _, sums = book.of(contributions.Wanted(donor=c.donor))
    shelf = Reader(desk.request)
    named = [figure for _, figure in c.figures if figure in shelf.shelf.public]
    context["told"] = showing.told(
        desk, records.kinds()["contribution"], context["data"],
        fields=[f.name for f in records.kinds()["contribution"].fields if f.name not in _APART],
    )  # fmt: skip
    # Other contributions that name it are told as what keeps it and what it includes.
    context["naming"] = [g for g in context["naming"] if g[1][0][0].kind != "contribution"]
    context["trail"] = [
        (say("contributions.title", desk.lang), desk.url("contributions")),
        *([(wording.donor(c.donor, desk.lang), desk.url("donor", code=c.donor))] if c.donor else []),
        (context["title"], ""),
    ]  # fmt: skip
    return desk.page(
        "planning/contribution.html", shown=rows(desk, [c], book, sums)[0], came=_came(desk, c, book),
        figures=shelf.lines(shelf.shelf.public[i] for i in named), **context,
    )  # fmt: skip


def _came(desk: Desk, c: contributions.Contribution, book: contributions.Book) -> dict[str, Any]:
    kept, parts = contributions.kept(book.every), contributions.parts(book.every)
    promises = [book.by[code] for code in c.fulfils if code in book.by]
    wholes = [book.by[code] for code in c.part_of if code in book.by]
    return came_of(desk, c, kept, parts, {}) | {
        "promises": [linked(desk, x) for x in promises], "wholes": [linked(desk, x) for x in wholes],
    }  # fmt: skip


patterns: list[URLPattern] = [path("planning/contribution/<str:code>/", one, name="contribution")]
showing.PAGES["contribution"] = "contribution"
