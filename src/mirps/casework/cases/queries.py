"""Reading cases: what a seat sees of them, and one case whole."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property, partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from mirps.base.calendars.api import Calendar
from mirps.base.prepared.api import Prepared, bare
from mirps.casework.cases import catalogue, decrees, posts, rules, sealing
from mirps.casework.cases.models import Case, CaseEvent, Decree, Handling, Party, Standing, Subject
from mirps.casework.cases.numbers import tidy
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.api import Call, Event, Held, Procedure, Reason, State
from mirps.casework.procedures.folding import Step
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry


class Kept(NamedTuple):
    """An event's row, as far as it is read."""

    id: UUID
    case_id: UUID
    act: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    role: str
    office: str
    rule: str
    sealed: bytes | memoryview
    target: UUID | None
    institution: str


def _events(case: Any) -> QuerySet[CaseEvent, Any]:
    rows = CaseEvent.objects.filter(case=case).order_by("happened_at", "recorded_at", "id")
    return rows.values_list(*Kept._fields)


def _about(case: Any) -> QuerySet[Subject]:
    return Subject.objects.filter(case=case, until=None).select_related("person").order_by("id")


def _numbered(number: str) -> Subquery:
    """The case that bears a number: found once a statement."""
    return Subquery(Case.objects.filter(number=number).order_by().values("id"))


_EVENTS, _EVENTS_UNDER = Prepared(_events), Prepared(lambda number: _events(_numbered(number)))
_NAMED_UNDER = registry.Naming(Subject, lambda number: _about(_numbered(number)))
_SUBJECTS, _SUBJECTS_UNDER = Prepared(_about), Prepared(lambda number: _about(_numbered(number)))


def seen(seat: Seat) -> Q:
    """The cases that a seat sees, as a condition on Standing: those of its own office, those of the institution's
    other offices once it has named a purpose, and another institution's in which its own has a part."""
    told, parts = kind(seat)
    return sees(parts=parts, **told)


def kind(seat: Seat) -> tuple[dict[str, str], bool]:
    """What of a seat decides which cases it sees, and whether it has parts in others' cases: as `sees` takes them."""
    return _told(seat), not seat.duty and _has_parts(seat)


def _told(seat: Seat) -> dict[str, str]:
    """What of a seat decides: its office only while it has named no purpose."""
    told = {"state": seat.state, "institution": seat.institution}
    return told | ({"office": seat.office} if seat.office and not seat.purpose and not seat.duty else {})


def sees(*, parts: bool, state: str, institution: str, office: str | None = None) -> Q:
    mine = Q(institution=institution, state=state)
    if office is not None:
        mine &= Q(office__in=["", office])
    if not parts:
        return mine
    return mine | Q(Exists(Party.objects.filter(case=OuterRef("pk"), institution=institution).order_by()))


def _has_parts(seat: Seat) -> bool:
    """Whether its institution has a part in cases that others hold. Asked with every case and list."""
    here, key = procedures.procedures(), (seat.state, seat.institution)
    if _PARTS.get(key, (None, False))[0] is not here:
        _PARTS[key] = (here, any(rules.holder(p) != seat.institution for p in concerning(seat)))
    return _PARTS[key][1]


_PARTS: dict[tuple[str, str], tuple[object, bool]] = {}


def concerning(seat: Seat) -> list[Procedure]:
    """The procedures in which a seat's institution acts."""
    return [p for p in catalogue.of_state(seat.state) if seat.institution in rules.institutions(p)]


def events(rows: Iterable[CaseEvent | Kept]) -> list[Event]:
    """Rows, opened after one look at the keys. Raises CryptoFault."""
    opens = sealing.opener()
    return [event(row, opens) for row in rows]


def event(row: CaseEvent | Kept, opens: sealing.Opens | None = None) -> Event:
    """The same of one."""
    id_ = str(row.id)
    said = (opens or sealing.opener())(row.sealed, sealing.place(id_, row.case_id, row.act))
    return Event(
        id_, row.act, row.happened_at, row.recorded_at, row.by, row.role, row.office, row.rule,
        said["values"], said["reason"], str(row.target or ""))  # fmt: skip


