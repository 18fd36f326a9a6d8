"""The door to plans."""

from __future__ import annotations

from mirps.planning.plans.actions import (
    By,
    Stepped,
    add,
    add_outline,
    copy,
    move,
    state_progress,
    step_all,
    waiting,
    waiting_of,
)
from mirps.planning.plans.copying import Copied
from mirps.planning.plans.lights import Colour, Computed, Dates, Light, Stage, Stated, Sum
from mirps.planning.plans.outline import Line, Outline, Wrong, parsed
from mirps.planning.plans.queries import Stamp, edges, indicator, named_by, parts, stamps, whole
from mirps.planning.plans.readings import Unclear
from mirps.planning.plans.rules import LEVELS, NEXT, Branch, CannotMove, Lack, Node, Tree, Way, lacking
from mirps.planning.plans.threads import Edge, Item, Strand, Thread, thread
from mirps.planning.plans.whole import Gauge, Judged, Plan, Sight, Whole, judged

__all__ = [
    "LEVELS",
    "NEXT",
    "Branch",
    "By",
    "CannotMove",
    "Colour",
    "Computed",
    "Copied",
    "Dates",
    "Edge",
    "Gauge",
    "Item",
    "Judged",
    "Lack",
    "Light",
    "Line",
    "Node",
    "Outline",
    "Plan",
    "Sight",
    "Stage",
    "Stamp",
    "Stated",
    "Stepped",
    "Strand",
    "Sum",
    "Thread",
    "Tree",
    "Unclear",
    "Way",
    "Whole",
    "Wrong",
    "add",
    "add_outline",
    "copy",
    "edges",
    "indicator",
    "judged",
    "lacking",
    "move",
    "named_by",
    "parsed",
    "parts",
    "stamps",
    "state_progress",
    "step_all",
    "thread",
    "waiting",
    "waiting_of",
    "whole",
]  # fmt: skip
