"""The door to access: who may do what."""

from __future__ import annotations

from datetime import date, datetime

from mirps.base.access.models import RoleAssignment, User
from mirps.base.access.rules import ALLOWED, Grant, may
from mirps.base.audit.api import record

__all__ = [
    "ALLOWED",
    "Grant",
    "NotAllowed",
    "RoleAssignment",
    "User",
    "allowed",
    "give_role",
    "grants_of",
    "may",
    "require",
]


class NotAllowed(Exception):
    """The role held does not allow the act. Carries the act and the State for the page to explain."""

    def __init__(self, act: str, state: str) -> None:
        super().__init__(f"{act} for {state or 'the region'} is not allowed")
        self.act = act
        self.state = state


def grants_of(user: User, *, on: date) -> list[Grant]:
    """Every role that the person holds on that day."""
    held = RoleAssignment.objects.filter(user=user).order_by("id")
    grants = [Grant(role=r.role, state=r.state, starts=r.starts, ends=r.ends, body=r.body) for r in held]
    return [g for g in grants if g.starts <= on and (g.ends is None or on <= g.ends)]


def allowed(user: User, act: str, *, state: str, on: date, body: str = "") -> bool:
    return user.is_active and may(grants_of(user, on=on), act, state=state, on=on, body=body)


def require(user: User, act: str, *, state: str, on: date, body: str = "") -> None:
    """Raises NotAllowed unless the user holds a role that allows the act."""
    if not allowed(user, act, state=state, on=on, body=body):
        raise NotAllowed(act, state)


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
) -> RoleAssignment:
    if role not in ALLOWED:
        raise ValueError(f"no role {role!r}; there are {', '.join(sorted(ALLOWED))}")
    held, made = RoleAssignment.objects.get_or_create(
        user=user, role=role, state=state, body=body, defaults={"starts": starts, "ends": ends}
    )
    if made:
        record(by=by, at=at, act="role.given", subject=user.username, detail={"role": role, "state": state})
    return held
