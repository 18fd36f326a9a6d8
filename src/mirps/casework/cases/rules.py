"""What is said of a case, what comes of it, and how a case stands in a list. Pure: no Django, no clock.

A list needs a case's next date without opening what was said in it. `runs` keeps of a folded state the days that
its deadlines hang on, and nothing else; `dated` counts them again under whatever calendar holds by then. Both go
through the procedure's own counting, so that a list and a case page cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from mirps.base.calendars.api import Calendar
from mirps.base.codelists import api as codelists
from mirps.base.refusal import Refusal
from mirps.base.texts.api import Text, say
from mirps.casework.procedures.api import Event, Phase, Procedure, Reason, Standing, State, stand_all
from mirps.casework.procedures.model import GUARDIAN, Actor, Guardian, Type
from mirps.casework.procedures.words import CORRECT, MOVE, VOID

#: The field by which an act gives a case to another office, and that by which it takes a modality.
OFFICE, MODALITY = "office", "modality"
_COUNTED = frozenset({Type.YES, Type.CHOICE, Type.CHOICES, Type.COUNTRY})
_LIVE = frozenset({Phase.RUNNING, Phase.STOPPED, Phase.LAPSED})


class CaseFault(Refusal):
    """What cannot be done, as a text of data/texts/casework-cases.yaml."""


class NotPossible(CaseFault):
    """The procedure does not allow it: `reasons`, all of them, each in both languages (Reason.say)."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("cases.fault.not-possible")
        self.reasons = list(reasons)

    def __str__(self) -> str:
        return ", ".join(" ".join((r.because.value, *r.codes)) for r in self.reasons)


@dataclass(frozen=True, slots=True)
class Saying:
    """What an officer or a device says was done. `id`: a UUIDv7 made by whoever says it, so that twice is once.
    `target`: the event that a correction is about. `device`: what it was written on without a line, if it was."""

    id: UUID
    act: str
    happened: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    target: UUID | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was kept. `issues`: the documents that the act issues, its notice too. `again`: it stood already.
    `aside`: why it does not count (procedures.Why); empty where it does. `folded`: the case with it, for what
    follows in the same transaction."""

    event: UUID
    case: UUID
    number: str
    act: str
    before: str
    after: str
    issues: tuple[str, ...] = ()
    again: bool = False
    aside: str = ""
    folded: State | None = field(default=None, compare=False, repr=False)


def issued(p: Procedure, code: str) -> tuple[str, ...]:
    """The documents that an act issues, its notice too."""
    act = p.acts.get(code)
    return tuple(dict.fromkeys((*act.issues, *([act.notice] if act.notice else [])))) if act else ()


def of_role(p: Procedure, code: str) -> str:
    """The institution that a role is of: the procedure's authority, where the file names none."""
    return p.roles[code].institution or p.authority


def holder(p: Procedure, act: str = "") -> str:
    """The institution that holds a case opened by an act: whose turn it then is (INM may make the claim that COMAR
    carries). No act: by the first that opens one."""
    opening = p.acts.get(act) or next(a for a in p.acts.values() if a.opens)
    turn = p.stages[opening.to].turn if opening.to in p.stages else ()
    return next((of_role(p, r) for r in turn if p.roles[r].actor is not Actor.APPLICANT), p.authority)


def institutions(p: Procedure) -> set[str]:
    """Those whose roles act in a procedure."""
    return {of_role(p, code) for code, role in p.roles.items() if role.actor is not Actor.APPLICANT}


def deciding(p: Procedure, stage: str) -> set[str]:
    """Those whose body must act in a stage."""
    return {of_role(p, r) for r in p.stages[stage].turn if p.roles[r].actor is Actor.BODY}


def plain(p: Procedure, code: str) -> bool:
    """Whether an act only notes what happened (a signature, a detention): done at whichever office the person
    comes to. What moves a case, is adverse or needs a reason is for the office that has it."""
    act = p.acts.get(code)
    return act is not None and not (act.to or act.back or act.adverse or act.reason or act.opens)


def names(p: Procedure, codes: Iterable[str]) -> Text:
    """Acts by their names, once each."""
    listed = [p.acts[c].name if c in p.acts else Text(c, c) for c in dict.fromkeys(codes)]
    return Text(", ".join(t.es for t in listed), ", ".join(t.en for t in listed))


def text(key: str) -> Text:
    """A text of the catalogue in both languages."""
    return Text(say(key, "es"), say(key, "en"))


def same(was: Event, saying: Saying) -> bool:
    """Whether what is said under an id again is what was kept under it."""
    return (was.act, was.happened, dict(was.values), was.reason, was.target) == (
        saying.act, saying.happened, dict(saying.values), saying.reason, str(saying.target or ""),
    )  # fmt: skip


def is_past(state: State, said: Event) -> bool:
    """Whether it happened before something that counts already."""
    return bool(state.steps) and said.order < state.steps[-1].event.order


