"""An officer and the node who do something to one referral at the same moment: nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from tests.exchange.test_exchange_letters import referral
from tests.referrals.desks import AT
from tests.together import at_once

from mirps.casework.referrals import api as referrals
from mirps.casework.referrals.api import Act, Referral
from mirps.people.custody.api import Seat

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROSA = Seat("rosa", "GTM", "GTM.SBS", "GTM.SBS.PET", purpose="referral")


def test_one_that_is_opened_while_a_letter_of_it_leaves_stays_with_the_office_that_opened_it(
    settings: Any,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    settings.NODE = "GTM"
    id_ = referrals.came(referral(), sender="MEX", institution="GTM.SBS", at=AT)
    (letter,) = referrals.outgoing(at=AT)
    opened, left = Event(), Event()

    def opens() -> None:
        with transaction.atomic():
            referrals.act(referral=id_, act=Act.OPEN, seat=ROSA, at=AT)
            opened.set()
            left.wait(0.5)  # it cannot leave before this is kept

    def leaves() -> None:
        opened.wait(10)
        referrals.went(letter, at=AT)
        left.set()

    acts: list[Callable[[], None]] = [opens, leaves]
    at_once(lambda act: act(), acts)
    row = Referral.objects.get(pk=id_)
    assert (row.to_office, row.stage) == ("GTM.SBS.PET", "opened")
