"""What an indicator is made of. Read from a file (docs/indicators.md), proved, and never changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mirps.base.texts.api import Text


class Kind(StrEnum):
    STOCK = "stock"  # how many there are on a day
    FLOW = "flow"  # how many there were in a period


class Over(StrEnum):
    """The layer that is counted: one row a case with its milestones, or one row an act."""

    CASES = "cases"
    ACTS = "acts"


class Counts(StrEnum):
    """What a cell holds."""

    CASES = "cases"  # rows of the layer: cases, or acts
    PEOPLE = "people"  # the people of the cases: whoever is in two cases counts twice
    PERSONS = "persons"  # different persons, by pseudonym: no two cells can be added
    MISSED = "missed"  # signatures missed, added up
    SHARE = "share"  # per cent of `where` that `of` holds for
    MEDIAN = "median"  # of whole days between two milestones: the least that half of the cases do not exceed
    P90 = "p90"  # the same for nine tenths


class Grain(StrEnum):
    """The periods of time of a cube, besides the whole. Weeks begin on Monday (ISO 8601)."""

    NONE = "none"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


#: Columns of a layer by what they hold. `office` lies within `state`.
DIMENSIONS = ("state", "office", "matter", "sex", "age", "nationality", "stage", "outcome", "ending", "act")
MILESTONES = ("applied", "admitted", "interviewed", "decided", "closed", "permitted")
CASES_COLUMNS = (*DIMENSIONS[:-1], *MILESTONES, "people", "missed", "case_id", "person_id", "recorded")
ACTS_COLUMNS = (*DIMENSIONS[:6], "act", "happened", "case_id", "person_id", "recorded")
#: A dimension that lies within another: its margin is taken first.
WITHIN = {"office": "state"}
OUTCOMES = ("recognised", "complementary", "refused", "none")
ENDINGS = ("favourable", "adverse", "own-wish", "neutral", "none")
#: How much of a distribution: whole per cent.
QUANTILES = {Counts.MEDIAN: 50, Counts.P90: 90}
#: What may be asked of the quality of what is counted.
RULES = ("known", "least", "ordered", "past", "jump")
#: Counts that add a column up, by its name.
ADDED = frozenset({Counts.PEOPLE, Counts.MISSED})
#: What can be added cell by cell, and so be kept up to date by a day's difference.
SUMMED = ADDED | {Counts.CASES}


@dataclass(frozen=True, slots=True)
class Where:
    """Which rows: members of dimensions, milestones that are reached or not, and least numbers."""

    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reached: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    least: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Additive:
    """Along what values of the indicator may be added."""

    time: bool
    place: bool
    population: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """What must hold of what is counted (quality.py). `known`: dimension -> per cent of the rows whose member must be
    known. `least`: rows behind a share or a quantile, below which it says little. `ordered`: per cent of the cases
    in which nothing happened before the application. `past`: per cent of the rows whose day is not later than its
    recording. `jump`: per cent by which a figure may differ from that of the period before. 0: is not asked.
    `blocks`: the rules without which nothing leaves; the others warn."""

    known: Mapping[str, int] = field(default_factory=dict)
    least: int = 0
    ordered: int = 0
    past: int = 0
    jump: int = 0
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Protect:
    """How what is counted is protected before it leaves (evidence/releases). `sensitivity`: of data/disclosure.
    `tables`: the breakdowns that are published, each alone or crossed with others; none: those that the figure
    ledger knows, each alone. `full`: nothing may be hidden, and every cell is rounded to this base."""

    sensitivity: str = "default"
    tables: tuple[tuple[str, ...], ...] = ()
    full: int = 0


@dataclass(frozen=True, slots=True)
class Indicator:
    code: str
    name: Text
    description: Text
    unit: str
    population: str  # data/codelists/populations.csv, which gives the EGRISS class
    kind: Kind
    over: Over
    counts: Counts
    dimensions: tuple[str, ...]
    grain: Grain
    additive: Additive
    where: Where = field(default_factory=Where)
    of: Where | None = None  # of a share: the part
    at: str = ""  # the milestone that puts a row in time (of a stock: its cohort)
    open: tuple[str, str] | None = None  # of a stock: from this milestone until that
    between: tuple[str, str] | None = None  # of a quantile
    quality: Quality = field(default_factory=Quality)
    protect: Protect = field(default_factory=Protect)
    measure: str = ""  # data/measures/measures.csv: what the cells say in the figure ledger
    stage: str = ""  # with which stage they say it
    series: str = ""  # or as a series of their own, where a reported figure is something else
    plan: tuple[str, ...] = ()  # indicators of plans that it serves
    proposal: bool = False  # ours: no State or document asked for it
    line: int = field(default=0, compare=False)