def known_at(events: Iterable[Event], said: Event) -> list[Event]:
    """The events upon which one of the past rests: those before it, as corrected since."""
    return [e for e in events if e.order < said.order or e.act in (CORRECT, VOID)]


def office_fits(p: Procedure, said: Event, institution: str) -> bool:
    """Whether an act that gives a case to another office names one of the institution that holds it."""
    act = p.acts.get(said.act)
    if act is None or OFFICE not in act.asked or OFFICE not in said.values:
        return True
    found = codelists.offices().get(str(said.values[OFFICE]))
    return found is not None and found.extra.get("institution") == institution


def office_of(state: State, opened: str) -> str:
    """Where a case is: where it was given last, or where it was opened."""
    return str(state.facts.get(OFFICE) or opened)


def guardian(p: Procedure, state: State) -> str:
    """The number of who answers for the person now, as acts named them; empty for nobody."""
    number = ""
    for step in state.steps:
        act = p.acts.get(step.event.act)
        if act is not None and act.guardian is not None:
            names_one = act.guardian is Guardian.NAMES
            number = str(step.event.values.get(GUARDIAN) or "") if names_one else ""
    return number


def counting(p: Procedure, said: Event) -> dict[str, Any]:
    """What of an act is kept once its case is let go: what moves it, and codes that may be counted."""
    kept = {"version"} if said.act == MOVE else {OFFICE, MODALITY} | {
        code for code, f in p.fields.items() if f.type in _COUNTED and not f.sensitive
    }  # fmt: skip
    return {code: value for code, value in said.values.items() if code in kept}


# --- how a case stands


@dataclass(frozen=True, slots=True)
class Stand:
    """A case as a row of a list (models.Standing)."""

    version: str
    stage: str
    open: bool
    office: str
    modality: str
    entered: date
    aside: int
    events: int
    last: datetime
    runs: Mapping[str, Any]
    due: date | None
    due_of: str
    missed: int
    counted: date
    decree: int

    @property
    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Dated:
    """The next end of a deadline that runs or has lapsed unmet, which it is, and how often one that repeats was
    missed in a row."""

    due: date | None = None
    due_of: str = ""
    missed: int = 0


def stand(
    p: Procedure, state: State, *, office: str, events: int, last: datetime, clock: tzinfo, on: int,
    calendar: Calendar, decree: int,
) -> Stand:  # fmt: skip
    """`office`: where it was opened. `last`: when its last event was recorded. `decree`: how many of the State's
    decrees the calendar knows. The state must have begun."""
    entered = state.since or state.steps[0].event.happened
    standings = stand_all(p, state, on, calendar)
    found = _next(standings)
    return Stand(
        version=state.version, stage=state.stage, open=p.stages[state.stage].open, office=office_of(state, office),
        modality=str(state.facts.get(MODALITY) or ""), entered=entered.astimezone(clock).date(),
        aside=len(state.aside), events=events, last=last, runs=runs(p, state, standings), due=found.due,
        due_of=found.due_of, missed=found.missed, counted=date.fromordinal(on), decree=decree,
    )  # fmt: skip


def runs(p: Procedure, state: State, standings: Mapping[str, Standing]) -> dict[str, Any]:
    """The days that this case's deadlines hang on, while a calendar can still move one of them. Empty: none.

    A date from a form (sealed elsewhere) is among them only while its deadline runs.
    """
    live = {code for code, s in standings.items() if s.phase in _LIVE}
    if not live:
        return {}
    out: dict[str, Any] = {"days": {a: state.days[a] for a in _acts(p) if a in state.days}}
    if on := {
        d.starts_on: state.facts[d.starts_on] for c, d in p.deadlines.items() if c in live and d.starts_on
    }:
        out["on"] = on
    if state.closed:
        out["closed"] = [list(spell) for spell in state.closed]
    return out


def _acts(p: Procedure) -> list[str]:
    ds = p.deadlines.values()
    acts = {a for d in ds for a in (*d.starts, *d.met_by, *(e.by for e in d.extensions))}
    return sorted(acts | {a for d in ds for stop in d.stops for a in stop.starts + stop.until})


def dated(p: Procedure, kept: Mapping[str, Any], on: int, calendar: Calendar) -> Dated:
    """Count again what `runs` kept, on a day, under a calendar."""
    if not kept:
        return Dated()
    closed = [(first, until) for first, until in kept.get("closed", ())]
    state = State(facts=dict(kept.get("on", {})), days=kept["days"], closed=closed)
    return _next(stand_all(p, state, on, calendar))


def _next(standings: Mapping[str, Standing]) -> Dated:
    ends = [(s.due, code) for code, s in standings.items() if s.phase in _LIVE and s.due is not None]
    missed = max((s.missed for s in standings.values()), default=0)
    if not ends:
        return Dated(missed=missed)
    due, code = min(ends)
    return Dated(date.fromordinal(due), code, missed)