def ledger(row: Standing, seat: Seat) -> Sequence[CaseEvent | Kept]:
    """Every event of a case that is in view, for folding it: what is shown of them is decided afterwards.

    Row security shows an institution that only has a part in the case its own acts alone; to know how the case
    stands, it asks for all by name.
    """
    if row.institution == seat.institution or connection.vendor != "postgresql":
        return [Kept._make(of) for of in _EVENTS(case=row.case_id)]
    return list(CaseEvent.objects.raw("SELECT * FROM mirps_case_ledger(%s) ORDER BY id", [row.case_id]))


def fold(procedure: str, events: Iterable[Event]) -> State:
    versions = catalogue.versions(procedure)
    return procedures.fold(events, versions, catalogue.clock(next(iter(versions.values()))))


@dataclass
class CaseFile:
    """A case as a seat sees it at a moment.

    `whole`: no for an institution that only has a part in it. It is shown its own acts, the stage and the
    deadlines of its own acts; a body that decides, all of it, once it has been its turn. `roles`: those that the
    reader holds in it.
    """

    case: Case
    row: Standing
    procedure: Procedure
    subjects: list[Subject]
    calendar: Calendar
    on: date
    seat: Seat
    roles: tuple[str, ...]
    whole: bool
    _folded: State
    _ours: frozenset[str]  # ids of the events of the seat's own institution
    _said: tuple[Event, ...] = ()  # all of them, shown or not
    #: The names to show of these persons, of those whom the case is about.
    names_of: Callable[[Collection[UUID]], dict[UUID, str]] = registry.names_of

    def stood(self, row: Standing) -> tuple[list[Event], State] | None:
        """Every event of the case and how it stands, to act upon a row that is now held: None if anything was
        recorded since it was read, or for an institution that only has a part in it."""
        alike = (row.pk, row.events, row.last) == (self.row.pk, self.row.events, self.row.last)
        return (list(self._said), self._folded) if alike and self._holds and self._said else None

    def then(self, folded: State) -> CaseFile | None:
        """The same case with what was just recorded; None where it must be read anew."""
        p, where = self.procedure, rules.office_of(folded, self.case.office)
        act = p.acts.get(folded.steps[-1].event.act)
        alike = (folded.version, where) == (p.version, self.row.office) and act and not act.guardian
        return replace(self, _folded=folded, _said=()) if alike and self._holds else None

    @property
    def _holds(self) -> bool:
        return self.seat.institution == self.row.institution

    @property
    def handler(self) -> str:
        return self.row.handler

    @property
    def events(self) -> list[Event]:
        """Those that count and are shown, in order."""
        return [s.event for s in self.state.steps]

    @property
    def facts(self) -> dict[str, Any]:
        return self.state.facts

    @property
    def turn(self) -> tuple[str, ...]:
        return procedures.turn(self.procedure, self._folded)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Sensitive fields, for whoever holds no role in it at an institution that is shown it whole; for who does,
        those for which they are not cleared."""
        fields = self.procedure.fields.items()
        if self.whole and self.roles:
            return frozenset(code for code, f in fields if not self.seat.clears(f.sensitivity))
        return frozenset(code for code, f in fields if f.sensitive)

    @cached_property
    def state(self) -> State:
        """The folded state as far as this reader may know it."""
        full = self._folded
        if self.whole and not self.hidden:
            return full
        steps = [self._step(s) for s in full.steps if self._mine(s.event)]
        known = full.facts.keys() - self.hidden
        if not self.whole:
            known &= {k for s in steps for k in s.event.values}
        return replace(
            full, steps=steps, facts={k: full.facts[k] for k in full.facts if k in known},
            aside=[(self._shown(e), why) for e, why in full.aside if self._mine(e)],
            voided=[self._shown(e) for e in full.voided if self._mine(e)],
            mends=[self._shown(e) for e in full.mends if self._mine(e)],
        )  # fmt: skip

    def _mine(self, said: Event) -> bool:
        return self.whole or said.id in self._ours

    def _step(self, step: Step) -> Step:
        shown = self._shown(step.event)
        return step if shown is step.event else replace(step, event=shown)

    def _shown(self, said: Event) -> Event:
        if self.hidden.isdisjoint(said.values):
            return said
        return replace(said, values={k: v for k, v in said.values.items() if k not in self.hidden})

    @cached_property
    def standing(self) -> Mapping[str, procedures.Standing]:
        """How each deadline stands today."""
        every = procedures.stand_all(self.procedure, self._folded, self.on.toordinal(), self.calendar)
        return every if self.whole else {code: s for code, s in every.items() if code in self._told}

    @cached_property
    def calls(self) -> list[Call]:
        every = procedures.calls(self.procedure, self._folded, self.on, self.calendar, self._known)
        return every if self.whole else [c for c in every if c.deadline in self._told]

    @cached_property
    def _told(self) -> set[str]:
        """The deadlines that acts of the seat's own institution meet, or of which it is told."""
        p = self.procedure
        mine = {r for r in p.roles if rules.of_role(p, r) == self.seat.institution}
        acts = {code for code, act in p.acts.items() if mine & set(act.by)}
        return {
            code
            for code, d in p.deadlines.items()
            if d.to in mine or acts & {*(d.starts if d.repeats else ()), *d.met_by}
        }

    def can_do(self, role: str) -> dict[str, list[Reason]]:
        """Every act with why it cannot be done in this role now; those without a reason can."""
        return procedures.can_do(self.procedure, self._folded, role=role, on=self.on, calendar=self.calendar)

    @cached_property
    def held_back(self) -> Held:
        """The acts that a condition holds back now, whoever asks."""
        return procedures.held_back(self.procedure, self._folded, self._known)

    @cached_property
    def _known(self) -> dict[str, object]:
        return procedures.facts(self.procedure, self._folded, self.on.toordinal(), self.calendar)


