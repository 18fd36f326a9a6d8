"""Reading: who can be had when, which interpreter fits, and what is booked. Call within `custody.seated(seat)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, TimeField, Value
from django.db.models.functions import Coalesce, Concat, Replace

from mirps.base.access.api import User
from mirps.base.notices.api import zone
from mirps.casework.appointments import matching, rules, sealing
from mirps.casework.appointments.kinds import Kind, kinds, settings
from mirps.casework.appointments.matching import Candidate, Match, Need, Speech
from mirps.casework.appointments.models import (
    Appointment,
    Away,
    Conflict,
    Hold,
    Hours,
    Interpreter,
    Order,
    Room,
    Speaks,
    Supplier,
)
from mirps.casework.appointments.rules import AppointmentFault, Asked, Mode, Proposed, Stand, Window, Worker
from mirps.casework.cases import api as cases
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

#: As a weekday: days on which somebody is not there.
OFF = -1
#: Cells that an appointment which is to be moved gives up, by whose they are.
Freed = Mapping[str, frozenset[int]]
NOTHING: Freed = {}


@dataclass(frozen=True, slots=True)
class Want:
    """What is looked for. `language`: of the interpreter (empty: none); the rest as matching.Need. `officer`,
    `interpreter`: somebody in particular. `first`: from which day."""

    kind: str
    mode: Mode = Mode.PERSON
    for_child: bool = False
    language: str = ""
    dialect: str = ""
    gender: str = ""
    not_of: frozenset[str] = frozenset()
    officer: str = ""
    interpreter: UUID | None = None
    first: date | None = None

    @property
    def of(self) -> Kind:
        """Raises AppointmentFault."""
        if self.kind not in kinds():
            raise AppointmentFault("appointments.fault.kind")
        return kinds()[self.kind]


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be offered: slots with why none is earlier, and how the interpreters were matched."""

    proposed: Proposed
    match: Match | None


