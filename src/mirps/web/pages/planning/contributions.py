"""Contributions: by donor, State, year, stage and form, with sums of what may be summed and names of what not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import number, say
from mirps.planning.contributions import api as contributions
from mirps.planning.contributions import sheets, wording
from mirps.planning.contributions.api import STAGES, Book, Contribution, Left, Line, Sums, Wanted
from mirps.planning.records import api as records
from mirps.planning.results import api as results
from mirps.sharing.portal import wording as portal
from mirps.web.pages.page import Reader
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.lists import LEADS

PAGE = 50
FORMS = ("cash", "in-kind", "grant", "loan", "goods", "expertise", "places")
#: What a sum may be asked in besides the currencies that stand in it.
ALWAYS = ("USD", "EUR")
LEADS["contributions"] = "contributions"


@dataclass(frozen=True, slots=True)
class Row:
    """One contribution as a list shows it."""

    c: Contribution
    title: str
    href: str
    donor: str
    donor_href: str
    amount: str
    stage: str
    places: str
    when: str
    within: tuple[str, str, bool] | None  # (title, address, whether we assume it) of what holds its money
    disagrees: str  # the figure that says otherwise


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of sums, in words."""

    line: Line
    reach: str
    inside: bool  # in another line already
    stage: str
    total: str
    converted: str  # in the currency asked for, or nothing
    apart: int  # how many of it no rate converts


@require_safe
@reading
def every(desk: Desk) -> HttpResponse:
    """Contributions in force; `?in=` a currency to convert the sums into, by dated rates."""
    book = contributions.book()
    wanted = asked(desk)
    chosen, sums = book.of(wanted)
    shown = Paginator(chosen, PAGE).get_page(desk.request.GET.get("page"))
    into = desk.request.GET.get("in", "")
    into = into if into in records.listed("currencies") else ""
    return desk.page(
        "planning/contributions.html", rows=rows(desk, shown.object_list, book, sums), shown=shown, chosen=len(chosen),
        total=len(book.every), wanted=wanted, sums=told(desk, sums, into), left=left(desk, sums), into=into,
        currencies=sorted({x.currency for x in sums.lines} | set(ALWAYS)), **choices(desk, book), stages=STAGES[::-1],
        forms=FORMS, query=urlencode(query(wanted)), may_write=bool(desk.owners(records.kinds()["contribution"])),
        trail=[(say("contributions.title", desk.lang), "")],
    )  # fmt: skip


@require_safe
@reading
def xlsx(desk: Desk) -> HttpResponse | StreamingHttpResponse:
    """The same choice as a workbook."""
    chosen, sums = contributions.book().of(asked(desk))
    titles = records.titled({key for c in chosen for key in c.projects}, desk.lang)
    book = sheets.workbook(chosen, sums, desk.lang, titles)
    answer = StreamingHttpResponse(book, content_type=sheets.MEDIA)
    name = say("contributions.file", desk.lang)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def asked(desk: Desk) -> Wanted:
    ask = desk.request.GET
    return Wanted(**{name: ask.get(name, "")[:40] for name in Wanted.__slots__})


def query(wanted: Wanted) -> dict[str, str]:
    """What was asked for, as it stands in an address."""
    return {name: value for name in Wanted.__slots__ if (value := getattr(wanted, name))}


def choices(desk: Desk, book: Book) -> dict[str, Any]:
    """What may be asked for: only what some contribution has."""
    donors = [(d, wording.donor(d, desk.lang), n) for d, n in book.donors.items()]
    order = [*contributions.STATES, "MIRPS", "ID3", "CAM", "LAC", "AMER", "WORLD", "none"]
    years = sorted(book.years, reverse=True)
    return {
        "donors": sorted(donors, key=lambda x: x[1].casefold()),
        "states": [(s, _state(s, desk.lang), book.states[s]) for s in order if s in book.states],
        "years": [
            (y, say("contributions.no-day", desk.lang) if y == "none" else y, book.years[y]) for y in years
        ],
    }


def _state(code: str, lang: str) -> str:
    return say("contributions.no-place", lang) if code == "none" else portal.state(code, lang)


def rows(desk: Desk, of: Iterable[Contribution], book: Book, sums: Sums) -> list[Row]:
    """Contributions in words, each with what it is part of and what the ledger says otherwise."""
    shown = list(of)
    wrong = contributions.disagreeing(shown, desk.now)
    return [_row(desk, c, book.by, sums.within, wrong) for c in shown]


def _row(
    desk: Desk,
    c: Contribution,
    by: Mapping[str, Contribution],
    within: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Row:
    holder = by.get(within.get(c.code, "") or next(iter(c.part_of), ""))
    return Row(
        c, title(c, desk.lang), address(desk, c), wording.donor(c.donor, desk.lang),
        desk.url("donor", code=c.donor) if c.donor else desk.url("donors"),
        wording.amount(c, desk.lang, desk.locale), wording.choice("stage", c.stage, desk.lang),
        wording.places(c, desk.lang), wording.when(c, desk.lang, desk.locale),
        (title(holder, desk.lang), address(desk, holder), c.assumed) if holder else None, wrong.get(c.code, ""),
    )  # fmt: skip


def title(c: Contribution, lang: str) -> str:
    return c.title.get(lang) or c.title.get("en" if lang == "es" else "es") or c.code


def address(desk: Desk, c: Contribution) -> str:
    return desk.url("contribution", code=c.code)


def told(desk: Desk, sums: Sums, into: str) -> list[Sum]:
    """The sums in words, and in another currency where dated rates allow it; what of them is for the region."""
    known = _rates(desk) if into else []
    return [
        *(_told(desk, line, line.reach.value, into, known) for line in sums.lines),
        *(_told(desk, line, "inside", into, known) for line in sums.inside),
    ]


def _told(desk: Desk, line: Line, reach: str, into: str, known: list[results.Rate]) -> Sum:
    converted, apart = "", 0
    if into and into != line.currency:
        found = results.total([_amount(c) for c in line.of], into, known)
        apart = len(found.kept)
        if found.counted:
            converted = wording.money(found.value, into, line.exactness, desk.lang, desk.locale)
    return Sum(
        line, say(f"contributions.reach.{reach}", desk.lang), reach == "inside",
        wording.choice("stage", line.stage, desk.lang), wording.summed(line, desk.lang, desk.locale), converted, apart,
    )  # fmt: skip


def _amount(c: Contribution) -> results.Amount:
    when = c.made or c.ends or c.starts
    figure = next((f for what, f in c.figures if what == "amount"), "")
    money = results.Money(c.amount or Decimal(0), c.currency)
    return results.Amount(money, records.last_day(when) if when else c.known, c.key, figure)


def _rates(desk: Desk) -> list[results.Rate]:
    shelf = Reader(desk.request).shelf
    return results.rates(results.in_force, shelf.public.get)


def left(desk: Desk, sums: Sums) -> list[dict[str, Any]]:
    """What is in no sum, by why, with its amount."""
    return [
        {
            "why": say(f"contributions.left.{why.value}", desk.lang), "count": number(len(of), desk.locale),
            "part": why is Left.PART,
            "of": [
                (title(c, desk.lang), address(desk, c), wording.donor(c.donor, desk.lang),
                 wording.amount(c, desk.lang, desk.locale) if c.amount is not None else "")
                for c in of[:PAGE]
            ],
            "more": max(0, len(of) - PAGE),
        }
        for why, of in sums.left.items()
    ]  # fmt: skip


patterns: list[URLPattern] = [
    path("planning/contributions/", every, name="contributions"),
    path("planning/contributions.xlsx", xlsx, name="contributions-xlsx"),
]
