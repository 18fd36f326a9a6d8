"""Which roles somebody holds, by virtue of what, and for whom they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mirps.base.access import models, rules
from mirps.base.access.models import Delegation, RoleAssignment, User
from mirps.base.access.rules import Grant


def grant(held: RoleAssignment) -> Grant:
    return Grant(held.role, held.state, held.starts, held.ends, held.body, held.via)


def mandates() -> list[rules.Mandate]:
    return [
        rules.Mandate(m.body, m.state, m.starts, m.ends, m.basis, m.institution)
        for m in models.Mandate.objects.order_by("body", "starts", "id")
    ]


def grants_of(user: User, *, on: date) -> list[Grant]:
    """Every role in which the person may act on that day: their own, then those of people they stand in for."""
    lent = list(
        Delegation.objects.filter(taker=user, revoked_at=None, starts__lte=on, ends__gte=on).order_by("id")
    )
    held: dict[int, list[Grant]] = {}
    people = [user.pk, *(d.giver_id for d in lent)]
    for a in RoleAssignment.objects.filter(user__in=people, user__is_active=True).order_by("id"):
        held.setdefault(a.user_id, []).append(grant(a))
    heads = mandates() if any(g.via for each in held.values() for g in each) else []
    acting = rules.in_force(held.get(user.pk, ()), heads)
    if lent:
        names = dict(User.objects.filter(pk__in=people).order_by("pk").values_list("pk", "username"))
        for d in lent:
            own = rules.in_force(held.get(d.giver_id, ()), heads)
            acting += rules.lend(own, giver=names[d.giver_id], starts=d.starts, ends=d.ends)
    return [g for g in acting if g.covers(on)]


def must_use_second_factor(user: User, *, on: date) -> bool:
    """Whether the person holds, or will hold, a role that writes: their own or as a stand-in."""
    own = RoleAssignment.objects.filter(user=user).exclude(ends__lt=on).order_by("id")
    lent = RoleAssignment.objects.filter(
        user__lent__taker=user, user__lent__revoked_at=None, user__lent__ends__gte=on
    ).exclude(ends__lt=on)
    return _any_writes(own.values_list("role", flat=True)) or _any_writes(
        lent.order_by("id").values_list("role", flat=True)
    )


def _any_writes(roles: Iterable[str]) -> bool:
    return any(rules.writes(r) for r in roles)
