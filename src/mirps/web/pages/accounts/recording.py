"""What the sign-in library does, in the audit: its signals end here and lead nowhere else."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factor
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils import timezone

from mirps.base.access.api import User
from mirps.base.audit.api import record
from mirps.base.notices import api as notices
from mirps.web.pages.accounts import devices

#: In the session: the person for whom it has given a second factor (or needs none in the demo).
GIVEN = "second-factor"


def start() -> None:
    """Connect, once, when the product starts."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="mirps.signed-in")
    for signal in (account.password_changed, account.password_reset, account.password_set):
        signal.connect(_password, dispatch_uid="mirps.password")
    factor.authenticator_added.connect(_added, dispatch_uid="mirps.factor-added")
    factor.authenticator_reset.connect(_added, dispatch_uid="mirps.factor-reset")
    factor.authenticator_removed.connect(_removed, dispatch_uid="mirps.factor-removed")


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    browser, system = devices.read(request.META.get("HTTP_USER_AGENT", ""))
    device = " ".join(part for part in (browser, system) if part)
    now = timezone.now()
    record(
        by=user.username, at=now, act="account.signed-in", subject=user.username, detail={"device": device}
    )
    others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    known = any(devices.read(s.user_agent) == (browser, system) for s in others.order_by("id"))
    if not known and others.exists():  # the first session of all is nobody else's
        notices.tell(
            to=[user], kind="account.sign-in", about=notices.About(), by=user.username, at=now,
            params={"device": device or request.META.get("REMOTE_ADDR", "-")},
        )  # fmt: skip


def _password(user: User, **_: Any) -> None:
    record(by=user.username, at=timezone.now(), act="account.password", subject=user.username)


def _added(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    # Setting one up proves that it works: this session has given it.
    request.session[GIVEN] = user.pk
    _factor("factor.added", user, authenticator)


def _removed(user: User, authenticator: Any, **_: Any) -> None:
    _factor("factor.removed", user, authenticator)


def _factor(act: str, user: User, authenticator: Any) -> None:
    detail = {"kind": str(authenticator.type)}
    record(by=user.username, at=timezone.now(), act=act, subject=user.username, detail=detail)
