"""People of two institutions and their files, for what custody lets each see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.people.custody import api as custody
from mirps.people.registry.models import Fact, Group, Person
from mirps.people.registry.numbers import number
from mirps.people.registry.sealing import place, sealed

Make = Callable[..., User]
COMAR, INM, ONPAR = ("MEX", "MEX.COMAR"), ("MEX", "MEX.INM"), ("PAN", "PAN.ONPAR")
TAPACHULA, TENOSIQUE = "MEX.COMAR.TAP", "MEX.COMAR.TEN"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def hire(db: None, now: datetime) -> Make:
    """Somebody with roles: `hire("rocio", "registration-officer", COMAR, office=TAPACHULA)`."""

    def hired(username: str, role: str, body: tuple[str, str] = COMAR, office: str = "") -> User:
        user, _ = User.objects.get_or_create(
            username=username, defaults={"first_name": username.title(), "email": f"{username}@example.org"}
        )
        access.give_role(
            user=user, role=role, state=body[0], body=body[1], office=office,
            starts=now.date() - timedelta(days=400), ends=None, by="tests", at=now,
        )  # fmt: skip
        return user

    return hired


def sit(user: User, body: tuple[str, str] = COMAR, **how: Any) -> custody.Seat:
    """The seat of this person at an institution today."""
    on = timezone.now().date()
    found = custody.seat_of(user.username, access.grants_of(user, on=on), body[1], on=on, **how)
    assert found is not None
    return found


def person(body: tuple[str, str] = COMAR, office: str = TAPACHULA) -> Person:
    id_, now = uuid4(), timezone.now()
    return Person.objects.create(
        id=id_, number=number(body[0], id_), level="individual", state=body[0], institution=body[1],
        office=office, registered_at=now, recorded_at=now, by="tests",
    )  # fmt: skip


def group(body: tuple[str, str] = COMAR, office: str = TAPACHULA) -> Group:
    id_, now = uuid4(), timezone.now()
    return Group.objects.create(
        id=id_, number=number(body[0], id_, mark="G"), kind="household", level="group", state=body[0],
        institution=body[1], office=office, registered_at=now, recorded_at=now, by="tests",
    )  # fmt: skip


def fact(of: Person | Group, kind: str = "note", sensitivity: str = "", **data: str) -> Fact:
    id_, now = uuid4(), timezone.now()
    ends: tuple[UUID | None, UUID | None, UUID | None] = (
        (of.id, None, None) if isinstance(of, Person) else (None, of.id, None)
    )
    return Fact.objects.create(
        id=id_, kind=kind, person_id=ends[0], group_id=ends[1], sealed=sealed(data, place(kind, id_, *ends)),
        sensitivity=sensitivity, happened_at=now, submission=uuid4(), state=of.state,
        institution=of.institution, office=of.office, recorded_at=now, by="tests",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    for kept in (custody.settings, custody.limits, custody.purposes):
        kept.cache_clear()
