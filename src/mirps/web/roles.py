"""In which role somebody acts: what the record of the act shows to the public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest

from mirps.base.access import api as access
from mirps.base.access.api import Grant, User


def signed_in(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.is_authenticated else None


def role_for(user: User, act: str, *, state: str, on: date) -> str:
    """The role in which this person may do `act` on that day, as `role_among` finds it."""
    return role_among(access.grants_of(user, on=on), act, state=state, on=on)


def role_among(held: Iterable[Grant], act: str, *, state: str, on: date, body: str = "") -> str:
    """The role, of those held, in which `act` is done on that day: one's own before a lent one, the nearest
    (institution, State, region) first. Empty when none allows it."""
    found = access.role_for(held, act, state=state, on=on, body=body)
    return found.role if found else ""
