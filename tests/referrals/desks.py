"""Ximena at COMAR's desk in Tapachula, the ministry of health that she may be referred to, and what both do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.registry.said import Json, fact, family, ids, more, who
from uuid_utils.compat import uuid7

from mirps.casework.referrals import api as referrals
from mirps.casework.referrals.api import Act, Referral, ReferralFile
from mirps.people.custody import api as custody
from mirps.people.custody.api import Duty, Seat
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry.api import File

AT = datetime(2026, 11, 21, 16, tzinfo=UTC)
TAP = "MEX.COMAR.TAP"
COMAR = Seat("ana", "MEX", "MEX.COMAR", TAP, purpose="referral")
CLEARED = Seat("pilar", "MEX", "MEX.COMAR", TAP, frozenset({"gbv", "child"}), purpose="referral")
HEALTH = Seat("sofia", "MEX", "MEX.SSA", purpose="referral")
#: Whose seat alone removes what happened.
KEEPER = Seat("diego", "MEX", "MEX.COMAR", duty=Duty.RETENTION)
WORDS = "She coughs since the journey."


def registered(
    *facts: Json, agrees: bool = True, to: str = "share-state", at: datetime = AT, **of: Any
) -> UUID:
    """Ximena's file, with what else is said of her; she agrees to be shared."""
    said = family(who("Ximena", "Vásquez López", phone="9991234567", **of), made_at=at.isoformat())
    (person,) = ids(said)
    extra = [{**f, "person": str(person)} for f in facts]
    if agrees:
        extra.append(fact("consent", person=str(person), purpose=to, given="given", how="spoken"))
    said["facts"] += extra
    intake.take(said, seat=COMAR.for_purpose("registration"), door="page", at=at)
    return person


def consents(person: UUID, given: str = "withdrawn", purpose: str = "share-state", at: datetime = AT) -> None:
    """What she says of sharing later."""
    said = more(
        fact("consent", person=str(person), purpose=purpose, given=given, how="spoken"),
        made_at=at.isoformat(),
    )
    intake.take(said, seat=COMAR.for_purpose("registration"), door="page", at=at)


def held(person: UUID, seat: Seat = COMAR) -> File:
    found = registry.file(person, knows=seat.knows)
    assert found is not None
    return found


def travels(service: str, file: File) -> list[tuple[str, referrals.Item]]:
    kind = referrals.catalogue().get(service)
    return referrals.least(kind, file.standing) if kind else []


def refer(
    person: UUID,
    service: str = "health",
    to: str = "MEX.SSA",
    *,
    seat: Seat = COMAR,
    at: datetime = AT,
    **how: Any,
) -> Referral:
    """Ana refers her, with all that the service lets travel."""
    with custody.seated(seat):
        file = held(person, seat)
        items = how.pop("items", None) or travels(service, file)
        return referrals.send(
            id=how.pop("id", uuid7()), held=file, service=service, to=to, items=items, words=how.pop("words", WORDS),
            seat=seat, at=at, **how,
        )  # fmt: skip


def does(
    row: Referral | UUID, act: Act, reason: str = "", words: str = "", *, seat: Seat = HEALTH, days: float = 0,
    **how: Any,
) -> ReferralFile:  # fmt: skip
    id_ = row if isinstance(row, UUID) else row.pk
    at = AT + timedelta(days=days)
    return referrals.act(referral=id_, act=act, reason=reason, words=words, seat=seat, at=at, **how)


def file(row: Referral | UUID, seat: Seat = COMAR) -> ReferralFile:
    with custody.seated(seat):
        found = referrals.file(row if isinstance(row, UUID) else row.pk, seat=seat)
    assert found is not None
    return found
