"""Referring somebody, and what either institution does with it. Each is one transaction and one audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from mirps.base.audit import api as audit
from mirps.base.codelists import api as codelists
from mirps.base.notices.api import zone
from mirps.casework.referrals import keeping, queries, rules, services
from mirps.casework.referrals.letters import About
from mirps.casework.referrals.models import Referral
from mirps.casework.referrals.queries import ReferralFile
from mirps.casework.referrals.rules import Act, ReferralFault, Side
from mirps.casework.referrals.services import Item, Service
from mirps.people.consent import api as consent
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry
from mirps.people.registry.api import Fact, File


def agreed(held: File, *, to: str, seat: Seat, at: datetime, until: date) -> tuple[str, Fact | None]:
    """The consent that a referral of this file to an institution takes, and the answer in which it was given; None
    where the person does not agree, or not until that day."""
    other = codelists.institutions()[to]
    takes = consent.needed(seat.state, other.extra["kind"], other.extra["state"])
    return takes, consent.resting_on(held.standing, takes, at=timezone.localtime(at), until=until)


def answer_by(service: Service, seat: Seat, at: datetime) -> date:
    return at.astimezone(zone(seat.state)).date() + timedelta(days=service.answer)


def send(
    *, id: UUID, held: File, service: str, to: str, items: Sequence[tuple[str, Item]], words: str, reply: str = "",
    follows: UUID | None = None, abroad: Sequence[str] | None = (), seat: Seat, at: datetime,
) -> Referral:  # fmt: skip
    """Refer the person of a file to another institution. Inside `custody.seated`. The same id again is the same.

    `items` are of `services.least`, less what the person keeps back; `abroad`: see `queries.receivers`. Raises
    ReferralFault: without a standing consent nothing is referred.
    """
    stands = queries.seen(seat, Side.SENDER).filter(pk=id).first()
    if stands:
        return stands
    kind = queries.catalogue().get(service)
    if kind is None or not seat.clears(kind.sensitivity):
        raise ReferralFault("referrals.fault.service")
    if to not in queries.receivers(seat, abroad=abroad):
        raise ReferralFault("referrals.fault.to")
    if (held.person.state, held.person.institution) != (seat.state, seat.institution):
        raise ReferralFault("referrals.fault.not-yours")
    _prove_said(held, kind, items, words, reply)
    due = answer_by(kind, seat, at)
    takes, fact = agreed(held, to=to, seat=seat, at=at, until=due)
    if fact is None:
        raise ReferralFault("referrals.fault.no-consent", consent=takes, day=due)
    office, state = seat.office or held.person.office, codelists.institutions()[to].extra["state"]
    row = keeping.begun(About(
        id, seat.state, seat.institution, office, state, to, service, at, due, kind.outcome, _followed(follows, seat)
    ))  # fmt: skip
    row.person, row.consent = held.person, fact.id
    row.save(force_insert=True)
    queries.keep_parts(row, items, words.strip(), reply.strip())
    keeping.done(queries.file_of(row, seat), Act.SEND, seat=seat, at=at)
    return row


def _prove_said(
    held: File, service: Service, items: Sequence[tuple[str, Item]], words: str, reply: str
) -> None:
    travels = services.least(service, held.standing)
    if any(i not in travels for i in items) or len(items) > services.MOST_ITEMS:
        raise ReferralFault("referrals.fault.items")
    if not any(i["kind"] == "name" for _, i in items):
        raise ReferralFault("referrals.fault.nameless")
    if not words.strip() or len(words) > rules.WORDS:
        raise ReferralFault("referrals.fault.asks", most=rules.WORDS)
    if len(reply) > rules.REPLY:
        raise ReferralFault("referrals.fault.words", most=rules.REPLY)


def _followed(id: UUID | None, seat: Seat) -> UUID | None:
    if id and not queries.seen(seat).filter(pk=id).exists():
        raise ReferralFault("referrals.fault.none")
    return id


def act(
    *, referral: UUID, act: Act, reason: str = "", words: str = "", day: date | None = None, id: UUID | None = None,
    seat: Seat, at: datetime,
) -> ReferralFile:  # fmt: skip
    """Do what this seat's side may do now: open, accept (`day`: when the person is expected), refuse, return, report,
    note, withdraw, close. The same id again is the same act. Raises ReferralFault."""
    with custody.seated(seat):
        file = _held(referral, seat)
        if id and any(e.id == id for e in file.events):
            return file
        rules.prove(file.stand, file.side, act, reason, words, day)
        if act is Act.OPEN:
            file.row.to_office = file.row.to_office or seat.office
            custody.shown(seat=seat, act="open", subjects=[file.row.registered_id or file.row.pk], at=at)
        return keeping.done(file, act, seat=seat, at=at, id=id, reason=reason, words=words.strip(), day=day)


def recognise(*, referral: UUID, person: UUID, seat: Seat, at: datetime) -> Referral:
    """Say whom of one's own files a referral is about: whoever was registered after it, or was known already. The
    other side is not told. Raises ReferralFault for a file that is not the institution's own."""
    with custody.seated(seat):
        file = _held(referral, seat)
        ours = registry.Person.objects.filter(
            pk=person, state=seat.state, institution=seat.institution, let_go_at=None
        )
        if not ours.exists() or not file.readable:
            raise ReferralFault("referrals.fault.person")
        name = "person" if file.side is Side.SENDER else "registered"
        setattr(file.row, f"{name}_id", person)
        file.row.save(update_fields=[f"{name}_id"])
        audit.record(
            by=seat.user, at=at, act="referral.recognised", subject=f"referral/{referral}",
            detail={"person": str(person)},
        )  # fmt: skip
        return file.row


def _held(referral: UUID, seat: Seat) -> ReferralFile:
    file = queries.file(referral, seat=seat, lock=True)
    if file is None:
        raise ReferralFault("referrals.fault.none")
    return file
