"""In which role somebody acts: what the record of the act shows to the public."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from mirps.base.access.api import ALLOWED, RoleAssignment, User


def signed_in(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.is_authenticated else None


def role_for(user: User, act: str, *, state: str, on: date) -> str:
    """The role in which this person may do `act`: that of the State before one of the whole region.

    Empty when no role that they hold allows it.
    """
    held = [
        a
        for a in RoleAssignment.objects.filter(user=user).order_by("id")
        if act in ALLOWED.get(a.role, frozenset())
        and a.state in ("", state)
        and a.starts <= on
        and (a.ends is None or on <= a.ends)
    ]
    return min(held, key=lambda a: a.state == "").role if held else ""
