"""The flow of claims week by week, many times over: a discrete-time queue with first come, first served.

In each step: claims are heard, some who wait leave, new ones arrive. All chance is drawn beforehand and shared by
the plans that are compared (common random numbers), so that what differs between them is what was changed.

Who leaves does so at one rate whatever their age, so a cohort that is not yet served has shrunk as every other
has. Counted in claims of the first day, cohorts keep their size and stand in line as they came (`Flow.came`,
`Flow.served`): from the two follow each claim's wait and the age of what is pending, without a row for each claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Chance:
    """What happens to every plan alike: arrivals and what all teams together get through, by step and run (W, R)."""

    arrivals: Numbers
    heard: Numbers
    decided: Numbers | None = None
    reviewed: Numbers | None = None


@dataclass(frozen=True)
class Course:
    """One plan's own numbers, beside what `Chance` drew: factors of capacity, and who leaves."""

    waiting: float
    deciding: float = 0.0
    teams: float = 1.0
    factor: float = 1.0
    decision_factor: float = 1.0
    review: float = 0.0
    leaving: float = 0.0  # in a step
    gone: float = 0.0
    gone_at: int = 0


@dataclass(frozen=True)
class Flow:
    """What became of each plan in each run, by step, plan and run (W + 1, S, R); `shrunk` by step and plan."""

    waiting: Numbers
    deciding: Numbers
    reviewing: Numbers
    came: Numbers  # claims of the first day: all who have come
    served: Numbers  # and those of them who were heard
    interviewed: Numbers  # heard, in claims of their own day, with who was heard before the first
    decided: Numbers
    shrunk: Numbers

    @property
    def pending(self) -> Numbers:
        return self.waiting + self.deciding + self.reviewing


def run(courses: Sequence[Course], chance: Chance, rng: np.random.Generator) -> Flow:
    steps, runs = chance.arrivals.shape
    shape = (steps + 1, len(courses), runs)
    column = {name: np.array([[getattr(c, name)] for c in courses]) for name in Course.__dataclass_fields__}
    shrunk = _shrunk(courses, steps)
    waiting, deciding, reviewing = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    heard, decided = np.zeros(shape), np.zeros(shape)
    waiting[0], deciding[0] = column["waiting"], column["deciding"]
    most = float(column["teams"].max())
    for t in range(steps):
        now = waiting[t]
        able = chance.heard[t] * column["factor"]
        if now.min() < most:  # more teams than claims: a team has one claim at a time
            able = _thinned(able, now / column["teams"], rng)
        np.minimum(able, now, out=heard[t + 1])
        stay = (shrunk[t + 1] / shrunk[t])[:, None]
        waiting[t + 1] = (now - heard[t + 1]) * stay + chance.arrivals[t]
        done = deciding[t]
        if chance.decided is not None:
            done = np.minimum(chance.decided[t] * column["decision_factor"], done)
        decided[t + 1] = done
        deciding[t + 1] = deciding[t] - done + heard[t + 1]
        ended = reviewing[t] if chance.reviewed is None else np.minimum(chance.reviewed[t], reviewing[t])
        reviewing[t + 1] = reviewing[t] - ended + done * column["review"]
    came = np.empty(shape)
    came[0] = column["waiting"]
    came[1:] = came[0] + np.cumsum(chance.arrivals[:, None, :] / shrunk[1:, :, None], axis=0)
    served = np.zeros(shape)
    served[1:] = np.cumsum(heard[1:] / shrunk[:-1, :, None], axis=0)
    heard[0] = column["deciding"]
    return Flow(
        waiting,
        deciding,
        reviewing,
        came,
        served,
        np.cumsum(heard, axis=0),
        np.cumsum(decided, axis=0),
        shrunk,
    )


def _shrunk(courses: Sequence[Course], steps: int) -> Numbers:
    """What is left, at the beginning of each step, of a claim of the first day that was not heard."""
    stay = np.array([[1 - c.leaving for c in courses]] * steps)
    for i, c in enumerate(courses):
        if c.gone and c.gone_at < steps:
            stay[c.gone_at, i] *= 1 - c.gone
    return np.vstack([np.ones((1, len(courses))), np.cumprod(stay, axis=0)])


def _thinned(able: Numbers, busy: Numbers, rng: np.random.Generator) -> Numbers:
    """What teams get through when only a share of them has a claim: whole numbers are thinned, others scaled."""
    share = np.minimum(busy, 1)
    if np.array_equal(able, np.floor(able)):
        return rng.binomial(able.astype(np.int64), share).astype(np.float64)
    return able * share


def first(reached: NDArray[np.bool_]) -> Numbers:
    """The first step at which something holds, by plan and run; infinite where it never does."""
    return np.where(reached.any(axis=0), reached.argmax(axis=0).astype(np.float64), np.inf)


def wait_of_new(flow: Flow, course: int) -> tuple[Numbers, Numbers]:
    """Steps until a claim made now is heard, and until it is decided, in each run, if it does not leave."""
    last = flow.came[0, course] * (1 - 1e-12)
    heard = first(flow.served[:, course] >= last)
    # It is the last of all who were heard by then; it is decided once as many have been.
    at = np.minimum(heard, len(flow.served) - 1).astype(np.int64)
    place = flow.interviewed[at, course, np.arange(len(at))] * (1 - 1e-12)
    decided = first(flow.decided[:, course] >= place)
    return heard, np.where(np.isinf(heard), np.inf, decided)


#: What sums of fractions leave of a claim that was heard.
_CRUMB = 1e-6


def ages(flow: Flow, step: int, course: int, oldest: float) -> tuple[Numbers, Numbers]:
    """Mean and greatest age, in steps, of who waits for the interview at `step`; `oldest` the greatest at first.

    Those of the first day have come evenly over `oldest` steps. 0 where nobody waits.
    """
    came, served = flow.came[: step + 1, course], flow.served[step, course]
    left = np.diff(np.maximum(came, served), axis=0)  # of each later cohort; positive where not yet served
    age = np.arange(step - 1, -1, -1, dtype=np.float64)
    begun = np.maximum(came[0] - served, 0.0)
    share = np.divide(begun, came[0], out=np.zeros_like(begun), where=came[0] > 0)
    greatest = share * oldest
    total = begun + left.sum(axis=0)
    sum_of_ages = begun * (step + greatest / 2) + age @ left
    mean = np.divide(sum_of_ages, total, out=np.zeros_like(total), where=total > 0)
    waits = left > _CRUMB
    found = np.where(waits.any(axis=0), age[waits.argmax(axis=0)] if step else 0.0, 0.0)
    return mean, np.where(begun > _CRUMB, step + greatest, found)
