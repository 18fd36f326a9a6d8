"""The small round of tests/rounds, and people who enter in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from tests.rounds.conftest import round_2025  # noqa: F401 - a fixture

from mirps.base.access import api as access
from mirps.base.access.api import User

AT = datetime(2025, 1, 1, tzinfo=UTC)


def person(username: str, role: str, state: str, body: str = "", name: str = "") -> User:
    user = User.objects.create_user(username=username, first_name=name or username.capitalize())
    access.give_role(
        user=user, role=role, state=state, body=body, starts=date(2024, 1, 1), ends=None, by="tests", at=AT
    )
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ana(db: None) -> User:
    """Enters for the migration institute of Honduras."""
    return person("ana", "data-entry", "HND", "HND.INM")


@pytest.fixture
def luis(db: None) -> User:
    """Her colleague."""
    return person("luis", "data-entry", "HND", "HND.INM")


@pytest.fixture
def tica(db: None) -> User:
    """Enters for Costa Rica's migration authority."""
    return person("tica", "data-entry", "CRI", "CRI.DGME")
