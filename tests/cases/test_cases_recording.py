"""What is said of a case is kept once, sealed, with its row in the lists; or refused with every reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from tests.cases.desks import (
    AT,
    ENTERED,
    MEX,
    TAP,
    TEN,
    Walked,
    at_decision,
    claimed,
    posted,
    registered,
    saying,
    seat,
)
from tests.registry.said import who
from uuid_utils.compat import uuid7

from mirps.base.audit.api import AuditEntry
from mirps.base.crypto import api as crypto
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, CaseFile, NotPossible, Standing
from mirps.casework.procedures.api import Because
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _ana() -> None:
    posted()


def file_of(case: Walked, sits: Seat | None = None) -> CaseFile:
    with custody.seated(sits or seat()):
        file = cases.case(case.number, seat=sits or seat(), at=AT + 20 * timedelta(days=1))
        assert file is not None
        return file


def refused(
    case: Walked, act: str, *because: Because, role: str = "registration", days: float = 1, **more: object
) -> None:
    with pytest.raises(NotPossible) as fault:
        case.does(act, role, days, **more)  # type: ignore[arg-type]
    assert [r.because for r in fault.value.reasons] == list(because)


def faulty(key: str) -> pytest.RaisesExc[CaseFault]:
    return pytest.raises(CaseFault, match=f"cases.fault.{key} ")


def test_a_claim_opens_a_case_whose_number_is_made_of_its_id() -> None:
    case = claimed(who("Ximena"), who("Luis", role="child", born="2019-02-03"))
    assert case.number == cases.number("MEX", case.id)
    file = file_of(replace(case, number=case.number.lower().replace("-", " ")))
    assert (file.case.id, file.state.stage, file.facts["nationality"]) == (case.id, "submitted", "HND")
    assert [s.role for s in file.subjects] == ["principal", "dependant"]
    assert file.roles == ("registration", "protection", "coordinator", "reviewer")


def test_a_case_goes_as_far_as_a_decision_and_tells_what_it_issues() -> None:
    done = at_decision(claimed()).does("refuse", "coordinator", days=12)
    assert (done.before, done.after, done.issues) == ("decision", "refused", ("refusal",))


def test_what_was_said_is_sealed_to_its_event() -> None:
    first, second = claimed(), claimed()
    one, other = (cases.CaseEvent.objects.get(case=c.id) for c in (first, second))
    assert b"HND" not in bytes(one.sealed)
    other.sealed = one.sealed
    other.save(update_fields=["sealed"])
    with pytest.raises(crypto.CryptoFault):
        file_of(second)


def test_the_same_said_again_is_the_same_answer_and_other_words_are_refused() -> None:
    case = claimed()
    said = saying("admit", 1)
    sent = [cases.record(case.id, said, seat=seat(), role="registration", at=AT + n * WEEK) for n in (1, 2)]
    assert sent[1] == replace(sent[0], again=True)
    with faulty("taken"):
        cases.record(case.id, replace(said, reason="other"), seat=seat(), role="registration", at=AT + WEEK)
    with faulty("taken"):  # in another case
        cases.record(claimed().id, said, seat=seat(), role="registration", at=AT + WEEK)
    assert cases.CaseEvent.objects.filter(case=case.id).count() == 2


def test_a_case_sent_to_be_opened_twice_is_opened_once() -> None:
    people, said = [(registered()[0], "principal")], saying("claim", 0, ENTERED)
    how = {"people": people, "event": said, "seat": seat(), "role": "registration", "at": AT}
    first, again = (cases.open_case(MEX, **how) for _ in range(2))  # type: ignore[arg-type]
    assert again == replace(first, again=True)
    with faulty("taken"):
        cases.open_case(MEX, **{**how, "event": replace(said, values={**ENTERED, "nationality": "CUB"})})  # type: ignore[arg-type]
    assert cases.Case.objects.count() == 1


def test_nobody_opens_a_case_of_people_who_are_not_in_view() -> None:
    for people in ([], [(uuid7(), "principal")]):
        with faulty("nobody"):
            cases.open_case(
                MEX, people=people, event=saying("claim", 0, ENTERED), seat=seat(), role="registration", at=AT
            )
    assert not cases.Case.objects.exists()


def test_every_reason_is_told_at_once() -> None:
    case = claimed()
    refused(case, "assign_modality", Because.STAGE, Because.ROLE, Because.GUARD, Because.REQUIRED)
    refused(case, "abandon", Because.ROLE, Because.UNANSWERED, Because.REQUIRED, Because.REASON, reason=" ")
    assert cases.CaseEvent.objects.count() == 1


def test_a_clock_that_is_ahead_and_an_id_that_is_none_are_told() -> None:
    case = claimed()
    with pytest.raises(NotPossible) as fault:
        cases.record(case.id, saying("sign_in", 3), seat=seat(), role="registration", at=AT)
    assert [r.because for r in fault.value.reasons] == [Because.CLOCK]
    with pytest.raises(NotPossible) as fault:
        cases.record(case.id, replace(saying("sign_in"), id=uuid4()), seat=seat(), role="registration", at=AT)
    assert [r.because for r in fault.value.reasons] == [Because.ID]


# --- who may


def test_whoever_does_not_hold_the_role_is_told_so() -> None:
    case = claimed()
    for user in ("nobody", "mario"):
        with faulty("not-entitled"):
            replace(case, seat=seat(user)).does("admit", days=1)
        posted("mario", "protection")
    with faulty("no-such-role"):
        case.does("admit", "chief", days=1)


def test_whose_post_has_ended_records_nothing_and_a_device_only_what_was_before() -> None:
    posted("mario", "registration", until=(AT + timedelta(days=5)).date())
    case = claimed()
    his = replace(case, seat=seat("mario"))
    his.does("admit", days=5)
    with faulty("not-entitled"):
        his.does("sign_in", days=7)
    with faulty("not-entitled"):  # dated back
        cases.record(case.id, saying("sign_in", 5), seat=seat("mario"), role="registration", at=AT + WEEK)
    late = saying("sign_in", 4, device="telephone")
    kept = cases.take_late(case.id, late, seat=seat("mario"), role="registration", at=AT + 2 * WEEK)
    assert not kept.aside
    with faulty("not-entitled"):
        cases.take_late(case.id, saying("sign_in", 6), seat=seat("mario"), role="registration", at=AT + WEEK)
    with faulty("not-entitled"):  # too long afterwards
        cases.take_late(
            case.id, saying("sign_in", 4), seat=seat("mario"), role="registration", at=AT + 12 * WEEK
        )


def test_another_office_notes_what_happens_there_and_moves_nothing() -> None:
    posted("tomas", "registration", "coordinator", office=TEN)
    case = claimed()
    there = replace(case, seat=seat("tomas", TEN))
    there.does("sign_in", days=3)
    with faulty("not-entitled"):
        there.does("admit", days=3)
    with faulty("not-entitled"):
        there.does("extend", "coordinator", days=3)


def test_the_applicant_acts_under_the_number_of_the_case_and_nobody_else_does() -> None:
    case = claimed()
    with faulty("not-entitled"):
        case.does("withdraw", "applicant", days=1)
    theirs = replace(case, seat=Seat(case.number, "MEX", "MEX.COMAR", TAP))
    assert theirs.does("withdraw", "applicant", days=1).after == "withdrawn"


def test_another_institution_is_shown_its_own_acts_and_no_secret() -> None:
    posted("inma", "inm", office="", institution="MEX.INM")
    case = at_decision(claimed())
    inm = seat("inma", "", "MEX.INM")
    replace(case, seat=inm).does("sign_in", "inm", days=11)
    file = file_of(case, inm)
    assert ([e.act for e in file.events], file.facts, file.state.stage) == (["sign_in"], {}, "decision")
    assert file.can_do("inm")["sign_in"] == []
    outside = seat("dina", "", "MEX.DIF")
    with custody.seated(outside):
        assert cases.case(case.number, seat=outside, at=AT) is None


def test_a_body_that_decides_sees_the_case_whole_once_it_is_its_turn() -> None:
    gtm, drer, conare = "gtm_asylum", seat("delia", "", "GTM.DRER"), seat("clara", "", "GTM.CONARE")
    posted("delia", "drer", office="", institution="GTM.DRER", procedure=gtm)
    posted("clara", "conare", office="", institution="GTM.CONARE", procedure=gtm)
    people = registered(sits=drer)
    first = cases.open_case(
        gtm, people=[(people[0], "principal")], event=saying("request", 0, {"nationality": "HND"}), seat=drer,
        role="drer", at=AT,
    )  # fmt: skip
    case = Walked(first.case, first.number, drer)
    case.does("formalise", "drer", 1, {"lone_child": False})
    assert file_of(case, conare).events == []
    assert cases.worklist(conare, on=AT.date(), role=cases.MINE).rows == []
    case.does("interview", "drer", 2, {"language": "es"})
    file = file_of(case, conare)
    assert ([e.act for e in file.events], file.facts["nationality"]) == (
        ["request", "formalise", "interview"],
        "HND",
    )
    assert [r.pk for r in cases.worklist(conare, on=AT.date(), role=cases.MINE).rows] == [case.id]
    replace(case, seat=conare).does("give_opinion", "conare", 3)


def test_what_is_sensitive_is_hidden_from_who_holds_no_role() -> None:
    case = at_decision(claimed())
    assert file_of(case).facts["lone_child"] is False
    file = file_of(case, seat("supervisor"))
    assert "lone_child" not in file.facts
    assert not any("lone_child" in e.values for e in file.events)
    assert file.facts["nationality"] == "HND"


def test_every_look_at_a_case_is_kept_with_the_people_in_it() -> None:
    case = claimed()
    file_of(case, seat("lucia"))
    assert [
        (r.by, r.act) for r in custody.readings_of([cases.Subject.objects.get(case=case.id).person_id])
    ] == [("lucia", "case")]


# --- late, past, corrected


def test_what_comes_late_and_out_of_order_ends_as_if_it_had_come_in_order() -> None:
    case = claimed()
    late = [saying("sign_in", 4), saying("notify_inm", 2), saying("sign_in", 3)]
    for n, said in enumerate([*late, late[0]]):
        cases.take_late(case.id, said, seat=seat(), role="registration", at=AT + WEEK + timedelta(hours=n))
    assert [e.act for e in file_of(case).events] == ["claim", "notify_inm", "sign_in", "sign_in"]


def test_what_comes_late_and_does_not_fit_is_kept_aside_until_somebody_settles_it() -> None:
    case = claimed()
    case.does("admit", days=1)
    late = saying("justify", 2, {"late_reason": "the road was closed"})
    assert cases.take_late(case.id, late, seat=seat(), role="registration", at=AT + WEEK).aside == "stage"
    assert Standing.objects.get(pk=case.id).aside == 1
    void = saying("void", 8, reason="said twice", target=late.id)
    cases.settle(case.id, late.id, void, seat=seat(), role="registration", at=AT + 2 * WEEK)
    assert Standing.objects.get(pk=case.id).aside == 0
    assert file_of(case).state.voided[0].id == str(late.id)


def test_a_form_that_lacks_something_is_refused_even_late() -> None:
    case = claimed()
    with pytest.raises(NotPossible):
        cases.take_late(case.id, saying("profile", 1), seat=seat(), role="registration", at=AT + WEEK)


def test_an_act_of_the_past_is_asked_of_the_case_as_it_was_then() -> None:
    case = at_decision(claimed())
    done = cases.record(
        case.id, saying("extend", 9, reason="a witness"), seat=seat(), role="coordinator", at=AT + 3 * WEEK
    )
    assert done.before == done.after == "assessment"
    with pytest.raises(NotPossible):  # it was not to be decided then
        cases.record(
            case.id, saying("recognise", 9, reason="x"), seat=seat(), role="coordinator", at=AT + 3 * WEEK
        )


def test_nothing_of_the_past_takes_its_place_from_what_came_after() -> None:
    case = claimed()
    case.does("admit", days=3)
    asked = saying("require_reasons", 2, reason="x")
    with pytest.raises(NotPossible) as fault:
        cases.record(case.id, asked, seat=seat(), role="registration", at=AT + WEEK)
    assert [r.because for r in fault.value.reasons] == [Because.STAGE]
    case.does("profile", "protection", days=4, values={"lone_child": False, "urgent": False, "joined": False})
    case.does("assign_modality", "protection", days=5, values={"modality": "regular"})
    admit = next(e for e in file_of(case).events if e.act == "admit")
    with faulty("unseats"):
        case.does("void", days=6, target=UUID(admit.id))


def test_a_correction_is_made_by_who_may_do_the_act() -> None:
    posted("mario", "protection")
    case = claimed()
    how = {"days": 1, "values": {"nationality": "GTM"}, "target": case.id}
    with faulty("not-entitled"):
        replace(case, seat=seat("mario")).does("correct", "protection", **how)  # type: ignore[arg-type]
    case.does("correct", **how)  # type: ignore[arg-type]
    assert file_of(case).facts["nationality"] == "GTM"
    refused(case, "correct", Because.TARGET, Because.VALUE, days=2, values={"age": 3}, target=uuid7())


def test_a_transfer_is_seen_at_once_by_both_offices_and_leaves_nobody_s_hands_full() -> None:
    posted("tomas", "registration", "protection", "coordinator", office=TEN)
    case = claimed()
    cases.assign(case.id, "ana", note="mine", seat=seat(), at=AT)
    refused(case, "transfer", Because.VALUE, role="coordinator", values={"office": "MEX.COMAR.XXX"})
    case.does("transfer", "coordinator", days=2, values={"office": TEN})
    there, here = replace(seat("tomas", TEN), purpose=""), seat()
    on = date(2026, 3, 6)
    assert [r.pk for r in cases.worklist(there, on=on).rows] == [case.id]
    assert cases.worklist(here, on=on, office=TAP).rows == []
    assert (file_of(case).row.office, file_of(case).handler) == (
        TEN,
        "",
    )  # the old office reads it on, for a purpose
    with custody.seated(replace(here, purpose="")):
        assert cases.case(case.number, seat=replace(here, purpose=""), at=AT) is None
    with faulty("not-entitled"):
        case.does("admit", days=3)
    replace(case, seat=there).does("admit", days=3)


def test_each_act_leaves_one_entry_in_the_audit_and_asks_little_of_the_database(
    django_assert_max_num_queries: object,
) -> None:
    case = at_decision(claimed())
    before = AuditEntry.objects.count()
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        case.does("refuse", "coordinator", days=12)
    assert AuditEntry.objects.count() == before + 1
    with django_assert_max_num_queries(10 if connection.vendor == "sqlite" else 13):  # type: ignore[operator]
        file = file_of(case)
    assert [c.deadline for c in file.calls] == ["inform_inm", "sign_in"]


def test_an_act_that_is_broken_off_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    case = claimed()
    before = Standing.objects.get(pk=case.id).events
    with monkeypatch.context() as m:
        m.setattr("mirps.base.audit.api.insert", _stopped)
        with pytest.raises(InterruptedError):
            case.does("admit", days=1)
    assert cases.CaseEvent.objects.count() == Standing.objects.get(pk=case.id).events == before == 1
    case.does("admit", days=1)


def _stopped(*_: object) -> None:
    raise InterruptedError
