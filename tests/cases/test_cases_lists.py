"""Lists say what the cases say: whose turn it is, what is due, in whose hands; and a decree moves them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.desks import (
    AT,
    MEX,
    PROFILE,
    TEN,
    Walked,
    at_decision,
    claimed,
    posted,
    saying,
    seat,
)

from mirps.base.texts.api import Text
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFault, NotPossible, Standing
from mirps.people.custody import api as custody

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 20)
THEN = datetime(2026, 3, 20, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _ana() -> None:
    posted()


def numbers(**asked: Any) -> list[str]:
    sits = asked.pop("seat", seat())
    with custody.seated(sits):
        return [r.case.number for r in cases.worklist(sits, on=ON, **asked).rows]


def test_my_turn_is_what_waits_for_a_role_of_mine_at_my_office() -> None:
    posted("mario", "protection")
    new, ready = claimed(), at_decision(claimed())
    inside = claimed()
    inside.does("admit", days=1)
    mario = seat("mario")
    assert numbers(seat=mario, role=cases.MINE) == [inside.number]
    assert numbers(role="coordinator") == [ready.number]
    assert set(numbers(role=cases.MINE)) == {new.number, ready.number, inside.number}
    assert numbers(seat=seat("nobody"), role=cases.MINE) == []


def test_what_waits_for_one_officer_is_theirs_while_it_is_in_their_hands() -> None:
    posted("mario", "protection")
    case = claimed()
    case.does("admit", days=1)
    cases.assign(case.id, "ana", note="", seat=seat(), at=AT)
    assert numbers(seat=seat("mario"), role=cases.MINE) == []
    cases.away("ana", starts=ON, ends=ON + timedelta(days=9), seat=seat(), at=AT)
    assert numbers(seat=seat("mario"), role=cases.MINE) == [case.number]  # nobody stands in: the queue has it


def test_who_stands_in_has_the_others_cases_among_their_own_until_they_are_back() -> None:
    posted("mario", "protection")
    case = claimed()
    cases.assign(case.id, "ana", note="she asks for a woman", seat=seat(), at=AT)
    mario = seat("mario")
    row = cases.away("ana", starts=ON, ends=ON, stands_in="mario", seat=seat(), at=AT)
    assert numbers(seat=mario, handler=cases.MINE) == [case.number]
    assert numbers(seat=mario, handler=cases.NOBODY) == []
    cases.back(row.pk, seat=seat(), at=AT)
    assert numbers(seat=mario, handler=cases.MINE) == []
    assert [(h.user, note) for h, note in cases.handed(case.id)] == [("ana", "she asks for a woman")]


def test_a_case_is_given_to_who_has_a_role_there_and_several_at_once_or_none() -> None:
    posted("tomas", "protection", office=TEN)
    some = [claimed().id for _ in range(3)]
    with pytest.raises(CaseFault, match="no-role-there"):
        cases.assign_all(some, "tomas", note="", seat=seat(), at=AT)
    posted("tomas", "protection")
    cases.assign_all(some, "tomas", note="leave", seat=seat(), at=AT)
    assert {one.user: one.open for one in cases.loads(seat(), on=ON)} == {"tomas": 3, "ana": 0}
    assert cases.load(seat()) == {"tomas": 3}


def test_lists_are_filtered_counted_and_paged_without_losing_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirps.casework.cases.worklists.PAGE", 3)
    made = {claimed().number for _ in range(7)}
    closed = claimed()
    closed.does("withdraw", days=1)
    for order in ("due", "entered"):
        got: list[str] = []
        page, n = "", 0
        while n == 0 or page:
            listed = cases.worklist(seat(), on=ON, order=order, page=page)
            got, page, n = got + [r.case.number for r in listed.rows], listed.next, n + 1
            assert listed.count == 7
        assert (sorted(got), n) == (sorted(made), 3)
    assert numbers(open_=False) == [closed.number]
    assert numbers(procedure="x") == numbers(stage="triage") == numbers(office=TEN) == []
    assert numbers(text=closed.number, open_=None) == [closed.number]
    person = cases.Subject.objects.get(case=closed.id).person
    assert numbers(text=person.number.lower(), open_=None) == [closed.number]
    assert numbers(text="nobody") == []
    assert cases.counts(seat()) == {(MEX, "submitted"): 7}


def test_missed_signatures_show_as_days_pass_and_closing_is_proposed_to_a_person() -> None:
    case = claimed()
    case.does("notify_inm", days=1)
    case.does("admit", days=1)
    assert numbers(missed=1) == []
    later = AT + timedelta(days=16)
    assert cases.recount(at=later) == 1
    assert numbers(missed=2) == [case.number]
    assert cases.recount(at=later) == 0
    with custody.seated(seat()):
        file = cases.case(case.number, seat=seat(), at=later)
    assert file is not None
    assert [(c.deadline, c.act) for c in file.calls] == [("sign_in", "abandon")]


# --- decrees


def decree(**more: Any) -> cases.Decree:
    how: dict[str, Any] = {
        "state": "MEX", "sort": "suspension", "starts": date(2026, 3, 9), "until": date(2026, 3, 20),
        "title": Text("Suspensión", "Suspension"), "source": "https://dof.example/1", "published": date(2026, 3, 8),
        "by": "lawyer", "at": AT,
    }  # fmt: skip
    return cases.decree(**{**how, **more})


def due(case: Walked) -> date | None:
    return Standing.objects.get(pk=case.id).due


def test_a_decree_counts_once_a_second_person_has_confirmed_it_and_moves_lists_and_cases() -> None:
    case, done = claimed(), claimed()
    done.does("withdraw", days=1)
    before = due(case)
    row = decree()
    with pytest.raises(CaseFault, match="second"):
        cases.confirm_decree(row.number, by="Lawyer", at=AT)
    assert due(case) == before
    cases.confirm_decree(row.number, by="judge", at=AT)
    with custody.seated(seat()):
        file = cases.case(case.number, seat=seat(), at=AT)
    assert file is not None
    ends = {s.due_day for s in file.standing.values() if s.due_day}
    assert due(case) in ends
    assert before is not None
    assert due(case) == before + timedelta(days=0 if before < date(2026, 3, 9) else 12)
    assert (due(done), Standing.objects.get(pk=done.id).decree) == (None, 0)


def test_until_it_is_counted_a_row_shows_that_it_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    case = claimed()
    row = decree()
    monkeypatch.setattr("mirps.casework.cases.dating.recount", lambda **_: 0)
    cases.confirm_decree(row.number, by="judge", at=AT)
    listed = cases.worklist(seat(), on=ON)
    assert [r.decree < listed.decrees for r in listed.rows] == [True]
    assert last(cases.check(at=AT)).behind == 1
    monkeypatch.undo()
    assert cases.recount(at=AT) == 1
    assert Standing.objects.get(pk=case.id).decree == 1


def test_a_suspension_without_end_takes_dates_away_and_its_end_brings_them_back() -> None:
    case = claimed()
    first = decree(until=None)
    cases.confirm_decree(first.number, by="judge", at=AT)
    case.does("notify_inm", days=1)
    assert due(case) is None
    ended = decree(replaces=first.number, until=date(2026, 3, 10))
    cases.confirm_decree(ended.number, by="judge", at=AT)
    assert due(case) is not None


@pytest.mark.parametrize("wrong", [
    {"sort": "party"}, {"until": date(2026, 1, 1)}, {"starts": date(1980, 1, 1)}, {"title": Text("", "x")},
    {"source": " "}, {"authorities": ["PAN.ONPAR"]}, {"of": ["pan_asylum"]}, {"replaces": 99},
])  # fmt: skip
def test_a_decree_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CaseFault):
        decree(**wrong)


# --- the projection


def last(steps: Iterator[cases.Rebuilt]) -> cases.Rebuilt:
    return [cases.Rebuilt(), *steps][-1]


_ACTS: dict[str, Mapping[str, Any]] = {
    "admit": {}, "notify_inm": {}, "sign_in": {}, "detain": {}, "release": {}, "profile": PROFILE,
    "assign_modality": {"modality": "regular"}, "interview": {"language": "es"}, "give_opinion": {}, "extend": {},
    "refuse": {}, "recognise": {}, "notify_refusal": {}, "appeal": {}, "allow_review": {}, "withdraw": {},
    "reopen": {}, "transfer": {"office": TEN}, "abandon": {"ground": "left_entity"}, "require_reasons": {},
    "justify": {"late_reason": "x"},
}  # fmt: skip


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(sorted(_ACTS)), st.integers(0, 9), st.booleans()), max_size=25))
def test_a_row_rebuilt_from_the_events_is_the_row_that_was_kept(acts: list[tuple[str, int, bool]]) -> None:
    posted("boss", "registration", "protection", "coordinator", "reviewer", office="")
    case, day = replace(claimed(), seat=seat("boss", "")), 0
    cases.assign(case.id, "boss", note="", seat=case.seat, at=AT)
    for act, days, late in acts:
        day += days
        role = next(r for r in cases.version(MEX, "2025.1").acts[act].by if r != "applicant")
        said, at = saying(act, day - 3 * late, _ACTS[act], "x"), AT + timedelta(days=day)
        try:
            (cases.take_late if late else cases.record)(case.id, said, seat=case.seat, role=role, at=at)
        except (NotPossible, CaseFault):
            continue
    assert last(cases.check(at=THEN)).wrong == {}


def test_a_lost_row_is_found_and_made_again_and_a_false_one_set_right() -> None:
    lost, false = at_decision(claimed()), claimed()
    cases.assign(false.id, "ana", note="", seat=seat(), at=AT)
    then = AT + timedelta(days=10)  # the day of the last act
    kept = {r.pk: {k: v for k, v in vars(r).items() if k != "_state"} for r in Standing.objects.all()}
    Standing.objects.filter(pk=lost.id).delete()
    Standing.objects.filter(pk=false.id).update(stage="decision", handler="")
    wrong = {lost.id: ("missing",), false.id: ("handler", "stage")}
    assert last(cases.check(at=then)).wrong == wrong
    assert last(cases.rebuild(at=then)).wrong == wrong
    found = {r.pk: {k: v for k, v in vars(r).items() if k != "_state"} for r in Standing.objects.all()}
    assert found == kept
    assert last(cases.check(at=then)).wrong == {}
