"""People of an installation that asks for second factors, as a real one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from mirps.base.access import api as access
from mirps.base.access.api import User

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SINCE = date(2024, 1, 1)
PASS = "una frase larga de paso"

Make = Callable[..., User]


@pytest.fixture(autouse=True)
def _strict(settings: object) -> Iterator[None]:
    settings.SECOND_FACTOR_REQUIRED = True  # type: ignore[attr-defined]
    # Argon2 is slow on purpose; these tests sign in hundreds of times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def make(db: None) -> Make:
    """Somebody with a password and perhaps a role, who has given their second factor elsewhere."""

    def made(
        username: str, role: str = "", state: str = "", body: str = "", via: str = "", starts: date = SINCE
    ) -> User:
        user = User.objects.create_user(
            username, password=PASS, email=f"{username}@example.org", first_name=username.title()
        )
        if role:
            access.give_role(
                user=user, role=role, state=state, body=body, via=via, starts=starts, ends=None,
                by="tests", at=AT,
            )  # fmt: skip
        return user

    return made


@pytest.fixture
def enter() -> Callable[[User], Client]:
    """A browser in which that person has signed in and given their second factor."""

    def entered(user: User) -> Client:
        client = Client()
        client.force_login(user)
        session = client.session
        session["second-factor"] = user.pk
        session.save()
        return client

    return entered


def code_of(secret: str) -> str:
    """The code that an application shows now for that key (RFC 6238)."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))
