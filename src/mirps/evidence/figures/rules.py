"""What a figure is: one statement, never overwritten.

Pure Python: no Django, no clock, no files. A figure states a value of one measure
for one State (or wider area), population, period or day, and dimensions, says how
sure it is, and where it was said. Terms follow SDMX 3.0 (dimension, observation
status) and the EGRISS recommendations (stock, flow, population class).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

#: Marks that stand in a dimension where no member is named. Four different absences:
TOTAL = "_T"  # over every member (a dimension that is left out means the same)
UNKNOWN = "_U"  # people whose member was asked for and is not known
NOT_COLLECTED = "_L"  # the dimension was never asked for
SUPPRESSED = "_S"  # known, and withheld to protect people
ABSENCES = (TOTAL, UNKNOWN, NOT_COLLECTED, SUPPRESSED)


class Qualifier(StrEnum):
    """How sure a value is, as its source words it."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Flow(StrEnum):
    """What a measure counts: a stock on a day, a flow in a period, a rate, or a set parameter."""

    STOCK = "stock"
    FLOW = "flow"
    RATE = "rate"
    PARAMETER = "parameter"


class Origin(StrEnum):
    REPORTED = "reported"
    COMPUTED = "computed"


class Role(StrEnum):
    """Several sources may state the same thing: one is recommended, the others are kept."""

    RECOMMENDED = "recommended"
    TRIANGULATION = "triangulation"


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Measure:
    """A thing that is counted. `additive_*` say along what its values may be summed."""

    code: str
    name_es: str
    name_en: str
    unit: str
    stock_flow: Flow
    additive_time: bool
    additive_place: bool
    additive_population: bool
    sector: str
    pillar: str = ""
    definition_es: str = ""
    definition_en: str = ""
    sdmx_concept: str = "OBS_VALUE"

    def name(self, lang: str) -> str:
        return self.name_es if lang == "es" else self.name_en


@dataclass(frozen=True, slots=True)
class Figure:
    """One statement of one value.

    `value` is None exactly when `absence` says why (unknown, not collected or
    suppressed). `unit` is a code of data/codelists/units.csv: `percent` is a share of
    the same measure's total, `percent_change` and `difference` compare the period with
    `compare_start`..`compare_end`. `dimensions` is canonical: sorted `key=member` pairs
    joined by `;`, totals left out.
    """

    id: str
    document: str
    locator: str
    fragment: str
    state: str
    sector: str
    measure: str
    value: Decimal | None
    unit: str
    qualifier: Qualifier = Qualifier.EXACT
    population: str = ""
    dimensions: str = ""
    stage: str = ""
    universe: str = ""
    place: str = ""
    period_start: date | None = None
    period_end: date | None = None
    as_of: date | None = None
    compare_start: date | None = None
    compare_end: date | None = None
    source: str = ""
    series: str = ""
    note_es: str = ""
    note_en: str = ""
    absence: str = ""
    origin: Origin = Origin.REPORTED
    role: Role = Role.RECOMMENDED
    status: Status = Status.PUBLISHED
    supersedes: str = ""
    known_at: datetime | None = None

    def members(self) -> dict[str, str]:
        return parse_dimensions(self.dimensions)

    @property
    def when(self) -> date | None:
        """The day that the figure speaks of last: its as-of day or its period's end."""
        return self.as_of or self.period_end

    def subject(self) -> tuple[object, ...]:
        """What the figure is about. Two figures with one subject state the same thing."""
        return (
            self.measure,
            self.state,
            self.place,
            self.population,
            self.dimensions,
            self.unit,
            self.stage,
            self.universe,
            self.series,
            self.period_start,
            self.period_end,
            self.as_of,
            self.compare_start,
            self.compare_end,
        )


def parse_dimensions(text: str) -> dict[str, str]:
    """Read `key=member;key=member`. Raises ValueError naming the faulty pair."""
    pairs: dict[str, str] = {}
    for part in text.split(";"):
        part = part.strip()
        if not part:
            continue
        key, sep, member = part.partition("=")
        if not sep or not key.strip() or not member.strip():
            raise ValueError(f"dimension {part!r} is not key=member")
        if key.strip() in pairs:
            raise ValueError(f"dimension {key.strip()!r} stands twice")
        pairs[key.strip()] = member.strip()
    return pairs


def canonical_dimensions(pairs: Mapping[str, str]) -> str:
    """The one way to write a set of members: sorted, totals left out."""
    return ";".join(f"{k}={v}" for k, v in sorted(pairs.items()) if v != TOTAL)


def faults(figure: Figure) -> list[str]:
    """What makes a statement unfit for the ledger, as keys of `texts` (empty when fit)."""
    found = []
    if (figure.value is None) != bool(figure.absence):
        found.append("figure.fault.value_or_absence")
    if figure.absence and figure.absence not in ABSENCES[1:]:
        found.append("figure.fault.absence_unknown")
    if figure.period_start and figure.period_end and figure.period_end < figure.period_start:
        found.append("figure.fault.period_reversed")
    if figure.unit in {"percent_change", "difference"} and figure.compare_end is None:
        found.append("figure.fault.comparison_missing")
    if len(figure.fragment.split()) > 8:
        found.append("figure.fault.fragment_long")
    return found


def recommended(figures: Iterable[Figure]) -> list[Figure]:
    return [f for f in figures if f.role is Role.RECOMMENDED]


def stem(held: str) -> str:
    """The id of the first of the statements that follow each other: without -r2, -r3."""
    return _parted(held)[0]


def next_id(held: str) -> str:
    """The id of the statement that follows `held`: …-r2, …-r3."""
    first, n = _parted(held)
    return f"{first}-r{n + 1}"


def _parted(held: str) -> tuple[str, int]:
    first, mark, n = held.rpartition("-r")
    return (first, int(n)) if mark and n.isdigit() else (held, 1)


def supersede(old: Figure, **changes: object) -> Figure:
    """The statement that follows `old`. `old` stays as it was and stays citable."""
    if "id" not in changes or changes["id"] == old.id:
        raise ValueError("a superseding figure needs an id of its own")
    return dataclasses.replace(old, supersedes=old.id, **changes)  # type: ignore[arg-type]
