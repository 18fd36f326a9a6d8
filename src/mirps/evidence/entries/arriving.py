"""An answer that two nodes keep: what a State's node approved comes to stand in the region's cell, and what the region
said of it in the State's.

The State's people answered for it at their own node, each once (rounds.workflow); elsewhere the node stands for them.
Nothing that somebody wrote is written over: what came is kept beside it, to be chosen, as between two people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import F
from uuid_utils.compat import uuid7

from mirps.base.audit.api import record
from mirps.base.texts.api import LANGUAGES, say
from mirps.evidence.entries.actions import figure_of, take
from mirps.evidence.entries.models import Cell, CellStep, Statement
from mirps.evidence.entries.rules import Given
from mirps.evidence.entries.writing import given_in, stand
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure, FigureRow, Origin
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Status, Step

#: How a statement that another node sent came (models.Statement.via).
VIA = "node"
#: In which an answer has its State's approval.
_STANDS = (Status.STATE, Status.REGION, Status.PUBLISHED)


@dataclass(slots=True)
class Arrived:
    """What became of a State's figures: in how many cells they stand now, beside which somebody wrote otherwise
    (codes of what is asked), and which (ids) fit no cell."""

    placed: int = 0
    aside: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _News:
    statements: list[Statement] = field(default_factory=list)
    steps: list[CellStep] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)


@transaction.atomic
def answered(*, round: str, state: str, ids: Iterable[str], by: str, at: datetime) -> Arrived:
    """Bring a State's cells to the figures that its node sent, which are in the ledger by now: as written, handed
    over and approved there. Told again, nothing changes. Figures that were counted are no answers: see computed.py.
    """
    rows = FigureRow.objects.filter(
        pk__in=list(ids), round=round, state=state, origin=Origin.REPORTED, superseded_by=""
    ).order_by("id")
    cells = _cells(round, state)
    written = dict(
        Statement.objects.filter(cell__in=[c.pk for c in cells.values()], number=F("cell__version")).values_list(
            "cell_id", "via"
        )
    )  # fmt: skip
    done, news, again = Arrived(), _News(), []
    for row in rows:
        figure = figures.figure_from(row)
        cell = cells.get(_about(figure))
        if cell is None or (cell.status == Status.PUBLISHED and cell.figure != figure.id):
            done.unplaced.append(figure.id)
        elif cell.figure == figure.id and cell.status in _STANDS:
            pass
        elif cell.version and written.get(cell.pk) != VIA and given_in(cell) != _given(figure):
            done.aside.append(cell.asked.code)
            _aside(cell, figure, news, by=by, at=at)
        else:
            done.placed += 1
            again += [row.id] if row.status == figures.Status.RETURNED else []
            _placed(cell, figure, news, by=by, at=at)
    _keep(news, again, round=round, state=state, by=by, at=at)
    return done


def _cells(round: str, state: str) -> dict[tuple[object, ...], Cell]:
    """The cells of a State by what a figure in them is about, locked."""
    held = Cell.objects.select_for_update(of=("self",)).select_related("asked__round")
    found = held.filter(asked__round_id=round, asked__state=state, asked__withdrawn_at=None).order_by("pk")
    return {_about(figure_of(c, c.asked.ask())): c for c in found}


def _about(figure: Figure) -> tuple[object, ...]:
    return (figure.source, *figure.subject())


def _given(f: Figure) -> Given:
    return Given(f.value, f.absence, f.qualifier, f.note_es, f.note_en)


def _statement(cell: Cell, f: Figure, *, by: str, at: datetime) -> Statement:
    return Statement(
        cell=cell, base=cell.version, value=f.value, absence=f.absence, qualifier=f.qualifier, note_es=f.note_es,
        note_en=f.note_en, client=uuid7(), by=by, at=at, via=VIA,
    )  # fmt: skip


def _aside(cell: Cell, f: Figure, news: _News, *, by: str, at: datetime) -> None:
    """Beside what somebody wrote here. What they hand over will take the place of this figure."""
    kept = Statement.objects.filter(cell=cell, number=None, via=VIA).order_by("-id").first()
    if kept is None or given_in(kept) != _given(f):
        news.statements.append(_statement(cell, f, by=by, at=at))
    cell.figure = f.id
    news.cells.append(cell)


def _placed(cell: Cell, f: Figure, news: _News, *, by: str, at: datetime) -> None:
    steps = [(Step.SUBMIT, at, ""), (Step.APPROVE_STATE, at, "")]
    if cell.status not in (Status.EMPTY, Status.DRAFT, Status.RETURNED):
        # It was taken up before it was written anew: its steps are folded in the order of their moments.
        why = " / ".join(say("entries.arrived.taken-up", lang) for lang in LANGUAGES)
        steps.insert(0, (Step.UNLOCK, at - timedelta(microseconds=1), why))
    news.steps += [
        CellStep(
            cell=cell, step=step, at=when, by=by, role="", reason=why,
            version=cell.version + (step is not Step.UNLOCK and given_in(cell) != _given(f)),
            figure=cell.figure if step is Step.UNLOCK else f.id,
        )
        for step, when, why in steps
    ]  # fmt: skip
    if given_in(cell) != _given(f):
        made = _statement(cell, f, by=by, at=at)
        made.number = cell.version + 1
        stand(cell, made)
        news.statements.append(made)
    cell.figure, cell.status = f.id, Status.STATE
    news.cells.append(cell)


def _keep(news: _News, again: Sequence[str], *, round: str, state: str, by: str, at: datetime) -> None:
    if not news.cells:
        return
    Statement.objects.bulk_create(news.statements)
    CellStep.objects.bulk_create(news.steps)
    Cell.objects.bulk_update(
        news.cells,
        ["version", "value", "absence", "qualifier", "note_es", "note_en", "written_by", "written_at", "status",
         "figure"],
    )  # fmt: skip
    if again:
        figures.move(figures=again, to=figures.Status.SUBMITTED, by=by, at=at)
    record(
        by=by, at=at, act="entry.arrived", subject=f"round {round} {state}",
        detail={"cells": [c.pk for c in news.cells]},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A step that another node's people took with an answer: of which cell, on which figure."""

    asked: str
    dimensions: str
    step: Step
    figure: str
    role: str = ""
    reason: str = ""

    @property
    def act(self) -> tuple[Step, str, str]:
        return self.step, self.role, self.reason


