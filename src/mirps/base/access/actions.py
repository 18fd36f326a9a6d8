"""Roles given and ended, mandates told from above: each in one transaction with its audit entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from mirps.base.access import models, queries, rules
from mirps.base.access.models import RoleAssignment, User
from mirps.base.access.rules import ALLOWED
from mirps.base.audit.api import record
from mirps.base.codelists import api as codelists
from mirps.base.refusal import Refusal


class AccessFault(Refusal):
    """What cannot be done, as a text of data/texts/accounts.yaml with what fills it."""


@transaction.atomic
def give_role(
    *,
    user: User,
    role: str,
    state: str,
    starts: date,
    ends: date | None,
    by: str,
    at: datetime,
    body: str = "",
    office: str = "",
    via: str = "",
    reason: str = "",
) -> RoleAssignment:
    """Give a role; the one that is held already, for the same body and by virtue of the same, stands."""
    if role not in ALLOWED:
        raise ValueError(f"no role {role!r}; there are {', '.join(sorted(ALLOWED))}")
    if ends is not None and ends < starts:
        raise AccessFault("accounts.fault.ends-before")
    if role in rules.OFFICES and state and not via:
        raise AccessFault("accounts.fault.office")
    place = codelists.offices().get(office)
    if office and (place is None or place.extra["institution"] != body):
        raise AccessFault("accounts.fault.office-of-body")
    User.objects.select_for_update().get(pk=user.pk)
    same = RoleAssignment.objects.filter(user=user, role=role, state=state, body=body, office=office, via=via)
    held = same.filter(Q(ends=None) | Q(ends__gte=starts)).order_by("id").last()
    if held is not None:
        return held
    made = RoleAssignment.objects.create(
        user=user, role=role, state=state, body=body, office=office, via=via, starts=starts, ends=ends
    )
    record(by=by, at=at, act="role.given", subject=user.username, detail=_detail(made, reason))
    return made


def sit_down(*, user: User, seat: str) -> None:
    """Remember where somebody sits, for their next sign-in. It is no right: what they may do, roles alone say."""
    User.objects.filter(pk=user.pk).update(seat=seat)
    user.seat = seat


@transaction.atomic
def end_role(*, assignment: int, ends: date, reason: str, by: str, at: datetime) -> RoleAssignment:
    """Let a role end with a day (inclusive); one that has not begun yet never acts."""
    held = RoleAssignment.objects.select_for_update().select_related("user").get(pk=assignment)
    if not reason.strip():
        raise AccessFault("accounts.fault.reason")
    if held.ends is not None and held.ends <= ends:
        return held
    if held.role == "administrator" and not held.state and not _another(held, after=ends):
        raise AccessFault("accounts.fault.last-administrator")
    held.ends = ends
    held.save(update_fields=["ends"])
    record(by=by, at=at, act="role.ended", subject=held.user.username, detail=_detail(held, reason))
    return held


def _another(held: RoleAssignment, *, after: date) -> bool:
    """Whether somebody else administers the region's accounts after that day."""
    others = RoleAssignment.objects.filter(role=held.role, state="", user__is_active=True)
    lasting = others.exclude(pk=held.pk).filter(Q(ends=None) | Q(ends__gt=after), starts__lte=after)
    return lasting.exclude(user=held.user_id).exists()


def _detail(held: RoleAssignment, reason: str) -> dict[str, object]:
    told: dict[str, object] = {"role": held.role, "state": held.state, "starts": held.starts.isoformat()}
    told |= {k: v for k in ("body", "office", "via") if (v := getattr(held, k))}
    told |= {"reason": reason} if reason else {}
    return told | ({"ends": held.ends.isoformat()} if held.ends else {})


@transaction.atomic
def set_mandates(mandates: Iterable[rules.Mandate], *, by: str, at: datetime) -> bool:
    """Take over who heads what. Whether anything changed."""
    order = sorted(mandates, key=lambda m: (m.body, m.starts, m.state, m.institution))
    if sorted(queries.mandates(), key=lambda m: (m.body, m.starts, m.state, m.institution)) == order:
        return False
    models.Mandate.objects.all().delete()
    models.Mandate.objects.bulk_create(
        models.Mandate(
            body=m.body, state=m.state, institution=m.institution, starts=m.starts, ends=m.ends, basis=m.basis
        )
        for m in order
    )
    record(
        by=by, at=at, act="mandates.set", subject="mandates",
        detail={"mandates": [f"{m.body} {m.state} {m.institution} {m.starts} {m.ends or ''}" for m in order]},
    )  # fmt: skip
    return True
