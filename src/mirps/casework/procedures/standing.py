"""How a case's deadlines stand on a day, and each of them day by day. Pure.

Days are `date.toordinal()` numbers inside and dates outside. Whatever suspends, is in the calendar; whatever
interrupts or extends, is in the case's own acts. So a decree needs no pass over cases: the next look counts anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache

from mirps.base.calendars.api import Calendar, Day, Pause, days_of, due, remaining, spent, walk, within
from mirps.casework.procedures.folding import State
from mirps.casework.procedures.model import Deadline, Procedure, Type


class Phase(StrEnum):
    WAITING = "waiting"  # what sets it going has not happened
    RUNNING = "running"
    STOPPED = "stopped"  # interrupted, or under a suspension without end
    MET = "met"
    LAPSED = "lapsed"
    OVER = "over"  # the case has ended; it runs on if that is reopened


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
    """The case's own interruptions after `start`, in order; among them the time for which it had ended. One that
    began earlier counts from `start` on."""
    out = [Pause(max(first, start), until) for first, until in state.closed if until and until > start]
    for stop in d.stops:
        ends = sorted(x for act in stop.until for x in state.days.get(act, ()))
        for act in stop.starts:
            for first in state.days.get(act, ()):
                end = next((e for e in ends if e >= first), None)
                if end is None or end > start:
                    out.append(Pause(max(first, start), end, stop.anew, act))
    out.sort(key=lambda p: p.starts)
    return out


def more(d: Deadline, state: State, start: int, rests: Sequence[Pause], calendar: Calendar) -> int:
    """Units by which it was extended. What was extended after its end had passed was not."""
    units = 0
    for e in d.extensions:
        used = 0
        for day in state.days.get(e.by, ()):
            end = due(d.term, start, calendar, rests, units)
            if used < e.most and (end is None or day <= end):
                units, used = units + e.n, used + 1
    return units


def stand(d: Deadline, state: State, on: int, calendar: Calendar) -> Standing:
    """How one deadline stands at the end of the day `on`."""
    start = started(d, state)
    if start is None or not within(start):
        return _WAITING
    rests = pauses(d, state, start) if d.stops or state.closed else ()
    extra = more(d, state, start, rests, calendar) if d.extensions else 0
    end = due(d.term, start, calendar, rests, extra)
    over = bool(state.closed) and state.closed[-1][1] is None and state.closed[-1][0] <= on
    if d.repeats and over:
        return Standing(Phase.OVER, start, end)
    if d.repeats:
        return _repeated(d, start, end, on, calendar, rests)
    met = None
    for act in d.met_by:
        found = state.days.get(act)
        # Of one whose latest start counts, only what came after it meets it.
        first = next((x for x in found if x >= start or not d.latest), None) if found else None
        if first is not None and (met is None or first < met):
            met = first
    if met is not None and met <= on:
        return Standing(Phase.MET, start, end, met)
    if over:
        return Standing(Phase.OVER, start, end)
    if end is None:
        return Standing(Phase.STOPPED, start)
    if end < on:
        return Standing(Phase.LAPSED, start, end)
    if any(p.starts < on and (p.until is None or on <= p.until) for p in rests):
        return Standing(Phase.STOPPED, start, end)
    return Standing(Phase.RUNNING, start, end)


def _repeated(
    d: Deadline, start: int, end: int | None, on: int, calendar: Calendar, rests: Sequence[Pause]
) -> Standing:
    """A signature every week: from the last one, how many ends have passed, each with its grace."""
    if end is None or not within(on):
        return Standing(Phase.STOPPED, start)
    gone = spent(days_of(d.term, calendar), start, on, rests)[0] - d.grace
    missed = max(0, -(-gone // d.term.n) - 1)
    return Standing(Phase.LAPSED if missed else Phase.RUNNING, start, end, None, missed)


def stand_all(p: Procedure, state: State, on: int, calendar: Calendar) -> dict[str, Standing]:
    return {code: stand(d, state, on, calendar) for code, d in p.deadlines.items()}


def left(d: Deadline, state: State, on: int, calendar: Calendar) -> int:
    """Days of its sort that are left after `on`."""
    start = started(d, state)
    if start is None or not within(start):
        return 0
    rests = pauses(d, state, start)
    return remaining(d.term, start, on, calendar, rests, more(d, state, start, rests, calendar))


def day_by_day(d: Deadline, state: State, calendar: Calendar, until: int | None = None) -> Iterator[Day]:
    """Every day of a deadline, counted or why not."""
    start = started(d, state)
    if start is not None and within(start):
        rests = pauses(d, state, start)
        yield from walk(d.term, start, calendar, rests, more(d, state, start, rests, calendar), until=until)


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
    stopped = days_of(d.term, calendar).after(on, rest) if rest else on
    earliest = stopped if now.due is None else now.due
    return Forecast(code, now, rest, earliest, soon=rest <= d.warns and now.phase is Phase.RUNNING)


def facts(p: Procedure, state: State, on: int, calendar: Calendar) -> dict[str, object]:
    """What the procedure's conditions ask about a case, by its name (words.types_of)."""
    out: dict[str, object] = {}
    for code, field in p.fields.items():
        if (value := state.facts.get(code)) is not None:
            out[code] = moment(value) if field.type is Type.DATE else value
    for name in _asked(p):
        head, _, rest = name.partition(".")
        if head in ("done", "times"):
            n = len(state.days.get(rest, ()))
            out[name] = n > 0 if head == "done" else n
        elif head == "deadline":
            code, _, of = rest.partition(".")
            out[name] = _of_deadline(p.deadlines[code], of, state, on, calendar)
    return out


@lru_cache(maxsize=500)
def _asked(p: Procedure) -> frozenset[str]:
    """The names that any condition uses."""
    guards = [g for act in p.acts.values() for g in (*act.guards, *act.required_if.values())]
    guards += [c.guard for c in (p.triage.columns.values() if p.triage else ()) if c.guard]
    return frozenset(name for g in guards for name in g.uses)


def _of_deadline(d: Deadline, of: str, state: State, on: int, calendar: Calendar) -> bool | int:
    """What words.OF_DEADLINE names."""
    if of == "left":
        return left(d, state, on, calendar)
    now = stand(d, state, on, calendar)
    return {"lapsed": now.late, "running": now.phase is Phase.RUNNING, "missed": now.missed}[of]


def moment(value: object) -> object:
    """A date as CEL has it: midnight UTC. What is no date stays, and the condition is unknown."""
    day = _ordinal(value)
    return value if day is None else datetime.combine(date.fromordinal(day), datetime.min.time(), UTC)
