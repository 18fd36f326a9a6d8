"""Entering on a desk: one table for an institution, each cell saved by itself.

Without JavaScript it is a form that saves the whole sheet. With it (static/site/entry-grid.js) each cell
is posted as JSON with the version that its writer saw and a mark of its own, kept in the browser until
the answer is there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST

from mirps.base.texts.api import say
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, Given, NotRead, Outcome, Post, Ready, Written
from mirps.evidence.figures.api import canonical_dimensions, parse_dimensions
from mirps.evidence.rounds.api import Ask
from mirps.web.jinja import moment
from mirps.web.pages.page import explained, private
from mirps.web.pages.rounds.door import Desk, Refused, at_the_door
from mirps.web.pages.rounds.enter_words import (
    Entering,
    Thing,
    label,
    names,
    post_mark,
    thing,
    uuid_of,
)  # fmt: skip

#: The most cells that one request saves, and the most letters of a block that is pasted.
MOST_POSTS, MOST_PASTED = 400, 200_000


class Unread(ValueError):
    """A request that no page of ours makes."""


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of the grid. `text` is what was typed, else what stands."""

    cell: Cell
    label: str
    text: str
    shut: str
    fault: str


@dataclass(frozen=True, slots=True)
class GridRow:
    code: str
    thing: Thing
    required: bool
    earlier: str
    earlier_when: str
    boxes: list[Box | None]  # by column; None where the row has no such cell


def _extra(ask: Ask, dimensions: str) -> str:
    """A cell's members beyond its ask's: the key of its column."""
    own = parse_dimensions(ask.dimensions)
    return canonical_dimensions({k: v for k, v in parse_dimensions(dimensions).items() if own.get(k) != v})


def table(
    e: Entering, typed: Mapping[int, str], faults: Mapping[int, str]
) -> tuple[list[str], list[GridRow]]:
    """The columns' names (the total first) and the rows, in the order of the list."""
    columns: dict[str, str] = {"": say("entries.total", e.lang)}
    for r in e.things:
        for c in r.line.cells:
            columns.setdefault(_extra(r.line.ask, c.dimensions), label(r.line.ask, c.dimensions, e.lang))
    before = entries.history(
        [(r.line.ask, r.line.ask.dimensions) for r in e.things], before=e.desk.round.code
    )  # fmt: skip
    rows = []
    for r in e.things:
        ask = r.line.ask
        held = {_extra(ask, c.dimensions): c for c in r.line.cells}
        last = before[ask.code, ask.dimensions]
        rows.append(
            GridRow(
                ask.code, thing(ask, e.lang, e.locale), ask.required,
                e.shown(last[-1].value, "") if last else "", last[-1].when if last else "",
                [_box(e, r, held[k], typed, faults) if k in held else None for k in columns],
            )
        )  # fmt: skip
    return list(columns.values()), rows


def _box(e: Entering, r: Ready, c: Cell, typed: Mapping[int, str], faults: Mapping[int, str]) -> Box:
    text = typed.get(c.pk, e.shown(c.value, c.absence))
    return Box(c, label(r.line.ask, c.dimensions, e.lang), text, e.shut(c), faults.get(c.pk, ""))


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def grid(desk: Desk, institution: str) -> HttpResponse:
    e = Entering(desk, institution)
    typed: dict[int, str] = {}
    faults: dict[int, str] = {}
    if desk.request.method == "POST":
        e.require_write()
        posts = _sheet_posts(e, typed, faults)
        if not faults:
            done = entries.write_all(
                posts=posts, by=desk.user.username, at=desk.now, via="grid", whole=True,
                round=desk.round.code, institution=institution,
            )  # fmt: skip
            for w in done:
                if w.outcome is Outcome.REFUSED:
                    faults[w.cell.pk] = " ".join(e.sentence(h) for h in w.hints)
            if not faults:
                return _after(e, done)
    columns, rows = table(e, typed, faults)
    return desk.page(
        "rounds/grid.html", 422 if faults else 200, e=e, columns=columns, rows=rows, faults=faults,
        form=uuid4(), kept=bool(desk.request.GET.get("kept")),
        trail=[*e.trail, (say("entries.grid.title", desk.lang), "")],
    )  # fmt: skip


