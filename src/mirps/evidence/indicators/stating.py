"""Counts as figures of the ledger, computed beside those that are reported, so that the checks compare the two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from mirps.base.codelists.api import dimensions, member_states
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import NOT_COLLECTED, Figure, Origin
from mirps.evidence.indicators.counting import Cell, Cubes
from mirps.evidence.indicators.model import Indicator, Kind

#: Dimensions of a cube that the figure ledger knows, each by itself: it states no crossings.
STATED = ("sex", "age", "nationality")


def computed(cubes: Cubes, indicator: Indicator) -> Iterator[Figure]:
    """A State's total over the cubes' whole span, and its breakdowns one dimension at a time.

    A dimension that the State never asked for is stated once, as not collected. Nothing is protected here: what
    leaves the node goes through disclosure control first.
    """
    lists = dimensions()
    for state in member_states():
        total = cubes.cell(indicator.code, state=state)
        if not total.n:
            continue
        yield _figure(cubes, indicator, state, "", total)
        for d in (d for d in STATED if d in indicator.dimensions):
            for member in [c for c in lists[d] if lists[d][c].extra.get("parent") or "_" not in c]:
                cell = cubes.cell(indicator.code, None, state=state, **{d: member})
                if cell.n or cell.absence == NOT_COLLECTED:
                    yield _figure(cubes, indicator, state, f"{d}={member}", cell)


def _figure(cubes: Cubes, i: Indicator, state: str, members: str, cell: Cell) -> Figure:
    first, last = cubes.span.first, cubes.span.last
    stock = i.kind is Kind.STOCK
    about = "|".join((i.code, state, members, "" if stock else first.isoformat(), last.isoformat()))
    note = (f"Calculado con el indicador «{i.name.es}».", f"Computed by the indicator “{i.name.en}”.")
    return Figure(
        id=f"c-{state.lower()}-{last:%Y%m%d}-{sha256(about.encode()).hexdigest()[:16]}", document="", locator="",
        fragment="", state=state, sector=figures.measures()[i.measure].sector, measure=i.measure, value=cell.value,
        unit=i.unit, population=i.population, dimensions=members, stage=i.stage, series=i.series,
        period_start=None if stock else first, period_end=None if stock else last, as_of=last if stock else None,
        absence=cell.absence, origin=Origin.COMPUTED, note_es=note[0], note_en=note[1],
    )  # fmt: skip


def state(cubes: Cubes, *, round: str, by: str, at: datetime) -> tuple[int, int]:
    """State what the cubes say of measures that the ledger knows: how many are new, how many differ from what was
    computed before. One that is as it was is not said again; one that differs supersedes it.

    Raises figures.WrongStep where one that differs is published: that is corrected by a person.
    """
    wanted = [f for i in cubes.indicators.values() if i.measure for f in computed(cubes, i)]
    fresh = list(_fresh(wanted))
    figures.state_figures(figures=fresh, round=round, by=by, at=at)
    changed = sum(bool(f.supersedes) for f in fresh)
    return len(fresh) - changed, changed


def _fresh(wanted: Sequence[Figure]) -> Iterator[Figure]:
    held = {}
    for row in figures.FigureRow.objects.filter(origin=Origin.COMPUTED, superseded_by="").order_by("id"):
        held[row.id.partition("-r")[0]] = row
    for f in wanted:
        old = held.get(f.id)
        if old is None:
            yield f
        elif (old.value, old.absence) != (f.value, f.absence):
            again = {name: getattr(f, name) for name in f.__slots__}
            yield Figure(**again | {"id": figures.next_id(old.id), "supersedes": old.id})
