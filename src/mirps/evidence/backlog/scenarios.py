"""Plans side by side: each run many times with the same chance, and what the runs say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf, isinf, pi
from typing import Any

import numpy as np

from mirps.evidence.backlog import fluid
from mirps.evidence.backlog.flow import Chance, Course, Flow, Numbers, ages, first, run, wait_of_new
from mirps.evidence.backlog.model import WEEKS, Plan, Range

RUNS = 300
SEED = 20_240_531
#: Bands: the run below which a tenth, half and nine tenths of all runs lie.
BANDS = (0.1, 0.5, 0.9)
#: At which weeks the age of the pending is told.
MARKS = (0, WEEKS, 2 * WEEKS, 5 * WEEKS, 10 * WEEKS)


@dataclass(frozen=True, slots=True)
class Band:
    """The 10th, 50th and 90th percentile over the runs; infinite for what never happens within the horizon."""

    low: float
    middle: float
    high: float

    @property
    def never(self) -> bool:
        return isinf(self.middle)


@dataclass(frozen=True, slots=True)
class Ages:
    """Of who waits for the interview at a week: how long on average, and the one who waits longest."""

    week: int
    mean: Band
    oldest: Band


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one plan."""

    plan: Plan
    cleared: Band  # the week in which the pending is down to the target
    likely: float  # share of runs in which it is, within the horizon
    pending: tuple[Band, ...]  # by week, today first
    stages: tuple[Band, Band, Band]  # at the end: waiting for the interview, for the decision, under review
    wait: Band  # weeks until a claim made today is heard
    wait_decided: Band
    ages: tuple[Ages, ...]
    capacity: float  # claims a week that interviews and decisions get through
    lacking: float  # claims a week that it lacks to reach the target at all
    teams_needed: float  # to reach it within the horizon

    @property
    def at_end(self) -> Band:
        return self.pending[-1]


def changes(
    plan: Plan, *, teams: float, simplified: float, leaving: float, found_gone: float
) -> dict[str, Plan]:
    """The plans that are compared: as it is, each change alone, and all of them at once.

    `simplified` is the share that the simplified procedure is to have; it grows out of the regular one alone.
    """
    room = 1 - plan.accelerated.share - plan.merged.share
    easier = replace(plan.simplified, share=min(simplified, room))
    more: dict[str, dict[str, Any]] = {
        "team": {"teams": plan.teams + teams},
        "simplified": {"simplified": easier},
        "closures": {"leaving": leaving, "found_gone": found_gone},
    }
    every = {field: value for one in more.values() for field, value in one.items()}
    return {
        "base": plan,
        **{name: replace(plan, **one) for name, one in more.items()},
        "all": replace(plan, **every),
    }


def compare(plans: Mapping[str, Plan], *, runs: int = RUNS, seed: int = SEED) -> dict[str, Outcome]:
    """Each plan's outcome. The first says what comes in, what one team achieves and how far to look."""
    return dict(zip(plans, _compared(tuple(plans.values()), runs, seed), strict=True))


@lru_cache(maxsize=32)
def _compared(plans: tuple[Plan, ...], runs: int, seed: int) -> tuple[Outcome, ...]:
    rng = np.random.default_rng(seed)
    chance = drawn(plans[0], runs, rng)
    flow = run([course(p, plans[0]) for p in plans], chance, rng)
    return tuple(_outcome(p, flow, i) for i, p in enumerate(plans))


def drawn(plan: Plan, runs: int, rng: np.random.Generator) -> Chance:
    """The chance that all plans share: what is not known once a run, what happens by chance once a week."""
    weeks = np.arange(plan.weeks)
    level = _known_within(plan.inflow, runs, rng)
    trend = (1 + plan.trend) ** (weeks / WEEKS) * (1 + plan.season * np.cos(2 * pi * weeks / WEEKS))
    expected = np.outer(trend, level)
    if plan.swing > 0:  # a gamma mixture of Poisson: negative binomial
        expected = expected * rng.gamma(plan.swing**-2, plan.swing**2, expected.shape)
    done = _known_within(Range(1 / (1 + plan.sure), 1 + plan.sure), runs, rng)
    held = np.outer((weeks % WEEKS) < plan.worked, done)
    heard = rng.poisson(held * plan.teams * plan.per_team / plan.interview_work)
    return Chance(
        rng.poisson(expected).astype(np.float64),
        heard.astype(np.float64),
        _offices(plan.decisions, plan.decision_work, held, rng),
        _offices(plan.reviews, 1.0, held, rng),
    )


