"""What was counted from cases, beside what is written: the computed figures of a round, tied to its cells.

Nothing is kept of the tie. The ledger has the figures, the round says what is asked, and what fits is found when a
page is read: a count that comes a minute later shows at once, and nobody's value is ever written over. A cell into
which nobody has written shows the computed value as a draft; a person takes it over, or writes another beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from uuid_utils.compat import uuid7

from mirps.base.texts.api import LANGUAGES, day, say
from mirps.evidence.entries.fitting import Misfit, Place, Proposal, fitted
from mirps.evidence.entries.models import Cell
from mirps.evidence.entries.queries import sheet
from mirps.evidence.entries.writing import Post, Written, write_all
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure, FigureRow, Origin
from mirps.evidence.rounds.api import HANDED, Ask

#: How a statement that was taken over from a count came (models.Statement.via).
VIA = "computed"


def proposals(cells: Iterable[tuple[Cell, Ask]]) -> dict[int, Proposal]:
    """Cell -> the computed figure that stands beside it: one query. The cells are of one round, and each has it at
    hand (`asked.round`)."""
    held = [(c, Place(c.pk, ask, c.dimensions, c.asked.round.starts)) for c, ask in cells]
    if not held:
        return {}
    places = [p for _, p in held]
    return fitted(_computed(held[0][0].asked.round_id, {p.ask.state for p in places}), places)[0]


def misfits(round: str, *, state: str) -> list[Misfit]:
    """The computed figures of a State's round that fit no cell, each with why."""
    places = [
        Place(c.pk, x.ask, c.dimensions, c.asked.round.starts)
        for x in sheet(round, state=state) for c in x.cells
    ]  # fmt: skip
    return fitted(_computed(round, {state}), places)[1]


def _computed(round: str, states: Iterable[str]) -> list[Figure]:
    """What stands of the round's computed figures: released by its State, and not replaced."""
    rows = FigureRow.objects.filter(
        round=round, state__in=list(states), origin=Origin.COMPUTED, status__in=HANDED, superseded_by=""
    )
    return [figures.figure_from(r) for r in rows.order_by("id")]


def take_over(*, cell: Cell, by: str, at: datetime) -> Written | None:
    """Write the computed value into its cell as `by`'s answer, with where it comes from for a note where there is
    none. None where no computed figure stands beside it (any more)."""
    found = proposals([(cell, cell.asked.ask())]).get(cell.pk)
    if found is None:
        return None
    f = found.figure
    told = {lang: cell_note(f, lang) for lang in LANGUAGES}
    post = Post(
        cell.pk, cell.version, uuid7(), f.value, f.absence, f.qualifier, cell.note_es or told["es"],
        cell.note_en or told["en"],
    )  # fmt: skip
    return write_all(posts=[post], by=by, at=at, via=VIA)[0]


def cell_note(figure: Figure, lang: str) -> str:
    """Where a value that was taken over comes from."""
    when = day(figure.when, lang) if figure.when else ""
    return say("entries.computed.note", lang, figure=figure.id, when=when)
