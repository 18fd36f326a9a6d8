"""Results frameworks: what there is, and one of them as a drawing, a list and what is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.planning.records import api as records
from mirps.planning.records.api import Data, Record, Status
from mirps.planning.results import api as results
from mirps.planning.results.api import Box, Level, Theory
from mirps.sharing.drawings import pathways
from mirps.sharing.drawings.model import Frame
from mirps.web.pages.page import Reader
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.lists import LEADS
from mirps.web.pages.planning.record import whole

#: Widths of the two drawings, of which a page shows the one that fits.
WIDE, SLIM = 1100, 340


@dataclass(frozen=True, slots=True)
class Row:
    """A box as the list beside the drawing tells it: what it leads to, what it rests on, how it is measured."""

    box: Box
    record: Record
    href: str
    number: str  # of an assumption
    leads_to: tuple[tuple[str, str], ...]  # (title, address)
    assumptions: tuple[str, ...]  # numbers
    indicators: tuple[tuple[str, str], ...]
    proposal: bool
    documents: str  # that say it
    unsettled: bool  # what this reader sees is not in force


@dataclass(frozen=True, slots=True)
class Told:
    """A framework as the list of frameworks tells it."""

    code: str
    title: str
    purpose: str
    team: str
    status: str
    proposal: bool
    boxes: int
    indicators: int
    loose: int


@require_safe
@reading
def every(desk: Desk) -> HttpResponse:
    """The frameworks, each with its team, its size and what hangs loose; and where the money is told."""
    made = (
        _all(desk)
        if desk.user
        else Reader(desk.request).shelf.once(("results", desk.lang), lambda: _all(desk))
    )
    may_write = bool(desk.owners(records.kinds()["framework"]))
    trail = [(say("results.title", desk.lang), "")]
    return desk.page("planning/results.html", **made, may_write=may_write, trail=trail)


def _all(desk: Desk) -> dict[str, Any]:
    shown = []
    for r in records.of_kind("framework"):
        theory = results.theory(r, desk.shown, desk.lang) if r.status != Status.WITHDRAWN else None
        if theory is not None:
            shown.append(Told(
                r.code, showing.title(desk, r), _purpose(desk, theory), theory.data.get("team", ""), r.status,
                bool(theory.data.get("proposal")), len(theory.boxes), len(theory.indicated),
                len(results.loose(theory.boxes, theory.indicators)),
            ))  # fmt: skip
    kinds = ("indicator", "cost", "rate")
    return {
        "frameworks": shown,
        "counts": {k: records.of_kind(k).filter(public__isnull=False).count() for k in kinds},
    }


def _purpose(desk: Desk, theory: Theory) -> str:
    return showing.texts_of(theory.data.get("purpose", {}), desk.lang)[0]


@require_safe
@reading
def framework(desk: Desk, code: str) -> HttpResponse:
    held = desk.record("framework", code)
    on = desk.day("on")
    context = whole(desk, held, on)
    theory = results.theory(held, _as_known(desk, on) if on else desk.shown, desk.lang, past=bool(on))
    assert theory is not None  # whole answered that this reader may know of it, on that day
    context["told"] = [t for t in context["told"] if t.name not in ("title", "note")]
    return desk.page(
        "planning/framework.html", **context, **parts(desk, theory),
        purpose=_purpose(desk, theory), note=showing.texts_of(theory.data.get("note", {}), desk.lang)[0],
        may_write=desk.may_on(held, "write"), loose=loose(desk, theory), anchor=anchor,
    )  # fmt: skip


def _as_known(desk: Desk, on: date) -> Callable[[Record], Data | None]:
    """What was in force and known at the end of a day."""
    at = records.end_of(on)
    known = records.as_known_on(at, "framework", "framework-node", "indicator")

    def shown(r: Record) -> Data | None:
        data = known.get(r.key)
        return data if data is not None and desk.may_read_then(r, data) else None

    return shown


def parts(desk: Desk, theory: Theory) -> dict[str, Any]:
    """The drawings of a theory and the same as rows, by level."""
    numbers = _numbers(theory)
    drawn = _drawn(desk, theory, numbers)
    title = say("results.drawing", desk.lang, name=showing.title(desk, theory.record))
    description = say("results.drawing-about", desk.lang, boxes=len(theory.boxes), arrows=len(drawn.arrows))
    return {
        "theory": theory,
        "wide": pathways.pathway(drawn, Frame(title, desk.lang, description=description, width=WIDE)),
        "slim": pathways.column(drawn, Frame(title, desk.lang, description=description, width=SLIM, key="s")),
        "levels": _levels(desk, theory, numbers),
    }  # fmt: skip


def loose(desk: Desk, theory: Theory) -> list[tuple[str, str, str]]:
    """What hangs loose: (title, address in the list, what is the matter)."""
    return [
        (theory.boxes[x.box].title, f"#{anchor(x.box)}", say(x.why, desk.lang))
        for x in results.loose(theory.boxes, theory.indicators)
    ]


def anchor(key: str) -> str:
    return f"b-{key.partition('/')[2].replace('.', '-')}"


def _numbers(theory: Theory) -> dict[str, str]:
    """The number of each assumption."""
    kept = [b for b in results.ordered(theory.boxes.values()) if b.level is Level.ASSUMPTION]
    return {b.key: str(i) for i, b in enumerate(kept, start=1)}


def _drawn(desk: Desk, theory: Theory, numbers: dict[str, str]) -> pathways.Pathway:
    boxes = results.ordered(theory.boxes.values())
    marks: dict[str, list[str]] = {}
    for b in boxes:
        if b.key in numbers:
            for k in b.leads_to:
                marks.setdefault(k, []).append(numbers[b.key])

    def drawn(level: Level) -> tuple[pathways.Box, ...]:
        return tuple(
            pathways.Box(b.key, b.title, f"#{anchor(b.key)}", tuple(marks.get(b.key, ())))
            for b in boxes
            if b.level is level
        )

    levels = tuple(
        pathways.Level(say(f"results.level.{level.value}", desk.lang), found)
        for level in list(Level)[:4]
        if (found := drawn(level))
    )
    arrows = tuple(
        (b.key, k) for b in boxes for k in b.leads_to if b.key not in numbers and k in theory.boxes
    )
    return pathways.Pathway(
        levels, arrows, drawn(Level.ASSUMPTION), say("results.level.assumption", desk.lang)
    )


def _levels(desk: Desk, theory: Theory, numbers: dict[str, str]) -> list[tuple[Level, str, list[Row]]]:
    boxes = results.ordered(theory.boxes.values())
    upheld: dict[str, list[str]] = {}
    for b in boxes:
        for k in b.leads_to if b.key in numbers else ():
            upheld.setdefault(k, []).append(numbers[b.key])
    out = []
    for level in Level:
        rows = [_row(desk, theory, b, numbers.get(b.key, ""), upheld) for b in boxes if b.level is level]
        if rows:
            out.append((level, say(f"results.level.{level.value}", desk.lang), rows))
    return out


def _row(desk: Desk, theory: Theory, b: Box, number: str, upheld: dict[str, list[str]]) -> Row:
    r, data = theory.records[b.key], theory.said[b.key]
    return Row(
        b, r, showing.address_of(b.key, desk.lang), number,
        tuple((theory.boxes[k].title, f"#{anchor(k)}") for k in b.leads_to if k in theory.boxes),
        tuple(upheld.get(b.key, ())),
        tuple((records.title("indicator", theory.indicated[i.key], desk.lang) or i.code,
               showing.address_of(i.key, desk.lang)) for i in theory.indicators.get(b.key, ())),
        bool(data.get("proposal")),
        ", ".join(dict.fromkeys(x["document"] for x in data.get("source", ()) if x.get("document"))), r.public != data,
    )  # fmt: skip


showing.PAGES |= {"framework": "framework"}
LEADS["results"] = "results"
patterns: list[URLPattern] = [
    path("planning/results/", every, name="results"),
    path("planning/framework/<str:code>/", framework, name="framework"),
]
