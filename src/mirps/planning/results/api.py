"""The door to results and quantification."""

from __future__ import annotations

from mirps.planning.results.actions import add, connect, disconnect, move, remove, step_all
from mirps.planning.results.flows import Circle, Flow, Overdrawn, chain, entering, feeding, overdrawn
from mirps.planning.results.gaps import Cost, Gap, Held, Part, Period, Stated, gap, topmost
from mirps.planning.results.money import Amount, Converted, Money, Rate, Total, Used, convert, total
from mirps.planning.results.queries import (
    STAGES,
    Theory,
    above,
    books,
    cost,
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
    comparable,
    lines,
    loose,
    met,
    ordered,
    share,
    swapped,
)
from mirps.planning.results.sums import BY, Books, Group, cost_year, flow_year

__all__ = [
    "BY", "STAGES", "Aim", "Amount", "Books", "Box", "Circle", "Converted", "Cost", "Course", "Flow", "Gap",
    "Group", "Held", "Level", "Loose", "Money", "Overdrawn", "Part", "Period", "Rate", "Reading", "Stated",
    "Theory", "Total", "Used", "above", "add", "arrow_fault", "books", "chain", "comparable", "connect", "convert",
    "cost", "cost_year", "costs", "courses", "disconnect", "entering", "feeding", "flow_year", "flows",
    "gap", "in_force", "lines", "loose", "met", "move", "ordered", "overdrawn", "rate", "rates",
    "reading", "remove", "share", "states_of", "step_all", "swapped", "theory", "topmost", "total",
]  # fmt: skip
