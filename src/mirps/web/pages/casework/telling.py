"""A case in words: what happened, what may be done, how its deadlines stand. Reads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.casework.cases.api import CaseFile
from mirps.casework.cases.rules import plain
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures import standing as counting
from mirps.casework.procedures import wording
from mirps.casework.procedures.api import Event, Phase, Procedure
from mirps.casework.procedures.citing import Citation, citations
from mirps.casework.procedures.model import Act, Ending, Field, Type
from mirps.casework.procedures.triage import Outcome
from mirps.casework.procedures.words import RESERVED_ACTS

#: What was recorded so much later than it happened is told with both moments.
_LATER = timedelta(minutes=90)
#: The field by which a case goes to another office (casework/cases/rules.py).
OFFICE = "office"


def left(due: date, on: date, lang: str) -> str:
    """How many days are left, in words."""
    days = (due - on).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    if near:
        return say(f"casework.left.{near}", lang)
    return say("casework.left.days" if days > 0 else "casework.left.ago", lang, n=abs(days))


def listed(codes: Iterable[str], of: Mapping[str, object], lang: str) -> str:
    """The names of these codes, in one line."""
    return ", ".join(wording.in_lang(of[c].name, lang) for c in codes if c in of)  # type: ignore[attr-defined]


def value(field: Field, name: str, given: object, lang: str, locale: str) -> str:
    """What was answered, as it is read."""
    if field.type is Type.YES:
        return say(f"casework.answer.{'yes' if given else 'no'}", lang)
    if field.type is Type.CHOICES and isinstance(given, list):
        return ", ".join(wording.in_lang(field.options[v], lang) for v in given if v in field.options)
    text = str(given)
    if field.type is Type.CHOICE and text in field.options:
        return wording.in_lang(field.options[text], lang)
    if field.type is Type.COUNTRY and text in codelists.countries():
        return codelists.country_name(text, lang)
    if field.type is Type.DATE:
        return texts.day(date.fromisoformat(text[:10]), locale)
    return codelists.offices().name(text, lang) if name == OFFICE and text in codelists.offices() else text


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the history."""

    id: str
    act: str
    name: str
    stage: str  # where it led, if it led on
    happened: datetime
    recorded: datetime | None  # where it is worth saying
    by: str
    role: str
    office: str
    reason: str
    values: tuple[tuple[str, str], ...]
    aside: str = ""
    gone: bool = False
    of: str = ""  # the act that it corrects
    cited: tuple[Citation, ...] = ()


def told(file: CaseFile, event: Event, names: Mapping[str, str], lang: str, locale: str, *, stage: str = "",
         aside: str = "", gone: bool = False, of: str = "") -> Told:  # fmt: skip
    p = file.procedure
    act = p.acts.get(event.act)
    values = [
        (wording.in_lang(p.fields[k].name, lang), value(p.fields[k], k, v, lang, locale))
        for k, v in event.values.items()
        if k in p.fields and k not in file.hidden
    ]
    office = codelists.offices()
    own = event.act in RESERVED_ACTS
    return Told(
        id=event.id, act=event.act, happened=event.happened, reason=event.reason, values=tuple(values),
        name=wording.in_lang(act.name, lang) if act else say(f"casework.own.{event.act}", lang) if own else event.act,
        stage=name_of(p, stage, lang), recorded=event.recorded if event.recorded - event.happened > _LATER else None,
        by=names.get(event.by, event.by), role=listed([event.role], p.roles, lang) or event.role,
        office=office.name(event.office, lang) if event.office in office else event.office,
        aside=aside, gone=gone, of=of, cited=citations(event.values),
    )  # fmt: skip


def history(file: CaseFile, names: Mapping[str, str], lang: str, locale: str) -> list[Told]:
    """Everything that happened, the latest first; what was set aside and what was annulled among it."""
    s = file.state
    out = [
        told(file, step.event, names, lang, locale, stage=step.after if step.after != step.before else "")
        for step in s.steps
    ]
    out += [
        told(file, e, names, lang, locale, aside=say(f"procedures.aside.{why.value}", lang))
        for e, why in s.aside
    ]
    out += [told(file, e, names, lang, locale, gone=True) for e in s.voided]
    shown = {t.id: t.name for t in out}
    out += [told(file, e, names, lang, locale, of=shown[e.target]) for e in s.mends if e.target in shown]
    return sorted(out, key=lambda t: t.happened, reverse=True)


