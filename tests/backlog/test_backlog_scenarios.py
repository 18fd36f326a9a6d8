"""Plans compared: what is uncertain widens, what is added helps, what changes nothing changes nothing."""

from __future__ import annotations

from dataclasses import replace
from math import isinf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.evidence.backlog import fluid
from mirps.evidence.backlog.model import WEEKS, Modality, Plan, Range
from mirps.evidence.backlog.scenarios import changes, compare, course, drawn, gained, kept_weeks

#: Twice what Costa Rica's interviews reached in 2024: enough to clear.
CLEARS = Plan(
    pending=203_900, inflow=Range(500, 700), teams=20, per_team=51, target=15_000, oldest=260, swing=0.15,
    sure=0.1, simplified=Modality(0.1, 0.5, 0.5), weeks=15 * WEEKS,
)  # fmt: skip
CERTAIN = replace(CLEARS, inflow=Range(600, 600), swing=0.0, sure=0.0)


def test_the_middle_of_many_runs_is_the_closed_form() -> None:
    found = compare({"base": CERTAIN}, runs=100)["base"]
    exact = fluid.weeks_to(203_900, 15_000, inflow=600, capacity=CERTAIN.capacity)
    assert found.cleared.middle == pytest.approx(exact, rel=0.01)
    assert found.cleared.high - found.cleared.low < 0.03 * exact
    assert found.wait.middle == pytest.approx(203_900 / CERTAIN.capacity, rel=0.01)
    assert found.likely == 1


def test_what_is_known_less_well_is_foreseen_less_well() -> None:
    sure, unsure = compare({"base": CERTAIN})["base"], compare({"base": CLEARS})["base"]
    assert unsure.cleared.low < sure.cleared.low < sure.cleared.high < unsure.cleared.high


def test_a_published_range_is_the_tenth_and_ninetieth_percentile_of_what_is_drawn() -> None:
    chance = drawn(replace(CLEARS, swing=0.0), 4000, np.random.default_rng(1))
    low, high = np.quantile(chance.arrivals[:52].mean(axis=0), [0.1, 0.9])
    assert (low, high) == (pytest.approx(500, rel=0.02), pytest.approx(700, rel=0.02))


def test_arrivals_vary_as_a_negative_binomial_around_trend_and_season() -> None:
    plan = replace(CERTAIN, swing=0.3, trend=0.1, season=0.2, weeks=WEEKS + 1)
    drawn_ = drawn(plan, 20_000, np.random.default_rng(1)).arrivals
    assert drawn_[0].mean() == pytest.approx(720, rel=0.01)
    assert drawn_[26].mean() == pytest.approx(600 * 1.1**0.5 * 0.8, rel=0.01)
    assert drawn_[52].mean() == pytest.approx(720 * 1.1, rel=0.01)
    assert drawn_[0].var() == pytest.approx(720 + (0.3 * 720) ** 2, rel=0.05)


def test_nothing_is_heard_in_weeks_that_are_not_worked() -> None:
    chance = drawn(replace(CLEARS, worked=50), 5, np.random.default_rng(1))
    assert chance.heard[50:52].sum() == 0 < chance.heard[49].min()


def test_each_change_alone_helps_and_all_together_help_most() -> None:
    found = compare(changes(CLEARS, teams=1, simplified=0.4, leaving=0.05, found_gone=0.1))
    base = found["base"].cleared.middle
    for name in ("team", "simplified", "closures"):
        assert found["all"].cleared.middle <= found[name].cleared.middle < base
    for week in range(0, CLEARS.weeks, 40):
        assert found["team"].pending[week].middle <= found["base"].pending[week].middle
    assert gained(found["base"], found["team"]) == base - found["team"].cleared.middle > 0


def test_a_change_that_changes_nothing_changes_nothing() -> None:
    found = compare(changes(CLEARS, teams=0, simplified=0.1, leaving=0, found_gone=0))
    assert len({o.pending for o in found.values()}) == 1


def test_the_same_question_has_the_same_answer() -> None:
    assert compare({"a": CLEARS}, seed=5) == compare({"a": replace(CLEARS)}, seed=5)