def _known_within(range_: Range, runs: int, rng: np.random.Generator) -> Numbers:
    return np.asarray(range_.middle * np.exp(range_.spread * rng.standard_normal(runs)))


def _offices(capacity: float | None, work: float, held: Numbers, rng: np.random.Generator) -> Numbers | None:
    if capacity is None:
        return None
    return rng.poisson((held > 0) * capacity / work).astype(np.float64)


def course(plan: Plan, base: Plan) -> Course:
    """The plan's numbers as the flow takes them: capacity beside that of the plan whose chance was drawn."""
    return Course(
        waiting=plan.pending - plan.interviewed,
        deciding=plan.interviewed,
        teams=plan.teams,
        factor=(plan.capacity / base.capacity) if base.capacity else 0.0,
        decision_factor=base.decision_work / plan.decision_work,
        review=plan.review,
        leaving=plan.leaving_a_week,
        gone=plan.found_gone,
        gone_at=plan.found_at,
    )


def _outcome(plan: Plan, flow: Flow, i: int) -> Outcome:
    pending = flow.waiting[:, i] + flow.deciding[:, i] + flow.reviewing[:, i]
    cleared = first(pending <= plan.target)
    wait, decided = wait_of_new(flow, i)
    seen = [(week, ages(flow, week, i, plan.oldest)) for week in MARKS if week <= plan.weeks]
    capacity = _through(plan)
    inflow = plan.inflow.middle * (1 + plan.trend) ** (plan.weeks / WEEKS / 2)
    known = {"inflow": inflow, "leaving": plan.leaving_a_week}
    start = plan.pending - (plan.pending - plan.interviewed) * plan.found_gone
    needed = fluid.capacity_for(start, plan.target, plan.weeks, **known)
    team = plan.per_team * plan.worked / WEEKS / plan.interview_work
    return Outcome(
        plan,
        band(cleared),
        float(np.isfinite(cleared).mean()),
        tuple(Band(*q) for q in np.quantile(pending, BANDS, axis=1, method="inverted_cdf").T.tolist()),
        (band(flow.waiting[-1, i]), band(flow.deciding[-1, i]), band(flow.reviewing[-1, i])),
        band(wait),
        band(decided),
        tuple(Ages(week, band(mean), band(oldest)) for week, (mean, oldest) in seen),
        capacity,
        fluid.shortfall(plan.target, capacity=capacity, **known),
        max(0.0, needed / team) if team else inf,
    )


def _through(plan: Plan) -> float:
    """Claims a week that the narrower of interviews and decisions lets through."""
    if plan.decisions is None:
        return plan.capacity
    return min(plan.capacity, plan.decisions * plan.worked / WEEKS / plan.decision_work)


def band(values: Numbers) -> Band:
    return Band(*np.quantile(values, BANDS, method="inverted_cdf").tolist())


def gained(base: Outcome, other: Outcome) -> float | None:
    """Weeks by which `other` clears earlier, at the median; infinite where the base never does; None if neither."""
    if other.cleared.never:
        return None
    return inf if base.cleared.never else base.cleared.middle - other.cleared.middle


def years(weeks: float) -> float:
    return weeks / WEEKS


def kept_weeks(count: int, most: int = 120) -> Sequence[int]:
    """Weeks at which a drawing has a point: evenly spread, the first and the last among them."""
    step = max(1, -(-count // most))
    return sorted({*range(0, count, step), count - 1})