def _sheet_posts(e: Entering, typed: dict[int, str], faults: dict[int, str]) -> list[Post]:
    """A whole sheet as a form without JavaScript sends it: a field `v-<cell>.<version>` for each cell."""
    raw, posts = e.desk.request.POST, []
    form = uuid_of(raw.get("form", ""))
    cells = {c.pk: c for r in e.things for c in r.line.cells}
    for name in raw:
        text = raw[name]
        key, _, base = name.removeprefix("v-").partition(".")
        if not name.startswith("v-") or not (key.isdecimal() and base.isdecimal()) or len(name) > 40:
            continue
        cell = cells.get(int(key))
        if cell is None:
            continue
        if shut := e.shut(cell):  # it was open when the sheet was
            if text.strip() and text.strip() != e.shown(cell.value, cell.absence):
                typed[cell.pk], faults[cell.pk] = text, shut
            continue
        typed[cell.pk] = text
        try:
            value, absence = e.read(text)
        except NotRead as wrong:
            faults[cell.pk] = e.sentence(wrong.hint)
            continue
        posts.append(Post(cell.pk, int(base), post_mark(form, key, value, absence), value, absence))
    return posts


def _after(e: Entering, done: list[Written]) -> HttpResponse:
    met = [str(w.mine.pk) for w in done if w.outcome is Outcome.CONFLICT and w.mine]
    here = {"code": e.desk.round.code, "institution": e.institution}
    if met:
        return e.desk.go("enter-met", f"?then={','.join(met[1:])}&back=grid", statement=int(met[0]), **here)
    return e.desk.go("enter-grid", "?kept=1", **here)


def in_json(view: Callable[[Entering, dict[str, Any]], dict[str, object]]) -> Callable[..., HttpResponse]:
    """A view that a script asks: JSON in, JSON out, and a refusal in words."""

    @require_POST
    @at_the_door
    @wraps(view)
    def checked(desk: Desk, institution: str) -> HttpResponse:
        try:
            e = Entering(desk, institution)
            e.require_write()
            given = json.loads(desk.request.body)
            if not isinstance(given, dict):
                raise Unread
            return private(JsonResponse(view(e, given)))
        except Refused as wrong:
            return explained(private(JsonResponse({"why": wrong.why}, status=403)))
        except (Unread, Cell.DoesNotExist, json.JSONDecodeError, UnicodeDecodeError, RecursionError):
            why = say("entries.grid.unread", desk.lang)
            return explained(private(JsonResponse({"why": why}, status=400)))

    return checked


@in_json
def save(e: Entering, given: dict[str, Any]) -> dict[str, object]:
    """{"posts": [{cell, base, client, text}]} -> {"done": [...]}, an answer for each in their order."""
    raw = given.get("posts")
    if not isinstance(raw, list) or not 0 < len(raw) <= MOST_POSTS:
        raise Unread
    posts: list[Post] = []
    answers: dict[str, dict[str, object]] = {}
    for r in raw:
        cell, base, client, text = _read_post(r)
        if str(client) in answers:
            raise Unread
        answers[str(client)] = {"client": str(client), "cell": cell}
        try:
            value, absence = e.read(text)
        except NotRead as wrong:
            answers[str(client)] |= {"outcome": Outcome.REFUSED.value, "said": [e.sentence(wrong.hint)]}
            continue
        posts.append(Post(cell, base, client, value, absence))
    if posts:
        done = entries.write_all(
            posts=posts, by=e.desk.user.username, at=e.desk.now, via="grid", round=e.desk.round.code,
            institution=e.institution,
        )  # fmt: skip
        for post, written in zip(posts, done, strict=True):
            answers[str(post.client)] |= _answer(e, written)
    return {"done": list(answers.values())}


def _read_post(raw: object) -> tuple[int, int, UUID, str]:
    if not isinstance(raw, dict):
        raise Unread
    cell, base = raw.get("cell"), raw.get("base")
    client, text = raw.get("client"), raw.get("text")
    if not isinstance(cell, int) or not isinstance(base, int):
        raise Unread
    if not isinstance(client, str) or not isinstance(text, str):
        raise Unread
    if not 0 < cell < 2**62 or not 0 <= base < 2**31 or len(text) > 200:
        raise Unread
    try:
        return cell, base, UUID(client), text
    except ValueError:
        raise Unread from None


