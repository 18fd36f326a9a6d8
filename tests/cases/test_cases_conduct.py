"""An act and what follows from it: all of it, or nothing; where nobody waits for the answers too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cases.desks import AT, Walked, at_decision, claimed, posted, saying, seat

from mirps.base.audit.api import AuditEntry
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, NotPossible
from mirps.casework.cases.worklists import PAGE
from mirps.casework.conduct import api as conduct
from mirps.casework.letters import api as letters
from mirps.people.custody import api as custody

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
LATER = AT + timedelta(days=15)


def refused(case: Walked, said: cases.Saying, *, looked: bool = True) -> cases.Recorded:
    """As a page does it: the case has just been read."""
    seen = None
    if looked:
        with custody.seated(seat(), looks=True):
            seen = cases.case(cases.Case.objects.get(pk=case.id).number, seat=seat(), at=LATER)
    return conduct.do(case.id, said, seat=seat(), role="coordinator", at=LATER, seen=seen)


@pytest.fixture
def case() -> Walked:
    posted()
    return at_decision(claimed())


@pytest.mark.parametrize("looked", [True, False])
def test_a_decision_comes_with_its_letter_its_audit_and_its_row(case: Walked, looked: bool) -> None:
    said = saying("refuse", 15, reason="the file speaks for itself")
    done = refused(case, said, looked=looked)
    assert cases.Standing.objects.get(pk=case.id).stage == done.after == "refused"
    [letter] = letters.of_case(case.id)
    assert letters.verify(letter.content.token, on=LATER.date()).claims.serial == letter.row.serial
    assert AuditEntry.objects.filter(act="letter.issued", subject=f"letter/{letter.row.serial}").count() == 1
    assert refused(case, said, looked=looked).again
    assert len(letters.of_case(case.id)) == 1


@pytest.mark.parametrize("looked", [True, False])
def test_an_id_that_is_another_cases_event_is_refused_and_nothing_is_kept(case: Walked, looked: bool) -> None:
    other = at_decision(claimed())
    said = saying("refuse", 15, reason="the file speaks for itself")
    refused(other, said)
    before = AuditEntry.objects.count()
    with pytest.raises(CaseFault) as fault:
        refused(case, said, looked=looked)
    assert fault.value.key == "cases.fault.taken"
    assert (cases.Standing.objects.get(pk=case.id).stage, letters.of_case(case.id)) == ("decision", [])
    assert AuditEntry.objects.count() == before
    assert refused(case, saying("refuse", 15, reason="with an id of its own")).after == "refused"


def test_what_was_seen_is_not_acted_upon_once_somebody_was_quicker(case: Walked) -> None:
    number = cases.Case.objects.get(pk=case.id).number
    with custody.seated(seat(), looks=True):
        seen = cases.case(number, seat=seat(), at=LATER)
    refused(case, saying("refuse", 15, reason="quicker"))
    with pytest.raises(NotPossible):
        conduct.do(
            case.id, saying("recognise", 15, reason="slower"), seat=seat(), role="coordinator", at=LATER, seen=seen
        )  # fmt: skip


def test_a_list_of_more_than_a_page_is_asked_for_in_few_questions() -> None:
    posted()
    for _ in range(PAGE + 2):
        claimed()
    on = AT.date()
    for _ in range(2):  # the second knows that it will be counted
        with custody.seated(seat(), looks=True), CaptureQueriesContext(connection) as asked:
            found = cases.worklist(seat(), on=on, role=cases.MINE)
        assert (len(found.rows), found.count, bool(found.next)) == (PAGE, PAGE + 2, True)
        assert len(asked) <= 5
        with CaptureQueriesContext(connection) as asked:
            assert all(r.case.number and r.pk in found.about for r in found.rows)
        assert not asked.captured_queries
    with custody.seated(seat(), looks=True):
        rest = cases.worklist(seat(), on=on, role=cases.MINE, page=found.next)
    assert (len(rest.rows), rest.count, rest.next) == (2, PAGE + 2, "")