class Board:
    """What is known of one office while slots are looked for: read once."""

    def __init__(
        self, standing: cases.Standing, want: Want, *, seat: Seat, office: str, at: datetime
    ) -> None:
        self.standing, self.want, self.seat, self.office, self.at = standing, want, seat, office, at
        self.clock = zone(seat.state)
        here = at.astimezone(self.clock).date()
        self.first = max(want.first or here, here)
        self.days = list(rules.days_from(self.first, settings().days))
        self.kind = want.of
        if want.mode not in self.kind.modes:
            raise AppointmentFault("appointments.fault.mode")
        self.room_names: dict[str, str] = {}  # by whose time it is
        self.ours = Q(state=seat.state, institution=seat.institution)

    @cached_property
    def times(self) -> list[tuple[str, int, time, time, date, date | None, str]]:
        """Who can be had when, and days off (weekday OFF) of officers, interpreters and rooms, in one question:
        whose, weekday, from and to which hour, from and to which day, and an officer's name."""
        never: dict[str, Any] = {
            "weekday_": Value(OFF), "from_": Value(time(), output_field=TimeField()),
            "to_": Value(time(), output_field=TimeField()), "called": Value(""),
        }  # fmt: skip
        user = Replace("whose", Value(rules.officer("")), Value(""))
        named = User.objects.filter(username=OuterRef("user")).order_by().values("first_name")[:1]
        hours = Hours.objects.filter(
            self.ours, Q(until=None) | Q(until__gte=self.first), office__in=(self.office, "")
        )
        absences = cases.Absence.objects.filter(self.ours, taken_back_at=None, ends__gte=self.first)
        others = Away.objects.filter(self.ours, taken_back_at=None, ends__gte=self.first)
        asked = (
            hours.annotate(user=user, called=Coalesce(Subquery(named), Value("")))
            .values_list("whose", "weekday", "starts", "ends", "since", "until", "called"),
            absences.annotate(whose=Concat(Value(rules.officer("")), "user"), **never)
            .values_list("whose", "weekday_", "from_", "to_", "starts", "ends", "called"),
            others.annotate(**never).values_list("whose", "weekday_", "from_", "to_", "starts", "ends", "called"),  # type: ignore[misc]
        )  # fmt: skip
        first, *more = (rows.order_by().distinct() for rows in asked)
        return list(first.union(*more))

    @cached_property
    def called(self) -> dict[str, str]:
        """The names of the officers who have hours here."""
        mark = rules.officer("")
        return {t[0].removeprefix(mark): t[6] or t[0].removeprefix(mark) for t in self.times if t[1] != OFF}

    @cached_property
    def workers(self) -> list[Worker]:
        """The officers of the office and the interpreters, with their hours."""
        by: dict[str, list[Window]] = {}
        for whose, weekday, starts, ends, since, until, _ in self.times:
            if weekday != OFF:
                by.setdefault(whose, []).append(Window(weekday, starts, ends, since, until))
        return [Worker(whose, tuple(w)) for whose, w in sorted(by.items())]

    @cached_property
    def away(self) -> dict[str, tuple[tuple[date, date], ...]]:
        out: dict[str, tuple[tuple[date, date], ...]] = {}
        for whose, weekday, _, _, starts, ends, _ in self.times:
            if weekday == OFF and ends is not None:
                out[whose] = (*out.get(whose, ()), (starts, ends))
        return out

    @cached_property
    def busy(self) -> dict[str, frozenset[int]]:
        start = datetime.combine(self.days[0], datetime.min.time(), tzinfo=self.clock)
        span = rules.cells(start, start + timedelta(days=len(self.days) + 1))
        held: dict[str, set[int]] = {}
        rows = Hold.objects.filter(self.ours, cell__range=(span[0], span[-1]))
        for whose, cell in rows.values_list("whose", "cell"):
            held.setdefault(whose, set()).add(cell)
        return {whose: frozenset(cells) for whose, cells in held.items()}

    def _with(self, w: Worker, free: Freed) -> Worker:
        busy = self.busy.get(w.whose, frozenset()) - free.get(w.whose, frozenset())
        return replace(w, away=(*w.away, *self.away.get(w.whose, ())), busy=busy)

    @cached_property
    def officers(self) -> list[Worker]:
        every = [w for w in self.workers if w.whose.startswith(rules.officer(""))]
        return [w for w in every if self.want.officer in ("", w.whose.removeprefix(rules.officer("")))]

    @cached_property
    def rooms(self) -> list[Worker] | None:
        if not self.kind.room or self.want.mode is not Mode.PERSON:
            return None
        here = Room.objects.filter(self.ours, office=self.office)
        found = here.filter(Q(ended=None) | Q(ended__gt=self.first)).order_by("name", "id")
        suited = sorted(found, key=lambda r: not r.for_children) if self.want.for_child else found
        self.room_names = {rules.room(r.pk): r.name for r in found}
        return [Worker(rules.room(r.pk), None, _until(r.ended)) for r in suited]

    @cached_property
    def match(self) -> Match | None:
        if not self.want.language or not self.kind.interpreter:
            return None
        return matching.match(
            self.need(), candidates(self.ours, self.want.language, self.standing.case_id, self.at)
        )

    def need(self) -> Need:
        w = self.want
        return Need(w.language, w.dialect, w.mode, w.gender, w.not_of, self.origins())

    def origins(self) -> frozenset[str]:
        """Where the people of the case are from, as far as they said."""
        out = set()
        for facts in registry.standing_of(persons(self.standing), "birth", "address").values():
            for f in facts:
                if f.data.get("place") and (f.kind == "birth" or f.data.get("use") in ("origin", "last")):
                    out.add(str(f.data["place"]))
        return frozenset(out)

    def asked(self, *, free: Freed = NOTHING) -> Asked:
        hours = {w.whose: w for w in self.workers}
        interpreters = None
        if self.match is not None:
            every = [
                replace(hours.get(w, Worker(w, None)), away=_until(c.until))
                for c in (j.candidate for j in self.match.fit)
                for w in [rules.interpreter(c.id)]
                if self.want.interpreter in (None, c.id)
            ]
            interpreters = [self._with(w, free) for w in every]
        rooms = self.rooms
        return Asked(
            n=self.kind.cells(for_child=self.want.for_child),
            officers=[self._with(w, free) for w in self.officers],
            rooms=None if rooms is None else [self._with(w, free) for w in rooms],
            interpreters=interpreters,
            with_=[self._with(Worker(rules.case(self.standing.case_id), None), free)],
            not_before=self.at + timedelta(hours=settings().notice_hours),
        )

    @cached_property
    def offs(self) -> dict[date, str]:
        """Days that are off, with why: its name in Spanish, a line's end, and in English; a weekend has none."""
        p = cases.version(self.standing.procedure, self.standing.version)
        calendar = cases.calendar_for(p, self.office)
        found = ((d, calendar.offs.get(d.toordinal())) for d in self.days)
        return {d: (f"{off.name.es}\n{off.name.en}" if off.name else "\n") for d, off in found if off}

    def offer(self, *, free: Freed = NOTHING) -> Offer:
        days = [(d, self.offs.get(d, "")) for d in self.days]
        return Offer(
            rules.propose(self.asked(free=free), days, self.clock, most=settings().proposed), self.match
        )


def _until(ended: date | None) -> tuple[tuple[date, date], ...]:
    """As an absence: what ends is not had from that day on."""
    return ((ended, date.max),) if ended else ()


