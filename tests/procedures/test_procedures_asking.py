"""'Why can't I do this?' has an answer for every act, and deadlines stand as the law counts them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.procedures.walks import cases, uuid7

from mirps.base.calendars.api import Entry, Sort, calendar
from mirps.base.texts.api import Text
from mirps.casework.procedures import asking, standing, wording
from mirps.casework.procedures.api import (
    Because,
    Event,
    Phase,
    Procedure,
    State,
    calls,
    can_do,
    day_by_day,
    fold,
    forecast,
    procedures,
    refused,
    stand_all,
    turn,
    why_not,
)
from mirps.casework.procedures.model import Stop

ALL = [p for versions in procedures().values() for p in versions.values()]
MEX = procedures()["mex_asylum"]["2025.1"]
CAL = calendar("MEX", authority="MEX.COMAR")


def did(n: int, act: str, on: date, role: str = "registration", **values: Any) -> Event:
    at = datetime(on.year, on.month, on.day, 18, tzinfo=UTC)
    return Event(uuid7(n), act, at, at, "ana", role, "tapachula", MEX.rule, values, "porque sí")


def case(*events: Event) -> State:
    state = fold(events, {MEX.version: MEX})
    assert state.aside == []
    return state


def claimed(on: date, entered: date | None = None) -> list[Event]:
    return [did(1, "claim", on, entered_on=(entered or on).isoformat(), nationality="HND")]


def why(state: State, act: str, on: date, role: str = "registration", **more: Any) -> list[Because]:
    return [r.because for r in why_not(MEX, state, act, role=role, on=on, calendar=CAL, **more)]


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(ALL).flatmap(lambda p: st.tuples(st.just(p), cases(p, most=18))))
def test_whatever_happens_somebody_can_act_until_the_case_has_ended(
    case: tuple[Procedure, list[Event]],
) -> None:
    p, events = case  # drawing it asserts that at every open stage some act can be done
    state = fold(events, {p.version: p})
    cal, on = calendar(p.state), date(2030, 1, 1)
    for role in p.roles:
        for reasons in can_do(p, state, role=role, on=on, calendar=cal).values():
            for reason in reasons:
                assert reason.say("es")
                assert reason.say("en")
                assert "{" not in reason.say("es")


def test_the_wrong_stage_the_wrong_role_and_the_part_that_does_not_hold_are_all_told() -> None:
    day = date(2024, 6, 3)
    state = case(*claimed(day))
    reasons = why_not(MEX, state, "close_refused", role="registration", on=day, calendar=CAL)
    assert [r.because for r in reasons] == [Because.STAGE, Because.ROLE, Because.GUARD]
    assert "Negada" not in reasons[0].say("es")
    assert (
        reasons[0].say("es")
        == "No se puede en esta etapa. Se puede en: Resuelta en contra; puede pedir revisión."
    )
    assert reasons[1].say("en") == "It is for another role: Head of the office."
    assert "notified" in reasons[2].say("en")


def test_a_late_claim_is_admitted_once_its_reasons_were_heard() -> None:
    entered, day = date(2024, 1, 8), date(2024, 6, 3)
    events = claimed(day, entered)
    assert why(case(*events), "admit", day) == [Because.GUARD]
    events += [did(2, "require_reasons", day), did(3, "justify", day, "applicant", late_reason="hospital")]
    assert why(case(*events), "admit", day) == []
    assert why(case(*claimed(day)), "admit", day) == []


def test_an_unanswered_question_is_no_yes() -> None:
    day = date(2024, 6, 3)
    reasons = why_not(MEX, case(*claimed(day)), "interview", role="protection", on=day, calendar=CAL)
    assert [r.because for r in reasons] == [Because.STAGE, Because.UNANSWERED]
    assert reasons[1].say("es") == "Falta una respuesta: Niña, niño o adolescente sin acompañamiento."


def test_a_form_is_told_what_it_lacks_and_what_does_not_fit() -> None:
    day, empty = date(2024, 6, 3), State()
    values = {"entered_on": "2024-02-31", "language": 7, "surprise": 1}
    reasons = why_not(MEX, empty, "claim", role="inm", on=day, calendar=CAL, values=values)
    assert [r.because for r in reasons] == [Because.REQUIRED, Because.VALUE, Because.EXTRA]
    assert reasons[0].codes == ("nationality",)
    assert set(reasons[1].codes) == {"entered_on", "language"}


def test_a_form_asks_why_only_of_whom_came_late() -> None:
    slv = procedures()["slv_asylum"]["2025.1"]
    cal, day = calendar("SLV"), date(2024, 6, 3)

    def reasons(entered: str) -> list[Because]:
        opening = replace(did(1, "apply", day, entered_on=entered, nationality="HND"), rule=slv.rule)
        state = fold([opening], {slv.version: slv})
        found = why_not(slv, state, "admit", role="secretariat", on=day, calendar=cal, values={})
        return [r.because for r in found]

    assert reasons("2024-05-30") == []
    assert reasons("2024-03-01") == [Because.REQUIRED]


def test_an_event_is_refused_for_a_wrong_clock_a_wrong_id_and_a_missing_reason() -> None:
    day = date(2024, 6, 3)
    state = case(*claimed(day))
    good = did(9, "require_reasons", day)
    assert refused(MEX, state, good, CAL, day) == []
    bad = replace(good, id="7", reason=" ", recorded=good.happened - timedelta(days=1))
    assert {r.because for r in refused(MEX, state, bad, CAL, day)} == {
        Because.ID,
        Because.CLOCK,
        Because.REASON,
    }
    stray = replace(good, act="void", target=uuid7(99))
    assert [r.because for r in refused(MEX, state, stray, CAL, day)] == [Because.TARGET]
    assert refused(MEX, state, replace(stray, target=uuid7(1)), CAL, day) == []


def test_a_deadline_runs_is_met_and_is_late_for_good() -> None:
    day = date(2024, 6, 3)
    state = case(*claimed(day))
    assert stand_all(MEX, state, day.toordinal(), CAL)["ratify"].phase is Phase.WAITING
    now = standing.stand(MEX.deadlines["decide"], state, day.toordinal(), CAL)
    assert (now.phase, now.due_day) == (Phase.RUNNING, date(2024, 8, 5))
    later = standing.stand(MEX.deadlines["decide"], state, date(2024, 8, 6).toordinal(), CAL)
    assert (later.phase, later.late) == (Phase.LAPSED, True)
    told = case(*claimed(day), did(2, "notify_inm", date(2024, 6, 10)))
    met = standing.stand(MEX.deadlines["inform_inm"], told, date(2024, 6, 20).toordinal(), CAL)
    assert (met.phase, met.late, met.due_day) == (Phase.MET, True, date(2024, 6, 6))


def test_an_extension_counts_as_often_as_the_file_allows() -> None:
    day = date(2024, 6, 3)
    once = case(*claimed(day), did(2, "extend", date(2024, 7, 1), "coordinator"))
    twice = case(*claimed(day), *(did(n, "extend", date(2024, 7, n), "coordinator") for n in (2, 3)))
    due = [standing.stand(MEX.deadlines["decide"], s, day.toordinal(), CAL).due_day for s in (once, twice)]
    assert due == [date(2024, 10, 9), date(2024, 10, 9)]


def test_an_extension_after_the_end_extends_nothing() -> None:
    day = date(2024, 6, 3)
    late = case(*claimed(day), did(2, "extend", date(2024, 8, 20), "coordinator"))
    assert standing.stand(MEX.deadlines["decide"], late, day.toordinal(), CAL).due_day == date(2024, 8, 5)


def test_while_a_case_has_ended_no_deadline_runs_and_reopened_it_runs_on() -> None:
    day, decide = date(2024, 6, 3), MEX.deadlines["decide"]
    ended = case(*claimed(day), did(2, "withdraw", date(2024, 6, 10)))
    assert standing.stand(decide, ended, date(2025, 1, 1).toordinal(), CAL).phase is Phase.OVER
    events = [
        *claimed(day),
        did(2, "withdraw", date(2024, 6, 10)),
        did(3, "reopen", date(2024, 7, 1), "coordinator"),
    ]
    now = standing.stand(decide, case(*events), date(2024, 7, 2).toordinal(), CAL)
    assert (now.phase, now.due_day) == (Phase.RUNNING, date(2024, 8, 26))
    days = list(day_by_day(decide, case(*events), CAL))
    assert sum(d.pause is not None for d in days) == 21
    assert wording.day(days[10], MEX, "es") == "no se cuenta: el caso estaba cerrado"


def test_a_deadline_calls_who_must_know_and_proposes_only_what_could_be_done() -> None:
    day = date(2024, 1, 8)
    events = [*claimed(day), did(2, "admit", day)]
    soon = calls(MEX, case(*events), day + timedelta(2), CAL)
    assert [(c.deadline, c.to, c.lapsed, c.effect.value) for c in soon] == [
        ("inform_inm", "registration", False, "notify")
    ]
    once = {c.deadline: c for c in calls(MEX, case(*events), day + timedelta(10), CAL)}
    assert (once["sign_in"].lapsed, once["sign_in"].act) == (True, ""), (
        "one missed signature proposes nothing"
    )
    told = {c.deadline: c for c in calls(MEX, case(*events), day + timedelta(16), CAL)}
    assert (told["inform_inm"].lapsed, told["inform_inm"].effect.value) == (True, "escalate")
    assert (told["sign_in"].effect.value, told["sign_in"].act, told["sign_in"].to) == (
        "propose", "abandon", "coordinator",
    )  # fmt: skip
    assert turn(MEX, case(*events)) == ("protection",)
    assert turn(MEX, State()) == ()


def test_a_correction_is_refused_for_values_that_do_not_fit() -> None:
    day = date(2024, 6, 3)
    mend = replace(
        did(9, "correct", day, nationality="hnd", happened="2024-06-01T10:00:00-06:00"), target=uuid7(1)
    )
    found = refused(MEX, case(*claimed(day)), mend, CAL, day)
    assert [(r.because, r.codes) for r in found] == [(Because.VALUE, ("nationality",))]


def test_one_decree_moves_every_deadline_of_every_case_with_no_pass_over_cases() -> None:
    day = date(2024, 6, 3)
    state = case(*claimed(day), did(2, "admit", day))
    decree = Entry(
        "d", Sort.SUSPENSION, Text("Paro", "Strike"), date(2024, 6, 10), date(2024, 6, 21),
        authorities=frozenset({"MEX.COMAR"}), source="x",
    )  # fmt: skip
    held = calendar("MEX", authority="MEX.COMAR", added=(decree,))
    before, after = (stand_all(MEX, state, day.toordinal(), c) for c in (CAL, held))
    assert (before["decide"].due_day, after["decide"].due_day) == (date(2024, 8, 5), date(2024, 8, 19))
    assert (before["sign_in"].due_day, after["sign_in"].due_day) == (date(2024, 6, 10), date(2024, 6, 22))
    on = date(2024, 6, 28).toordinal()
    assert standing.stand(MEX.deadlines["sign_in"], state, on, CAL).missed == 3
    assert standing.stand(MEX.deadlines["sign_in"], state, on, held).missed == 1


@pytest.mark.parametrize(("days", "missed"), [(7, 0), (8, 1), (14, 1), (15, 2), (22, 3)])
def test_missed_signatures_are_counted_from_the_last_one(days: int, missed: int) -> None:
    day = date(2024, 1, 8)
    state = case(*claimed(day), did(2, "admit", day))
    on = day + timedelta(days)
    assert standing.stand(MEX.deadlines["sign_in"], state, on.toordinal(), CAL).missed == missed


def test_closing_is_proposed_and_possible_only_after_two_missed_signatures_and_an_excuse_forgives() -> None:
    day = date(2024, 1, 8)
    events = [*claimed(day), did(2, "admit", day)]
    events += [did(3, "profile", day, lone_child=False, urgent=False, joined=False)]
    ground = {"values": {"ground": "signatures"}}
    later = day + timedelta(16)
    assert why(case(*events), "abandon", day + timedelta(10), "coordinator", **ground) == [Because.GUARD]
    assert why(case(*events), "abandon", later, "coordinator", **ground) == []
    excused = [*events, did(4, "excuse_absence", day + timedelta(12))]
    assert why(case(*excused), "abandon", later, "coordinator", **ground) == [Because.GUARD]


def test_no_signature_is_missed_in_detention_wherever_it_began() -> None:
    day, sign_in = date(2024, 1, 8), MEX.deadlines["sign_in"]
    events = [*claimed(day), did(2, "detain", day), did(3, "admit", day + timedelta(2))]
    inside = standing.stand(sign_in, case(*events), (day + timedelta(60)).toordinal(), CAL)
    assert (inside.phase, inside.missed) == (Phase.STOPPED, 0)
    events.append(did(4, "release", day + timedelta(60)))
    after = [
        standing.stand(sign_in, case(*events), (day + timedelta(n)).toordinal(), CAL) for n in (67, 68, 75)
    ]
    assert [(s.phase, s.missed) for s in after] == [(Phase.RUNNING, 0), (Phase.LAPSED, 1), (Phase.LAPSED, 2)]
    assert after[0].due_day == day + timedelta(67)


def test_a_request_to_the_applicant_interrupts_and_the_forecast_says_what_is_left() -> None:
    stopped = replace(MEX.deadlines["decide"], stops=(Stop(("require_reasons",), ("justify",)),))
    p = replace(MEX, deadlines={**MEX.deadlines, "decide": stopped})
    day = date(2024, 6, 3)
    events = [*claimed(day), did(2, "require_reasons", date(2024, 6, 5))]
    asked = forecast(p, "decide", case(*events), date(2024, 6, 30).toordinal(), CAL)
    assert (asked.standing.phase, asked.standing.due, asked.left) == (Phase.STOPPED, None, 43)
    assert asked.earliest == CAL.working.after(date(2024, 6, 30).toordinal(), 43)
    events.append(did(3, "justify", date(2024, 7, 1), "applicant", late_reason="x"))
    answered = forecast(p, "decide", case(*events), date(2024, 7, 1).toordinal(), CAL)
    assert answered.standing.due_day == date(2024, 8, 29)
    assert (answered.left, answered.soon) == (43, False)
    days = list(day_by_day(stopped, case(*events), CAL))
    assert days[-1].day == date(2024, 8, 29)
    said = [wording.day(d, p, "es") for d in days[:6]]
    assert said == [
        "día del acto: no se cuenta", "día 1", "día 2", "no se cuenta: interrumpido por «Prevenir: pedir lo que falta»",
        "no se cuenta: interrumpido por «Prevenir: pedir lo que falta»",
        "no se cuenta: interrumpido por «Prevenir: pedir lo que falta»",
    ]  # fmt: skip


def test_each_day_of_a_deadline_says_why_it_does_not_count() -> None:
    state = case(*claimed(date(2024, 5, 24)))
    days = [wording.day(d, MEX, "en") for d in day_by_day(MEX.deadlines["decide"], state, CAL)]
    assert days[1] == "not counted: weekend"
    assert days[5] == (
        "not counted: COMAR's non-working days when its office closed"
        " (certainty B: a page of the UN or of official help)"
    )
    assert days[-1] == "day 45"


@pytest.mark.parametrize("p", ALL, ids=lambda p: p.name)
def test_every_deadline_has_its_law_and_what_is_uncertain_is_marked(p: Procedure) -> None:
    for deadline in p.deadlines.values():
        law = p.law[deadline.law]
        assert law.source or law.certainty.value == "proposal"
    assert p.uncertain


def test_hostile_values_make_no_condition_true() -> None:
    facts = {"lone_child": "yes", "done.appoint_guardian": 1}
    guard = MEX.acts["interview"].guards[0]
    assert guard.holds(facts).name == "UNKNOWN"
    assert not asking.fits(MEX.fields["lone_child"], "yes")
    assert not asking.fits(MEX.fields["entered_on"], "9999-99-99")
