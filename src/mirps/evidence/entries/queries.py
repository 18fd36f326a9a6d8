"""Reading what was entered: an institution's sheet, a cell's history, who has come how far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Max, Q

from mirps.evidence.entries.actions import steps_of
from mirps.evidence.entries.models import Cell, CellStep, Statement
from mirps.evidence.entries.rules import Given
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import FigureRow
from mirps.evidence.rounds.api import Ask, Asked, Status, Step, asked, fold


@dataclass(frozen=True, slots=True)
class Line:
    """One thing asked, with its cells in the order of the form."""

    asked: Asked
    ask: Ask
    cells: tuple[Cell, ...]

    def given(self) -> dict[str, Given]:
        return {
            c.dimensions: Given(c.value, c.absence, figures.Qualifier(c.qualifier), c.note_es, c.note_en)
            for c in self.cells
        }


def sheet(round: str, *, institution: str = "", state: str = "", code: str = "") -> list[Line]:
    """Everything asked of an institution (or State; or the one thing asked under `code`), with what stands
    in each cell: two queries."""
    found = asked(round, state=state, institution=institution).select_related("round")
    things = list(found.filter(code=code) if code else found)
    held: dict[int, list[Cell]] = {a.pk: [] for a in things}
    known = {a.pk: a for a in things}
    for c in Cell.objects.filter(asked__in=things).order_by("order", "id"):
        c.asked = known[c.asked_id]  # read already: no cell looks it up again
        held[c.asked_id].append(c)
    return [Line(a, a.ask(), tuple(held[a.pk])) for a in things]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier statement of the same thing: its figure, when it speaks of, and its value."""

    figure: str
    when: str
    value: Decimal | None
    unit: str
    round: str


def history(asks: Iterable[tuple[Ask, str]], *, before: str = "") -> dict[tuple[str, str], list[Earlier]]:
    """Published statements of what each (ask, cell dimensions) counts, oldest first, whatever their
    period. `before`: a round to leave out. One query for all asks of one State and its measures."""
    wanted = list(asks)
    states, measures = {a.state for a, _ in wanted}, {a.measure for a, _ in wanted}
    rows = FigureRow.objects.filter(
        state__in=states, measure__in=measures, superseded_by="", status=figures.Status.PUBLISHED
    ).exclude(round=before)
    found: dict[tuple[str, ...], list[Earlier]] = defaultdict(list)
    for r in rows.order_by("period_end", "as_of", "id"):
        key = (r.state, r.measure, r.population, r.dimensions, r.unit, r.stage, r.universe, r.place, r.series)
        when = str(r.as_of or r.period_end or "")
        found[key].append(Earlier(r.id, when, r.value, r.unit, r.round))
    return {
        (a.code, d): sorted(
            found[(a.state, a.measure, a.population, d, a.unit, a.stage, a.universe, a.place, a.series)],
            key=lambda e: e.when,
        )
        for a, d in wanted
    }


def others(ask: Ask, *, known: Iterable[str], most: int = 8) -> list[figures.Figure]:
    """What else was published of the same measure and people of the State, the latest first, without the
    `known` ones (figures' ids) that the page shows already: other sources, stages, breakdowns."""
    rows = FigureRow.objects.filter(
        state=ask.state, measure=ask.measure, population=ask.population,
        superseded_by="", status=figures.Status.PUBLISHED,
    ).exclude(pk__in=list(known))  # fmt: skip
    return [figures.figure_from(r) for r in rows.order_by(F("period_end").desc(nulls_last=True), "id")[:most]]


def returns(cells: Iterable[Cell]) -> dict[int, CellStep]:
    """Why each returned cell came back: the last sending back or unlocking, by cell."""
    keys = [c.pk for c in cells if c.status == Status.RETURNED]
    if not keys:
        return {}
    steps = CellStep.objects.filter(cell__in=keys, step__in=(Step.SEND_BACK, Step.UNLOCK)).order_by("id")
    return {s.cell_id: s for s in steps}


def steps_taken(cell: int) -> list[CellStep]:
    """The steps of a cell, in the order they were taken."""
    return list(CellStep.objects.filter(cell=cell).order_by("id"))


def versions(cell: int) -> list[Statement]:
    """Everything anyone wrote into a cell, oldest first; not taken ones have no number."""
    return list(Statement.objects.filter(cell=cell).order_by("id"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a State's institution has come: cells by status, and required ones still empty."""

    state: str
    institution: str
    counts: dict[Status, int]
    lacking: int
    last: datetime | None

    @property
    def all(self) -> int:
        return sum(self.counts.values())

    @property
    def given(self) -> int:
        return self.all - self.counts.get(Status.EMPTY, 0)


def progress(round: str) -> list[Progress]:
    """Each institution's state of a round: one query, however many cells."""
    counts: dict[tuple[str, str], dict[Status, int]] = defaultdict(dict)
    lacking: dict[tuple[str, str], int] = defaultdict(int)
    last: dict[tuple[str, str], datetime] = {}
    live = Cell.objects.filter(asked__round_id=round, asked__withdrawn_at=None)
    for row in (
        live.values("status", state=F("asked__state"), institution=F("asked__institution"))
        .annotate(n=Count("id"), empty=Count("id", filter=Q(asked__required=True, status=Status.EMPTY, order=0)),
                  newest=Max("written_at"))
        .order_by("state", "institution", "status")
    ):  # fmt: skip
        key = (row["state"], row["institution"])
        counts[key][Status(row["status"])] = row["n"]
        lacking[key] += row["empty"]
        if row["newest"] is not None:
            last[key] = max(row["newest"], last.get(key, row["newest"]))
    return [Progress(s, i, c, lacking[s, i], last.get((s, i))) for (s, i), c in sorted(counts.items())]


def rebuilt(cells: Sequence[Cell]) -> dict[int, Status]:
    """Each cell's status folded anew from its statements and steps (for the test that they agree)."""
    return {key: fold(steps) for key, steps in steps_of(cells).items()}
