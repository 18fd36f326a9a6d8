"""The demo's referrals show a newcomer how one may stand, between two institutions and between two States."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import yaml

from mirps.base.codelists.api import data_folder
from mirps.casework.referrals.api import Referral
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.intake import api as intake
from mirps.web.shell.demo_people import family, submission
from mirps.web.shell.demo_referrals import refer_people

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def given() -> dict[str, Any]:
    """data/demo/referrals.yaml, with everybody registered of whom it tells."""
    found: dict[str, Any] = yaml.safe_load((data_folder() / "demo" / "referrals.yaml").read_text("utf-8"))
    for told in found["referrals"]:
        desk, at = found["desks"][told["from"]], NOW - timedelta(days=40)
        place = (desk["user"], desk["state"], desk["institution"], desk["office"], ())
        said = submission(str(told["who"]), place, family(["HND"], Random(1))[:1], at)
        intake.take(said, seat=Seat(**desk, purpose="registration"), door="page", at=at)
    return found


def stages(seat: Seat, which: str, *, abroad: bool) -> set[str]:
    """How those stand that a seat sent or received, within its State or not."""
    with custody.seated(seat):
        rows = list(Referral.objects.filter(**{f"{which}_institution": seat.institution}))
    return {r.stage for r in rows if (r.from_state != r.to_state) is abroad}


def test_whoever_sent_them_sees_each_way_that_one_may_stand(given: dict[str, Any]) -> None:
    assert refer_people(NOW).startswith(f"{len(given['referrals'])} referrals")
    sender = Seat(**given["desks"]["tapachula"])
    assert stages(sender, "from", abroad=False) == {"closed", "opened", "accepted", "refused", "sent"}
    assert stages(sender, "from", abroad=True) == {"accepted", "refused", "sent"}
    assert stages(sender, "to", abroad=True) == {"accepted", "sent"}
    with custody.seated(sender):
        late = Referral.objects.filter(final=False, due__lt=NOW.date())
        assert [r.turn for r in late] == ["receiver"]


def test_a_demo_that_is_started_again_refers_nobody_twice(given: dict[str, Any]) -> None:
    refer_people(NOW)
    assert refer_people(NOW + timedelta(days=1)) == "kept as they are"
    with custody.keeping():
        assert Referral.objects.count() == len(given["referrals"])
