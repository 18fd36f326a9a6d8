"""Who is signed in, which roles they hold today, and in which of them they act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from django.http import HttpRequest
from django.utils import timezone

from mirps.base.access import api as access
from mirps.base.access.api import Grant, User

#: Acts that make somebody a worker of rounds; a reader without any sees no desk.
ROUND_WORK = (
    "entry.write", "entry.submit", "entry.review", "entry.approve-state", "entry.review-region",
    "entry.approve-region", "narrative.write", "narrative.translate", "round.setup", "round.publish",
    "watch.read",
)  # fmt: skip


def signed_in(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.is_authenticated else None


def held(request: HttpRequest) -> list[Grant]:
    """The roles in which the reader may act today, looked up once a request; none for somebody not signed in."""
    found: list[Grant] | None = getattr(request, "grants_held", None)
    if found is None:
        user = signed_in(request)
        found = access.grants_of(user, on=timezone.now().date()) if user else []
        request.grants_held = found  # type: ignore[attr-defined]
    return found


#: Acts that make somebody answer for how files are read, opened in emergencies, joined or let go.
FOR_FILES = ("reading.read", "glass.review", "person.merge", "retention.run")


def works_in_rounds(grants: Iterable[Grant]) -> bool:
    """Whether these roles have any work in rounds at all."""
    return any(_may_any(g.role, ROUND_WORK) for g in grants)


def works_with_people(grants: Iterable[Grant]) -> bool:
    """Whether these roles look for registered people at all."""
    return any(_may_any(g.role, ("person.search",)) for g in grants)


def answers_for_files(grants: Iterable[Grant]) -> bool:
    """Whether these roles answer for how files are read, opened in emergencies, joined or let go."""
    return any(_may_any(g.role, FOR_FILES) for g in grants)


@cache
def _may_any(role: str, acts: tuple[str, ...]) -> bool:
    return not access.ALLOWED.get(role, frozenset()).isdisjoint(acts)


def role_for(user: User, act: str, *, state: str, on: date) -> str:
    """The role in which this person may do `act` on that day, as `role_among` finds it."""
    return role_among(access.grants_of(user, on=on), act, state=state, on=on)


def role_among(held: Iterable[Grant], act: str, *, state: str, on: date, body: str = "") -> str:
    """The role, of those held, in which `act` is done on that day: one's own before a lent one, the nearest
    (institution, State, region) first. Empty when none allows it."""
    found = access.role_for(held, act, state=state, on=on, body=body)
    return found.role if found else ""
