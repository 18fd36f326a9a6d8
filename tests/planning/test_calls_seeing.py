"""Who sees what of a proposal and when: every combination, not only those that people thought of."""

from __future__ import annotations

import itertools

import pytest

from mirps.planning.calls.recusals import Recusal, Standing, Ties, Why, may_decide, nearest, rejectable
from mirps.planning.calls.rules import Stage
from mirps.planning.calls.seeing import NOBODY, Person, What, may_deliberate, may_score, may_see

EVERYBODY = [Person(*flags) for flags in itertools.product((False, True), repeat=5)]
BEFORE_ALL_IS_IN = [s for s in Stage if s.rank <= Stage.READING.rank]
READER = Person(sits=True, declared=True)
SECRETARIAT = Person(runs=True)


def test_nobody_sees_anybody_elses_scores_before_the_first_reading_is_complete() -> None:
    for person, stage in itertools.product(EVERYBODY, BEFORE_ALL_IS_IN):
        assert not may_see(person, What.SHEETS, stage)
        assert not may_see(person, What.DELIBERATION, stage)


def test_a_reader_does_not_know_whose_proposal_it_is_in_the_first_reading() -> None:
    assert may_see(READER, What.CONTENT, Stage.READING)
    assert may_see(READER, What.OWN_SHEET, Stage.READING)
    for what in set(What) - {What.CONTENT, What.OWN_SHEET, What.COUNT}:
        assert not may_see(READER, what, Stage.READING)
    assert may_see(READER, What.NAME, Stage.DISCUSSION)


def test_who_sits_but_was_not_asked_for_ties_yet_sees_nothing() -> None:
    for what, stage in itertools.product(set(What) - {What.COUNT}, Stage):
        assert not may_see(Person(sits=True), what, stage)


@pytest.mark.parametrize("stage", list(Stage))
def test_a_recused_person_sees_nothing_of_the_proposal_whatever_else_they_are(stage: Stage) -> None:
    for person in (p for p in EVERYBODY if p.recused and not p.owns):
        for what in set(What) - {What.COUNT}:
            assert not may_see(person, what, stage)
        assert not may_score(person, stage)
        assert not may_deliberate(person, stage)


def test_what_was_selected_is_public_once_applicants_were_told_and_not_a_day_before() -> None:
    for person in EVERYBODY:
        assert may_see(person, What.RESULT, Stage.TOLD, selected=True)
    for stage in set(Stage) - {Stage.TOLD}:
        assert not may_see(NOBODY, What.RESULT, stage, selected=True)
    assert not may_see(NOBODY, What.RESULT, Stage.TOLD, selected=False)


@pytest.mark.parametrize("stage", list(Stage))
def test_the_public_and_donors_see_nothing_else(stage: Stage) -> None:
    for what in set(What) - {What.RESULT, What.COUNT}:
        assert not may_see(NOBODY, what, stage)


def test_nobody_scores_their_own_and_nobody_sees_how_their_own_was_read() -> None:
    for person, stage in itertools.product((p for p in EVERYBODY if p.owns), Stage):
        assert not may_score(person, stage)
        for what in (What.SHEETS, What.RECUSALS, What.DELIBERATION, What.PROGRESS, What.OWN_SHEET):
            assert not may_see(person, what, stage)
        assert may_see(person, What.CONTENT, stage)


def test_an_applicant_reads_the_result_and_its_reasons_once_told() -> None:
    owner = Person(owns=True)
    assert not may_see(owner, What.RESULT, Stage.DISCUSSION)
    assert may_see(owner, What.RESULT, Stage.TOLD)
    assert may_see(owner, What.FEEDBACK, Stage.TOLD)


def test_who_runs_the_call_opens_nothing_before_it_closes_and_never_scores() -> None:
    for stage in (Stage.DRAWN, Stage.ANNOUNCED, Stage.OPEN):
        for what in set(What) - {What.COUNT}:
            assert not may_see(SECRETARIAT, what, stage)
    assert may_see(SECRETARIAT, What.NAME, Stage.CLOSED)
    for person in (p for p in EVERYBODY if p.runs):
        assert not any(may_score(person, s) for s in Stage)


def test_scores_are_given_in_the_two_readings_and_at_no_other_time() -> None:
    assert [s for s in Stage if may_score(READER, s)] == [Stage.READING, Stage.DISCUSSION]
    assert [s for s in Stage if may_deliberate(READER, s)] == [Stage.DISCUSSION]


def test_how_many_came_in_is_no_secret_once_it_has_closed() -> None:
    for person in EVERYBODY:
        assert may_see(person, What.COUNT, Stage.CLOSED)


# --- recusals

GUATEMALA = ("GTM.MINTRAB", "GTM")


@pytest.mark.parametrize(
    ("ties", "why"),
    [
        (Ties(), None),
        (Ties(states=frozenset({"HND"})), None),
        (Ties(states=frozenset({"GTM"})), Why.STATE),
        (Ties(institutions=frozenset({"GTM.MINTRAB"}), states=frozenset({"GTM"})), Why.INSTITUTION),
        (Ties(declared=frozenset({"GTM"})), Why.DECLARED),
        (Ties(declared=frozenset({"GTM.MINTRAB"}), states=frozenset({"GTM"})), Why.DECLARED),
        (Ties(applies_for=frozenset({"GTM.MINTRAB"})), Why.OWN),
        (Ties(applies_for=frozenset({"GTM"}), declared=frozenset({"GTM"})), Why.OWN),
        (Ties(applies_for=frozenset({"HND.SEDH"})), Why.RIVAL),
        (Ties(applies_for=frozenset({"PAN.MINSA"})), None),
    ],
)
def test_what_ties_a_person_to_a_proposal_the_gravest_first(ties: Ties, why: Why | None) -> None:
    assert nearest(ties, *GUATEMALA, [GUATEMALA, ("HND.SEDH", "HND")]) is why


def test_a_proposed_recusal_holds_until_a_person_rejects_it() -> None:
    proposed = Recusal("ana", "a", Why.STATE)
    assert proposed.holds
    assert not Recusal("ana", "a", Why.STATE, Standing.REJECTED).holds


def test_what_a_person_said_themselves_and_their_own_proposal_cannot_be_set_aside() -> None:
    assert {w for w in Why if rejectable(Recusal("ana", "a", w))} == {Why.INSTITUTION, Why.STATE}


def test_a_recusal_is_decided_by_somebody_outside_the_committee_who_is_not_tied() -> None:
    proposed = Recusal("ana", "a", Why.STATE)
    committee = ["ana", "eva"]
    assert may_decide("sec", proposed, committee, None)
    assert not may_decide("ana", proposed, committee, None)
    assert not may_decide("eva", proposed, committee, None)
    assert not may_decide("sec", proposed, committee, Why.STATE)
