"""Taking back what lets somebody in: their second factors and their sessions."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from mirps.base.access.actions import AccessFault
from mirps.base.access.models import User
from mirps.base.audit.api import record


@transaction.atomic
def forget_second_factors(*, user: User, reason: str, by: str, at: datetime) -> int:
    """For somebody who lost their phone and their codes: they set a new one up when they sign in next.

    All their sessions end. Raises AccessFault for oneself and without a reason.
    """
    if by == user.username:
        raise AccessFault("accounts.fault.yourself-factor")
    if not reason.strip():
        raise AccessFault("accounts.fault.reason")
    gone: int = Authenticator.objects.filter(user=user).delete()[0]
    end_sessions(user=user, by=by, at=at)
    record(by=by, at=at, act="factor.forgotten", subject=user.username, detail={"reason": reason.strip()})
    return gone


@transaction.atomic
def end_sessions(*, user: User, by: str, at: datetime, keep: str = "", only: int | None = None) -> int:
    """End the sessions of a person, but for the one with the key `keep`, or `only` the one of that id."""
    held = UserSession.objects.filter(user=user).exclude(session_key=keep).order_by("id")
    ended = list(held if only is None else held.filter(pk=only))
    for session in ended:
        session.end()
    if ended:
        record(by=by, at=at, act="session.ended", subject=user.username, detail={"sessions": len(ended)})
    return len(ended)
