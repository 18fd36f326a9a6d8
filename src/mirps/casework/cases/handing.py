"""In whose hands a case is; who is away and who stands in for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, Value

from mirps.base.audit import api as audit
from mirps.base.prepared.api import Prepared
from mirps.casework.cases import keeping, posts, queries
from mirps.casework.cases.models import Absence, Handling, Post, Standing
from mirps.casework.cases.rules import CaseFault
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat


def assign(case: UUID, user: str, *, note: str, seat: Seat, at: datetime) -> Handling:
    """Give a case into somebody's hands (empty: back into the queue), with a note for them."""
    return assign_all([case], user, note=note, seat=seat, at=at)[0]


def assign_all(cases: Iterable[UUID], user: str, *, note: str, seat: Seat, at: datetime) -> list[Handling]:
    """Several at once, all or none. Raises CaseFault for a case of elsewhere, and for somebody who holds no role
    in it."""
    ids = list(dict.fromkeys(cases))
    with custody.seated(seat):
        held = Standing.objects.select_for_update(of=("self",)).filter(queries.seen(seat), pk__in=ids)
        rows = {r.pk: r for r in held.filter(institution=seat.institution).order_by("pk")}
        if len(rows) != len(ids):
            raise CaseFault("cases.fault.nobody")
        if user:
            _holds_roles(user, rows.values(), seat, at)
        out = [keeping.hand(rows[i], user, note, by=seat.user, at=at) for i in ids]
        audit.record(by=seat.user, at=at, act="cases.assign", subject=f"case/{ids[0]}" if len(ids) == 1 else "cases",
                     detail={"to": user, "cases": len(ids)})  # fmt: skip
    return out


def _holds_roles(user: str, rows: Iterable[Standing], seat: Seat, at: datetime) -> None:
    held = posts.HELD(user=user, institution=seat.institution, on=at.date())
    mine = {(p.procedure, p.office) for p in held}
    for row in rows:
        if not {(row.procedure, ""), (row.procedure, row.office)} & mine:
            raise CaseFault("cases.fault.no-role-there", user=user)


def away(user: str, *, starts: date, ends: date, stands_in: str = "", seat: Seat, at: datetime) -> Absence:
    """Somebody is away: their cases go to who stands in for them, or into the queue."""
    if ends < starts or stands_in == user:
        raise CaseFault("cases.fault.absence")
    with custody.seated(seat):
        row = Absence.objects.create(
            user=user, starts=starts, ends=ends, stands_in=stands_in, **seat.kept(at)
        )
        said = {"starts": starts.isoformat(), "ends": ends.isoformat(), "stands_in": stands_in}
        audit.record(by=seat.user, at=at, act="cases.away", subject=user, detail=said)
    return row


def back(absence: int, *, seat: Seat, at: datetime) -> None:
    """They are back before the time, or it was entered by mistake."""
    with custody.seated(seat), transaction.atomic():
        row = Absence.objects.select_for_update().filter(
            pk=absence, institution=seat.institution, taken_back_at=None
        )
        if not row.update(taken_back_at=at):
            raise CaseFault("cases.fault.absence")
        audit.record(by=seat.user, at=at, act="cases.back", subject=f"absence/{absence}")


def absences(seat: Seat, *, on: date) -> QuerySet[Absence]:
    """Those of the institution that last, or are to come."""
    return Absence.objects.filter(institution=seat.institution, ends__gte=on, taken_back_at=None)


class Role(NamedTuple):
    """A role of a procedure that somebody holds; empty office: at all of them."""

    procedure: str
    role: str
    office: str


class AtWork(NamedTuple):
    """Of somebody on a day: the roles they hold, whose cases are theirs (their own, and of those they stand in for),
    and whose are nobody's."""

    roles: tuple[Role, ...]
    mine: frozenset[str]
    free: frozenset[str]


def _at_work(user: str, institution: str, on: date) -> QuerySet[Post, tuple[str, str, str]]:
    away = Absence.objects.filter(institution=institution, ends__gte=on, taken_back_at=None, starts__lte=on)
    away = away.filter(Q(stands_in="") | Q(stands_in=user)).order_by()
    held = posts.held(user, institution, on).order_by().values_list(*Role._fields)
    return held.union(away.values_list(Value(""), "user", "stands_in"), all=True)


_AT_WORK = Prepared(_at_work)


def at_work(seat: Seat, *, on: date) -> AtWork:
    """Asked at once: posts, and who is away (a row without a procedure)."""
    roles, mine, free = [], {seat.user}, {""}
    for procedure, who, where in _AT_WORK(user=seat.user, institution=seat.institution, on=on):
        if procedure:
            roles.append(Role(procedure, who, where))
        else:
            (mine if where else free).add(who)
    return AtWork(tuple(roles), frozenset(mine), frozenset(free - {seat.user}))
