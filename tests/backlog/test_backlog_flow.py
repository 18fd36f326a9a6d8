"""The weekly flow of claims gives what theory gives, wherever theory has an exact answer."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.backlog.closed_forms import erlang_c, in_mg1, in_mmc

from mirps.evidence.backlog import fluid
from mirps.evidence.backlog.flow import Chance, Course, Flow, ages, first, run, wait_of_new

WEEKLY = st.lists(st.integers(0, 30), min_size=3, max_size=25)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def steady(inflow: float, capacity: float, steps: int, **more: float) -> Flow:
    """One run without chance."""
    chance = Chance(np.full((steps, 1), inflow), np.full((steps, 1), capacity))
    return run([Course(more.pop("waiting"), **more)], chance, rng())  # type: ignore[arg-type]


def test_without_chance_a_backlog_falls_by_what_capacity_exceeds_inflow() -> None:
    flow = steady(400.0, 510.0, 2000, waiting=203_900.0)
    weeks = fluid.weeks_to(203_900, 20_000, inflow=400, capacity=510)
    assert weeks == pytest.approx((203_900 - 20_000) / 110)
    assert first(flow.waiting[:, 0] <= 20_000)[0] == np.ceil(weeks)


def test_with_early_closures_it_falls_along_the_exponential() -> None:
    flow = steady(600.0, 510.0, 4000, waiting=203_900.0, leaving=0.001)
    weeks = fluid.weeks_to(203_900, 120_000, inflow=600, capacity=510, leaving=0.001)
    assert first(flow.waiting[:, 0] <= 120_000)[0] == pytest.approx(
        weeks, rel=0.015
    )  # a week's step beside a course without steps


@given(st.floats(100, 900), st.floats(0, 0.01), st.integers(52, 1000))
def test_the_capacity_that_clears_in_a_time_clears_in_that_time(
    inflow: float, leaving: float, weeks: int
) -> None:
    leaving = leaving if leaving > 1e-6 else 0.0
    needed = fluid.capacity_for(203_900, 20_000, weeks, inflow=inflow, leaving=leaving)
    again = fluid.weeks_to(203_900, 20_000, inflow=inflow, capacity=needed, leaving=leaving)
    assert again == pytest.approx(weeks, rel=1e-6)


def test_a_capacity_that_falls_short_says_by_how_much() -> None:
    short = fluid.shortfall(20_000, inflow=760, capacity=510, leaving=0.002)
    assert short == pytest.approx(760 - 40 - 510)
    assert fluid.weeks_to(203_900, 20_000, inflow=760, capacity=510 + short * 0.999, leaving=0.002) == np.inf
    assert fluid.weeks_to(203_900, 20_000, inflow=760, capacity=510 + short * 1.001, leaving=0.002) < np.inf


@pytest.mark.parametrize("load", [0.5, 0.8, 0.9])
def test_one_claim_a_step_and_arrivals_by_chance_are_m_d_1(load: float) -> None:
    chance = Chance(rng().poisson(load, (3000, 300)).astype(float), np.ones((3000, 300)))
    flow = run([Course(0.0)], chance, rng())
    assert flow.waiting[500:].mean() == pytest.approx(in_mg1(load, 0), rel=0.03)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (3, 2.1), (10, 7.5)])
def test_short_steps_are_m_m_c(servers: int, load: float) -> None:
    """Erlang's probability of having to wait, and the mean number in the system."""
    step, steps, runs = min(0.02, 0.05 / load), 6000, 300
    draw = rng()
    chance = Chance(
        draw.poisson(load * step, (steps, runs)).astype(float),
        draw.poisson(servers * step, (steps, runs)).astype(float),
    )
    flow = run([Course(round(load), teams=servers)], chance, draw)
    seen = np.rint(flow.waiting[2500:])
    assert (seen >= servers).mean() == pytest.approx(erlang_c(servers, load), rel=0.06)
    assert seen.mean() == pytest.approx(in_mmc(servers, load), rel=0.06)


