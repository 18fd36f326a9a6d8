"""Letting another person act in one's absence, and ending it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from mirps.base.access.actions import AccessFault
from mirps.base.access.models import Delegation, RoleAssignment, User
from mirps.base.access.rules import NEVER_LENT, writes
from mirps.base.audit.api import record

#: An absence is not a change of office: whoever is away longer hands the role over.
LONGEST = timedelta(days=92)


@transaction.atomic
def lend(
    *, giver: User, taker: User, starts: date, ends: date, reason: str, by: str, at: datetime
) -> Delegation:
    """Let `taker` act for `giver` from a day to a day, inclusive. Raises AccessFault."""
    if giver.pk == taker.pk:
        raise AccessFault("accounts.fault.yourself")
    if not taker.is_active:
        raise AccessFault("accounts.fault.inactive", name=taker.called)
    if ends < starts:
        raise AccessFault("accounts.fault.ends-before")
    if ends < at.date():
        raise AccessFault("accounts.fault.past")
    if ends - starts > LONGEST:
        raise AccessFault("accounts.fault.too-long", days=LONGEST.days)
    if not reason.strip():
        raise AccessFault("accounts.fault.reason")
    if not lendable(giver, on=at.date()):
        raise AccessFault("accounts.fault.nothing-to-lend")
    User.objects.select_for_update().get(pk=giver.pk)
    same = Delegation.objects.filter(
        giver=giver, taker=taker, revoked_at=None, starts__lte=ends, ends__gte=starts
    )
    if same.exists():
        raise AccessFault("accounts.fault.lent-already", name=taker.called)
    made = Delegation.objects.create(
        giver=giver, taker=taker, starts=starts, ends=ends, reason=reason.strip()[:300], made_at=at
    )
    record(by=by, at=at, act="delegation.given", subject=giver.username, detail=_detail(made))
    return made


@transaction.atomic
def take_back(*, delegation: int, by: str, at: datetime) -> Delegation:
    """End it at once. What was done under it stands, and its audit entries name who did it."""
    found = Delegation.objects.select_for_update(of=("self",)).select_related("giver", "taker")
    held = found.get(pk=delegation)
    if held.revoked_at is None:
        held.revoked_at = at
        held.save(update_fields=["revoked_at"])
        record(by=by, at=at, act="delegation.ended", subject=held.giver.username, detail=_detail(held))
    return held


def lendable(giver: User, *, on: date) -> list[RoleAssignment]:
    """The roles of one's own that a stand-in would act in."""
    held = RoleAssignment.objects.filter(user=giver).exclude(ends__lt=on).order_by("id")
    return [a for a in held if writes(a.role) and a.role not in NEVER_LENT]


def stand_ins(giver: User, *, on: date) -> list[User]:
    """Who could stand in: people with a role in a State of the giver's, or in the region's offices."""
    states = {a.state for a in lendable(giver, on=on)}
    held = RoleAssignment.objects.exclude(ends__lt=on).filter(state__in=states, user__is_active=True)
    pks = {a.user_id for a in held.order_by("id") if writes(a.role)} - {giver.pk}
    return list(User.objects.filter(pk__in=pks).order_by("first_name", "username"))


def delegations_of(user: User) -> QuerySet[Delegation]:
    """Given and taken, the latest first."""
    both = Delegation.objects.filter(Q(giver=user) | Q(taker=user))
    return both.select_related("giver", "taker").order_by("-starts", "-id")


def _detail(d: Delegation) -> dict[str, object]:
    return {
        "to": d.taker.username,
        "starts": d.starts.isoformat(),
        "ends": d.ends.isoformat(),
        "reason": d.reason,
    }