def _answer(e: Entering, w: Written) -> dict[str, object]:
    """What became of a post: the cell's version and text as they stand, and theirs where two met."""
    out: dict[str, object] = {
        "outcome": w.outcome.value, "version": w.cell.version, "text": e.shown(w.cell.value, w.cell.absence),
    }  # fmt: skip
    if w.hints:
        out["said"] = [e.sentence(h) for h in w.hints]
    if w.outcome is Outcome.CONFLICT and w.mine is not None:
        who = names([w.cell.written_by])
        out["mine"] = e.shown(w.mine.value, w.mine.absence)
        out["by"] = who.get(w.cell.written_by, "")
        out["at"] = moment(w.cell.written_at, e.locale) if w.cell.written_at else ""
    return out


@in_json
def hint(e: Entering, given: dict[str, Any]) -> dict[str, object]:
    """{"ask": code, "texts": {cell: text}} -> what the checks say of them, cell by cell and together.

    The same rules that hold when it is saved; nothing is written.
    """
    code, texts = given.get("ask"), given.get("texts")
    if not isinstance(code, str) or not isinstance(texts, dict):
        raise Unread
    lines = entries.sheet(e.desk.round.code, institution=e.institution, code=code[:40])
    if not code or not lines:
        raise Unread
    line = lines[0]
    said: dict[str, dict[str, object]] = {}
    values: dict[str, Given] = {}
    for c in line.cells:
        text = texts.get(str(c.pk))
        g = line.given()[c.dimensions]
        if isinstance(text, str):
            try:
                value, absence = e.read(text)
                g = Given(value, absence, g.qualifier, g.note_es, g.note_en)
            except NotRead as wrong:
                said[str(c.pk)] = {"said": [e.sentence(wrong.hint)], "stop": True}
                continue
        values[c.dimensions] = g
    before = entries.history([(line.ask, c.dimensions) for c in line.cells], before=e.desk.round.code)
    seen = entries.look(
        line.ask, values, entries.values_before(line, before), whole=entries.counted(line.ask.unit)
    )  # fmt: skip
    for c in line.cells:
        if hints := seen.cells.get(c.dimensions):
            said[str(c.pk)] = {"said": [e.sentence(h) for h in hints], "stop": any(h.stop for h in hints)}
    return {"cells": said, "together": [e.sentence(h) for h in seen.together], "note": seen.lacks_note}


@in_json
def read(e: Entering, given: dict[str, Any]) -> dict[str, object]:
    """{"text": a block from a spreadsheet, "cells": rows of cell ids or null} -> each as it would be read.

    The preview of what is pasted: nothing is written. `outside`: how many fell beyond the table.
    """
    text, target = given.get("text"), given.get("cells")
    if not isinstance(text, str) or len(text) > MOST_PASTED or not isinstance(target, list):
        raise Unread
    lines = {
        c.pk: (r.ask, c) for r in entries.sheet(e.desk.round.code, institution=e.institution) for c in r.cells
    }
    out, outside = [], 0
    for n, row in enumerate(entries.read_block(text)):
        ids = target[n] if n < len(target) and isinstance(target[n], list) else []
        for m, typed in enumerate(row):
            pk = ids[m] if m < len(ids) else None
            if not isinstance(pk, int) or pk not in lines:
                outside += bool(typed)
                continue
            out.append(_preview(e, *lines[pk], typed))
    return {"cells": out, "outside": outside}


def _preview(e: Entering, ask: Ask, c: Cell, typed: str) -> dict[str, object]:
    found: dict[str, object] = {"cell": c.pk, "typed": typed[:60], "row": thing(ask, e.lang, e.locale).name,
                                "column": label(ask, c.dimensions, e.lang)}  # fmt: skip
    if shut := e.shut(c):
        return {**found, "said": shut}
    try:
        value, absence = e.read(typed)
    except NotRead as wrong:
        return {**found, "said": e.sentence(wrong.hint)}
    wrong_ = entries.faults(Given(value, absence), ask, whole=entries.counted(ask.unit))
    if wrong_:
        return {**found, "said": " ".join(e.sentence(h) for h in wrong_)}
    return {**found, "reads": e.shown(value, absence)}


patterns: list[URLPattern] = [
    path("rounds/<slug:code>/enter/<str:institution>/grid/", grid, name="enter-grid"),
    path("rounds/<slug:code>/enter/<str:institution>/save/", save, name="enter-save"),
    path("rounds/<slug:code>/enter/<str:institution>/hint/", hint, name="enter-hint"),
    path("rounds/<slug:code>/enter/<str:institution>/read/", read, name="enter-read"),
]
