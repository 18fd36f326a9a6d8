"""What a State counted from its cases, cell by cell beside what was answered, and what fits no cell, with why."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, Line, Misfit, Proposal, Why
from mirps.evidence.figures import api as figures
from mirps.evidence.review.api import Level
from mirps.evidence.rounds.api import BY_STATE, Status
from mirps.sharing.portal import wording
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.enter_words import label, proposed, thing
from mirps.web.pages.rounds.review import state_of, trail
from mirps.web.pages.rounds.review_words import levels

#: Of what fits no cell, so much is shown; a breakdown by nationality alone has hundreds.
MOST = 200


@dataclass(frozen=True, slots=True)
class Beside:
    """A cell, what was counted, and what was answered (nothing where the reader may not see it yet)."""

    cell: Cell
    name: str
    label: str
    computed: str
    answered: str
    status: Status
    differs: bool


@dataclass(frozen=True, slots=True)
class Left:
    figure: str
    name: str
    value: str
    why: str


@require_safe
@at_the_door
def computed(desk: Desk, state: str) -> HttpResponse:
    bodies, level, _ = state_of(desk, state)
    lines = [x for x in entries.sheet(desk.round.code, state=state) if x.asked.institution in bodies]
    found = entries.proposals((c, x.ask) for x in lines for c in x.cells)
    rows = [
        _row(desk, level, x, c, found[c.pk]) for x in lines for c in x.cells if c.pk in found
    ]  # fmt: skip
    left = entries.misfits(desk.round.code, state=state) if levels(desk, state) else []
    return desk.page(
        "rounds/review-computed.html", state=state, level=level, rows=rows, left=[_left(desk, m) for m in left[:MOST]],
        more=max(0, len(left) - MOST), differ=sum(r.differs for r in rows),
        trail=trail(desk, state, (say("entries.computed.title", desk.lang), "")),
    )  # fmt: skip


def _row(desk: Desk, level: Level, line: Line, cell: Cell, found: Proposal) -> Beside:
    visible = level is Level.STATE or cell.status in BY_STATE
    figure = entries.figure_of(cell, line.ask)
    given = visible and (cell.value is not None or bool(cell.absence))
    return Beside(
        cell, thing(line.ask, desk.lang, desk.locale).name, label(line.ask, cell.dimensions, desk.lang),
        proposed(found, desk.lang, desk.locale), wording.value(figure, desk.lang, desk.locale) if given else "",
        Status(cell.status), given and not found.says(cell.value, cell.absence),
    )  # fmt: skip


def _left(desk: Desk, found: Misfit) -> Left:
    f, lang = found.figure, desk.lang
    measure = figures.measures().get(f.measure)
    detail = [*wording.details(f, lang), wording.unit(f, lang)]
    name = measure.name(lang) if measure else f.measure
    return Left(
        f.id, f"{name} ({'; '.join(filter(None, detail))})" if any(detail) else name,
        proposed(Proposal(f, whole=True), lang, desk.locale), why(found, lang),
    )  # fmt: skip


def why(found: Misfit, lang: str) -> str:
    """Why a computed figure fits no cell, in a sentence."""
    values: dict[str, object] = {"ask": found.ask}
    if found.why is Why.DIFFERS:
        values["what"] = ", ".join(say(f"entries.computed.differs.{name}", lang) for name in found.differs)
    return say(f"entries.computed.why.{found.why.value}", lang, **values)


patterns = [path("rounds/<slug:code>/review/<slug:state>/computed/", computed, name="review-computed")]
