"""What fails a quality rule that blocks is proposed and shown, and nobody can release it before the cases are right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.releases.making import case
from tests.releases.test_releases_deciding import AT, SIGN, agree, release

from mirps.evidence.indicators.quality import note
from mirps.evidence.releases import api
from mirps.evidence.releases.api import CannotRelease, Release, Stage

pytestmark = pytest.mark.django_db
RIGHT = [case(n) for n in range(40)]
#: A decision dated after the day on which it was recorded.
WRONG = [*RIGHT[1:], case(0, recorded=date(2024, 2, 1))]


def failing(row: Release) -> list[str]:
    return [n["rule"] for n in row.report["quality"]["asylum_decisions"] if note(n).met is False]


def test_a_release_with_dates_in_the_future_waits_until_they_are_corrected() -> None:
    wrong = release(WRONG)
    assert wrong.stage == Stage.PROPOSED
    assert failing(wrong) == ["past"]
    with pytest.raises(CannotRelease, match="quality"):
        api.approve(release=str(wrong.pk), counted_at=wrong.counted_at, **SIGN)
    right = release(RIGHT, at=AT + timedelta(minutes=5))
    assert right.pk == wrong.pk  # the count that waited is counted anew
    assert failing(right) == []
    done = api.approve(release=str(right.pk), counted_at=right.counted_at, **SIGN)
    assert done.stage == Stage.APPROVED


def test_a_rule_that_only_warns_stands_beside_the_figure() -> None:
    few_known = [case(n, sex="_U" if n < 10 else "F") for n in range(40)]
    row = release(few_known)
    assert failing(row) == ["known"]
    assert api.approve(release=str(row.pk), counted_at=row.counted_at, **SIGN).stage == Stage.APPROVED


def test_what_was_agreed_in_advance_does_not_let_it_go_either() -> None:
    agree()
    agree(indicator="asylum_refusals")
    assert not api.let_go(release=release(WRONG), at=AT)
    assert api.let_go(release=release(RIGHT, at=AT + timedelta(minutes=5)), at=AT)
