"""May this act be done here, now, by this role? And if not: why not, all of it, in both languages. Pure.

Nothing here looks at who somebody is or whether their account still holds the role: access does. What passes may
be recorded; the fold does not ask again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from mirps.base.calendars.api import Calendar
from mirps.base.texts.api import Text, say
from mirps.casework.procedures import standing
from mirps.casework.procedures.citing import CITED, is_cited
from mirps.casework.procedures.events import AHEAD, Event, is_uuid7
from mirps.casework.procedures.folding import State
from mirps.casework.procedures.guards import Holds
from mirps.casework.procedures.model import Act, Field, Guardian, Procedure, Type
from mirps.casework.procedures.words import CORRECT, HAPPENED, MOVE, VOID

LONGEST = 4_000  # characters of a text in a form
SOURCES = Text("Fuentes sobre el país de origen", "Sources on the country of origin")


class Because(StrEnum):
    ACT = "act"
    BEGUN = "begun"
    NOT_BEGUN = "not-begun"
    STAGE = "stage"
    ENDED = "ended"
    ROLE = "role"
    GUARD = "guard"
    UNANSWERED = "unanswered"
    REQUIRED = "required"
    VALUE = "value"
    EXTRA = "extra"
    REASON = "reason"
    CLOCK = "clock"
    ID = "id"
    TARGET = "target"
    GUARDIAN = "guardian"
    NO_GUARDIAN = "no-guardian"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why an act cannot be done. `names`: what it is about, in both languages."""

    because: Because
    names: tuple[Text, ...] = ()
    codes: tuple[str, ...] = ()

    def say(self, lang: str) -> str:
        listed = ", ".join(getattr(n, lang) for n in self.names)
        return say(f"procedures.why.{self.because.value}", lang, names=listed or "–")


def why_not(
    p: Procedure,
    state: State,
    code: str,
    *,
    role: str,
    on: date,
    calendar: Calendar,
    values: Mapping[str, Any] | None = None,
    known: Mapping[str, object] | None = None,
) -> list[Reason]:
    """Every reason; none: it may be done. `values`: what the form holds (None: before it is opened, so that what
    the form itself asks is no reason). `known`: `standing.facts` where the caller has them already."""
    act = p.acts.get(code)
    if act is None:
        return [Reason(Because.ACT, codes=(code,))]
    out = _place(p, act, state.stage, bool(state.left))
    if role not in act.by:
        out.append(_of_others(p, act))
    out += _guardian(p, state, act)
    facts: dict[str, object] = {}
    if act.guards or act.required_if:
        facts = dict(known if known is not None else standing.facts(p, state, on.toordinal(), calendar))
        facts |= {k: v for k, v in _seen(p, values or {}).items() if k in act.asked}
        out += _conditions(p, act, facts, asking=values is None)
    if values is not None:
        out += _form(p, act, values, facts)
    return out


def _of_others(p: Procedure, act: Act) -> Reason:
    return Reason(Because.ROLE, tuple(p.roles[r].name for r in act.by), act.by)


def _place(p: Procedure, act: Act, stage: str, left: bool) -> list[Reason]:
    """`stage`: empty before the case has begun. `left`: whether it came there from another."""
    if act.opens:
        return [Reason(Because.BEGUN)] if stage else []
    if not stage:
        return [Reason(Because.NOT_BEGUN)]
    if stage in act.sources and (left or not act.back):
        return []
    names = tuple(p.stages[s].name for s in act.sources)
    ended = not p.stages[stage].open and all(p.stages[s].open for s in act.sources)
    if ended:
        return [Reason(Because.ENDED, (p.stages[stage].name,), (stage,))]
    return [Reason(Because.STAGE, names, act.sources)]


def _guardian(p: Procedure, state: State, act: Act) -> list[Reason]:
    """One answers for the person at a time: another is named once it is recorded, with the reason, that the first no
    longer does."""
    if act.guardian is None:
        return []
    done = (p.acts[s.event.act].guardian for s in reversed(state.steps) if s.event.act in p.acts)
    stands = next((of for of in done if of), None) is Guardian.NAMES
    if stands is (act.guardian is Guardian.ENDS):
        return []
    others = {c: a.name for c, a in p.acts.items() if a.guardian not in (None, act.guardian)}
    return [
        Reason(Because.GUARDIAN if stands else Because.NO_GUARDIAN, tuple(others.values()), tuple(others))
    ]


def _conditions(p: Procedure, act: Act, facts: Mapping[str, object], *, asking: bool) -> list[Reason]:
    out = []
    for g in act.guards:
        holds = g.holds(facts)
        lacking = tuple(n for n in g.uses if n in p.fields and n not in facts)
        if holds is Holds.NO:
            out.append(Reason(Because.GUARD, (g.otherwise,), (g.when,)))
        elif holds is Holds.UNKNOWN and not (asking and set(lacking) & set(act.asked)):
            out.append(Reason(Because.UNANSWERED, tuple(p.fields[n].name for n in lacking), lacking))
    return list(dict.fromkeys(out))  # two conditions may ask the same answer


