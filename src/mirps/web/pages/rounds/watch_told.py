"""Reminding people of what they still owe: chosen by somebody, or on its day by the timer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.audit.api import AuditEntry, record
from mirps.base.notices import api as notices
from mirps.base.notices.api import zone
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Due, Round, Stage, Status
from mirps.evidence.watch import api as watch
from mirps.evidence.watch.api import Body

ACT = "watch.reminded"
#: Who is reminded of what waits for the State, and for the region.
_WAITS = {
    Due.STATE: ("entry.approve-state", Status.SUBMITTED),
    Due.REGION: ("entry.approve-region", Status.STATE),
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """People of one institution (or State, or the region), who owe something by a date."""

    state: str
    institution: str
    people: tuple[User, ...]
    due: datetime | None


def for_bodies(bodies: Iterable[Body], *, at: datetime) -> list[Reminder]:
    """Who enters for each of these institutions; where nobody does, who answers for its State."""
    on = at.date()
    held, out = access.holdings(on=on), []
    for b in bodies:
        near = [(u, g) for u, g in held if g.state == b.state]
        inside = [(u, g) for u, g in near if g.body]
        own, other = (
            access.able(of, "entry.write", state=b.state, on=on, body=b.institution) for of in (inside, near)
        )
        out.append(Reminder(b.state, b.institution, tuple(own or other), b.due))
    return out


@transaction.atomic
def remind(*, round: Round, reminders: Iterable[Reminder], by: str, at: datetime, mark: str = "") -> int:
    """Tell these people; returns how many. With a `mark` (watch.mark), each reminder goes once for it."""
    Round.objects.select_for_update().get(pk=round.pk)  # two timers at once: one after the other
    told = 0
    for r in reminders:
        about = notices.About(round=round.code, state=r.state, institution=r.institution)
        subject = f"round {round.code} {r.institution or r.state}".strip()
        if mark and AuditEntry.objects.filter(act=ACT, subject=subject, detail__mark=mark).exists():
            continue
        record(by=by, at=at, act=ACT, subject=subject, detail={"mark": mark, "to": len(r.people)})
        due = r.due.astimezone(zone(r.state)).date() if r.due else None
        told += notices.tell(to=r.people, kind="reminder", about=about, by=by, at=at, due=due, params={})
    return told


def automatic(*, at: datetime, by: str = "timer") -> int:
    """The reminders whose day it is, of every round that is open or in review; returns how many were told."""
    told = 0
    for round in rounds.worked().filter(stage__in=(Stage.OPEN, Stage.CLOSED)):
        dates = list(round.due_dates.all())
        for step, plan in watch.reminders().items():
            if not any(watch.mark(plan, d.due, at, zone(d.state)) for d in dates if d.step == step):
                continue  # no date of this step is near: nothing is counted
            for mark, reminder in _due(round, dates, step, plan, at):
                told += remind(round=round, reminders=[reminder], by=by, at=at, mark=f"{step.value} {mark}")
    return told


def _due(
    round: Round, dates: list[rounds.DueDate], step: Due, plan: watch.Plan, at: datetime
) -> list[tuple[str, Reminder]]:
    bodies = watch.bodies(round)
    if step is Due.ENTRY:
        owing = [b for b in bodies if b.owes and b.due and watch.mark(plan, b.due, at, zone(b.state))]
        return [(watch.mark(plan, r.due, at, zone(r.state)), r) for r in for_bodies(owing, at=at) if r.due]
    act, waits = _WAITS[step]
    held, out = access.holdings(on=at.date()), []
    for state in sorted({b.state for b in bodies if b.of(waits)}) if step is Due.STATE else [""]:
        due = rounds.due(dates, step, state=state)
        mark = watch.mark(plan, due, at, zone(state)) if due else ""
        if mark and any(b.of(waits) for b in bodies if state in ("", b.state)):
            near = [(u, g) for u, g in held if g.state == state]
            to = access.able(near, act, state=state, on=at.date())
            out.append((mark, Reminder(state, "", tuple(to), due)))
    return out
