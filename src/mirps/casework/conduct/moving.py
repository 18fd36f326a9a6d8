"""Open cases go over to a new version: seen before, asked for by one person, done by another, an event in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F
from uuid_utils.compat import uuid7

from mirps.base.access.rules import same_person
from mirps.base.audit import api as audit
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, Saying, Standing
from mirps.casework.editions.api import EditionFault, Moving
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.api import Procedure, State
from mirps.casework.procedures.words import MOVE
from mirps.people.custody import api as custody
from mirps.people.custody.api import Duty, Seat

#: Moved at one go, so that a page answers; the next go takes the next.
MOST = 200


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would happen to the open cases: (version, stage now) -> (stage then or None, cases)."""

    goes: Mapping[tuple[str, str], tuple[str | None, int]]

    @property
    def moving(self) -> int:
        return sum(n for to, n in self.goes.values() if to is not None)

    @property
    def staying(self) -> int:
        return sum(n for to, n in self.goes.values() if to is None)


def foreseen(p: Procedure, *, user: str, institution: str) -> Foreseen:
    """Counted, never opened: whoever answers for a procedure need not be somebody who may read cases."""
    out: dict[tuple[str, str], tuple[str | None, int]] = {}
    with custody.seated(Seat(user, p.state, institution, duty=Duty.AUDIT)):
        rows = Standing.objects.filter(institution=institution, procedure=p.name, open=True).exclude(
            version=p.version
        )
        counted = list(rows.order_by("version", "stage").values("version", "stage").annotate(n=Count("pk")))
    for row in counted:
        told = procedures.preview([State(version=row["version"], stage=row["stage"])], p)
        to = next((then for _, then in told.goes), None)
        out[row["version"], row["stage"]] = (to, row["n"])
    return Foreseen(out)


def ask(p: Procedure, *, institution: str, reason: str, by: str, at: datetime) -> Moving:
    """The first signature."""
    if not reason.strip():
        raise EditionFault("editions.fault.reason")
    if Moving.objects.filter(procedure=p.name, version=p.version, ended_at=None).exists():
        raise EditionFault("editions.fault.moving")
    with transaction.atomic():
        row = Moving.objects.create(
            id=uuid7(), state=p.state, institution=institution, procedure=p.name, version=p.version,
            reason=reason.strip()[:1000], at=at, by=by,
        )  # fmt: skip
        audit.record(by=by, at=at, act="moving.asked", subject=f"moving/{row.id}", detail={"to": str(row)})
    return row


def move(moving: UUID, *, seat: Seat, at: datetime) -> tuple[int, int]:
    """The second signature, by somebody who holds a role of the procedure: so many cases were moved, so many are
    left to another go. Raises EditionFault."""
    row = Moving.objects.filter(pk=moving, ended_at=None, institution=seat.institution).first()
    if row is None:
        raise EditionFault("editions.fault.none")
    if same_person(seat.user, [row.by]):
        raise EditionFault("editions.fault.second")
    p = cases.version(row.procedure, row.version)
    on = at.astimezone(cases.clock(p)).date()
    role = next(iter(cases.roles_of(seat.user, p.name, institution=seat.institution, office="", on=on)), "")
    if not role:
        raise EditionFault("editions.fault.no-role")
    fitting = [
        key for key, (to, _) in foreseen(p, user=seat.user, institution=seat.institution).goes.items() if to
    ]
    ids = _next(seat, p, fitting)
    done = sum(_moved(i, p, row, seat, role, at) for i in ids[:MOST])
    left = len(ids) - done if done else 0
    with transaction.atomic():
        Moving.objects.filter(pk=row.pk).update(
            second=seat.user, moved=F("moved") + done, ended_at=None if left else at
        )
        audit.record(by=seat.user, at=at, act="moving.done", subject=f"moving/{row.id}",
                     detail={"to": str(row), "cases": done})  # fmt: skip
    return done, left


def _next(seat: Seat, p: Procedure, fitting: list[tuple[str, str]]) -> list[UUID]:
    with custody.seated(seat):
        held = Standing.objects.filter(
            cases.seen(seat), procedure=p.name, institution=seat.institution, open=True
        )
        rows = held.exclude(version=p.version).order_by("pk").values_list("pk", "version", "stage")
        return [pk for pk, version, stage in rows.iterator() if (version, stage) in fitting]


def _moved(case: UUID, p: Procedure, row: Moving, seat: Seat, role: str, at: datetime) -> int:
    said = Saying(uuid7(), MOVE, at, {"version": p.version}, row.reason)
    try:
        cases.record(case, said, seat=seat, role=role, at=at)
    except CaseFault:  # somebody acted meanwhile: it stays where it is, and is told as left
        return 0
    return 1
