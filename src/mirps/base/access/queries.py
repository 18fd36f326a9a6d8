"""Which roles somebody holds, by virtue of what, and for whom they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, Q, QuerySet

from mirps.base.access import models, rules
from mirps.base.access.models import Delegation, RoleAssignment, User
from mirps.base.access.rules import Grant
from mirps.base.prepared.api import Prepared, bare


def grant(held: RoleAssignment) -> Grant:
    return Grant(held.role, held.state, held.starts, held.ends, held.body, held.via, office=held.office)


def mandates() -> list[rules.Mandate]:
    return [
        rules.Mandate(m.body, m.state, m.starts, m.ends, m.basis, m.institution)
        for m in models.Mandate.objects.order_by("body", "starts", "id")
    ]


def _in_force(on: Any) -> QuerySet[Delegation]:
    return Delegation.objects.filter(revoked_at=None, starts__lte=on, ends__gte=on)


_LENT = Prepared(
    lambda taker, on: _in_force(on).filter(taker=taker).order_by("id")
    .values_list("giver", "giver__username", "starts", "ends")
)  # fmt: skip
_OF_ACCOUNT = [f.attname for f in User._meta.concrete_fields]
_OF_ROLE = ("role", "state", "starts", "ends", "body", "via", "office")
#: Their own, and those of whoever they stand in for.
_HELD = Prepared(
    lambda user, on: RoleAssignment.objects.filter(
        Q(user=user) | Q(user__in=_in_force(on).filter(taker=user).values("giver")), user__is_active=True
    ).order_by("id").values_list("user", *_OF_ROLE)
)  # fmt: skip


#: Where a user's row carries what was asked with it.
_TOLD = "_roles_told"


class Account:
    """A user asked for together with what is annotated `beside` (made of what is `told`), and with the rows from which
    `grants_of` tells their roles of a day: one question."""

    def __init__(self, *names: str, beside: Callable[..., Mapping[str, Any]]) -> None:
        self._names = (*_OF_ACCOUNT, *names)
        columns = (*self._names, "stands_in", *(f"roles__{c}" for c in _OF_ROLE))

        def build(pk: Any, on: Any, **told: Any) -> QuerySet[User, tuple[Any, ...]]:
            stands_in = Exists(_in_force(on).filter(taker=pk))
            found = User.objects.filter(pk=pk).annotate(**beside(**told), stands_in=stands_in)
            return found.order_by("roles__id").values_list(*columns)

        self._asked = Prepared(build)

    def __call__(self, pk: int, *, on: date, **told: Any) -> User | None:
        """None where there is no such account."""
        if not (rows := self._asked(pk=pk, on=on, **told)):
            return None
        n = len(self._names)
        user: User = bare(User, self._names, rows[0][:n])
        if not rows[0][n]:  # whoever stands in for others has their roles too, which `grants_of` asks
            own = [(pk, *row[n + 1 :]) for row in rows if row[n + 1] and user.is_active]
            setattr(user, _TOLD, (on, own))
        return user


def grants_of(user: User, *, on: date) -> list[Grant]:
    """Every role in which the person may act on that day: their own, then those of people they stand in for.

    What `holdings` says of one, in plain rows: every page asks it.
    """
    held: dict[int, list[Grant]] = {}
    # Of a request's user, who is looked up when first asked for, it is an attribute alone that is handed through.
    day, rows = getattr(user, _TOLD, (None, []))
    if day is not None:
        delattr(user, _TOLD)  # once: after that, a role given meanwhile counts
    if day != on:
        rows = _HELD(user=user.pk, on=on)
    for of, role, state, starts, ends, body, via, office in rows:
        held.setdefault(of, []).append(Grant(role, state, starts, ends, body, via, office=office))
    heads = mandates() if any(g.via for each in held.values() for g in each) else []
    own = {of: rules.in_force(each, heads) for of, each in held.items()}
    found = own.get(user.pk, [])
    for giver, name, first, last in _LENT(taker=user.pk, on=on) if held.keys() - {user.pk} else ():
        found = [*found, *rules.lend(own.get(giver, ()), giver=name, starts=first, ends=last)]
    return [g for g in found if g.covers(on)]


def holdings(*, on: date) -> list[tuple[User, Grant]]:
    """Every role in which anybody whose account is open may act on that day, by user name: what
    `grants_of` says of each, for all in three queries."""
    lent = Delegation.objects.filter(revoked_at=None, starts__lte=on, ends__gte=on)
    roles = RoleAssignment.objects.filter(user__is_active=True).select_related("user").order_by("id")
    held: dict[User, list[Grant]] = {}
    for a in roles:
        held.setdefault(a.user, []).append(grant(a))
    heads = mandates() if any(g.via for each in held.values() for g in each) else []
    own = {user: rules.in_force(each, heads) for user, each in held.items()}
    found = [(user, g) for user, each in own.items() for g in each]
    for d in lent.select_related("giver", "taker").order_by("id"):
        if d.taker.is_active:
            given = rules.lend(own.get(d.giver, ()), giver=d.giver.username, starts=d.starts, ends=d.ends)
            found += [(d.taker, g) for g in given]
    return sorted(((u, g) for u, g in found if g.covers(on)), key=lambda held: held[0].username)


def able(held: Iterable[tuple[User, Grant]], act: str, *, state: str, on: date, body: str = "") -> list[User]:
    """Who of these (`holdings`) may do `act` there, each once, whose role is nearest first."""
    near = [(not g.body, not g.state, user) for user, g in held
            if rules.may([g], act, state=state, on=on, body=body)]  # fmt: skip
    return list(dict.fromkeys(user for *_, user in sorted(near, key=lambda found: found[:2])))


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
