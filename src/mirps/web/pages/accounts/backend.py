"""Whom a password, a passkey or a session lets in at all."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from mirps.base.access.api import User
from mirps.base.access.rules import DEMO_PREFIX
from mirps.web.sessions import SessionStore, reader


def lets_in(user: AbstractBaseUser) -> bool:
    """Whether the account is open. The demo's accounts have a password that everybody knows: outside the
    demo they are nobody's."""
    return user.is_active and (settings.DEMO or not user.get_username().startswith(DEMO_PREFIX))


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> User | None:
        """Every page of somebody who has signed in asks it."""
        session = getattr(context.request, "session", None)
        user = session.reader(user_id) if isinstance(session, SessionStore) else reader(user_id)
        return user if user and lets_in(user) else None

    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        return lets_in(user)
