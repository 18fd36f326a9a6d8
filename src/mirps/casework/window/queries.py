"""What a person sees of their own case, and what officers see of what came in. Nothing here names anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mirps.base.texts.api import Text
from mirps.casework.appointments import api as appointments
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFile, Standing
from mirps.casework.letters import api as letters
from mirps.casework.letters.api import Issued
from mirps.casework.procedures.api import Phase
from mirps.casework.procedures.model import Act, Actor, Paper, Procedure, Type
from mirps.casework.window import sealing
from mirps.casework.window.models import WindowAccess, WindowAnswer, WindowItem
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

_CHILD = 18


@dataclass(frozen=True, slots=True)
class Ahead:
    """Something with a day: `name`, its last day (None: it rests), whether that has passed, and how often one that
    repeats was missed in a row."""

    name: Text
    due: date | None
    late: bool
    missed: int = 0
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Met:
    """An appointment: what for, when, at which office, how."""

    kind: Text
    starts: datetime
    office: str
    mode: str


@dataclass(frozen=True, slots=True)
class Own:
    """One of a person's cases, as their window shows it."""

    case: UUID
    number: str
    procedure: Procedure
    stage: Text
    open: bool
    yours: bool  # whether they must act next
    turn: tuple[Text, ...]
    ahead: tuple[Ahead, ...]
    meets: tuple[Met, ...]
    papers: tuple[Issued, ...]
    held: int  # notices that wait at the office to be handed over
    confirms: tuple[str, ...]  # acts by which they confirm their data


def seat_of(access: WindowAccess, case: str = "") -> Seat:
    """The seat from which a window is read: the institution that opened it; a case's own number signs."""
    return Seat(case or access.code, access.state, access.institution, purpose="procedure")


def own(access: WindowAccess, *, at: datetime) -> list[Own]:
    """A person's cases at the institution that opened the window, the latest first."""
    seat = seat_of(access)
    with custody.seated(seat):
        child = _is_child(access.person_id, at.date())
        papers = letters.of_person(access.person_id)
        return [
            _own(cases.opened(row, seat=seat, at=at), papers, child=child, at=at)
            for row in cases.of_person(access.person_id, seat=seat)
        ]


def _own(file: CaseFile, papers: Iterable[Issued], *, child: bool, at: datetime) -> Own:
    p, state = file.procedure, file.state
    mine = [i for i in papers if i.row.case_id == file.case.id and i.void is None]
    shown = [i for i in mine if i.row.paper != Paper.NOTICE or i.delivered]
    applicant = {code for code, r in p.roles.items() if r.actor is Actor.APPLICANT}
    stage = p.stages[state.stage]
    return Own(
        case=file.case.id, number=file.case.number, procedure=p, stage=stage.said(child=child), open=stage.open,
        yours=bool(applicant & set(file.turn)), turn=tuple(p.roles[r].name for r in file.turn),
        ahead=tuple(_ahead(file, applicant)), meets=tuple(_meets(file, at)), papers=tuple(shown),
        held=len(mine) - len(shown), confirms=tuple(_confirms(file, applicant)),
    )  # fmt: skip


def _ahead(file: CaseFile, applicant: set[str]) -> Iterable[Ahead]:
    """What the person themselves must do by a day, sign-ins among it."""
    p = file.procedure
    for code, standing in file.standing.items():
        d = p.deadlines[code]
        theirs = any(applicant & set(p.acts[a].by) for a in d.met_by) or d.repeats
        if theirs and standing.phase in (Phase.RUNNING, Phase.STOPPED, Phase.LAPSED):
            yield Ahead(d.name, standing.due_day, standing.late, standing.missed, d.repeats)


def _meets(file: CaseFile, at: datetime) -> Iterable[Met]:
    kinds = appointments.kinds()
    for row in appointments.of_case(file.case.id):
        if row.standing == "booked" and row.starts >= at:
            name = kinds[row.kind].name if row.kind in kinds else Text(row.kind, row.kind)
            yield Met(name, row.starts, row.office, row.mode)


def _confirms(file: CaseFile, applicant: set[str]) -> Iterable[str]:
    """Acts that only say yes: asked of the person, changing no stage, with nothing else in their form."""
    for role in sorted(applicant):
        for code, reasons in file.can_do(role).items():
            act = file.procedure.acts.get(code)
            if act and not reasons and confirms(file.procedure, act):
                yield code


def confirms(p: Procedure, act: Act) -> bool:
    plain = not (act.to or act.back or act.opens or act.adverse or act.reason or act.issues or act.notice)
    asked = [p.fields[f].type for f in act.required]
    return plain and bool(asked) and not act.required_if and all(t is Type.YES for t in asked)


def _is_child(person: UUID, on: date) -> bool:
    facts = registry.standing_of([person], "birth").get(person, [])
    born = str(facts[-1].data["date"]) if facts else ""
    return bool(born[:4].isdigit()) and on.year - int(born[:4]) < _CHILD


@dataclass(frozen=True, slots=True)
class Told:
    """What came in, with what it says and what was answered."""

    row: WindowItem
    said: dict[str, str]
    answers: tuple[tuple[WindowAnswer, str], ...]


def items_of(access: WindowAccess) -> list[Told]:
    """What this person sent, the latest first."""
    with custody.seated(seat_of(access)):
        return _told(WindowItem.objects.filter(access=access).order_by("-at"))


def inbox(seat: Seat, *, complaints: bool, settled: bool = False, most: int = 100) -> list[Told]:
    """What came in for an institution's officers, the oldest first. Complaints are for who supervises, and never
    for the officer whom they may be about."""
    with custody.seated(seat):
        rows = WindowItem.objects.filter(
            state=seat.state, institution=seat.institution, settled_at__isnull=not settled
        )
        if not complaints:
            rows = rows.exclude(kind=WindowItem.Kind.COMPLAINT)
        if seat.office:
            rows = rows.filter(office__in=("", seat.office))
        return _told(rows.order_by("-at" if settled else "at")[:most])


def item(id_: UUID, seat: Seat) -> Told | None:
    with custody.seated(seat):
        rows = WindowItem.objects.filter(pk=id_, state=seat.state, institution=seat.institution)
        return next(iter(_told(rows)), None)


def _told(rows: Iterable[WindowItem]) -> list[Told]:
    found = rows.select_related("access__person", "case").prefetch_related("answers")  # type: ignore[attr-defined]
    return [
        Told(row, sealing.item(row), tuple((a, sealing.answer(a)) for a in row.answers.all()))
        for row in found
    ]


def office_of(case: UUID | None, access: WindowAccess) -> str:
    """The office that has the case now; the one that opened the window where it is about none."""
    row = Standing.objects.filter(pk=case).first() if case else None
    return row.office if row else access.office
