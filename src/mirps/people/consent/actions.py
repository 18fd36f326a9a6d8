"""Sharing a file with another institution, for a purpose, until a day; ended by whoever keeps the file, or at
once when the person no longer agrees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from mirps.base.codelists import api as codelists
from mirps.people.consent import above, queries, rules
from mirps.people.consent.rules import ConsentFault
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat, Share
from mirps.people.registry import api as registry
from mirps.people.registry.api import File


def share(
    *, seat: Seat, held: File, institution: str, purpose: str, until: date, at: datetime
) -> list[Share]:
    """Let another institution see a file of one's own, all of one's own registrations of it. Inside
    `custody.seated`.

    `until` is the last day. Raises ConsentFault, CustodyFault.
    """
    to = codelists.institutions().get(institution)
    if to is None or to.extra["kind"] not in rules.KINDS or institution == seat.institution:
        raise ConsentFault("consent.fault.institution")
    ours = (seat.state, seat.institution)
    if (held.person.state, held.person.institution) != ours:
        raise ConsentFault("consent.fault.not-yours")
    if purpose not in custody.purposes():
        raise ConsentFault("consent.fault.purpose")
    last = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
    if last <= at:
        raise custody.CustodyFault("custody.share.past")
    takes = rules.needed(seat.state, to.extra["kind"], to.extra["state"])
    consent = rules.resting_on(held.standing, takes, at=timezone.localtime(at), until=until)
    if consent is None:
        raise ConsentFault("consent.fault.no-consent", purpose=takes)
    end(seat=seat, held=held, institution=institution, purpose=purpose, at=at)
    return [
        custody.share(
            subject=id_, state=to.extra["state"], institution=institution, purpose=purpose, consent=consent.id,
            until=last, by=seat.user, at=at,
        )
        for id_ in (p.id for p in (held.person, *held.also) if (p.state, p.institution) == ours)
    ]  # fmt: skip


def end(*, seat: Seat, held: File, institution: str, purpose: str, at: datetime) -> int:
    """End what was shared of a file of one's own with an institution for a purpose. Returns how many ended."""
    if (held.person.state, held.person.institution) != (seat.state, seat.institution):
        raise ConsentFault("consent.fault.not-yours")
    shares = queries.of_file(held.ids).filter(institution=institution, purpose=purpose)
    return custody.end_shares(shares=shares, by=seat.user, at=at)


def revoked(persons: Iterable[UUID], *, by: str, at: datetime) -> int:
    """After something was said of these persons' consents: end every share that none of them allows any more, and
    what bands above rest on them. Returns how many ended."""
    about = list(persons)
    return _shares_ended(about, by=by, at=at) + above.said(about, by, at)


def _shares_ended(persons: Iterable[UUID], *, by: str, at: datetime) -> int:
    files = registry.together(persons)
    shares = queries.in_force(files, at=at)
    if not shares:
        return 0
    standing: dict[UUID, list[registry.Fact]] = {}
    for person, facts in registry.standing_of(files, "consent").items():
        standing.setdefault(files[person], []).extend(facts)
    kinds, people, gone = codelists.institutions(), registry.people(files), []
    consents = {f.id for f in registry.facts_kept(row.consent for row in shares)}
    for row in shares:
        takes = rules.needed(people[row.subject].state, kinds[row.institution].extra["kind"], row.state)
        said = sorted(standing.get(files[row.subject], []), key=lambda f: (f.happened_at, f.id.int))
        if row.consent not in consents:  # on a commission's agenda: it ends by what is said of it since
            ends = rules.refused(said, takes, at=timezone.localtime(at), since=row.since)
        else:
            ends = not rules.resting_on(said, takes, at=timezone.localtime(at), until=last_day(row))
        if ends:
            gone.append(row.pk)
    return custody.end_shares(shares=Share.objects.filter(pk__in=gone), by=by, at=at)


def last_day(row: Share) -> date:
    return timezone.localtime(row.until - timedelta(seconds=1)).date()
