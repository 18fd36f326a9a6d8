"""Reading sessions. Call within `custody.seated(seat)`: a body's seat sees its own sessions alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from mirps.base.notices.api import zone
from mirps.casework.cases import api as cases
from mirps.casework.procedures import api as procedures
from mirps.casework.sessions import rules, sealing
from mirps.casework.sessions.bodies import bodies, every
from mirps.casework.sessions.models import Item, Membership, Session, SessionEvent
from mirps.casework.sessions.rules import Body, Happened, Held, Member, SessionFault, Way, What
from mirps.people.custody.api import Seat


def body(code: str, seat: Seat) -> Body:
    """A body of this institution. Raises SessionFault for another's, and for none."""
    found = bodies().get(code)
    if found is None or (found.state, found.institution) != (seat.state, seat.institution):
        raise SessionFault("sessions.fault.no-body")
    return found


def bodies_of(seat: Seat) -> list[Body]:
    return [b for b in bodies().values() if (b.state, b.institution) == (seat.state, seat.institution)]


def members(body: Body, on: date) -> QuerySet[Membership]:
    """Who sits in a body on a day, and who stands in for whom."""
    return Membership.objects.filter(
        Q(until=None) | Q(until__gte=on), state=body.state, institution=body.institution, body=body.code,
        since__lte=on, seat__in=list(body.seats),
    ).order_by("seat", "substitute", "id")  # fmt: skip


def as_rules(rows: Iterable[Membership]) -> list[Member]:
    return [Member(m.pk, m.seat, m.user, m.substitute) for m in rows]


def told(row: SessionEvent) -> Happened:
    """An event, opened."""
    said = sealing.opened(row)
    return Happened(
        What(row.what), row.by, row.item_id, row.member_id, str(said.get("act", "")),
        Way(said["way"]) if said.get("way") else None, str(said.get("why", "")), str(said.get("event", "")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionFile:
    """A session whole: its body, who may sit, the agenda, and how it stands."""

    session: Session
    body: Body
    members: tuple[Membership, ...]
    items: tuple[Item, ...]
    held: Held

    @property
    def sits(self) -> list[Member]:
        return as_rules(self.members)

    @property
    def quorum(self) -> rules.Quorum:
        return rules.quorum(self.body, self.sits, self.held)

    @property
    def chair(self) -> Member | None:
        return rules.chair(self.body, self.sits, self.held)

    def may_vote(self, item: UUID) -> dict[int, Member]:
        return rules.voters(self.body, self.sits, self.held, item)

    def mine(self, user: str) -> list[Membership]:
        return [m for m in self.members if m.user == user]


def sessions(seat: Seat) -> QuerySet[Session]:
    return Session.objects.filter(state=seat.state, institution=seat.institution).order_by("-starts", "id")


def session(id_: UUID, seat: Seat, *, lock: bool = False) -> SessionFile | None:
    """A session of this institution, None for another's. `lock`: hold it until the transaction ends."""
    rows = sessions(seat).filter(pk=id_)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        return None
    of = every().get(row.rule) or body(row.body, seat)
    sits = tuple(members(of, row.starts.astimezone(zone(row.state)).date()))
    items = tuple(row.items.select_related("case__standing").order_by("place", "id"))
    events = [told(e) for e in row.events.order_by("at", "id")]
    return SessionFile(row, of, sits, items, rules.fold(of, as_rules(sits), events))


def waiting(body: Body, seat: Seat) -> list[cases.Standing]:
    """The cases in view in which it is the body's turn, and that stand on no open session's agenda; at most 100."""
    turn = Q(pk__in=[])
    for name, role in body.procedures.items():
        for p in procedures.procedures().get(name, {}).values():
            stages = [code for code, s in p.stages.items() if role in s.turn]
            turn |= Q(procedure=name, version=p.version, stage__in=stages)
    taken = Item.objects.filter(session__open=True, session__body=body.code).values("case").order_by()
    found = cases.Standing.objects.filter(turn, cases.seen(seat), open=True).exclude(case__in=taken)
    return list(found.select_related("case").order_by("due", "case_id")[:100])


def acts_for(body: Body, standing: cases.Standing) -> list[str]:
    """The acts that the body may do in a case as it stands: what can be put to the vote."""
    p = cases.version(standing.procedure, standing.version)
    role = body.procedures.get(standing.procedure, "")
    return [code for code in p.from_stage(standing.stage) if role in p.acts[code].by]


def of_case(case: UUID) -> QuerySet[Item]:
    """The sessions at which a case stood on the agenda: what the case page shows."""
    return Item.objects.filter(case=case).select_related("session").order_by("session__starts", "id")
