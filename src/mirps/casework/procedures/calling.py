"""Whose turn it is, and what deadlines ask of whom. Pure.

A call is told to a role; none of them acts. An act is proposed only while that role could do it, and every one of
its conditions holds already: what its form has yet to ask proposes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mirps.base.calendars.api import Calendar
from mirps.casework.procedures import standing
from mirps.casework.procedures.asking import why_not
from mirps.casework.procedures.folding import State
from mirps.casework.procedures.guards import Holds
from mirps.casework.procedures.model import Effect, Procedure
from mirps.casework.procedures.standing import Phase, Standing


@dataclass(frozen=True, slots=True)
class Call:
    """A deadline that has passed (`lapsed`) or is near, for whom, and the act it proposes."""

    deadline: str
    effect: Effect
    to: str
    lapsed: bool
    standing: Standing
    act: str = ""


def turn(p: Procedure, state: State) -> tuple[str, ...]:
    """The roles that must act next; none once the case has ended."""
    return p.stages[state.stage].turn if state.begun else ()


def calls(
    p: Procedure, state: State, on: date, calendar: Calendar, known: Mapping[str, object] | None = None
) -> list[Call]:
    """What deadlines ask on a day, the earliest end first. `known`: `standing.facts` where the caller has them."""
    known = standing.facts(p, state, on.toordinal(), calendar) if known is None else known
    out = []
    for code, d in p.deadlines.items():
        ahead = standing.forecast(p, code, state, on.toordinal(), calendar)
        lapsed = ahead.standing.phase is Phase.LAPSED
        if not lapsed and not ahead.soon:
            continue
        act = d.proposes if lapsed and d.effect is Effect.PROPOSE else ""
        if act and (
            why_not(p, state, act, role=d.to, on=on, calendar=calendar, known=known)
            or any(g.holds(known) is not Holds.YES for g in p.acts[act].guards)
        ):
            act = ""
        effect = d.effect if lapsed and (act or d.effect is not Effect.PROPOSE) else Effect.NOTIFY
        out.append(Call(code, effect, d.to, lapsed, ahead.standing, act))
    return sorted(out, key=lambda c: (c.standing.due or 0, c.deadline))
