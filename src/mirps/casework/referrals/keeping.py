"""Keeping an act: its row, how the referral stands by it, who is told. Whoever calls sits there and has asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from mirps.base.access import api as access
from mirps.base.audit import api as audit
from mirps.base.notices import api as notices
from mirps.casework.referrals import queries, sealing
from mirps.casework.referrals.models import Referral, ReferralEvent
from mirps.casework.referrals.queries import ReferralFile
from mirps.casework.referrals.rules import Act, Event, Side, Stage, ordered
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

#: As what the node itself acts.
NODE = "mirps node"


def node_seat(row: Referral, side: Side) -> Seat:
    """Where the node sits to keep what came by itself: it reads every sensitivity, to seal it again."""
    mine = side is Side.SENDER
    state, body = (row.from_state, row.from_institution) if mine else (row.to_state, row.to_institution)
    return Seat(
        NODE, state, body, knows=frozenset(registry.book().lists["sensitivities"]), purpose="referral"
    )


def done(
    file: ReferralFile, act: Act, *, seat: Seat, at: datetime, happened: datetime | None = None, id: UUID | None = None,
    said: dict[str, str] | None = None,
) -> ReferralFile:  # fmt: skip
    """Another act of this side, kept and folded in."""
    n = max((e.n for e in file.events if e.side is file.side), default=0) + 1
    e = Event(id or uuid7(), file.side, n, act, happened or at, seat.institution, seat.office, by=seat.user)
    insert(file.row, e, said or {}, seat=seat, at=at, known=not file.elsewhere)
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
    tell(found, act, seat=seat, at=at)
    return found


def insert(row: Referral, e: Event, said: dict[str, str], *, seat: Seat, at: datetime, known: bool) -> None:
    kept = ReferralEvent(
        id=e.id, referral=row, side=e.side.value, n=e.n, act=e.act.value, happened_at=e.happened, recorded_at=at,
        by=e.by, state=row.from_state if e.side is Side.SENDER else row.to_state, institution=e.institution,
        office=e.office, known_at=at if known else None,
    )  # fmt: skip
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


#: Of these the other side is told; of what the node did by itself, and of notes, the page tells.
TELLS = frozenset(Act) - {Act.ARRIVE, Act.OPEN, Act.CLOSE}


def tell(file: ReferralFile, act: Act, *, seat: Seat, at: datetime) -> None:
    """Tell the other side, where it works at this node."""
    if act in TELLS and not file.elsewhere:
        tell_side(
            file.row, Side.RECEIVER if file.side is Side.SENDER else Side.SENDER, [act], by=seat.user, at=at
        )


def tell_side(row: Referral, side: Side, acts: Iterable[Act], *, by: str, at: datetime) -> None:
    came = Act.SEND in set(acts)
    tell_people(row, side, "referral.came" if came else "referral.answered", by=by, at=at)


def tell_people(row: Referral, side: Side, kind: str, *, by: str, at: datetime) -> None:
    """Whoever answers referrals at that institution and office, and may know of this one. A notice says that there is
    one, and not for what or about whom."""
    sender = side is Side.SENDER
    state, body, office = (
        (row.from_state, row.from_institution, row.from_office) if sender
        else (row.to_state, row.to_institution, row.to_office)
    )  # fmt: skip
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
