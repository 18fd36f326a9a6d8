"""What is done in the calendar beyond saving a record: telling of an agreement, private addresses, reminders."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime, time

from django.db import transaction

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.audit.api import AuditEntry
from mirps.base.audit.api import record as audited
from mirps.base.notices import api as notices
from mirps.base.notices.api import zone
from mirps.evidence.watch import api as watch
from mirps.planning.meetings import queries
from mirps.planning.meetings.following import Agreement, Hat, answers, follow_up_faults
from mirps.planning.meetings.models import CalendarFeed
from mirps.planning.records import api as records
from mirps.planning.records.api import Fault, Record, Refused
from mirps.planning.records.dates import last_day

REMINDED = "agreement.reminded"


@transaction.atomic
def tell(
    *, agreement: str, said: Mapping[str, str], day: str, result: str, due: str = "", evidence: str = "",
    state: str = "", body: str = "", by: str, role: str, at: datetime,
) -> Record:  # fmt: skip
    """Tell what was done about an agreement, in the name of a State or body. Raises Refused with every
    fault, Record.DoesNotExist. Whether `by` may is for the door to ask."""
    held = Record.objects.select_for_update().get(pk=agreement, kind="agreement")
    now = queries.agreement(held, may=lambda r: True)
    faults = [
        Fault(cell, key)
        for cell, key in follow_up_faults(now, said, day, result, due, queries.today(state, at))
    ]
    if faults:
        raise Refused(faults)
    place = records.under(held.key).filter(kind="follow-up").count() + 1
    given = {
        "said": {k: v for k, v in said.items() if v},
        "day": day,
        "result": result,
        "due": due,
        "evidence": evidence,
    }
    return records.save(
        kind="follow-up", code=f"{held.code[:50]}.{place}", data={k: v for k, v in given.items() if v}, base=0,
        parent=held.key, place=place, state=state, body=body, by=by, role=role, at=at,
    )  # fmt: skip


# --- private addresses


def _digest(token: str) -> str:
    # The token is 256 random bits: nothing is gained by a slow digest.
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(*, user: User, by: str, at: datetime) -> str:
    """A new address for the person's calendar; the one before ends. Returns its token, which is kept nowhere."""
    revoke_feed(user=user, by=by, at=at)
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(user=user, digest=_digest(token), made_at=at)
    audited(by=by, at=at, act="calendar.feed-made", subject=user.username)
    return token


@transaction.atomic
def revoke_feed(*, user: User, by: str, at: datetime) -> bool:
    """End the person's address. Returns whether there was one."""
    ended = CalendarFeed.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
    if ended:
        audited(by=by, at=at, act="calendar.feed-revoked", subject=user.username)
    return bool(ended)


def feed_reader(token: str, *, at: datetime) -> User | None:
    """Whose calendar the token opens; None for one that is unknown, revoked, or of an account that ended."""
    found = (
        CalendarFeed.objects.filter(digest=_digest(token[:200]), revoked_at=None, user__is_active=True)
        .select_related("user")
        .first()
    )
    if found is None:
        return None
    if found.read_on != at.date():
        CalendarFeed.objects.filter(pk=found.pk).update(read_on=at.date())
    user = found.user
    assert isinstance(user, User)
    return user


def feed_of(user: User) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(user=user, revoked_at=None).first()


# --- reminders


def remind(*, at: datetime, by: str = "timer") -> int:
    """Remind those who see to agreements that are nearly due or late, each once for each of the plan's
    days; returns how many people were told. The notice names no agreement: its page does, to who may read."""
    told = 0
    held = access.holdings(on=at.date())
    for a in queries.agreements(may=lambda r: True):
        mark = "" if a.closed or not a.due_now else watch.mark(queries.reminders(), _moment(a), at, zone(""))
        if mark:
            told += _remind(a, mark, [u for u, g in held if _sees_to_it(a, g)], by, at)
    return told


@transaction.atomic
def _remind(a: Agreement, mark: str, people: list[User], by: str, at: datetime) -> int:
    Record.objects.select_for_update().get(pk=a.key)  # two timers at once: one after the other
    if AuditEntry.objects.filter(act=REMINDED, subject=a.key, detail__mark=mark).exists():
        return 0
    audited(by=by, at=at, act=REMINDED, subject=a.key, detail={"mark": mark, "to": len(people)})
    about = notices.About(section=a.key.partition("/")[2])
    return notices.tell(to=people, kind="agreement", about=about, by=by, at=at, due=last_day(a.due_now))


def _moment(a: Agreement) -> datetime:
    return datetime.combine(last_day(a.due_now), time(23, 59), tzinfo=zone(""))


def _sees_to_it(a: Agreement, g: access.Grant) -> bool:
    return "calendar.write" in access.ALLOWED.get(g.role, ()) and answers(a, [Hat(g.role, g.state, g.body)])


def hats(grants: list[access.Grant], on: date) -> list[Hat]:
    """In what names somebody acts on a day."""
    return [Hat(g.role, g.state, g.body) for g in grants if g.covers(on)]
