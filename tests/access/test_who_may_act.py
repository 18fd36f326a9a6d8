"""Who may act today, all at once: as each person's own roles say, mandates and stand-ins included."""

from __future__ import annotations

from datetime import date

import pytest
from tests.access.conftest import AT, Make

from mirps.base.access import api as access
from mirps.base.access.api import Mandate

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2024, 6, 1), date(2026, 12, 1)


@pytest.fixture
def handed_over() -> None:
    """The presidency passed from Belize to Costa Rica on 5 December 2024."""
    turn = date(2024, 12, 5)
    heads = [
        Mandate("presidency", "BLZ", date(2024, 1, 24), date(2024, 12, 4)),
        Mandate("presidency", "CRI", turn, None),
    ]
    access.set_mandates(heads, by="tests", at=AT)


def able(act: str, on: date, state: str = "") -> list[str]:
    return [u.username for u in access.able(access.holdings(on=on), act, state=state, on=on)]


def test_a_presidency_acts_while_it_holds_the_mandate_and_a_past_one_no_longer(
    handed_over: None, make: Make
) -> None:
    make("belize", "presidency", "BLZ", via="presidency")
    make("costa-rica", "presidency", "CRI", via="presidency")
    assert able("round.publish", BEFORE) == ["belize"]
    assert able("round.publish", AFTER) == ["costa-rica"]


def test_a_stand_in_is_listed_for_the_days_of_the_delegation(handed_over: None, make: Make) -> None:
    giver = make("costa-rica", "presidency", "CRI", via="presidency")
    taker = make("substitute", "reader")
    access.lend(
        giver=giver, taker=taker, starts=AFTER, ends=AFTER, reason="Vacaciones", by="costa-rica", at=AT
    )
    assert able("round.publish", AFTER) == ["costa-rica", "substitute"]
    assert able("round.publish", date(2026, 12, 2)) == ["costa-rica"]


def test_what_is_said_of_all_is_what_is_said_of_each(handed_over: None, make: Make) -> None:
    people = [
        make("belize", "presidency", "BLZ", via="presidency"),
        make("costa-rica", "presidency", "CRI", via="presidency"),
        make("focal", "focal-point", "HND"),
        make("clerk", "data-entry", "HND", "HND.INM"),
    ]
    for on in (BEFORE, AFTER):
        every = access.holdings(on=on)
        for user in people:
            assert [g for u, g in every if u == user] == access.grants_of(user, on=on)
