"""How a case's deadlines stand on a day, and each of them day by day. Pure.

Days are `date.toordinal()` numbers inside and dates outside. Whatever suspends, is in the calendar; whatever
interrupts or extends, is in the case's own acts. So a decree needs no pass over cases: the next look counts anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from mirps.base.calendars.api import Calendar, Day, Pause, Unit, due, remaining, walk, within
from mirps.casework.procedures.folding import State
from mirps.casework.procedures.model import Deadline, Procedure, Type


class Phase(StrEnum):
    WAITING = "waiting"  # what sets it going has not happened
    RUNNING = "running"
    STOPPED = "stopped"  # interrupted, or under a suspension without end
    MET = "met"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Standing:
    """`due`: the last day as far as is known now; None while it is stopped. `missed`: of one that repeats, how
    many times in a row its end has passed."""

    phase: Phase
    started: int = 0
    due: int | None = None
    met: int | None = None
    missed: int = 0

    @property
    def due_day(self) -> date | None:
        return None if self.due is None else date.fromordinal(self.due)

    @property
    def late(self) -> bool:
        """Has its end passed, whether or not it was met afterwards?"""
        return self.phase is Phase.LAPSED or (
            self.met is not None and self.due is not None and self.met > self.due
        )


_WAITING = Standing(Phase.WAITING)


def started(d: Deadline, state: State) -> int | None:
    """The day of what set it going."""
    days = state.days
    if d.starts_on:
        return _ordinal(state.facts.get(d.starts_on))
    if len(d.starts) == 1:
        found = days.get(d.starts[0])
        return None if not found else found[-1] if d.latest else found[0]
    ends = [found[-1] if d.latest else found[0] for act in d.starts if (found := days.get(act))]
    if not ends:
        return None
    return max(ends) if d.latest else min(ends)


def _ordinal(value: object) -> int | None:
    if isinstance(value, date):
        return value.toordinal()
    try:
        return date.fromisoformat(str(value)[:10]).toordinal()
    except ValueError:
        return None


def pauses(d: Deadline, state: State, start: int) -> list[Pause]:
    """The case's own interruptions from `start` on, in order."""
    out = []
    for stop in d.stops:
        ends = sorted(x for act in stop.until for x in state.days.get(act, ()) if x >= start)
        for act in stop.starts:
            for first in state.days.get(act, ()):
                if first >= start:
                    out.append(Pause(first, next((e for e in ends if e >= first), None), stop.anew, act))
    out.sort(key=lambda p: p.starts)
    return out


def more(d: Deadline, state: State) -> int:
    """Units by which it was extended."""
    return sum(e.n * min(e.most, len(state.days.get(e.by, ()))) for e in d.extensions)


def stand(d: Deadline, state: State, on: int, calendar: Calendar) -> Standing:
    """How one deadline stands at the end of the day `on`."""
    start = started(d, state)
    if start is None or not within(start):
        return _WAITING
    rests = pauses(d, state, start) if d.stops else ()
    end = due(d.term, start, calendar, rests, more(d, state) if d.extensions else 0)
    if d.repeats:
        return _repeated(d, start, end, on, calendar)
    met = None
    for act in d.met_by:
        found = state.days.get(act)
        # Of one whose latest start counts, only what came after it meets it.
        first = next((x for x in found if x >= start or not d.latest), None) if found else None
        if first is not None and (met is None or first < met):
            met = first
    if met is not None and met <= on:
        return Standing(Phase.MET, start, end, met)
    if end is None:
        return Standing(Phase.STOPPED, start)
    if end < on:
        return Standing(Phase.LAPSED, start, end)
    if any(p.starts < on and (p.until is None or on <= p.until) for p in rests):
        return Standing(Phase.STOPPED, start, end)
    return Standing(Phase.RUNNING, start, end)


def _repeated(d: Deadline, start: int, end: int | None, on: int, calendar: Calendar) -> Standing:
    """A signature every week: from the last one, how many ends have passed, each with its grace."""
    if end is None or not within(on):
        return Standing(Phase.STOPPED, start)
    days = calendar.working if d.term.unit is Unit.WORKING else calendar.all
    gone = days.between(start, on) - d.grace if on > start else 0
    missed = max(0, -(-gone // d.term.n) - 1) if gone > 0 else 0
    return Standing(Phase.LAPSED if missed else Phase.RUNNING, start, end, None, missed)


def stand_all(p: Procedure, state: State, on: int, calendar: Calendar) -> dict[str, Standing]:
    return {code: stand(d, state, on, calendar) for code, d in p.deadlines.items()}


def left(d: Deadline, state: State, on: int, calendar: Calendar) -> int:
    """Days of its sort that are left after `on`."""
    start = started(d, state)
    if start is None:
        return 0
    return remaining(d.term, start, on, calendar, pauses(d, state, start), more(d, state))


def day_by_day(d: Deadline, state: State, calendar: Calendar, until: int | None = None) -> Iterator[Day]:
    """Every day of a deadline, counted or why not."""
    start = started(d, state)
    if start is not None:
        yield from walk(d.term, start, calendar, pauses(d, state, start), more(d, state), until=until)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a deadline comes to if nothing changes. `earliest`: for a stopped one, its end if it ran on tomorrow."""

    code: str
    standing: Standing
    left: int
    earliest: int | None
    soon: bool  # within the days of its warning


def forecast(p: Procedure, code: str, state: State, on: int, calendar: Calendar) -> Forecast:
    d = p.deadlines[code]
    now = stand(d, state, on, calendar)
    if now.phase not in (Phase.RUNNING, Phase.STOPPED):
        return Forecast(code, now, 0, now.due, soon=False)
    rest = left(d, state, on, calendar)
    days = calendar.working if d.term.unit is Unit.WORKING else calendar.all
    earliest = now.due if now.due is not None else days.after(on, rest) if rest else on
    return Forecast(code, now, rest, earliest, soon=rest <= d.warns and now.phase is Phase.RUNNING)


def facts(p: Procedure, state: State, on: int, calendar: Calendar) -> dict[str, object]:
    """All that conditions may ask about a case, by its name (words.types_of)."""
    out: dict[str, object] = {}
    for code, field in p.fields.items():
        if (value := state.facts.get(code)) is not None:
            out[code] = moment(value) if field.type is Type.DATE else value
    for act in p.acts:
        n = len(state.days.get(act, ()))
        out[f"done.{act}"], out[f"times.{act}"] = n > 0, n
    for code, d in p.deadlines.items():
        now = stand(d, state, on, calendar)
        out[f"deadline.{code}.lapsed"] = now.late
        out[f"deadline.{code}.running"] = now.phase is Phase.RUNNING
        out[f"deadline.{code}.missed"] = now.missed
        out[f"deadline.{code}.left"] = left(d, state, on, calendar)
    return out


def moment(value: object) -> object:
    """A date as CEL has it: midnight UTC. What is no date stays, and the condition is unknown."""
    day = _ordinal(value)
    return value if day is None else datetime.combine(date.fromordinal(day), datetime.min.time(), UTC)