@transaction.atomic
def follow(*, round: str, state: str, said: Sequence[Said], by: str, at: datetime) -> list[Said]:
    """Take the same steps here. What is about a figure that no longer stands in its cell, or may not follow any
    more, was overtaken and is passed over: which.

    Raises CannotStep for a step that lacks its reason.
    """
    cells = {
        (c.asked.code, c.dimensions): c
        for c in Cell.objects.select_related("asked").filter(asked__round_id=round, asked__state=state).order_by("pk")
    }  # fmt: skip
    moved: dict[int, Cell] = {}
    passed: list[Said] = []
    for act, group in groupby(said, key=lambda s: s.act):
        goes = []
        for s in group:
            held = _now(cells, s, moved)
            if held is None or held.figure != s.figure or held.pk in goes or not _possible(held, s.step):
                passed.append(s)
            else:
                goes.append(held.pk)
        done = take(cells=goes, step=act[0], by=by, role=act[1], reason=act[2], at=at)
        moved |= {c.pk: c for c in done}
    return passed


def _now(cells: Mapping[tuple[str, str], Cell], said: Said, moved: Mapping[int, Cell]) -> Cell | None:
    """The cell as it stands after what was followed so far."""
    held = cells.get((said.asked, said.dimensions))
    return moved.get(held.pk, held) if held else None


def _possible(cell: Cell, step: Step) -> bool:
    return Status(cell.status) in rounds.STEPS[step]


def said_here(round: str, *, state: str, steps: Iterable[Step], nodes: str) -> list[CellStep]:
    """The steps that people of this node took with a State's answers, oldest first; not those of `nodes`, whose
    names begin so."""
    found = CellStep.objects.filter(
        cell__asked__round_id=round, cell__asked__state=state, step__in=list(steps)
    ).exclude(by__startswith=nodes)
    return list(found.select_related("cell__asked").order_by("id"))