def needed(act: Act, facts: Mapping[str, object]) -> tuple[str, ...]:
    """The fields that a form needs as things stand: while it is unknown whether one is needed, it is not."""
    return act.required + tuple(c for c, g in act.required_if.items() if g.holds(facts) is Holds.YES)


def _form(p: Procedure, act: Act, values: Mapping[str, Any], facts: Mapping[str, object]) -> list[Reason]:
    out = []
    empty = [c for c in needed(act, facts) if values.get(c) in (None, "", [])]
    if empty:
        out.append(Reason(Because.REQUIRED, tuple(p.fields[c].name for c in empty), tuple(empty)))
    wrong = [c for c in act.asked if values.get(c) not in (None, "", []) and not fits(p.fields[c], values[c])]
    if wrong:
        out.append(Reason(Because.VALUE, tuple(p.fields[c].name for c in wrong), tuple(wrong)))
    may = (*act.asked, *((CITED,) if act.cites else ()))
    if act.cites and CITED in values and not is_cited(values[CITED]):
        out.append(Reason(Because.VALUE, (SOURCES,), (CITED,)))
    if extra := [c for c in values if c not in may]:
        out.append(Reason(Because.EXTRA, tuple(Text(c[:40], c[:40]) for c in extra[:5]), tuple(extra[:5])))
    return out


def _mended(p: Procedure, values: Mapping[str, Any]) -> list[Reason]:
    """What does not fit in a correction's values."""
    wrong = [c for c, v in values.items() if c != HAPPENED and not (c in p.fields and fits(p.fields[c], v))]
    names = tuple(p.fields[c].name if c in p.fields else Text(c[:40], c[:40]) for c in wrong[:5])
    return [Reason(Because.VALUE, names, tuple(wrong[:5]))] if wrong else []


def fits(field: Field, value: object) -> bool:
    """Is a value what its field holds?"""
    match field.type:
        case Type.YES:
            return isinstance(value, bool)
        case Type.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
        case Type.CHOICE:
            return isinstance(value, str) and value in field.options
        case Type.CHOICES:
            return isinstance(value, list) and all(isinstance(v, str) and v in field.options for v in value)
        case Type.COUNTRY:
            return isinstance(value, str) and len(value) == 3 and value.isascii() and value.isupper()
        case Type.DATE:
            return isinstance(value, str) and len(value) == 10 and _is_day(value)
        case Type.TEXT:
            return isinstance(value, str) and len(value) <= LONGEST


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).year >= 1900
    except ValueError:
        return False


def _seen(p: Procedure, values: Mapping[str, Any]) -> dict[str, object]:
    """A form's values as conditions see them."""
    return {
        k: standing.moment(v) if p.fields[k].type is Type.DATE else v
        for k, v in values.items()
        if k in p.fields and v not in (None, "") and fits(p.fields[k], v)
    }


def refused(p: Procedure, state: State, event: Event, calendar: Calendar, on: date) -> list[Reason]:
    """Why an event may not be recorded; none: it may. `on`: the local day on which it happened."""
    out = []
    if not is_uuid7(event.id):
        out.append(Reason(Because.ID))
    if event.happened > event.recorded + AHEAD:
        out.append(Reason(Because.CLOCK))
    if event.act in (CORRECT, VOID, MOVE):
        targets = {s.event.id for s in state.steps} | {e.id for e in state.voided}
        if event.act != MOVE and event.target not in targets:
            out.append(Reason(Because.TARGET))
        if event.act == CORRECT:
            out += _mended(p, event.values)
        return out if event.reason.strip() else [*out, Reason(Because.REASON)]
    out += why_not(p, state, event.act, role=event.role, on=on, calendar=calendar, values=event.values)
    act = p.acts.get(event.act)
    if act is not None and act.reason and not event.reason.strip():
        out.append(Reason(Because.REASON))
    return out


def can_do(p: Procedure, state: State, *, role: str, on: date, calendar: Calendar) -> dict[str, list[Reason]]:
    """Every act of the procedure with its reasons: empty lists are what may be done now."""
    held = dict(held_back(p, state, standing.facts(p, state, on.toordinal(), calendar)))
    there = anywhere(p, state.stage, bool(state.left), role)
    return {code: [*why, *held.get(code, ())] for code, why in there.items()}


Held = tuple[tuple[str, tuple[Reason, ...]], ...]


def held_back(p: Procedure, state: State, known: Mapping[str, object]) -> Held:
    """The acts that what is known of the case holds back, each with why. `known`: `standing.facts`."""
    found = (
        (c, (*_guardian(p, state, a), *(_conditions(p, a, known, asking=True) if a.guards else ())))
        for c, a in p.acts.items()
        if a.guards or a.guardian
    )
    return tuple((code, why) for code, why in found if why)


@lru_cache(maxsize=5_000)
def anywhere(p: Procedure, stage: str, left: bool, role: str) -> Mapping[str, tuple[Reason, ...]]:
    """Every act of the procedure with why it cannot be done in a stage by this role, whatever is known of the case:
    thousands of cases stand in one stage."""
    return {
        code: (*_place(p, act, stage, left), *(() if role in act.by else (_of_others(p, act),)))
        for code, act in p.acts.items()
    }
