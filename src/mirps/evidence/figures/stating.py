"""Stating figures that people entered: new rows of the ledger, submitted and not yet public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from mirps.base.audit.api import record
from mirps.evidence.figures.actions import WrongStep, touch
from mirps.evidence.figures.models import FigureEvent, FigureRow
from mirps.evidence.figures.package import COLUMNS
from mirps.evidence.figures.rules import Figure, Status, faults


@transaction.atomic
def state_figures(*, figures: Sequence[Figure], round: str, by: str, at: datetime) -> int:
    """Add statements as submitted. One that names `supersedes` takes the place of a statement that is
    not yet public; a published one is only ever corrected (`actions.correct`).

    All or none. Raises WrongStep for an id that stands already or a superseded one that may not be,
    ValueError naming what makes a statement unfit.
    """
    if not figures:
        return 0
    for f in figures:
        if unfit := faults(f):
            raise ValueError(f"{f.id}: {', '.join(unfit)}")
    if taken := FigureRow.objects.filter(pk__in=[f.id for f in figures]).values_list("id", flat=True).first():
        raise WrongStep(f"{taken} is stated already")
    old = {f.supersedes: f.id for f in figures if f.supersedes}
    held = FigureRow.objects.select_for_update().filter(pk__in=old)
    free = {r.id for r in held if not r.superseded_by and r.status != Status.PUBLISHED}
    if lacking := sorted(set(old) - free):
        raise WrongStep(f"{lacking[0]} cannot be superseded")
    FigureRow.objects.bulk_create(
        FigureRow(
            **{c: getattr(f, c) for c in COLUMNS if c != "status"},
            round=round, initial_status=Status.SUBMITTED, status=Status.SUBMITTED,
            known_at=at, recorded_at=at, recorded_by=by,
        )
        for f in figures
    )  # fmt: skip
    for id_, new in old.items():
        FigureRow.objects.filter(pk=id_).update(superseded_by=new)
    FigureEvent.objects.bulk_create(
        FigureEvent(figure_id=id_, kind="superseded", at=at, by=by, other=new) for id_, new in old.items()
    )
    touch(public=False)
    record(by=by, at=at, act="figures.stated", subject=f"round {round}", detail={"count": len(figures)})
    return len(figures)
