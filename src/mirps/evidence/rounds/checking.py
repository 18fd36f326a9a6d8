"""What the checks say of what a State has handed over in a round that people work in.

A statement counts once it was submitted, until it is sent back. It is read beside what other rounds
published of the same State, so that a running total that falls and a jump are seen; what those rounds
say among themselves is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.checks.ledger import check_ledger
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure, FigureRow, Status

#: Statuses in which a statement stands for its State.
HANDED = (Status.SUBMITTED, Status.APPROVED, Status.PUBLISHED)


def handed(round: str, state: str) -> list[Figure]:
    """What stands of a State in a round: submitted, approved or published, and not superseded."""
    rows = FigureRow.objects.filter(round=round, state=state, status__in=HANDED, superseded_by="")
    return [figures.figure_from(r) for r in rows.order_by("id")]


def beside(round: str, state: str) -> list[Figure]:
    """What other rounds published of a State."""
    rows = FigureRow.objects.filter(state=state, status=Status.PUBLISHED, superseded_by="")
    return [figures.figure_from(r) for r in rows.exclude(round=round).order_by("id")]


def found_in(round: str, state: str, also: Sequence[Figure] = ()) -> list[LedgerFinding]:
    """What the checks say of a State's figures of a round, in the order of kind and code.

    `also` are statements as they would stand: each takes the place of the one with its id, or of the
    one that it supersedes. Nothing is kept.
    """
    replaced = {f.id for f in also} | {f.supersedes for f in also}
    own = [f for f in handed(round, state) if f.id not in replaced]
    own += [f for f in also if f.state == state]
    return _among(own, beside(round, state))


def _among(own: Iterable[Figure], others: Iterable[Figure]) -> list[LedgerFinding]:
    own = list(own)
    if not own:
        return []
    ids = {f.id for f in own}
    every = check_ledger([*own, *others], figures.measures())
    return [f for f in every if not ids.isdisjoint(f.figures)]


def states_of(round: str) -> list[str]:
    """The States that have handed something over in a round."""
    rows = FigureRow.objects.filter(round=round, status__in=HANDED)
    return sorted(set(rows.order_by().values_list("state", flat=True)))