def test_what_is_never_cleared_says_what_is_lacking_and_that_much_more_clears_it() -> None:
    short = replace(CLEARS, teams=10)
    found = compare({"base": short})["base"]
    assert found.cleared.never
    assert found.likely < 0.5
    assert found.lacking == pytest.approx(short.inflow.middle - short.capacity, rel=0.01)
    enough = replace(
        short, inflow=Range(short.inflow.middle, short.inflow.middle), teams=found.teams_needed * 1.02
    )
    cleared = compare({"base": enough})["base"].cleared
    assert cleared.middle == pytest.approx(short.weeks, rel=0.06)
    assert gained(found, compare({"base": enough})["base"]) == float("inf")
    assert gained(found, found) is None


def test_a_modality_saves_the_work_that_it_saves() -> None:
    plan = replace(CERTAIN, simplified=Modality(0.5, 0.4, 0.5), merged=Modality(0.2, 0.5, 1))
    assert plan.interview_work == pytest.approx(0.5 * 0.4 + 0.2 * 0.5 + 0.3)
    assert plan.decision_work == pytest.approx(0.75)
    assert course(plan, CERTAIN).factor == pytest.approx(CERTAIN.interview_work / plan.interview_work)


def test_the_simplified_share_grows_out_of_the_regular_one_alone() -> None:
    plan = replace(CLEARS, accelerated=Modality(0.3), merged=Modality(0.2))
    wished = changes(plan, teams=1, simplified=0.9, leaving=0, found_gone=0)["simplified"]
    assert wished.simplified.share == pytest.approx(0.5)


def test_decisions_that_are_slower_than_interviews_pile_up_before_the_decision() -> None:
    found = compare({"base": replace(CLEARS, decisions=400, review=0.2, reviews=10)})["base"]
    waiting, deciding, reviewing = found.stages
    assert deciding.middle > waiting.middle
    assert reviewing.middle > 0
    assert found.capacity == pytest.approx(400 / CLEARS.decision_work)
    assert found.wait_decided.middle > found.wait.middle + 1


def test_the_oldest_claim_is_as_old_as_said_and_grows_younger_once_the_backlog_is_gone() -> None:
    seen = compare({"base": CERTAIN})["base"].ages
    assert (seen[0].mean.middle, seen[0].oldest.middle) == (130, 260)
    assert seen[-1].oldest.middle < 52


@settings(max_examples=25)
@given(
    st.floats(0, 50_000), st.floats(0, 2000), st.floats(0, 1), st.floats(0.1, 60), st.floats(0, 80),
    st.floats(0, 0.9), st.floats(0, 0.5), st.integers(1, 300),
)  # fmt: skip
def test_any_plan_has_an_answer_that_makes_sense(
    pending: float,
    inflow: float,
    wide: float,
    teams: float,
    per_team: float,
    leaving: float,
    share: float,
    weeks: int,
) -> None:
    plan = Plan(
        pending, Range(inflow, inflow * (1 + wide)), teams, per_team, target=pending / 3, oldest=10, swing=0.2,
        leaving=leaving, simplified=Modality(share, 0.1, 0.1), weeks=weeks,
    )  # fmt: skip
    for o in compare(changes(plan, teams=1, simplified=1, leaving=0.9, found_gone=0.5), runs=10).values():
        assert 0 <= o.likely <= 1
        for b in (o.cleared, o.wait, o.wait_decided, *o.pending, *o.stages, *(a.mean for a in o.ages)):
            assert 0 <= b.low <= b.middle <= b.high
        assert o.lacking >= 0
        assert o.teams_needed >= 0
        assert not any(isinf(b.high) or np.isnan(b.high) for b in o.pending)


def test_a_drawing_has_few_points_and_both_ends() -> None:
    assert kept_weeks(5) == [0, 1, 2, 3, 4]
    weeks = kept_weeks(781)
    assert (weeks[0], weeks[-1]) == (0, 780)
    assert len(weeks) < 125
