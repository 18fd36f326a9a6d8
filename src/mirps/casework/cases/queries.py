"""Reading cases: what a seat sees of them, and one case whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from mirps.base.calendars.api import Calendar
from mirps.casework.cases import catalogue, decrees, sealing
from mirps.casework.cases.models import Case, CaseEvent, Party, Standing, Subject
from mirps.casework.cases.numbers import tidy
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.api import Call, Event, Procedure, Reason, State
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat


def seen(seat: Seat) -> Q:
    """The cases that a seat sees, as a condition on Standing (docs/cases.md)."""
    mine = Q(institution=seat.institution, state=seat.state)
    if seat.office and not seat.purpose:
        mine &= Q(office__in=("", seat.office)) | Q(case__office=seat.office)
    return mine | Q(
        Exists(Party.objects.filter(case=OuterRef("pk"), institution=seat.institution).order_by())
    )


def event(row: CaseEvent) -> Event:
    """A row, opened. Raises CryptoFault."""
    values, reason = sealing.opened(row.sealed, sealing.place_of(row))
    return Event(
        str(row.id), row.act, row.happened_at, row.recorded_at, row.by, row.role, row.office, row.rule, values,
        reason, str(row.target or ""),
    )  # fmt: skip


def ledger(case: UUID) -> list[CaseEvent]:
    """Every event of a case, for folding: what of it is shown is decided afterwards."""
    return list(CaseEvent.objects.filter(case=case).order_by("happened_at", "recorded_at", "id"))


def state_of(case: Case, rows: Iterable[CaseEvent]) -> State:
    """Fold a case's events."""
    versions = catalogue.versions(case.procedure)
    zone = catalogue.clock(next(iter(versions.values())))
    return procedures.fold([event(r) for r in rows], versions, zone)


@dataclass
class CaseFile:
    """A case as a seat sees it at a moment."""

    case: Case
    row: Standing
    procedure: Procedure
    state: State
    events: list[Event]
    subjects: list[Subject]
    calendar: Calendar
    on: date
    seat: Seat
    whole: bool = True  # no: another institution's, of which only one's own acts are shown
    hidden: frozenset[str] = field(default=frozenset())  # fields that this reader is not cleared for

    @property
    def handler(self) -> str:
        return self.row.handler

    @cached_property
    def standing(self) -> Mapping[str, procedures.Standing]:
        """How each deadline stands today."""
        return procedures.stand_all(self.procedure, self.state, self.on.toordinal(), self.calendar)

    @cached_property
    def calls(self) -> list[Call]:
        return procedures.calls(self.procedure, self.state, self.on, self.calendar)

    @property
    def turn(self) -> tuple[str, ...]:
        return procedures.turn(self.procedure, self.state)

    @property
    def facts(self) -> dict[str, Any]:
        return {k: v for k, v in self.state.facts.items() if k not in self.hidden}


def can_do(file: CaseFile, role: str) -> dict[str, list[Reason]]:
    """Every act with why it cannot be done in this role now; those without a reason can."""
    return procedures.can_do(file.procedure, file.state, role=role, on=file.on, calendar=file.calendar)


def case(number: str, *, seat: Seat, at: datetime) -> CaseFile | None:
    """A case by its number, opened for reading, and the look kept. None for one that is not in view.

    Raises custody.TooMany. Call it within `custody.seated(seat)`.
    """
    custody.admit(seat=seat, act="case", at=at)
    found = Standing.objects.select_related("case").filter(seen(seat), case__number=tidy(number)).first()
    if found is None:
        return None
    file = opened(found, seat=seat, at=at)
    custody.shown(seat=seat, act="case", subjects=[s.person_id for s in file.subjects], at=at)
    return file


def opened(row: Standing, *, seat: Seat, at: datetime) -> CaseFile:
    """The file of a case that is in view, without a trace: for acts, which leave their own."""
    state = state_of(row.case, ledger(row.case_id))
    p = catalogue.version(row.procedure, state.version)
    subjects = list(Subject.objects.filter(case=row.case, until=None).select_related("person").order_by("id"))
    return CaseFile(
        case=row.case, row=row, procedure=p, state=state, events=[s.event for s in state.steps],
        subjects=subjects, calendar=decrees.calendar_for(p, row.office),
        on=at.astimezone(catalogue.clock(p)).date(), seat=seat,
    )  # fmt: skip


def of_person(person: UUID, *, seat: Seat) -> list[Standing]:
    """The cases that a person is in, of those in view, the latest first."""
    rows = Standing.objects.select_related("case").filter(seen(seat), case__subjects__person=person)
    return list(rows.distinct().order_by(F("last").desc(), "case_id"))
