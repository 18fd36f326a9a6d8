"""What a plan for a backlog is made of. Plain numbers: claims, weeks, shares between 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log

WEEKS = 52  # of a year
#: The 90th percentile of a standard normal variable: a published range is read as its 10th and 90th percentile.
Z90 = 1.2815515594


@dataclass(frozen=True, slots=True)
class Modality:
    """A way of processing: the share of claims that take it, and the work of each beside a regular one (1)."""

    share: float = 0.0
    interview: float = 1.0
    decision: float = 1.0


@dataclass(frozen=True, slots=True)
class Range:
    """A number known between two bounds: the 10th and 90th percentile of a lognormal distribution."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The median."""
        return exp((log(self.low) + log(self.high)) / 2) if self.low > 0 else 0.0

    @property
    def spread(self) -> float:
        """The standard deviation of its logarithm."""
        return log(self.high / self.low) / (2 * Z90) if self.low > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One way in which things may go on.

    Claims wait for the interview, then for the decision; a share of the decided goes on to review. Without a
    capacity (None) a stage holds a claim for one week. `leaving` is the share of those who wait that leaves in a
    year (abandoned, withdrawn); `found_gone` the share that one exercise of confirmation finds to have left.
    """

    pending: float
    inflow: Range  # claims a week
    teams: float
    per_team: float  # interviews a team and week that is worked
    interviewed: float = 0.0  # of the pending, already waiting for the decision
    target: float = 0.0
    oldest: float = 0.0  # weeks that the oldest claim has waited
    trend: float = 0.0  # growth of the inflow in a year
    season: float = 0.0  # swing of the inflow over the year: 0.2 is a fifth above and below
    swing: float = 0.0  # coefficient of variation of a week's claims beyond chance
    sure: float = 0.0  # what teams achieve is known to within this share
    worked: int = WEEKS  # weeks of the year in which interviews are held
    simplified: Modality = field(default_factory=Modality)
    accelerated: Modality = field(default_factory=Modality)
    merged: Modality = field(default_factory=Modality)
    decisions: float | None = None  # regular decisions a week
    review: float = 0.0  # share of decisions
    reviews: float | None = None  # a week
    leaving: float = 0.0
    found_gone: float = 0.0
    found_at: int = 26  # the week of that exercise
    weeks: int = 15 * WEEKS  # how far the model looks

    @property
    def interview_work(self) -> float:
        """What a claim takes of a regular interview, on average."""
        return 1 - sum(m.share * (1 - m.interview) for m in self.modalities)

    @property
    def decision_work(self) -> float:
        return 1 - sum(m.share * (1 - m.decision) for m in self.modalities)

    @property
    def modalities(self) -> tuple[Modality, ...]:
        return self.simplified, self.accelerated, self.merged

    @property
    def leaving_a_week(self) -> float:
        return float(1 - (1 - self.leaving) ** (1 / WEEKS))

    @property
    def capacity(self) -> float:
        """Claims a week that interviews get through, on average over the year."""
        return self.teams * self.per_team * self.worked / WEEKS / self.interview_work
