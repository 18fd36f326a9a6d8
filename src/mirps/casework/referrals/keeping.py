"""Keeping an act: its row, how the referral stands by it, who is told. Whoever calls sits there and has asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from mirps.base.access import api as access
from mirps.base.audit import api as audit
from mirps.base.notices import api as notices
from mirps.casework.referrals import queries, sealing
from mirps.casework.referrals.letters import About
from mirps.casework.referrals.models import Referral, ReferralEvent
from mirps.casework.referrals.queries import ReferralFile
from mirps.casework.referrals.rules import Act, Event, Side, Stage, ordered
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

#: As what the node itself acts.
NODE = "mirps node"
#: Where its own jobs find which ones there are to see to.
NOWHERE = Seat("", "", "")
_MARK = "R"


def node_seat(row: Referral, side: Side) -> Seat:
    """Where the node sits to keep what came by itself: it reads every sensitivity, to seal it again."""
    state, body, _ = row.of(side)
    return Seat(
        NODE, state, body, knows=frozenset(registry.book().lists["sensitivities"]), purpose="referral"
    )


def begun(a: About) -> Referral:
    """The row of a referral, as both sides have it."""
    return Referral(
        id=a.id, number=registry.number(a.from_state, a.id, mark=_MARK), from_state=a.from_state,
        from_institution=a.from_institution, from_office=a.from_office, to_state=a.to_state,
        to_institution=a.to_institution, service=a.service, sensitivity=queries.catalogue()[a.service].sensitivity,
        sent_at=a.sent_at, answer_by=a.answer_by, outcome=a.outcome, follows=a.follows, stage=Stage.SENT.value,
    )  # fmt: skip


def done(
    file: ReferralFile, act: Act, *, seat: Seat, at: datetime, id: UUID | None = None, reason: str = "",
    words: str = "", day: date | None = None,
) -> ReferralFile:  # fmt: skip
    """Another act of this side, kept and folded in."""
    n = max((e.n for e in file.events if e.side is file.side), default=0) + 1
    e = Event(
        id or uuid7(), file.side, n, act, at, seat.institution, seat.office, reason, words, day, seat.user
    )
    insert(file.row, e, at=at, known=not file.elsewhere)
    if (
        act is Act.WITHDRAW
        and not file.row.events.filter(told_at__isnull=False, side=file.side.value).exists()
    ):
        file.row.events.filter(known_at=None).update(
            known_at=at
        )  # nothing of it ever left: nobody is to be told
    found = project(file.row, seat)
    audit.record(
        by=seat.user, at=at, act=f"referral.{act.value}", subject=f"referral/{file.row.pk}",
        detail={"stage": found.stand.stage.value},
    )  # fmt: skip
    if not found.elsewhere:
        tell_side(file.row, file.side.other, [act], by=seat.user, at=at)
    return found


def insert(row: Referral, e: Event, *, at: datetime, known: bool) -> None:
    kept = ReferralEvent(
        id=e.id, referral=row, side=e.side.value, n=e.n, act=e.act.value, happened_at=e.happened, recorded_at=at,
        by=e.by, state=row.of(e.side)[0], institution=e.institution, office=e.office,
        known_at=at if known else None,
    )  # fmt: skip
    said = {"reason": e.reason, "words": e.words, "day": e.day.isoformat() if e.day else ""}
    kept.sealed = sealing.seal(said, kept)
    kept.save(force_insert=True)


def project(row: Referral, seat: Seat) -> ReferralFile:
    """Set the row to what its events say. What was withdrawn carries nothing any more."""
    file = queries.file_of(row, seat)
    if file.stand.stage is Stage.WITHDRAWN:
        row.parts.all().delete()
    row.stage, row.turn = file.stand.stage.value, file.stand.turn.value if file.stand.turn else ""
    row.due, row.final = file.stand.due, file.stand.final
    untold = any(e.side is file.side and not e.known for e in file.events)
    row.watched = not row.final or row.owes or untold or row.parts.exists()
    row.save(update_fields=["stage", "turn", "due", "final", "watched", "owes", "to_office"])
    return file


#: Of these the other side is told; of what the node did by itself, of opening and of closing, the page tells.
_TELLS = frozenset(Act) - {Act.ARRIVE, Act.OPEN, Act.CLOSE}


def tell_side(row: Referral, side: Side, acts: Iterable[Act], *, by: str, at: datetime) -> None:
    """Tell a side what the other one did."""
    if told := _TELLS.intersection(acts):
        tell_people(row, side, "referral.came" if Act.SEND in told else "referral.answered", by=by, at=at)


def tell_people(row: Referral, side: Side, kind: str, *, by: str, at: datetime) -> None:
    """Whoever answers referrals at that institution and office, and may know of this one. A notice says that there is
    one, and not for what or about whom."""
    state, body, office = row.of(side)
    held = [
        (user, g) for user, g in access.holdings(on=at.date())
        if not office or g.office in ("", office)
    ]  # fmt: skip
    to = access.able(held, "referral.act", state=state, on=at.date(), body=body)
    if row.sensitivity:
        cleared = set(access.able(held, f"know.{row.sensitivity}", state=state, on=at.date(), body=body))
        to = [u for u in to if u in cleared]
    notices.tell(
        to=[u for u in to if u.username != by], kind=kind, by=by, at=at,
        about=notices.About(state=state, institution=body, section=str(row.pk)),
    )  # fmt: skip


def merged(events: Sequence[Event], more: Sequence[Event]) -> list[Event]:
    """Those of `more` that are not among `events` yet."""
    there = {e.id for e in events}
    return [e for e in ordered(more) if e.id not in there]
