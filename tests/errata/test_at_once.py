"""Two people who correct at the same moment: one erratum for one figure, two numbers for two."""

from __future__ import annotations

import pytest
from tests.errata.conftest import MARCH, REASON_EN, REASON_ES
from tests.figures.test_ledger import record
from tests.together import at_once

from mirps.evidence.errata import api as errata
from mirps.evidence.figures import api as figures

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def together(*olds: str) -> list[str]:
    """Correct these figures at once, each by somebody else: an erratum's code, or what was in the way."""

    def one(who: int) -> str:
        try:
            done = errata.correct(
                old=olds[who], changes={"value": str(100 + who)}, role="focal-point", by=f"p{who}", at=MARCH,
                reason_es=REASON_ES, reason_en=REASON_EN,
            )  # fmt: skip
        except errata.Superseded as e:
            return f"superseded by {e.by}"
        assert done.erratum is not None
        return done.erratum.code

    return sorted(at_once(one, range(len(olds))))


def test_of_those_who_correct_one_figure_at_once_one_does_and_the_others_are_told() -> None:
    record({"id": "t-1", "value": "5"})
    assert together("t-1", "t-1", "t-1") == ["E1", "superseded by t-1-r2", "superseded by t-1-r2"]
    assert figures.FigureRow.objects.filter(id__startswith="t-1").count() == 2


def test_corrections_of_many_figures_at_once_are_numbered_without_a_gap() -> None:
    ids = [f"t-{n}" for n in range(1, 7)]
    record(*({"id": i, "value": "5"} for i in ids))
    assert together(*ids) == [f"E{n}" for n in range(1, 7)]
