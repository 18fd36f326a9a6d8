"""Officers who act at the same moment: one after the other, nothing lost, nothing done twice."""

from __future__ import annotations

import pytest
from tests.cases.desks import AT, ENTERED, MEX, at_decision, claimed, posted, registered, saying, seat
from tests.together import at_once

from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, NotPossible, Recorded, Saying
from mirps.casework.procedures.api import Because

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LATER = AT.replace(day=20)


def test_of_two_who_decide_at_once_one_decides_and_the_other_is_told_where_the_case_stands() -> None:
    posted()
    case = at_decision(claimed())

    def decide(act: str) -> Recorded | list[Because]:
        said = saying(act, 12, reason="the file speaks for itself")
        try:
            return cases.record(case.id, said, seat=seat(), role="coordinator", at=LATER)
        except NotPossible as fault:
            return [r.because for r in fault.reasons]

    found = at_once(decide, ["recognise", "refuse"])
    done = [f for f in found if isinstance(f, Recorded)]
    assert len(done) == 1
    assert [Because.STAGE] in found
    row = cases.Standing.objects.get(pk=case.id)
    assert (row.stage, row.events) == (done[0].after, cases.CaseEvent.objects.filter(case=case.id).count())


def test_what_is_sent_many_times_at_once_is_recorded_once() -> None:
    posted()
    people, claim, admit = [(registered()[0], "principal")], saying("claim", 0, ENTERED), saying("admit", 1)

    def opened(said: Saying) -> Recorded:
        return cases.open_case(MEX, people=people, event=said, seat=seat(), role="registration", at=AT)

    def admitted(said: Saying) -> Recorded:
        return cases.record(claim.id, said, seat=seat(), role="registration", at=LATER)

    for act, said in ((opened, claim), (admitted, admit)):
        assert sorted(r.again for r in at_once(act, [said] * 4)) == [False, True, True, True]
    assert cases.CaseEvent.objects.count() == cases.Standing.objects.get().events == 2


def test_a_case_given_to_two_at_once_is_in_the_hands_of_the_later_and_both_are_kept() -> None:
    posted()
    posted("mario", "protection")
    case = claimed()
    at_once(lambda user: cases.assign(case.id, user, note=user, seat=seat(), at=AT), ["ana", "mario"])
    last = cases.handed(case.id)
    assert len(last) == 2
    assert cases.Standing.objects.get().handler in {row.user for row, _ in last}


def test_signatures_at_many_offices_at_once_are_all_kept() -> None:
    posted("boss", "registration", office="")
    posted()
    case = claimed()
    said = [saying("sign_in", n) for n in range(1, 7)]

    def signed(one: Saying) -> str:
        try:
            return cases.take_late(case.id, one, seat=seat("boss", ""), role="registration", at=LATER).act
        except CaseFault as fault:
            return fault.key

    assert at_once(signed, said) == ["sign_in"] * 6
    assert cases.Standing.objects.get().events == 7
