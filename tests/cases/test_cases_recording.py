"""What is said of a case is kept once, sealed, with its row in the lists; or refused with every reason."""

from __future__ import annotations

import pytest
from tests.cases.desks import AT, at_decision, claimed, posted, seat

from mirps.casework.cases import api as cases
from mirps.people.custody import api as custody

pytestmark = pytest.mark.django_db


def test_a_claim_opens_a_case_whose_number_is_made_of_its_id() -> None:
    posted()
    case = claimed()
    assert case.number == cases.number("MEX", case.id)
    with custody.seated(seat()):
        file = cases.case(case.number.lower().replace("-", " "), seat=seat(), at=AT)
    assert file is not None
    assert (file.case.id, file.state.stage, file.facts["nationality"]) == (case.id, "submitted", "HND")


def test_a_case_goes_as_far_as_a_decision() -> None:
    posted()
    case = at_decision(claimed())
    done = case.does("refuse", "coordinator", days=12)
    assert (done.before, done.after, done.issues) == ("decision", "refused", ("refusal",))
    found = cases.worklist(seat(), on=AT.date(), role=cases.MINE)
    assert [r.case.number for r in found.rows] == [case.number]
