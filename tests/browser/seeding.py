"""Who works at a node that a script fills. Signing in itself has tests of its own."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from mirps.base.access.api import User, give_role


def hired(name: str, role: str, state: str = "", body: str = "", *, at: datetime, surname: str = "") -> User:
    user = User.objects.create_user(username=name, first_name=name.capitalize(), last_name=surname)
    give_role(
        user=user, role=role, state=state, body=body, starts=date(2024, 1, 1), ends=None, by="seed", at=at
    )  # fmt: skip
    return user


def session_of(user: User) -> str:
    """The key of a session in which this person has signed in and given their second factor."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["second-factor"] = user.pk
    store.save()
    return str(store.session_key)
