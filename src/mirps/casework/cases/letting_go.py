"""A case is let go with its people (people/retention): what was said and given in it goes, in every area that keeps
something of it; what counts stands on, as a case under an id and a number by chance, of the same people where they
stay, and of nobody with a name where they do not. Its acts have their days, not their hours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, Q, QuerySet

from mirps.casework.cases import catalogue, decrees, keeping, queries, rules, sealing
from mirps.casework.cases.models import Case, CaseEvent, Handling, Party, Standing, Subject
from mirps.casework.cases.numbers import number
from mirps.casework.procedures.api import State
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry
from mirps.people.retention import api as retention

BY = "retention"
#: What areas above let go of: of these cases, and of these registrations.
Part = Callable[[Collection[UUID], Collection[UUID]], None]
_PARTS: dict[str, Part] = {}


def goes_with(name: str, part: Part) -> None:
    """Have what an area keeps of cases and people let go with them. Twice the same name is once."""
    _PARTS[name] = part


def guard() -> None:
    """Have people's retention know of cases."""
    retention.join(retention.Above("cases", holds=holds, beside=beside, let_go=let_go))


def holds(seat: Seat, persons: Collection[UUID], cut: datetime | None) -> set[UUID]:
    """Who of these is in a case that is open, or in which something was done after `cut`."""
    root, out = _registrations(persons), set()
    for _ in _sat_everywhere(seat):
        rows = _subjects(root).values_list("person", "case__standing__open", "case__standing__last")
        out |= {root[p] for p, is_open, last in rows if is_open or cut is None or last > cut}
    return out


def beside(seat: Seat, persons: Collection[UUID]) -> set[UUID]:
    """The cases that these people are in."""
    root, out = _registrations(persons), set[UUID]()
    for _ in _sat_everywhere(seat):
        out |= set(_subjects(root).values_list("case", flat=True))
    return out


def let_go(seat: Seat, persons: Sequence[UUID], nameless: UUID, at: datetime) -> int:
    """These registrations of one person go; `nameless` counts in their place. How many cases went with them."""
    cases = list(beside(seat, persons))
    for _ in _sat_everywhere(seat):
        for part in _PARTS.values():
            part(cases, persons)
    for sits in _sat_everywhere(seat):
        for row in Standing.objects.filter(case__in=cases, institution=sits.institution).select_related(
            "case"
        ):
            _strip(row, sits, at)
        _rename(set(persons), nameless)
    return len(cases)


def remove(rows: QuerySet[Any]) -> None:
    """Straight from the table: Django would first load everything that points here, which goes before."""
    rows.order_by()._raw_delete(DEFAULT_DB_ALIAS)


def _registrations(persons: Collection[UUID]) -> dict[UUID, UUID]:
    """Every registration of these people -> the one of them that it belongs to."""
    joined = registry.Person.objects.filter(stands_for__in=persons).order_by("pk")
    return {p: p for p in persons} | {i: of for i, of in joined.values_list("pk", "stands_for") if of}


def _subjects(persons: Collection[UUID]) -> QuerySet[Subject]:
    return Subject.objects.filter(person_id__in=persons, case__let_go_at=None).order_by("id")


def _sat_everywhere(seat: Seat) -> Iterator[Seat]:
    """The seat of retention at each institution of the State that acts in cases: a person whom one registered may be
    in a case that another holds, and neither may keep what the other lets go."""
    acting = {i for p in catalogue.of_state(seat.state) for i in rules.institutions(p)} | {seat.institution}
    for institution in sorted(acting):
        with custody.seated(replace(seat, institution=institution, office="")) as sits:
            yield sits


def _strip(row: Standing, seat: Seat, at: datetime) -> None:
    """Put what counts of a case in its place."""
    was, state = row.case, queries.fold(row.procedure, queries.events(queries.ledger(row, seat)))
    zone, id_ = catalogue.zone(was.state), uuid4()
    bare = Case(
        id=id_, number=number(was.state, id_), procedure=was.procedure, parent_id=was.parent_id, state=was.state,
        institution=was.institution, office=was.office, opened_at=_day(was.opened_at, zone, 0),
        recorded_at=_day(was.recorded_at, zone, 0), by=BY, let_go_at=_day(at, zone, 0),
    )  # fmt: skip
    bare.save(force_insert=True)
    events = list(
        _bare_events(bare, state, zone, {str(e.pk): e.institution for e in was.events.order_by("pk")})
    )
    folded = queries.fold(was.procedure, queries.events(events))
    held = decrees.in_force(was.state)
    keeping.stand(bare, None, folded, held, events=len(events), at=events[-1].recorded_at)
    CaseEvent.objects.bulk_create(events)
    Subject.objects.bulk_create(
        Subject(case=bare, person_id=s.person_id, role=s.role, by=BY, since=_day(s.since, zone, 0),
                until=s.until and _day(s.until, zone, 0))
        for s in was.subjects.order_by("id")
    )  # fmt: skip
    Case.objects.filter(parent=was).order_by().update(parent=bare)
    gone: tuple[type[Model], ...] = (CaseEvent, Handling, Subject, Party)
    for model in gone:
        remove(model._default_manager.filter(case=was))
    remove(Case.objects.filter(pk=was.pk))
    remove(Standing.objects.filter(pk=was.pk))


def _bare_events(case: Case, state: State, zone: tzinfo, institutions: dict[str, str]) -> Iterator[CaseEvent]:
    """The acts that counted, as corrected, in their order; of what was said, what moves the case and what counts."""
    for n, step in enumerate(state.steps):
        said, id_ = step.event, uuid4()
        p = catalogue.version(case.procedure, said.rule.partition("@")[2])
        happened = _day(said.happened, zone, n)
        values = sealing.sealed(rules.counting(p, said), "", sealing.place(id_, case.pk, said.act))
        yield CaseEvent(
            id=id_, case=case, act=said.act, happened_at=happened, by=BY, role=said.role, rule=said.rule,
            recorded_at=max(happened, _day(said.recorded, zone, n)), sealed=values, state=case.state,
            institution=institutions[said.id], office=said.office,
        )  # fmt: skip


def _day(moment: datetime, zone: tzinfo, n: int) -> datetime:
    """Noon of the day, and a second for each act before, which keeps their order."""
    noon = datetime.combine(moment.astimezone(zone).date(), time(12), tzinfo=zone)
    return noon + timedelta(seconds=n)


def _rename(persons: set[UUID], nameless: UUID) -> None:
    """In cases that were let go, the person who goes is nobody with a name."""
    left = Q(person_id__in=persons, case__let_go_at__isnull=False)
    rows = list(Subject.objects.filter(left).order_by("id"))
    remove(Subject.objects.filter(pk__in=[s.pk for s in rows]))
    for s in rows:
        s.pk, s.person_id = None, nameless
    Subject.objects.bulk_create(rows)
