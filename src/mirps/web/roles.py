"""In which role somebody acts: what the record of the act shows to the public."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from mirps.base.access import api as access
from mirps.base.access.api import User


def signed_in(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.is_authenticated else None


def role_for(user: User, act: str, *, state: str, on: date) -> str:
    """The role in which this person may do `act` on that day: one's own before a lent one, that of the
    State before one of the region. Empty when none allows it."""
    found = access.role_for(access.grants_of(user, on=on), act, state=state, on=on)
    return found.role if found else ""
