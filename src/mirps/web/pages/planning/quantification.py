"""Quantification: need, what the State gives, what others give and the gap, in the reader's currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.planning.records import api as records
from mirps.planning.results import api as results
from mirps.planning.results.api import Amount, Books, Circle, Converted, Gap, Group, Total
from mirps.sharing.portal.shelf import Shelf
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.quantification_sheet import workbook
from mirps.web.pages.planning.quantification_words import (
    MOST,
    MOST_NAMED,
    Asked,
    Names,
    Way,
    currency_name,
    every_key,
    money,
    plain,
    rate_words,
    shown_keys,
    state_name,
    ways_of,
    why_kept,
    within,
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
    links: tuple[tuple[str, str], ...]  # the costs and contributions in it, the first of them
    more: int  # how many others


@require_safe
@reading
def quantification(desk: Desk) -> HttpResponse:
    asked = ask(desk)
    shelf = Reader(desk.request).shelf
    if desk.request.GET.get("format") == "xlsx":
        return _sheet(desk, shelf, asked)
    if desk.user is not None:
        made = _made(desk, shelf, asked)
    else:  # what the public reads is the same until something of it changes
        key = ("quantification", asked, desk.lang, desk.locale)
        made = shelf.once(key, partial(_made, desk, shelf, asked))
    query = desk.request.GET.copy()
    query["format"] = "xlsx"
    return desk.page(
        "planning/quantification.html", **made, asked=asked, sheet="?" + query.urlencode(),
        may_write=bool(desk.owners(records.kinds()["cost"])),
        trail=[(say("results.title", desk.lang), desk.url("results")), (say("quant.title", desk.lang), "")],
    )  # fmt: skip


def _books(desk: Desk, shelf: Shelf, asked: Asked) -> Books:
    return results.books(desk.shown, partial(by_id, shelf), counted=asked.counted)


def _sheet(desk: Desk, shelf: Shelf, asked: Asked) -> HttpResponse:
    try:
        books = _books(desk, shelf, asked).within(state=asked.state, year=asked.year)
    except Circle:
        return desk.go("quantification")
    groups = books.grouped(asked.by, asked.currency)
    return workbook(desk, asked, Names(desk, every_key(books, groups)), groups, books.gap(asked.currency))


def _made(desk: Desk, shelf: Shelf, asked: Asked) -> dict[str, Any]:
    """All that the page shows of the sums: words and addresses, bounded however much is held."""
    try:
        every = _books(desk, shelf, asked)
    except Circle as e:
        return {**_choices(desk, asked, None), "circle": _called(desk, e.path)}
    books = every.within(state=asked.state, year=asked.year)
    groups = books.grouped(asked.by, asked.currency)
    whole = books.gap(asked.currency)
    over = results.overdrawn(books.flows, books.fed)[:MOST]
    ways = ways_of(books)
    names = Names(desk, shown_keys(groups, whole, ways, over))
    kept = whole.kept
    converted = [(t.currency, c) for t in whole.totals for c in t.counted if c.by]
    return {
        **_choices(desk, asked, every), "circle": [], "whole": cells(desk, whole),
        "lines": [_line(desk, names, asked, g) for g in groups[:MOST]], "more_lines": max(0, len(groups) - MOST),
        "untied": len(books.flows) - len(books.tied()),
        "converted": [_converted(desk, names, currency, c) for currency, c in converted[:MOST]],
        "more_converted": max(0, len(converted) - MOST),
        "kept": [(names.of(a.whence), money(desk, a), say(f"quant.why.{why_kept(a)}", desk.lang)) for a in kept[:MOST]],
        "more_kept": max(0, len(kept) - MOST), "chains": [_hop(desk, names, w) for w in ways],
        "held": [(names.of(h.cost), names.of(h.by), say(f"kind.cost.field.{h.part.value}", desk.lang))
                 for h in whole.held[:MOST]],
        "over": [(", ".join(names.of(k)[0] for k in o.out_of), plain(desk, o.came.amount, o.came.currency),
                  plain(desk, o.went.amount, o.went.currency)) for o in over],
    }  # fmt: skip


def _line(desk: Desk, names: Names, asked: Asked, g: Group) -> Line:
    name, href = names.group(asked.by, g.key)
    keys = within(g)
    links = tuple(names.of(k) for k in keys[:MOST_NAMED])
    return Line(name, href, cells(desk, g.gap), links, len(keys) - len(links))


def ask(desk: Desk) -> Asked:
    """What the reader chose; anything unknown falls back to the first choice."""
    got = desk.request.GET
    currency = got.get("currency", FIRST).upper()
    by, counted, state, year = (got.get(k, "") for k in ("by", "counted", "state", "year"))
    return Asked(
        currency if currency in records.listed("currencies") else FIRST,
        by if by in results.BY else "commitment",
        counted if counted in results.STAGES else "promised",
        "" if state == "region" else state if state in records.listed("states") else None,
        "" if year == "none" else year if year == "many" or (len(year) == 4 and year.isdecimal()) else None,
    )


def _choices(desk: Desk, asked: Asked, every: Books | None) -> dict[str, Any]:
    """What can be chosen in the form: only what some cost or contribution bears."""
    used = {FIRST, asked.currency}
    years = {asked.year} - {None}
    states = {asked.state} - {None}
    if every is not None:
        tied = every.tied()
        used |= {s.money.currency for c in every.costs for said in c.parts.values() for s in said}
        used |= {f.money.currency for f in tied} | {c for r in every.rates for c in (r.origin, r.target)}
        years |= {results.cost_year(c) for c in every.costs} | {results.flow_year(f) for f in tied}
        states |= {c.state for c in every.costs} | {every.state(f) for f in tied}
    return {
        "currencies": [(c, currency_name(c, desk.lang)) for c in sorted(used - {""})],
        "years": [(y or "none", year_name(desk, y)) for y in sorted(y for y in years if y is not None)],
        "states": [(s or "region", state_name(desk, s)) for s in sorted(s for s in states if s is not None)],
    }


def cells(desk: Desk, g: Gap) -> tuple[Cell, ...]:
    sums = [_cell(desk, t) for t in (g.need, g.own, g.other)]
    return (*sums, gap_cell(desk, g))


def _cell(desk: Desk, t: Total) -> Cell:
    kept = tuple(_kept(desk, t.kept))
    if not t.counted:
        why = "quant.not-convertible" if kept else "quant.not-stated"
        return Cell(say(why, desk.lang), kept, none=True)
    return Cell(plain(desk, t.value, t.currency), kept)


def _kept(desk: Desk, amounts: Iterable[Amount]) -> Iterator[str]:
    """What stays out, by its own currency; amounts without one are counted and never added up."""
    by: dict[str, list[Amount]] = {}
    for a in amounts:
        by.setdefault(a.money.currency, []).append(a)
    for currency, held in sorted(by.items(), key=lambda item: (item[0] == "", item[0])):
        if len(held) == 1:
            yield money(desk, held[0])
        elif currency:
            whole = plain(desk, sum((a.money.amount for a in held), Decimal(0)), currency)
            yield say("quant.several", desk.lang, amount=whole, n=len(held))
        else:
            yield say("quant.several-unclear", desk.lang, n=len(held))


def gap_cell(desk: Desk, g: Gap) -> Cell:
    if g.value is None:
        return Cell(
            say("quant.gap.no-need" if not g.need.stated else "quant.not-convertible", desk.lang), none=True
        )
    words = plain(desk, g.value, g.need.currency)
    if g.value < 0:
        words = say("quant.gap.more", desk.lang, amount=plain(desk, -g.value, g.need.currency))
    return Cell(words, (say("quant.gap.partial", desk.lang),) if g.kept else ())


def _converted(desk: Desk, names: Names, currency: str, c: Converted) -> dict[str, Any]:
    """An amount that was converted, with the rates, their days and who says them."""
    return {
        "name": names.of(c.amount.whence), "money": money(desk, c.amount), "value": plain(desk, c.value, currency),
        "rates": [rate_words(desk, u.rate) for u in c.by],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hop:
    """A flow and those that are paid out of it."""

    name: tuple[str, str]
    way: str
    money: str
    counted: bool
    onward: tuple[Hop, ...]


def _hop(desk: Desk, names: Names, w: Way) -> Hop:
    hands = (w.flow.giver, *w.flow.taker.split("; "))
    way = " → ".join(_body(desk, h) for h in hands if h)
    onward = tuple(_hop(desk, names, o) for o in w.onward)
    return Hop(names.of(w.flow.key), way, money(desk, w.flow.amount), w.enters, onward)


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