def users(file: CaseFile) -> set[str]:
    """The user names that its history names."""
    s = file.state
    events = [*(x.event for x in s.steps), *(e for e, _ in s.aside), *s.voided, *s.mends]
    return {e.by for e in events} | ({file.handler} if file.handler else set())


@dataclass(frozen=True, slots=True)
class Offer:
    """An act of the procedure as this reader meets it: with the role in which they can do it, or why not."""

    code: str
    name: str
    adverse: bool
    leads: str
    role: str
    reasons: tuple[str, ...] = ()
    onward: bool = False  # it takes the case further: not against the person, and not their leaving

    @property
    def rank(self) -> int:
        """What takes the case further first, what ends it last."""
        return 0 if self.onward else 1 if not self.leads else 2


def offers(file: CaseFile, roles: Sequence[str], plainly: Sequence[str], lang: str) -> list[Offer]:
    """Every act but those that open a case, in the order of the file. `plainly`: the roles in which what only
    notes something is done, at whichever office."""
    p, out = file.procedure, []
    by_role = file.can_do_as(["", *roles, *plainly])  # the empty one: nobody's
    for code, act in p.acts.items():
        if act.opens:
            continue
        fitting = plainly if plain(p, code) else roles
        held = [(r, by_role[r][code]) for r in fitting or ("",)]
        role, reasons = min(held, key=lambda each: len(each[1]))
        to = [t for t in p.targets(code, file.state.stage) if t != file.state.stage] if not reasons else []
        out.append(
            Offer(code, wording.in_lang(act.name, lang), act.adverse, listed(to, p.stages, lang), role,
                  tuple(r.say(lang) for r in reasons), _onward(p, act, to))
        )  # fmt: skip
    return out


def _onward(p: Procedure, act: Act, to: Sequence[str]) -> bool:
    return bool(to) and not act.adverse and not any(p.stages[t].ending is Ending.OWN_WISH for t in to)


@dataclass(frozen=True, slots=True)
class Clock:
    """How one deadline stands."""

    code: str
    name: str
    phase: str
    words: str
    due: date | None
    late: bool
    live: bool
    unsure: bool
    rest: str = ""


def clocks(file: CaseFile, lang: str) -> list[Clock]:
    """The deadlines that something has set going: those that run first, the nearest end first."""
    p, out = file.procedure, []
    for code, s in file.standing.items():
        if s.phase is Phase.WAITING:
            continue
        d = p.deadlines[code]
        live = s.phase in (Phase.RUNNING, Phase.STOPPED, Phase.LAPSED)
        words = say(f"casework.phase.{s.phase.value}", lang)
        if d.repeats and s.missed:
            words = say("casework.phase.missed", lang, n=s.missed)
        elif s.due_day and live:
            words += f": {left(s.due_day, file.on, lang)}"
        rest = ""
        if s.phase in (Phase.RUNNING, Phase.STOPPED) and not d.repeats:
            ahead = procedures.forecast(p, code, file.state, file.on.toordinal(), file.calendar)
            rest = say(f"casework.rest.{d.term.unit.value}", lang, n=ahead.left) if d.term.unit.value in (
                "working-days", "calendar-days") else ""  # fmt: skip
        out.append(
            Clock(code, wording.in_lang(d.name, lang), s.phase.value, words, s.due_day, s.late, live,
                  p.law[d.law].certainty.uncertain, rest)
        )  # fmt: skip
    return sorted(out, key=lambda c: (not c.live, c.due or date.max))


def triage(file: CaseFile) -> Outcome | None:
    """What the table proposes for this case, and why; None without one, or for a reader who may not see what it
    rests on."""
    table = file.procedure.triage
    if table is None or any(c.field in file.hidden for c in table.columns.values()):
        return None
    return table.of(known(file))


def known(file: CaseFile) -> dict[str, object]:
    return counting.facts(file.procedure, file.state, file.on.toordinal(), file.calendar)


def name_of(p: Procedure, stage: str, lang: str) -> str:
    return wording.in_lang(p.stages[stage].name, lang) if stage in p.stages else stage
