"""Whoever may sit at several offices finds, at the next sign-in, the place they chose last."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.people_pages.conftest import AT, Officer, hidden, post, read, register, seek

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.people.registry.api import Person

pytestmark = pytest.mark.django_db
TAP, MEX = "MEX.COMAR MEX.COMAR.TAP", "MEX.COMAR MEX.COMAR.MEX"


def _anew() -> Client:
    client = Client()
    client.force_login(User.objects.get(username="rocio"))
    return client


def _sits_at(client: Client) -> str:
    page = read(client, "/es/people/seat/")
    return next(v for v in (TAP, MEX) if f'value="{v}" selected' in page)


def test_the_place_chosen_last_is_there_at_the_next_sign_in(officer: Officer) -> None:
    client = officer(office="")
    post(client, "/es/people/seat/", {"place": MEX, "purpose": "registration"}, 302)
    assert _sits_at(_anew()) == MEX
    post(client, "/es/people/seat/", {"place": TAP, "purpose": "registration"}, 302)
    assert _sits_at(_anew()) == TAP


def test_another_session_stays_where_it_is(officer: Officer) -> None:
    client, other = officer(office=""), _anew()
    post(client, "/es/people/seat/", {"place": MEX, "purpose": "registration"}, 302)
    post(other, "/es/people/seat/", {"place": TAP, "purpose": "registration"}, 302)
    assert _sits_at(client) == MEX


def test_who_has_not_chosen_yet_is_asked_before_registering_and_afterwards_no_more(officer: Officer) -> None:
    client = officer(office="")
    begins = hidden(seek(client, "Ximena Vásquez"), "begin")
    assert post(client, "/es/people/register/", {**begins, "do": "begin"}, 302).endswith("/people/seat/")
    post(client, "/es/people/seat/", {"place": MEX, "purpose": "registration"}, 302)
    assert register(_anew())
    assert {p.office for p in Person.objects.all()} == {"MEX.COMAR.MEX"}


def test_a_place_that_is_no_longer_theirs_is_not_taken(officer: Officer) -> None:
    client = officer(office="MEX.COMAR.MEX")
    officer(office="MEX.COMAR.TAP")
    post(client, "/es/people/seat/", {"place": MEX, "purpose": "registration"}, 302)
    user = User.objects.get(username="rocio")
    held = user.roles.get(office="MEX.COMAR.MEX").pk
    access.end_role(assignment=held, ends=AT.date().replace(year=2025), reason="moved", by="t", at=AT)
    assert _sits_at(_anew()) == TAP


def test_a_place_that_was_never_theirs_is_not_remembered(officer: Officer) -> None:
    client = officer(office="")
    post(client, "/es/people/seat/", {"place": "MEX.INM MEX.INM", "purpose": "registration"}, 302)
    assert User.objects.get(username="rocio").seat == ""
