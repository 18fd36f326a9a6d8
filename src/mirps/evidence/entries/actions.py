"""Making a round's cells and moving them on. Each act: one transaction, one audit entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.codelists import api as codelists
from mirps.evidence.entries.models import Cell, CellStep, Statement
from mirps.evidence.entries.writing import given_in
from mirps.evidence.figures import api as figures
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Status, Step

#: Steps after which other figures stand for the State: what the checks find is kept anew.
MOVES_FIGURES = (Step.SUBMIT, Step.SEND_BACK, Step.UNLOCK)


def members() -> dict[str, list[str]]:
    """The members that make each dimension's whole, by dimension (data/codelists/dimensions.csv)."""
    return {
        name: [c.code for c in codes.values() if c.extra.get("exhaustive_set")]
        for name, codes in codelists.dimensions().items()
    }


def prepare(*, round: str) -> int:
    """Make the cells of everything a round asks that has none yet. Returns how many were made."""
    held = set(Cell.objects.filter(asked__round_id=round).values_list("asked_id", "dimensions"))
    wholes = members()
    fresh = [
        Cell(asked=a, dimensions=d, order=n)
        for a in rounds.asked(round)
        for n, d in enumerate(rounds.cells(a.ask(), wholes))
        if (a.pk, d) not in held
    ]
    Cell.objects.bulk_create(fresh)
    return len(fresh)


@transaction.atomic
def take(
    *, cells: Iterable[int], step: Step, by: str, role: str, at: datetime, reason: str = ""
) -> list[Cell]:
    """Take a step with cells: all of them or none. Submitting states them in the figure ledger.

    Raises CannotStep (a text key and its values) for a step that may not follow, lacks its reason,
    or would have one person answer twice for one value.
    """
    if step in rounds.NEEDS_REASON and len(reason.strip()) < 3:
        raise rounds.CannotStep("workflow.fault.reason", step=step.value)
    wanted = set(cells)
    held = list(
        Cell.objects.select_for_update(of=("self",)).select_related("asked__round")
        .filter(pk__in=wanted).order_by("pk")
    )  # fmt: skip
    if len(held) != len(wanted):
        raise rounds.CannotStep("workflow.fault.gone")
    if not held:
        return []
    taken = steps_of(held)
    for cell in held:
        cell.status = rounds.after(Status(cell.status), step)
        if step is Step.SUBMIT and given_in(cell).empty:
            raise rounds.CannotStep("workflow.fault.empty", asked=cell.asked.code)
        if own := rounds.signed_already(taken[cell.pk], step, by):
            raise rounds.CannotStep("workflow.fault.same-person", step=own.value, asked=cell.asked.code)
    _in_ledger(held, step, by=by, at=at, reason=reason)
    Cell.objects.bulk_update(held, ["status", "figure"])
    CellStep.objects.bulk_create(
        CellStep(
            cell=c, step=step, at=at, by=by, role=role, reason=reason, version=c.version, figure=c.figure
        )
        for c in held
    )
    first = held[0].asked
    record(
        by=by, at=at, act=f"entry.{step.value}", subject=f"round {first.round_id} {first.state}",
        detail={"cells": [c.pk for c in held], "role": role, "reason": reason},
    )  # fmt: skip
    if step in MOVES_FIGURES:
        for state in sorted({c.asked.state for c in held}):
            rounds.check(code=first.round_id, state=state, by=by, at=at)
    return held


def steps_of(cells: Sequence[Cell]) -> dict[int, list[rounds.Taken]]:
    """Every step of each cell, writing included, in the order they were taken."""
    keys = [c.pk for c in cells]
    out: dict[int, list[rounds.Taken]] = {k: [] for k in keys}
    for s in Statement.objects.filter(cell__in=keys, number__isnull=False).order_by("id"):
        step = Step.ERASE if s.value is None and not s.absence else Step.WRITE
        out[s.cell_id].append(rounds.Taken(step, s.by, s.at, s.number or 0))
    for t in CellStep.objects.filter(cell__in=keys).order_by("id"):
        out[t.cell_id].append(rounds.Taken(Step(t.step), t.by, t.at, t.version))
    for found in out.values():
        found.sort(key=lambda t: t.at)  # stable: writes before steps of the same moment
    return out


def _in_ledger(cells: Sequence[Cell], step: Step, *, by: str, at: datetime, reason: str) -> None:
    """What the step does to the figures: states them, sends them back, approves or publishes them."""
    if step is Step.SUBMIT:
        fresh, again = _to_state(cells)
        figures.state_figures(figures=fresh, round=cells[0].asked.round_id, by=by, at=at)
        _move(again, figures.Status.SUBMITTED, by=by, at=at, reason=reason)
    elif step in (Step.SEND_BACK, Step.UNLOCK):
        _move([c.figure for c in cells], figures.Status.RETURNED, by=by, at=at, reason=reason)
    elif step is Step.APPROVE_REGION:
        _move([c.figure for c in cells], figures.Status.APPROVED, by=by, at=at, reason=reason)
    elif step is Step.PUBLISH:
        _move([c.figure for c in cells], figures.Status.PUBLISHED, by=by, at=at, reason=reason)


def _move(ids: Sequence[str], to: figures.Status, *, by: str, at: datetime, reason: str) -> None:
    if ids:
        figures.move(figures=ids, to=to, by=by, at=at, reason_es=reason, reason_en=reason)


def _to_state(cells: Sequence[Cell]) -> tuple[list[figures.Figure], list[str]]:
    """New statements, and the ids of returned ones that come again unchanged."""
    stated = {
        s.cell_id: s.version for s in CellStep.objects.filter(cell__in=cells, step=Step.SUBMIT).order_by("id")
    }
    fresh, again = [], []
    for cell in cells:
        if cell.figure and stated.get(cell.pk) == cell.version:
            again.append(cell.figure)
            continue
        old = cell.figure
        ask = cell.asked.ask()
        cell.figure = (
            figures.next_id(old) if old else rounds.figure_id(cell.asked.round_id, ask, cell.dimensions)
        )
        fresh.append(figure_of(cell, ask, supersedes=old))
    return fresh, again


def figure_of(cell: Cell, ask: rounds.Ask, *, supersedes: str = "") -> figures.Figure:
    """The statement that a cell makes, under the id it bears in the ledger (or would bear)."""
    return figures.Figure(
        id=cell.figure or rounds.figure_id(cell.asked.round_id, ask, cell.dimensions),
        document="", locator="", fragment="", state=ask.state, sector=ask.sector, measure=ask.measure,
        value=cell.value, unit=ask.unit, qualifier=figures.Qualifier(cell.qualifier),
        population=ask.population, dimensions=cell.dimensions, stage=ask.stage, universe=ask.universe,
        place=ask.place, period_start=ask.period_start, period_end=ask.period_end, as_of=ask.as_of,
        source=ask.institution, series=rounds.series_of(ask, cell.asked.round_id),
        note_es=cell.note_es, note_en=cell.note_en, absence=cell.absence, supersedes=supersedes,
        status=figures.Status.SUBMITTED,
    )  # fmt: skip
