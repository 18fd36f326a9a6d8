"""PostgreSQL holds who sees a referral: proved from raw sessions, as the role that serves pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.custody.test_custody_rows import as_role, ask, role
from tests.referrals.desks import AT, CLEARED, COMAR, HEALTH, KEEPER, consents, does, file, refer, registered
from tests.registry.said import fact

from mirps.casework.referrals import api as referrals
from mirps.casework.referrals import letting_go
from mirps.casework.referrals.api import Act, Referral, Stage
from mirps.people.custody import api as custody
from mirps.people.custody.api import Duty, Seat

__all__ = ["ask", "role"]
pytestmark = pytest.mark.postgres
Ask = Callable[..., list[tuple[Any, ...]]]
EACH = "SELECT count(*) FROM casework_referral"
TABLES = ("", "part", "event")
DOCTOR = Seat("doctor", "MEX", "MEX.SSA", knows=frozenset({"gbv"}), purpose="referral")


@pytest.fixture
def row(role: str) -> Referral:
    return refer(registered())


@pytest.mark.parametrize("table", TABLES)
def test_the_two_institutions_see_it_and_nobody_else_does(row: Referral, ask: Ask, table: str) -> None:
    for sits in (Seat("x", "MEX", "MEX.INM", purpose="referral"), Seat("x", "GTM", "MEX.SSA"),
                 Seat("x", "MEX", "MEX.SSA", duty=Duty.AUDIT)):  # fmt: skip
        assert ask(EACH + table, sits) == [(0,)], sits
    for sits in (COMAR, HEALTH):
        assert ask(EACH + table, sits) > [(0,)], sits


def test_from_nowhere_the_node_sees_that_there_is_one_to_see_to_and_nothing_that_it_says(
    row: Referral, ask: Ask
) -> None:
    assert ask(EACH, None) == [(1,)]
    assert ask(EACH + "part WHERE sealed IS NOT NULL", Seat("x", "", "")) == [(0,)]
    does(row, Act.OPEN)
    does(row, Act.REFUSE, "no-capacity")
    does(row, Act.CLOSE, "not-taken", seat=COMAR)
    referrals.see_to(at=AT + timedelta(days=91))
    assert ask(EACH, None) == [(0,)]


@pytest.mark.parametrize("table", TABLES)
def test_a_need_to_know_referral_is_seen_by_who_is_cleared(role: str, ask: Ask, table: str) -> None:
    refer(registered(fact("need", need="gbv")), "gbv", seat=CLEARED)
    for sits, sees in ((HEALTH, False), (COMAR, False), (CLEARED, True), (DOCTOR, True)):
        assert (ask(EACH + table, sits) > [(0,)]) is sees, sits


def test_a_need_to_know_part_is_seen_by_who_is_cleared(role: str, ask: Ask) -> None:
    nurse = Seat("nurse", "MEX", "MEX.COMAR", "MEX.COMAR.TAP", frozenset({"medical"}), purpose="referral")
    refer(registered(fact("need", need="medical")), seat=nurse)
    assert ask("SELECT sensitivity FROM casework_referralpart", HEALTH) == [("",)]
    assert len(ask("SELECT sensitivity FROM casework_referralpart", nurse)) == 2


def test_what_happened_is_never_changed_and_only_retention_removes_it(row: Referral) -> None:
    for statement in (
        "UPDATE casework_referralevent SET act = 'close'",
        "DELETE FROM casework_referralevent",
    ):
        with (
            pytest.raises(DatabaseError), transaction.atomic(), custody.seated(COMAR), connection.cursor() as cursor
        ):  # fmt: skip
            cursor.execute(statement)
    assert len(file(row).events) == 1


def test_everything_is_done_as_the_role_that_serves_pages(row: Referral) -> None:
    assert row.person_id
    with as_role():
        does(row, Act.OPEN)
        does(row, Act.ACCEPT)
        assert file(row).stand.stage is Stage.ACCEPTED
        assert referrals.see_to(at=AT + timedelta(days=1)) == 0
        consents(row.person_id, at=AT + timedelta(hours=1))
        assert file(row).stand.stage is Stage.WITHDRAWN
        assert refer(registered(), "work").stage == "sent"


def test_the_role_that_serves_pages_lets_go_of_it_from_the_seat_of_retention(row: Referral) -> None:
    assert row.person_id
    does(row, Act.OPEN)
    with as_role(), custody.seated(KEEPER):
        letting_go.let_go([], [row.person_id])
    assert not Referral.objects.exists()


def test_what_another_node_has_yet_to_hear_is_found_from_nowhere(role: str, settings: Any) -> None:
    settings.NODE = "MEX"
    row = refer(registered(to="share-abroad"), "shelter", "GTM.SBS", abroad=None)
    with as_role():
        (letter,) = referrals.outgoing(at=AT)
        referrals.went(letter, at=AT)
        assert list(referrals.outgoing(at=AT + timedelta(hours=1))) == []
        assert [o.referral for o in referrals.outgoing(at=AT + referrals.AGAIN)] == [row.pk]
