"""Handing over: what is ready, what lacks, what must be explained first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from mirps.evidence.entries.actions import take
from mirps.evidence.entries.looking import Look, look
from mirps.evidence.entries.models import Cell
from mirps.evidence.entries.queries import Earlier, Line, history, sheet
from mirps.evidence.entries.writing import counted, given_in
from mirps.evidence.rounds.api import CannotStep, Change, Status, Step

OPEN = (Status.DRAFT, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class Ready:
    """One thing asked, seen by who hands over. `cells`: those that go when it is handed over."""

    line: Line
    look: Look
    cells: tuple[Cell, ...]

    @property
    def total(self) -> Cell:
        return self.line.cells[0]

    @property
    def lacking(self) -> bool:
        """An answer is required, and there is none."""
        return self.line.ask.required and given_in(self.total).empty

    @property
    def emptied(self) -> bool:
        """A value that was handed over before, sent back, and emptied: it must say something again."""
        return any(c.status == Status.RETURNED and given_in(c).empty for c in self.line.cells)

    @property
    def ready(self) -> bool:
        return bool(self.cells) and not self.emptied and not self.look.lacks_note

    @property
    def status(self) -> Status:
        """The least advanced status of its filled cells: what there is still to do."""
        order = (Status.RETURNED, Status.DRAFT, Status.SUBMITTED, Status.STATE, Status.REGION,
                 Status.PUBLISHED)  # fmt: skip
        held = {Status(c.status) for c in self.line.cells}
        return next((s for s in order if s in held), Status.EMPTY)


def looked(line: Line, earlier: dict[tuple[str, str], list[Earlier]]) -> Look:
    """What the checks say of what stands in a line's cells."""
    return look(line.ask, line.given(), values_before(line, earlier), whole=counted(line.ask.unit))


def values_before(
    line: Line, earlier: dict[tuple[str, str], list[Earlier]]
) -> dict[str, list[tuple[str, Decimal]]]:
    """The earlier values of each cell, by dimensions. A changed ask begins a series of its own."""
    if line.ask.change is Change.CHANGED:
        return {}
    return {
        c.dimensions: [(e.when, e.value) for e in earlier[line.ask.code, c.dimensions] if e.value is not None]
        for c in line.cells
    }


def survey(round: str, *, institution: str) -> list[Ready]:
    """Everything asked of an institution as who hands it over sees it: three queries."""
    lines = sheet(round, institution=institution)
    earlier = history([(x.ask, c.dimensions) for x in lines for c in x.cells], before=round)
    return [_ready(x, looked(x, earlier)) for x in lines]


def _ready(line: Line, seen: Look) -> Ready:
    goes = tuple(c for c in line.cells if Status(c.status) in OPEN and not given_in(c).empty)
    return Ready(line, seen, goes)


@transaction.atomic
def submit(
    *, round: str, institution: str, asked: Collection[str], by: str, role: str, at: datetime
) -> Sequence[Cell]:
    """Hand over what stands under these codes: all of it or nothing. Returns the cells that went.

    Raises CannotStep (`entries.submit.*`, `workflow.fault.*`) when one must be explained or filled first,
    or when none of it is there to hand over.
    """
    wanted = [r for r in survey(round, institution=institution) if r.line.ask.code in set(asked)]
    for r in wanted:
        if r.emptied:
            raise CannotStep("entries.submit.emptied", asked=r.line.ask.code)
        if r.cells and r.look.lacks_note:
            raise CannotStep("entries.submit.note", asked=r.line.ask.code)
    goes = [c.pk for r in wanted for c in r.cells]
    if not goes:
        raise CannotStep("entries.submit.nothing")
    return take(cells=goes, step=Step.SUBMIT, by=by, role=role, at=at)