def case(number: str, *, seat: Seat, at: datetime, names: bool = False) -> CaseFile | None:
    """A case by its number, opened for reading, and the look kept. None for one that is not in view. `names`: those of
    whom it is about will be shown (CaseFile.names_of, once).

    Raises custody.TooMany. Read all of it within `custody.seated(seat)`.
    """
    if not (tidied := tidy(number)):
        return None
    by_number = _by_number(tidied, seat)
    # What is asked of a case of one's own stays as it is; of another's, when it is known to be one.
    asked = None if kind(seat)[1] else _Asked(tidied, seat, at, names=names)
    found = by_number()
    if found is None:
        return None
    file = opened(found, seat=seat, at=at, asked=asked)
    custody.shown(seat=seat, act="case", subjects=[s.person_id for s in file.subjects], at=at, limited=True)
    return file


_COLUMNS = [f.attname for f in Standing._meta.concrete_fields]
_OF_CASE = [f.attname for f in Case._meta.concrete_fields]


@cache
def _asked(*, office: bool, parts: bool) -> Prepared[tuple[Any, ...]]:
    """A case by its number, of those that a kind of seat sees. Each kind (`office`: one that has named no purpose) is
    its own query."""
    columns = (*_COLUMNS, *(f"case__{c}" for c in _OF_CASE), *decrees.STAMPS)

    def build(number: str, **told: str) -> QuerySet[Standing, tuple[Any, ...]]:
        rows = Standing.objects.annotate(**_stamps()).filter(sees(parts=parts, **told), case__number=number)
        return rows.values_list(*columns)

    return Prepared(build)


def _stamps() -> dict[str, Subquery]:
    """Beside a row, which decrees are in force: so that they are read only when there is a new one."""
    confirmed = (
        Decree.objects.filter(state=OuterRef("state"), confirmed_at__isnull=False).order_by().values("state")
    )
    return {
        name: Subquery(confirmed.annotate(**{name: of}).values(name)) for name, of in decrees.STAMPS.items()
    }


@cache
def _locking(*, office: bool, parts: bool) -> Prepared[Standing]:
    held = Standing.objects.select_for_update(of=("self",)).select_related("case").order_by()
    rows = held.annotate(**_stamps())
    return Prepared(lambda case, **told: rows.filter(sees(parts=parts, **told), pk=case))


def locked(case: UUID, seat: Seat) -> Standing | None:
    """A case that is in view, held until the transaction's end."""
    told, parts = kind(seat)
    return next(iter(_locking(office="office" in told, parts=parts)(case=case, **told)), None)


