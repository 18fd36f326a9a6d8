"""A session is asked for with whoever it was of the last time; what it says now is what counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.access.conftest import AT, Make

from mirps.base.access import api as access
from mirps.base.access.api import User

pytestmark = pytest.mark.database
Enter = Callable[[User], Client]


def named(client: Client) -> str:
    """Whom the page of one's own account names; nothing where one is led to signing in."""
    answer = client.get("/es/account/")
    return next((n for n in ("Leila", "Rosa") if n in answer.content.decode()), "")


def test_a_reader_is_the_same_on_the_first_page_and_the_next(make: Make, enter: Enter) -> None:
    client = enter(make("leila", "reader"))
    assert [named(client), named(client)] == ["Leila", "Leila"]


def test_a_session_that_has_become_somebody_elses_is_theirs(make: Make, enter: Enter) -> None:
    leila, rosa = enter(make("leila", "reader")), enter(make("rosa", "reader"))
    assert (named(leila), named(rosa)) == ("Leila", "Rosa")
    of_rosa = Session.objects.get(pk=rosa.session.session_key).session_data
    Session.objects.filter(pk=leila.session.session_key).update(session_data=of_rosa)
    assert named(leila) == "Rosa"


def test_an_account_that_was_closed_reads_no_further(make: Make, enter: Enter) -> None:
    user = make("leila", "reader")
    client = enter(user)
    assert named(client) == "Leila"
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert named(client) == ""


def test_a_password_that_was_changed_ends_a_session(make: Make, enter: Enter) -> None:
    user = make("leila", "reader")
    client = enter(user)
    assert named(client) == "Leila"
    user.set_password("another-long-password")
    user.save()
    assert named(client) == ""


def test_a_role_given_or_ended_between_two_pages_counts_on_the_second(make: Make, enter: Enter) -> None:
    user = make("hernan")
    client = enter(user)
    assert client.get("/es/rounds/").status_code == 403
    row = access.give_role(
        user=user, role="focal-point", state="HND", body="", starts=AT.date(), ends=None, by="tests", at=AT
    )
    assert client.get("/es/rounds/").status_code == 200
    yesterday = timezone.now().date() - timedelta(1)
    access.end_role(assignment=row.pk, ends=yesterday, reason="moved", by="tests", at=timezone.now())
    assert client.get("/es/rounds/").status_code == 403


@pytest.mark.parametrize("change", ["words", "expired", "gone"])
def test_a_session_that_is_altered_over_or_gone_is_nobodys(make: Make, enter: Enter, change: str) -> None:
    client = enter(make("leila", "reader"))
    assert named(client) == "Leila"
    row = Session.objects.filter(pk=client.session.session_key)
    if change == "words":
        row.update(session_data="x" + row.get().session_data)
    elif change == "expired":
        row.update(expire_date=timezone.now() - timedelta(seconds=1))
    else:
        row.delete()
    assert named(client) == ""


def test_a_session_is_asked_for_with_its_reader(make: Make, enter: Enter) -> None:
    client = enter(make("leila", "reader"))
    named(client)
    with CaptureQueriesContext(connection) as asked:
        client.get("/es/about/")
    tables = ("django_session", "base_user", "base_roleassignment")
    named_in = [[t for t in tables if f'FROM "{t}"' in q["sql"] or f'JOIN "{t}"' in q["sql"]] for q in asked]
    assert [those for those in named_in if those] == [[*tables]]


def test_a_page_masks_its_token_once_and_the_next_page_anew(make: Make, enter: Enter) -> None:
    client = enter(make("leila", "reader"))
    said = [
        re.findall(
            r'name="csrfmiddlewaretoken" value="(\w{64})"', client.get("/es/account/").content.decode()
        )
        for _ in range(2)
    ]
    assert [len(those) > 1 for those in said] == [True, True]
    assert [len(set(those)) for those in said] == [1, 1]
    assert said[0] != said[1]


def test_a_token_is_taken_with_the_cookie_it_was_masked_for_and_with_no_other(
    make: Make, enter: Enter
) -> None:
    client = enter(make("leila", "reader"))
    client.handler.enforce_csrf_checks = True
    home = "/es/account/"
    [token, *_] = re.findall(
        r'name="csrfmiddlewaretoken" value="(\w{64})"', client.get(home).content.decode()
    )
    wrong = token[:-1] + ("a" if token[-1] != "a" else "b")
    leave = "/es/sign-out/"
    assert client.post(leave, {"csrfmiddlewaretoken": wrong}).status_code == 403
    assert named(client) == "Leila"
    assert client.post(leave, {"csrfmiddlewaretoken": token}).status_code == 302
    assert named(client) == ""
