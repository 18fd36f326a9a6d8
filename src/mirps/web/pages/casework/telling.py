"""A case in words: what happened, what may be done, how its deadlines stand. Reads nothing.

What is the same for every case that stands alike (what may be done in a stage, why the rest may not) is put into
words once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.template.loader import get_template
from markupsafe import Markup

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.casework.cases.api import CaseFile
from mirps.casework.cases.rules import plain
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures import standing as counting
from mirps.casework.procedures import wording
from mirps.casework.procedures.api import Event, Held, Phase, Procedure
from mirps.casework.procedures.citing import Citation, citations
from mirps.casework.procedures.model import Act, Ending, Field, Type
from mirps.casework.procedures.triage import Outcome
from mirps.casework.procedures.words import RESERVED_ACTS
from mirps.people.registry import api as registry
from mirps.web.jinja import moment

#: What was recorded so much later than it happened is told with both moments.
_LATER = timedelta(minutes=90)
#: The field by which a case goes to another office (casework/cases/rules.py).
OFFICE = "office"
#: The field that says in which language somebody is heard.
LANGUAGE = "language"
#: Stands for an event in the address of its correction, which differs in nothing else.
ANY = str(UUID(int=0))


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
    if name == LANGUAGE:
        return registry.book().lists["languages"].name(text, lang)
    return codelists.office_name(text, lang) if name == OFFICE else text


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the history."""

    id: str
    name: str
    stage: str  # where it led, if it led on
    when: str
    recorded: str  # where it is worth saying
    by: str
    role: str
    office: str
    reason: str
    values: tuple[tuple[str, str], ...]
    aside: str = ""
    gone: bool = False
    of: str = ""  # the act that it corrects
    cited: tuple[Citation, ...] = ()
    mend: str = ""  # where it is corrected, if it can be


def _told(file: CaseFile, names: Mapping[str, str], lang: str, locale: str, event: Event, *, stage: str = "",
          aside: str = "", gone: bool = False, of: str = "", mend: str = "") -> Told:  # fmt: skip
    p = file.procedure
    act = p.acts.get(event.act)
    values = [
        (wording.in_lang(p.fields[k].name, lang), value(p.fields[k], k, v, lang, locale))
        for k, v in event.values.items()
        if k in p.fields and k not in file.hidden
    ]
    own = event.act in RESERVED_ACTS
    return Told(
        id=event.id, reason=event.reason, values=tuple(values),
        name=wording.in_lang(act.name, lang) if act else say(f"casework.own.{event.act}", lang) if own else event.act,
        stage=name_of(p, stage, lang), when=moment(event.happened, locale),
        recorded=moment(event.recorded, locale) if event.recorded - event.happened > _LATER else "",
        by=names.get(event.by, event.by), role=listed([event.role], p.roles, lang) or event.role,
        office=codelists.office_name(event.office, lang),
        aside=aside, gone=gone, of=of, cited=citations(event.values),
        mend=mend.replace(ANY, event.id) if mend and not gone and (act or aside) else "",
    )  # fmt: skip


def history(file: CaseFile, names: Mapping[str, str], lang: str, locale: str, mend: str = "") -> list[Told]:
    """Everything that happened, the latest first; what was set aside and what was annulled among it. `mend`: where
    event ANY would be corrected; empty for who may correct none."""
    s, of = file.state, (file, names, lang, locale)
    out = [
        (x.event, _told(*of, x.event, stage=x.after if x.after != x.before else "", mend=mend))
        for x in s.steps
    ]
    out += [
        (e, _told(*of, e, aside=say(f"procedures.aside.{why.value}", lang), mend=mend)) for e, why in s.aside
    ]
    out += [(e, _told(*of, e, gone=True)) for e in s.voided]
    shown = {t.id: t.name for _, t in out}
    out += [(e, _told(*of, e, of=shown[e.target])) for e in s.mends if e.target in shown]
    return [t for _, t in sorted(out, key=lambda each: each[0].happened, reverse=True)]


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
    why: str = ""  # the reasons, one after the other
    onward: bool = False  # it takes the case further: not against the person, and not their leaving

    @property
    def rank(self) -> int:
        """What takes the case further first, what ends it last."""
        return 0 if self.onward else 1 if not self.leads else 2


@dataclass(frozen=True, slots=True)
class Offers:
    """Every act but those that open a case, by its code; those that can be done, and those that cannot."""

    every: Mapping[str, Offer]
    can: tuple[Offer, ...]
    cannot: tuple[Offer, ...]


def offers(file: CaseFile, roles: Sequence[str], plainly: Sequence[str], lang: str) -> Offers:
    """`plainly`: the roles in which what only notes something is done, at whichever office."""
    s = file.state
    return _offers(file.procedure, s.stage, bool(s.left), file.held_back, tuple(roles), tuple(plainly), lang)


@lru_cache(maxsize=5_000)
def _offers(
    p: Procedure, stage: str, left: bool, held_back: Held, roles: tuple[str, ...], plainly: tuple[str, ...], lang: str
) -> Offers:  # fmt: skip
    held, every = dict(held_back), {}
    for code, act in p.acts.items():
        if act.opens:
            continue
        fitting = (plainly if plain(p, code) else roles) or ("",)  # the empty one: nobody's
        role = min(fitting, key=lambda r: len(procedures.anywhere(p, stage, left, r)[code]))
        reasons = [
            r.say(lang) for r in (*procedures.anywhere(p, stage, left, role)[code], *held.get(code, ()))
        ]
        to = [t for t in p.targets(code, stage) if t != stage] if not reasons else []
        every[code] = Offer(code, wording.in_lang(act.name, lang), act.adverse, listed(to, p.stages, lang), role,
                            tuple(reasons), " ".join(reasons), _onward(p, act, to))  # fmt: skip
    can = sorted((o for o in every.values() if not o.reasons), key=lambda o: o.rank)
    return Offers(every, tuple(can), tuple(o for o in every.values() if o.reasons))


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


def triage_table(p: Procedure, found: Outcome | None, lang: str) -> Markup:
    """The table with what was tried, as markup; empty where there is none."""
    return _table(p, found, lang) if found else Markup()


@lru_cache(maxsize=1_000)
def _table(p: Procedure, found: Outcome, lang: str) -> Markup:
    parts: Any = get_template("casework/told.html")
    made: Markup = parts.template.make_module({"lang": lang}).table(p, found)
    return made


def known(file: CaseFile) -> dict[str, object]:
    return counting.facts(file.procedure, file.state, file.on.toordinal(), file.calendar)


def name_of(p: Procedure, stage: str, lang: str) -> str:
    return wording.in_lang(p.stages[stage].name, lang) if stage in p.stages else stage