def candidates(ours: Q, language: str, case: UUID, at: datetime) -> list[Candidate]:
    """The interpreters who speak a language, as matching sees them for a case."""
    rows = Speaks.objects.filter(
        language=language, interpreter__in=Interpreter.objects.filter(ours).order_by().values("pk")
    ).select_related("interpreter__supplier").annotate(
        rating=Avg("interpreter__orders__rating"),
        rated=Count("interpreter__orders", distinct=True, filter=Q(interpreter__orders__rating__isnull=False)),
        served=Count(
            "interpreter__appointments", distinct=True,
            filter=Q(interpreter__appointments__case=case, interpreter__appointments__standing=Stand.ATTENDED),
        ),
        **{f"c_{sort}": _stands(sort, case) for sort in matching.CONFLICTS},
    ).order_by("interpreter_id", "id")  # fmt: skip
    held: dict[UUID, tuple[Interpreter, Any, list[Speech]]] = {}
    for r in rows:
        held.setdefault(r.interpreter_id, (r.interpreter, r, []))[2].append(
            Speech(r.language, r.dialect, r.level)
        )
    return [_candidate(i, row, said, at.date()) for i, row, said in held.values()]


def _stands(sort: str, case: UUID) -> Exists:
    found = Conflict.objects.filter(interpreter=OuterRef("interpreter"), case=case, sort=sort, ended_at=None)
    return Exists(found.order_by())


def _candidate(i: Interpreter, row: Any, said: list[Speech], on: date) -> Candidate:
    about = sealing.opened(i)
    rating = None if row.rating is None else Decimal(str(row.rating)).quantize(Decimal("0.1"))
    ends = sorted(e for e in (i.ended, i.supplier.ended) if e is not None)
    stand = frozenset(c for c in matching.CONFLICTS if getattr(row, f"c_{c}"))
    return Candidate(
        id=i.pk, name=str(about.get("name", "")), gender=i.gender, speaks=tuple(said), conflicts=stand,
        modes=frozenset(Mode(m) for m in i.modes),
        nationality=str(about.get("nationality", "")), origin=str(about.get("origin", "")),
        served=row.served, rating=rating, rated=row.rated, hour=i.supplier.hour,
        ended=bool(ends) and ends[0] <= on, until=ends[0] if ends else None,
    )  # fmt: skip


def standing_of(seat: Seat, *, case: UUID | None = None, number: str = "") -> cases.Standing | None:
    """A case in view, by its id or number, with whom it is about: one question. None for none."""
    rows = cases.Standing.objects.filter(
        cases.seen(seat), **({"pk": case} if case else {"case__number": number}), case__subjects__until=None
    )
    found = list(
        rows.select_related("case")
        .annotate(person=F("case__subjects__person"))
        .order_by("case__subjects__id")
    )
    if not found:
        return None
    first: cases.Standing = found[0]
    first.persons = [r.person for r in found]  # type: ignore[attr-defined]
    return first


def persons(standing: cases.Standing) -> list[UUID]:
    """Whom a case is about."""
    known: list[UUID] | None = getattr(standing, "persons", None)
    if known is not None:
        return known
    rows = cases.Subject.objects.filter(case=standing.case_id, until=None).order_by("id")
    return list(rows.values_list("person", flat=True))


def held_by(row: Appointment) -> Freed:
    """The cells that an appointment holds."""
    out: dict[str, set[int]] = {}
    for whose, cell in row.holds.values_list("whose", "cell"):
        out.setdefault(whose, set()).add(cell)
    return {whose: frozenset(cells) for whose, cells in out.items()}


# --- lists


def of_case(case: UUID) -> QuerySet[Appointment]:
    """A case's appointments, the earliest first: what the case page shows."""
    return Appointment.objects.filter(case=case).select_related("room").order_by("starts", "id")


def agenda(
    seat: Seat, *, since: datetime, until: datetime, office: str = "", officer: str = ""
) -> QuerySet[Appointment]:
    """What is booked at an institution's office between two moments."""
    found = Appointment.objects.filter(
        state=seat.state, institution=seat.institution, starts__gte=since, starts__lt=until
    )
    if office:
        found = found.filter(office=office)
    if officer:
        found = found.filter(officer=officer)
    return found.select_related("case", "room").order_by("starts", "id")


def names(interpreters: Iterable[Interpreter | Supplier]) -> dict[UUID, str]:
    """For whoever may know them."""
    return {i.pk: str(sealing.opened(i).get("name", "")) for i in interpreters}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report on interpretation: what was delivered, by supplier and language."""

    supplier: UUID
    language: str
    orders: int
    hours: Decimal
    cost: Decimal
    currency: str
    rating: Decimal | None


def report(seat: Seat, *, since: date, until: date) -> list[Row]:
    """Hours and cost of what was delivered on these days (both within). Currencies are never added up."""
    rows = Order.objects.filter(
        state=seat.state, institution=seat.institution, standing__in=("delivered", "rated"),
        delivered_on__range=(since, until),
    ).values("supplier", "language", "currency").annotate(
        n=Count("pk"), h=Sum("hours"), c=Sum("cost"), r=Avg("rating")
    ).order_by("supplier", "language", "currency")  # fmt: skip
    return [
        Row(r["supplier"], r["language"], r["n"], r["h"] or Decimal(0), r["c"] or Decimal(0), r["currency"],
            None if r["r"] is None else Decimal(str(r["r"])).quantize(Decimal("0.1")))
        for r in rows
    ]  # fmt: skip
