"""A case's milestones, folded from its events by its procedure. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any

from mirps.casework.procedures.api import Procedure, State
from mirps.evidence.indicators.layers import age_group
from mirps.evidence.indicators.model import MILESTONES

#: Milestone -> `acts` and `measures` (data/counting/milestones.yaml).
Named = Mapping[str, Mapping[str, list[str]]]


def milestones(p: Procedure, state: State, named: Named, clock: tzinfo) -> dict[str, Any]:
    """The columns of the layer `cases` that the case's own events give. Of admissions, interviews and permits the
    first counts, of decisions the last: a refusal that was set aside is none."""
    out: dict[str, Any] = dict.fromkeys(MILESTONES)
    out |= {"stage": state.stage, "outcome": "none", "ending": "none", "applied": None}
    for step in state.steps:
        day, act = step.event.happened.astimezone(clock).date(), step.event.act
        if out["applied"] is None:
            out["applied"] = day
        for name in ("admitted", "interviewed", "permitted"):
            if out[name] is None and _is(p, act, named[name]):
                out[name] = day
        if _is(p, act, named["decided"]):
            out |= {"decided": day, "outcome": _outcome(p, act, named)}
    ending = p.stages[state.stage].ending if state.stage in p.stages else None
    if ending is not None and not p.stages[state.stage].open and state.since is not None:
        out |= {"closed": state.since.astimezone(clock).date(), "ending": ending.value}
    return out


def _is(p: Procedure, act: str, how: Mapping[str, list[str]]) -> bool:
    if act in how.get("acts", ()):
        return True
    return any(f.act == act and f.measure in how.get("measures", ()) for f in p.feeds)


def _outcome(p: Procedure, act: str, named: Named) -> str:
    if _is(p, act, named["recognised"]):
        return "recognised"
    return "refused" if act in p.acts and p.acts[act].adverse else "complementary"


def matter(procedure: str) -> str:
    """`mex_asylum`: asylum. What a procedure is about, whichever State's it is."""
    return procedure.partition("_")[2] or procedure


def age_at(born: str, day: date) -> str:
    """The age group on a day of somebody born `1990-05-02`, `1990-05` or `1990`; `_U` where it is not known."""
    parts = born.split("-")
    if not parts[0].isdecimal():
        return "_U"
    years = day.year - int(parts[0])
    if len(parts) > 1 and (day.month, day.day) < (int(parts[1]), int(parts[2]) if len(parts) > 2 else 1):
        years -= 1
    return age_group(years) if 0 <= years <= 130 else "_U"
