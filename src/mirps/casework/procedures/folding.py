"""A case's state from its events. Pure.

The same events give the same state in whatever order and however often they arrived: they are read by when they
happened, then by when they were recorded, then by id. Corrections are events too; of several the one recorded
last holds. Nothing is lost: an event that does not fit is set aside with its reason, for a person.

Conditions are asked once, when an act is done (`asking`), with what was known then. The fold does not ask them
again: a birthday mended today must not undo a decision of last year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any

from mirps.base.calendars.api import within
from mirps.casework.procedures.events import AHEAD, Event, is_moment, told_once
from mirps.casework.procedures.model import Procedure
from mirps.casework.procedures.words import CORRECT, HAPPENED, MOVE, VOID


class Why(StrEnum):
    """Why an event was set aside."""

    CLASH = "clash"  # another event bears its id
    CLOCK = "clock"  # it claims to happen after it was recorded, or in no time that we count
    UNKNOWN = "unknown"  # the version in force knows no such act
    NOT_BEGUN = "not-begun"
    BEGUN = "begun"  # a second opening
    STAGE = "stage"  # it cannot be done from where the case then stood
    TARGET = "target"  # a correction of nothing
    VERSION = "version"  # a move to a version that has no place for the case


@dataclass(frozen=True, slots=True)
class Step:
    """An event that counted, and the stages before and after."""

    event: Event
    before: str
    after: str


@dataclass(slots=True)
class State:
    """How a case stands. `days`: act -> the local days on which it happened, in order. `closed`: from the day on
    which it ended to that on which it was reopened (None: it has ended)."""

    version: str = ""
    stage: str = ""
    left: str = ""  # the stage that was left for this one
    since: datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    days: dict[str, list[int]] = field(default_factory=dict)
    closed: list[tuple[int, int | None]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    aside: list[tuple[Event, Why]] = field(default_factory=list)
    voided: list[Event] = field(default_factory=list)
    mends: list[Event] = field(default_factory=list)  # corrections and annulments that hold, the latest first

    @property
    def begun(self) -> bool:
        return bool(self.stage)


def fold(events: Iterable[Event], versions: Mapping[str, Procedure], clock: tzinfo = UTC) -> State:
    """`versions`: every version of the one procedure that the events name, by its version. `clock`: the State's,
    by which a moment belongs to a day."""
    state = State()
    once, clashing = told_once(events)
    state.aside += [(e, Why.CLASH) for e in clashing]
    for event in _mended(once, state):
        why = _applied(state, event, versions, clock)
        if why is not None:
            state.aside.append((event, why))
    return state


def _mended(events: list[Event], state: State) -> list[Event]:
    """The events as corrected, in order. A correction is itself undone by voiding it."""
    late = [e for e in events if e.happened > e.recorded + AHEAD]
    state.aside += [(e, Why.CLOCK) for e in sorted(late, key=lambda e: e.order)]
    by_id = {e.id: e for e in events if e.happened <= e.recorded + AHEAD}
    mends = sorted(
        (e for e in by_id.values() if e.act in (CORRECT, VOID)),
        key=lambda e: (e.recorded, e.id),
        reverse=True,
    )
    gone: set[str] = set()
    values: dict[str, dict[str, Any]] = {}
    happened: dict[str, datetime] = {}
    for mend in mends:  # the latest first: only a later one can undo it
        if mend.id in gone:
            continue
        target = by_id.get(mend.target)
        if target is None or target is mend or (mend.act == CORRECT and target.act in (CORRECT, VOID)):
            state.aside.append((mend, Why.TARGET))
        elif mend.act == VOID:
            state.mends.append(mend)
            gone.add(mend.target)
        else:
            moment = _moment(mend.values.get(HAPPENED))
            if moment and moment > mend.recorded + AHEAD:
                state.aside.append((mend, Why.CLOCK))
                continue
            state.mends.append(mend)
            values[mend.target] = {**mend.values, **values.get(mend.target, {})}
            if moment:
                happened.setdefault(mend.target, moment)
    state.voided += sorted((by_id[i] for i in gone), key=lambda e: e.order)
    standing = [
        replace(e, values={**e.values, **values[e.id]}, happened=happened.get(e.id, e.happened))
        if e.id in values
        else e
        for e in by_id.values()
        if e.act not in (CORRECT, VOID) and e.id not in gone
    ]
    return sorted(standing, key=lambda e: e.order)


def _moment(text: object) -> datetime | None:
    """The aware moment in a correction's values, or None where there is none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if is_moment(found) else None


def _applied(state: State, event: Event, versions: Mapping[str, Procedure], clock: tzinfo) -> Why | None:
    """Take one event into the state, or say why not."""
    day = event.happened.astimezone(clock).toordinal()
    if not within(day):
        return Why.CLOCK
    if event.act == MOVE:
        return _moved(state, event, versions, day)
    if not state.begun:
        state.version = event.rule.partition("@")[2]
    p = versions.get(state.version)
    act = p.acts.get(event.act) if p else None
    if p is None or act is None:
        return Why.UNKNOWN
    if act.opens == state.begun:
        return Why.BEGUN if act.opens else Why.NOT_BEGUN
    if state.begun and (state.stage not in act.sources or (act.back and not state.left)):
        return Why.STAGE
    after = (state.left if act.back else act.to) or state.stage
    _enter(state, event, after)
    state.facts.update((k, v) for k, v in event.values.items() if k in p.fields)
    state.days.setdefault(event.act, []).append(day)
    _close(state, day, p.stages[after].open)
    return None


def _close(state: State, day: int, open_: bool) -> None:
    """Keep the spells in which the case was ended: no deadline runs in them."""
    ended = bool(state.closed) and state.closed[-1][1] is None
    if open_ and ended:
        state.closed[-1] = (state.closed[-1][0], day)
    elif not open_ and not ended:
        state.closed.append((day, None))


def _enter(state: State, event: Event, after: str) -> None:
    state.steps.append(Step(event, state.stage, after))
    if after != state.stage:
        state.left, state.stage, state.since = state.stage, after, event.happened


def _moved(state: State, event: Event, versions: Mapping[str, Procedure], day: int) -> Why | None:
    """Pin the case to another version, where that has a place for it."""
    if not state.begun:
        return Why.NOT_BEGUN
    to = str(event.values.get("version", ""))
    new = versions.get(to)
    after = place_in(new, state.version, state.stage) if new else None
    left = place_in(new, state.version, state.left) if new and state.left else ""
    if new is None or after is None or left is None:
        return Why.VERSION
    state.version = to
    state.steps.append(Step(event, state.stage, after))
    state.stage, state.left = after, left
    _close(state, day, new.stages[after].open)
    return None


def place_in(new: Procedure, version: str, stage: str) -> str | None:
    """Where a case of an earlier version stands in a new one: as the new file says, else under the same name."""
    if version not in new.follows:
        return None
    found = new.follows[version].get(stage, stage)
    return found if found in new.stages else None