def _by_number(number: str, seat: Seat) -> Callable[[], Standing | None]:
    """Asked for; its answer, once it is read."""
    told, parts = kind(seat)
    asked = _asked(office="office" in told, parts=parts).sent(number=number, **told)

    def answer() -> Standing | None:
        rows = asked()
        if not rows:
            return None
        (values,) = rows
        n, of_case = len(_COLUMNS), len(_OF_CASE)
        row: Standing = bare(Standing, (*_COLUMNS, *decrees.STAMPS), (*values[:n], *values[n + of_case :]))
        row.case = bare(Case, _OF_CASE, values[n : n + of_case])
        return row

    return answer


class _Asked:
    """What a case's file is made of, on its way at once under the case's number where somebody only looks
    (custody.seated)."""

    def __init__(self, number: str, seat: Seat, at: datetime, *, names: bool) -> None:
        self.on = at.astimezone(catalogue.zone(seat.state)).date()
        self.posts = posts.HELD.sent(user=seat.user, institution=seat.institution, on=self.on)
        self.events = _EVENTS_UNDER.sent(number=number)
        if names:
            self.about = _NAMED_UNDER.sent(number=number)
        else:
            about = _SUBJECTS_UNDER.sent(number=number)
            self.about = lambda: (about(), registry.names_of)


def opened(
    row: Standing, *, seat: Seat, at: datetime, folded: State | None = None, asked: _Asked | None = None
) -> CaseFile:
    """The file of a case that is in view, without a trace: for acts, which leave their own. `folded`: the case, where
    it was folded in this transaction."""
    ours = seat.institution == row.institution
    on = at.astimezone(catalogue.zone(row.state)).date()
    rows: Sequence[CaseEvent | Kept]
    if ours and asked and asked.on == on:
        posts_held, rows = asked.posts, [Kept._make(of) for of in asked.events()]
        about, names_of = asked.about()
    else:
        posts_held = posts.HELD.sent(user=seat.user, institution=seat.institution, on=on)
        subjects = _SUBJECTS.sent(case=row.case_id) if ours else partial(_subjects, row.case_id, seat, at)
        # Of another's case it is asked which events are one's own.
        rows = () if folded is not None and ours else ledger(row, seat)
        about, names_of = subjects(), registry.names_of
    said = tuple(events(rows))
    folded = folded or fold(row.procedure, said)
    p = catalogue.version(row.procedure, folded.version)
    return CaseFile(
        case=row.case, row=row, procedure=p, on=on, seat=seat,
        calendar=decrees.calendar_for(p, row.office, held=held(row)),
        subjects=about, roles=posts.roles_in(posts_held(), p.name, row.office if ours else ""),
        # As keeping marks a party, read of the events themselves.
        whole=ours or any(seat.institution in rules.deciding(p, s.after) for s in folded.steps if s.after in p.stages),
        _folded=folded, _said=said,
        _ours=frozenset(e.id for r, e in zip(rows, said, strict=True) if r.institution == seat.institution),
        names_of=names_of,
    )  # fmt: skip


def _subjects(case: UUID, seat: Seat, at: datetime) -> list[Subject]:
    """Whom another institution's case is about; `in_sight`: whose file is shared with the seat (a body that decides
    knows whose case is on its agenda)."""
    seen = registry.Person.objects.filter(custody.seen(seat, at=at), pk=OuterRef("person")).order_by()
    rows = Subject.objects.filter(case=case, until=None).select_related("person").order_by("id")
    return list(rows.annotate(in_sight=Exists(seen)))


def held(row: Standing) -> decrees.Decrees | None:
    """The decrees in force, where the row was read with their stamps."""
    stamp = [getattr(row, name, None) for name in decrees.STAMPS]
    known = "decrees_n" in row.__dict__
    return decrees.held_at(row.state, stamp[0] or 0, stamp[1], stamp[2]) if known else None


def of_person(*persons: UUID, seat: Seat) -> list[Standing]:
    """The cases that these registrations (a person's, under every number) are in, of those in view, the latest
    first."""
    theirs = Subject.objects.filter(person__in=persons, until=None).order_by().values("case")
    rows = Standing.objects.select_related("case").filter(seen(seat), case__in=theirs)
    return list(rows.order_by("-last", "case_id"))


def handed(case: UUID) -> list[tuple[Handling, str]]:
    """Whose hands a case was in, the latest first, each with the note that came with it."""
    return [(row, sealing.note(row)) for row in Handling.objects.filter(case=case).order_by("-at", "-id")]