def test_the_reference_itself_agrees_where_two_formulas_meet() -> None:
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert in_mmc(1, 0.7) == pytest.approx(in_mg1(0.7, 1)) == pytest.approx(0.7 / 0.3)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)


@settings(max_examples=40)
@given(st.integers(0, 200), WEEKLY, st.integers(1, 40))
def test_littles_law_holds_claim_by_claim(waiting: int, arrivals: list[int], capacity: int) -> None:
    """What is waiting, summed over time, is what all claims waited, summed over claims that stand in line by name."""
    steps = len(arrivals) + (waiting + sum(arrivals)) // capacity + 2
    came = np.zeros((steps, 1))
    came[: len(arrivals), 0] = arrivals
    flow = run([Course(float(waiting))], Chance(came, np.full((steps, 1), float(capacity))), rng())
    line, waits = deque([0] * waiting), []
    for t in range(steps):
        waits += [t + 1 - line.popleft() for _ in range(min(capacity, len(line)))]
        line.extend([t + 1] * int(came[t, 0]))
    assert not line
    assert flow.waiting.sum() == pytest.approx(sum(waits))
    if waiting:
        heard, decided = wait_of_new(flow, 0)
        assert (heard[0], decided[0]) == (-(-waiting // capacity), -(-waiting // capacity) + 1)


@example(6, [10, 13, 1], 13, 0.0625, 0.0)  # sums of fractions leave a crumb of who was heard
@settings(max_examples=30)
@given(st.integers(1, 300), WEEKLY, st.integers(0, 25), st.floats(0, 0.3), st.floats(0, 80))
def test_ages_are_those_of_cohorts_kept_one_by_one(
    waiting: int, arrivals: list[int], capacity: int, leaving: float, oldest: float
) -> None:
    steps = len(arrivals)
    chance = Chance(np.array(arrivals, float)[:, None], np.full((steps, 1), float(capacity)))
    flow = run([Course(float(waiting), leaving=leaving)], chance, rng())
    parts = 200  # of the first day's line, oldest first: (age on the first day, claims)
    cohorts = [[-oldest * (1 - (i + 0.5) / parts), waiting / parts] for i in range(parts)]
    for t in range(steps):
        left = float(capacity)
        for cohort in cohorts:
            heard = min(left, cohort[1])
            cohort[1] = (cohort[1] - heard) * (1 - leaving)
            left -= heard
        cohorts.append([t + 1, float(arrivals[t])])
    total = sum(size for _, size in cohorts)
    assert flow.waiting[-1, 0, 0] == pytest.approx(total, abs=1e-6)
    if total > 0.01:
        mean, greatest = ages(flow, steps, 0, oldest)
        assert mean[0] == pytest.approx(sum((steps - since) * n for since, n in cohorts) / total, abs=0.3)
        assert greatest[0] == pytest.approx(max(steps - s for s, n in cohorts if n > 1e-6), abs=0.3)


@settings(max_examples=50)
@given(st.integers(0, 300), WEEKLY, st.integers(0, 25), st.floats(0, 0.3), st.floats(0, 1))
def test_no_claim_is_lost_or_counted_twice(
    waiting: int, arrivals: list[int], capacity: int, leaving: float, review: float
) -> None:
    steps = len(arrivals)
    slow = np.full((steps, 1), 3.0)
    chance = Chance(
        np.array(arrivals, float)[:, None], np.full((steps, 1), float(capacity)), decided=slow, reviewed=slow
    )
    flow = run([Course(float(waiting), 20.0, review=review, leaving=leaving)], chance, rng())
    assert (flow.pending >= -1e-9).all()
    inside = (flow.came - flow.served) * flow.shrunk[:, :, None]
    assert np.allclose(inside, flow.waiting)
    assert np.allclose(flow.interviewed - flow.decided, flow.deciding)
    gone = waiting + sum(arrivals) + 20 - flow.waiting[-1] - flow.deciding[-1] - flow.decided[-1]
    assert gone[0, 0] >= -1e-6
    if leaving == 0:
        assert gone[0, 0] == pytest.approx(0, abs=1e-6)
