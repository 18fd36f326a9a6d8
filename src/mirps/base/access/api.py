"""The door to access: who may do what."""

from __future__ import annotations

from datetime import date, datetime

from mirps.base.access.models import RoleAssignment, User
from mirps.base.access.rules import ALLOWED, Grant, may
from mirps.base.audit.api import record

__all__ = ["ALLOWED", "NotAllowed", "RoleAssignment", "User", "allowed", "give_role", "require"]


class NotAllowed(Exception):
    """The role held does not allow the act. Carries the act and the State for the page to explain."""

    def __init__(self, act: str, state: str) -> None:
        super().__init__(f"{act} for {state or 'the region'} is not allowed")
        self.act = act
        self.state = state


def allowed(user: User, act: str, *, state: str, on: date) -> bool:
    grants = [
        Grant(role=r.role, state=r.state, starts=r.starts, ends=r.ends)
        for r in RoleAssignment.objects.filter(user=user)
    ]
    return user.is_active and may(grants, act, state=state, on=on)


def require(user: User, act: str, *, state: str, on: date) -> None:
    """Raises NotAllowed unless the user holds a role that allows the act."""
    if not allowed(user, act, state=state, on=on):
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
