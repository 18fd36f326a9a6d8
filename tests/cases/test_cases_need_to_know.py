"""A field of a form that only some may know is read by who is cleared for it, wherever the case is shown."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from tests.cases.desks import AT, Walked, claimed, posted, seat

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFile
from mirps.casework.letters import fields
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.web.pages.casework import telling

pytestmark = pytest.mark.django_db
BEST = "To stay with her aunt in Tapachula"
PLAIN, CLEARED = seat(), replace(seat(), knows=frozenset({"child"}))


@pytest.fixture
def case() -> Walked:
    posted()
    case = claimed()
    case.does("admit", days=1)
    case.does(
        "assess_best_interests", "protection", days=2, values={"best_interests": BEST, "adapted": ["words"]}
    )
    return case


def file_of(case: Walked, sits: Seat) -> CaseFile:
    with custody.seated(sits):
        return cases.case(case.number, seat=sits, at=AT) or pytest.fail("not in view")


def told(file: CaseFile) -> str:
    s = file.state
    every = [*(x.event for x in s.steps), *(e for e, _ in s.aside), *s.voided, *s.mends]
    return f"{file.facts} {every} {telling.history(file, {}, 'en', 'en_US')}"


def test_who_is_cleared_reads_it_and_who_is_not_reads_the_rest(case: Walked) -> None:
    assert BEST in told(file_of(case, CLEARED))
    masked = file_of(case, PLAIN)
    assert BEST not in told(masked)
    assert masked.facts["adapted"] == ["words"]
    assert [e.act for e in masked.events] == ["claim", "admit", "assess_best_interests"]


@pytest.mark.parametrize("knows", ["gbv", "security", "medical"])
def test_another_clearance_does_not_open_it(case: Walked, knows: str) -> None:
    assert BEST not in told(file_of(case, replace(seat(), knows=frozenset({knows}))))


def test_what_was_corrected_or_annulled_is_masked_too(case: Walked) -> None:
    event = next(e for e in file_of(case, CLEARED).events if e.act == "assess_best_interests")
    said = {"best_interests": f"{BEST} now"}
    case.does("correct", "protection", 3, values=said, target=UUID(event.id))
    assert f"{BEST} now" in told(file_of(case, CLEARED))
    assert BEST not in told(file_of(case, PLAIN))


def test_a_supervisor_with_a_clearance_but_no_role_does_not_read_it(case: Walked) -> None:
    assert BEST not in told(file_of(case, replace(CLEARED, user="boss")))


def test_letters_cannot_print_it(case: Walked) -> None:
    p = file_of(case, CLEARED).procedure
    assert p.fields["best_interests"].sensitivity == "child"
    assert not any("best_interests" in name for name in fields.known(p))
