"""El Salvador's commission in a room: three who decide, a secretary, and cases that wait for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.registry.said import family, ids, who
from uuid_utils.compat import uuid7

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import Saying
from mirps.casework.sessions import api as sessions
from mirps.casework.sessions.api import Session, SessionFile, Way, What
from mirps.people.custody.api import Seat
from mirps.people.intake import api as intake

AT = datetime(2026, 3, 4, 16, tzinfo=UTC)
LATER = AT + timedelta(days=20)
SINCE = date(2025, 1, 1)
CODER = "SLV.CODER"
WHO = ("uno", "dos", "tres")


def seat(user: str = "sec") -> Seat:
    return Seat(user, "SLV", CODER, CODER, purpose="procedure")


def hired() -> None:
    for user, roles in (("sec", ["secretariat", "coder"]), *((u, ["coder"]) for u in WHO)):
        cases.appoint(user, "slv_asylum", roles, institution=CODER, since=SINCE, by="boss", at=AT)
    for user, place in zip(WHO, ("chair", "second", "third"), strict=True):
        sessions.appoint(body="slv_coder", in_seat=place, user=user, since=SINCE, seat=seat(), at=AT)


def waiting(given: str = "Marta") -> str:
    """A case that waits for the commission; its number."""
    said = {**family(who(given, "Orellana Paz")), "state": "SLV", "institution": CODER, "office": CODER}
    intake.take(said, seat=Seat("sec", "SLV", CODER, CODER, purpose="registration"), door="page", at=AT)
    opened = cases.open_case(
        "slv_asylum", people=[(ids(said)[0], "principal")], seat=seat(), role="secretariat", at=AT,
        event=Saying(uuid7(), "apply", AT, {"nationality": "HND", "entered_on": "2026-03-01"}),
    )  # fmt: skip
    for n, (act, values) in enumerate(
        (("admit", {}), ("profile", {"lone_child": False}), ("interview", {"language": "es"})), start=1
    ):
        at = AT + timedelta(days=n)
        cases.record(opened.case, Saying(uuid7(), act, at, values), seat=seat(), role="secretariat", at=at)
    return opened.number


def called(*numbers: str) -> Session:
    at = AT + timedelta(days=5)
    row = sessions.call(id=uuid7(), body="slv_coder", starts=LATER, seat=seat(), at=at)
    sessions.put_on_agenda(session=row.pk, numbers=numbers, seat=seat(), at=at)
    return row


def happens(session: Session, what: What, by: str = "sec", minutes: int = 0, **more: Any) -> SessionFile:
    return sessions.happen(
        session=session.pk, what=what, seat=seat(by), at=LATER + timedelta(minutes=minutes), **more
    )


def members(session: Session) -> dict[str, int]:
    return {m.user: m.pk for m in sessions.members(sessions.bodies()[session.body], LATER.date())}


def voted(session: Session, *, act: str = "recognise", ways: tuple[Way, ...] = (Way.FOR,) * 3) -> SessionFile:
    """All come, an act is put, they vote in turn and it is counted."""
    item, ids_ = session.items.get().pk, members(session)
    for m in ids_.values():
        happens(session, What.PRESENT, member=m)
    happens(session, What.PUT, item=item, act=act, minutes=1)
    for user, way in zip(WHO, ways, strict=True):
        happens(
            session, What.VOTED, user, item=item, member=ids_[user], way=way, why="Por la prueba", minutes=2
        )
    return happens(session, What.CLOSED, item=item, minutes=3)
