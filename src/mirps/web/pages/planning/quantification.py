"""Quantification: need, what the State gives, what others give and the gap, in the reader's currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.planning.records import api as records
from mirps.planning.results import api as results
from mirps.planning.results.api import Books, Circle, Gap, Group, Total
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.quantification_sheet import workbook
from mirps.web.pages.planning.quantification_words import (
    Asked,
    Names,
    currency_name,
    money,
    plain,
    rate_words,
    state_name,
    why_kept,
    year_name,
)
from mirps.web.pages.planning.results_indicator import by_id

FIRST = "USD"


@dataclass(frozen=True, slots=True)
class Cell:
    """A sum as a table shows it: the value, or why there is none, and what stays out of it."""

    value: str
    kept: tuple[str, ...] = ()
    none: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    href: str
    cells: tuple[Cell, ...]  # need, own, other, gap
    group: Group


@require_safe
@reading
def quantification(desk: Desk) -> HttpResponse:
    asked = ask(desk)
    try:
        every = results.books(desk.shown, partial(by_id, Reader(desk.request).shelf), counted=asked.counted)
    except Circle as e:
        return desk.page(
            "planning/quantification.html", **_frame(desk, asked, None), circle=_called(desk, e.path)
        )
    books = every.within(state=asked.state, year=asked.year)
    groups = books.grouped(asked.by, asked.currency)
    whole = books.gap(asked.currency)
    names = Names(desk, books, groups)
    if desk.request.GET.get("format") == "xlsx":
        return workbook(desk, asked, names, groups, whole)
    lines = [Line(*names.group(asked.by, g.key), cells(desk, g.gap), g) for g in groups]
    return desk.page(
        "planning/quantification.html", **_frame(desk, asked, every), circle=[], whole=cells(desk, whole), gap=whole,
        lines=lines, untied=len(books.flows) - len(books.tied()), converted=_converted(desk, names, whole),
        kept=[(names.of(a.whence), money(desk, a), say(f"quant.why.{why_kept(a)}", desk.lang)) for a in whole.kept],
        rates=[rate_words(desk, r) for r in whole.rates], chains=_chains(desk, names, books), titled=names.of,
        held=[(names.of(h.cost), names.of(h.by), say(f"kind.cost.field.{h.part.value}", desk.lang))
              for h in whole.held],
        over=[(", ".join(names.of(k)[0] for k in o.out_of), plain(desk, o.came.amount, o.came.currency),
               plain(desk, o.went.amount, o.went.currency)) for o in results.overdrawn(books.flows, books.fed)],
    )  # fmt: skip


def ask(desk: Desk) -> Asked:
    """What the reader chose; anything unknown falls back to the first choice."""
    got = desk.request.GET
    known = records.listed("currencies")
    currency = got.get("currency", FIRST).upper()
    by, counted, state, year = (got.get(k, "") for k in ("by", "counted", "state", "year"))
    return Asked(
        currency if currency in known else FIRST, by if by in results.BY else "commitment",
        counted if counted in results.STAGES else "promised",
        {"": None, "region": ""}.get(state, state), {"": None, "none": ""}.get(year, year),
    )  # fmt: skip


def _frame(desk: Desk, asked: Asked, every: Books | None) -> dict[str, Any]:
    """The form and the head of the page."""
    used = {FIRST, asked.currency}
    years: set[str] = set()
    states: set[str] = set()
    if every is not None:
        used |= {
            m.currency for c in every.costs for said in c.parts.values() for m in (s.money for s in said)
        }
        used |= (
            {f.money.currency for f in every.flows}
            | {r.origin for r in every.rates}
            | {r.target for r in every.rates}
        )
        years = {results.cost_year(c) for c in every.costs} | {results.flow_year(f) for f in every.tied()}
        states = {c.state for c in every.costs} | {every.state(f) for f in every.tied()}
    query = desk.request.GET.copy()
    query["format"] = "xlsx"
    return {
        "asked": asked,
        "trail": [(say("results.title", desk.lang), desk.url("results")), (say("quant.title", desk.lang), "")],
        "currencies": [(c, currency_name(c, desk.lang)) for c in sorted(used - {""})],
        "years": [(y or "none", year_name(desk, y)) for y in sorted(years)],
        "states": [(s or "region", state_name(desk, s)) for s in sorted(states)],
        "sheet": "?" + query.urlencode(), "may_write": bool(desk.owners(records.kinds()["cost"])),
    }  # fmt: skip


def cells(desk: Desk, g: Gap) -> tuple[Cell, ...]:
    sums = [_cell(desk, t) for t in (g.need, g.own, g.other)]
    return (*sums, gap_cell(desk, g))


def _cell(desk: Desk, t: Total) -> Cell:
    kept = tuple(money(desk, a) for a in t.kept)
    if not t.counted:
        why = "quant.not-convertible" if kept else "quant.not-stated"
        return Cell(say(why, desk.lang), kept, none=True)
    return Cell(plain(desk, t.value, t.currency), kept)


def gap_cell(desk: Desk, g: Gap) -> Cell:
    if g.value is None:
        return Cell(
            say("quant.gap.no-need" if not g.need.stated else "quant.not-convertible", desk.lang), none=True
        )
    words = plain(desk, g.value, g.need.currency)
    if g.value < 0:
        words = say("quant.gap.more", desk.lang, amount=plain(desk, -g.value, g.need.currency))
    return Cell(words, (say("quant.gap.partial", desk.lang),) if g.kept else ())


def _converted(desk: Desk, names: Names, g: Gap) -> list[dict[str, Any]]:
    """Every amount that was converted, with the rates, their days and who says them."""
    return [
        {
            "name": names.of(c.amount.whence), "money": money(desk, c.amount),
            "value": plain(desk, c.value, t.currency),
            "rates": [rate_words(desk, u.rate) for u in c.by],
        }
        for t in g.totals for c in t.counted if c.by
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hop:
    """A flow and those that are paid out of it."""

    name: tuple[str, str]
    way: str
    money: str
    counted: bool
    onward: tuple[Hop, ...]


def _chains(desk: Desk, names: Names, books: Books) -> list[Hop]:
    """The ways of money that pass through several hands, from where it enters."""
    held = {f.key: f for f in books.flows}
    onward: dict[str, list[str]] = {}
    for key, sources in books.fed.items():
        for s in sources:
            if s in held and key in held:
                onward.setdefault(s, []).append(key)
    entered = {f.key for f in results.entering(books.flows, books.fed)}

    def hop(key: str) -> Hop:
        f = held[key]
        way = " → ".join(
            x for x in (_body(desk, f.giver), *(_body(desk, t) for t in f.taker.split("; ") if t)) if x
        )
        below = tuple(hop(k) for k in sorted(onward.get(key, ())))
        return Hop(names.of(key), way, money(desk, f.amount), key in entered, below)

    return [hop(k) for k in sorted(onward) if k in entered]


def _body(desk: Desk, code: str) -> str:
    return (
        records.name_of("institutions", code, desk.lang) if code in records.listed("institutions") else code
    )


def _called(desk: Desk, keys: Iterable[str]) -> list[tuple[str, str]]:
    found = showing.titles(desk, list(keys))
    return [(found.get(k, k), showing.address_of(k, desk.lang)) for k in keys]


patterns: list[URLPattern] = [
    path("planning/quantification/", quantification, name="quantification"),
]
