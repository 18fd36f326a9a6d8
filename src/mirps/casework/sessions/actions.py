"""Members, calling a session, its agenda, and what happens in it. Each is one transaction and one audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.base.notices.api import zone
from mirps.casework.cases import api as cases
from mirps.casework.sessions import queries, rules, sealing, sharing
from mirps.casework.sessions.models import Item, Membership, Session, SessionEvent
from mirps.casework.sessions.queries import SessionFile
from mirps.casework.sessions.rules import Happened, SessionFault, Way, What
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat


def appoint(
    *, body: str, in_seat: str, user: str, substitute: bool = False, since: date, until: date | None = None,
    seat: Seat, at: datetime,
) -> Membership:  # fmt: skip
    """Give somebody a seat of a body, or have them stand in for it. A seat has one member at a time."""
    with custody.seated(seat):
        of = queries.body(body, seat)
        if in_seat not in of.seats or (until and until < since):
            raise SessionFault("sessions.fault.member")
        same = queries.members(of, since).filter(seat=in_seat)
        if same.filter(user=user).exists() or (not substitute and same.filter(substitute=False).exists()):
            raise SessionFault("sessions.fault.seat-taken")
        row = Membership.objects.create(
            body=body, seat=in_seat, user=user, substitute=substitute, chair=of.seats[in_seat].chair, since=since,
            until=until, **seat.kept(at),
        )  # fmt: skip
        audit.record(
            by=seat.user, at=at, act="session.appointed", subject=user, detail={"body": body, "seat": in_seat}
        )
        return row


def end_term(*, membership: int, until: date, seat: Seat, at: datetime) -> None:
    with custody.seated(seat):
        row = Membership.objects.select_for_update().get(
            pk=membership, state=seat.state, institution=seat.institution
        )
        row.until = until
        row.save(update_fields=["until"])
        audit.record(
            by=seat.user, at=at, act="session.term-ended", subject=row.user, detail={"body": row.body}
        )


def call(*, id: UUID, body: str, starts: datetime, seat: Seat, at: datetime) -> Session:
    """Call a session. The same id again is the same session. Numbered by year, as minutes are."""
    with custody.seated(seat):
        before = Session.objects.filter(pk=id).first()
        if before is not None:
            return before
        of = queries.body(body, seat)
        if starts <= at:
            raise SessionFault("sessions.fault.past")
        year = starts.astimezone(zone(seat.state)).year
        same = Session.objects.filter(state=seat.state, institution=seat.institution, body=body, year=year)
        last = same.aggregate(n=Max("number"))["n"] or 0
        row = Session(
            id=id, body=body, rule=of.rule, number=last + 1, year=year, starts=starts, called_at=at, by=seat.user,
            state=seat.state, institution=seat.institution, office=seat.office,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as e:  # somebody called one at the same moment
            raise SessionFault("sessions.fault.again") from e
        audit.record(by=seat.user, at=at, act="session.called", subject=f"session/{row.pk}")
        return row


def put_on_agenda(*, session: UUID, numbers: Sequence[str], seat: Seat, at: datetime) -> list[Item]:
    """Put cases on the agenda that wait for the body. Raises SessionFault for one that does not."""
    with custody.seated(seat):
        file = _locked(session, seat)
        waiting = {s.case.number: s for s in queries.waiting(file.body, seat)}
        place = max((i.place for i in file.items), default=0)
        made = []
        for n, number in enumerate(dict.fromkeys(numbers), start=1):
            if number not in waiting:
                raise SessionFault("sessions.fault.not-waiting", number=number)
            item = Item(id=uuid7(), session=file.session, case=waiting[number].case, place=place + n)
            item.sealed = sealing.seal({}, item)
            made.append(item)
        Item.objects.bulk_create(made)
        for item in made:
            sharing.share(item, waiting[item.case.number], starts=file.session.starts, seat=seat, at=at)
        audit.record(
            by=seat.user, at=at, act="session.agenda", subject=f"session/{session}", detail={"n": len(made)}
        )
        return made


def write_paper(*, session: UUID, item: UUID, text: str, seat: Seat, at: datetime) -> None:
    """What the members read of a case before they vote: the opinion in short. Until a vote is put."""
    with custody.seated(seat):
        file = _locked(session, seat)
        row = next((i for i in file.items if i.pk == item), None)
        if row is None:
            raise SessionFault("sessions.fault.item")
        if file.held.on(item).ballots:
            raise SessionFault("sessions.fault.open-vote")
        row.sealed = sealing.seal({"paper": text.strip()}, row)
        row.save(update_fields=["sealed"])
        audit.record(
            by=seat.user, at=at, act="session.paper", subject=f"session/{session}", detail={"item": str(item)}
        )


def happen(
    *, session: UUID, what: What, item: UUID | None = None, member: int | None = None, act: str = "",
    way: Way | None = None, why: str = "", event: str = "", id: UUID | None = None, seat: Seat, at: datetime,
) -> SessionFile:  # fmt: skip
    """Keep what happens in a session, if it may follow. A vote is one's own: it is cast by whoever sits there.

    Raises SessionFault with why not. The same id again is the same event.
    """
    with custody.seated(seat):
        file = _locked(session, seat)
        if id is not None and SessionEvent.objects.filter(pk=id).exists():
            return file
        mine = {m.pk for m in file.mine(seat.user)}
        if what is What.VOTED and member not in mine:
            raise SessionFault("sessions.fault.may-not-vote")
        if what is What.PUT and act not in _acts(file, item, seat):
            raise SessionFault("sessions.fault.act")
        said = Happened(what, seat.user, item, member, act, way, why.strip(), event)
        if item is not None and item not in {i.pk for i in file.items}:
            raise SessionFault("sessions.fault.item")
        held = rules.after(file.body, file.sits, file.held, said)
        row = SessionEvent(
            id=id or uuid7(), session=file.session, what=what, item_id=item, member_id=member, **seat.kept(at),
        )  # fmt: skip
        row.sealed = sealing.seal({"act": act, "way": way, "why": said.why, "event": event}, row)
        row.save(force_insert=True)
        if what in (What.ENDED, What.DEFERRED, What.ACTED):
            sharing.end((i for i in file.items if item in (None, i.pk)), by=seat.user, at=at)
        if what is What.ENDED:
            file.session.open = False
            file.session.save(update_fields=["open"])
        audit.record(
            by=seat.user, at=at, act=f"session.{what}", subject=f"session/{session}",
            detail={"item": str(item)} if item else {},
        )  # fmt: skip
        return SessionFile(file.session, file.body, file.members, file.items, held)


def _acts(file: SessionFile, item: UUID | None, seat: Seat) -> list[str]:
    row = next((i for i in file.items if i.pk == item), None)
    standing = cases.Standing.objects.filter(cases.seen(seat), pk=row.case_id).first() if row else None
    return queries.acts_for(file.body, standing) if standing else []


def _locked(session: UUID, seat: Seat) -> SessionFile:
    found = queries.session(session, seat, lock=True)
    if found is None:
        raise SessionFault("sessions.fault.none")
    return found
