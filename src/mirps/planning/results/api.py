"""The door to results and quantification."""

from __future__ import annotations

from mirps.planning.results.flows import Circle, Flow, Overdrawn, chain, entering, feeding, overdrawn
from mirps.planning.results.gaps import Cost, Gap, Held, Part, Period, Stated, gap, topmost
from mirps.planning.results.money import Amount, Converted, Money, Rate, Total, Used, convert, total
from mirps.planning.results.queries import (
    STAGES,
    Theory,
    above,
    costs,
    courses,
    flows,
    in_force,
    rate,
    rates,
    reading,
    states_of,
    theory,
)
from mirps.planning.results.rules import (
    Aim,
    Box,
    Course,
    Level,
    Loose,
    Reading,
    arrow_fault,
    first_day,
    last_day,
    lines,
    loose,
    met,
    ordered,
    share,
    swapped,
)

__all__ = [
    "STAGES", "Aim", "Amount", "Box", "Circle", "Converted", "Cost", "Course", "Flow", "Gap", "Held", "Level", "Loose",
    "Money", "Overdrawn", "Part", "Period", "Rate", "Reading", "Stated", "Theory", "Total", "Used", "above",
    "arrow_fault", "chain", "convert", "costs", "courses", "entering", "feeding", "first_day", "flows", "gap",
    "in_force",
    "last_day", "lines", "loose", "met", "ordered", "overdrawn", "rate", "rates", "reading", "share", "states_of",
    "swapped", "theory", "topmost", "total",
]  # fmt: skip
