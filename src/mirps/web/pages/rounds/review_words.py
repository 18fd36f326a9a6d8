"""What is reviewed, in words: fields, what they are compared with, what holds them up and who can help."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.texts.api import catalogue, number, say
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Proposal
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure, FigureRow
from mirps.evidence.findings import api as findings
from mirps.evidence.findings.api import Finding
from mirps.evidence.narratives import api as narratives
from mirps.evidence.review import api as review
from mirps.evidence.review.api import Field, Hold, Item, Level, Part, Shift
from mirps.evidence.rounds.api import BY_STATE, Ask, CannotStep
from mirps.sharing.portal import telling, wording
from mirps.web.jinja import moment
from mirps.web.pages.rounds.door import Desk
from mirps.web.pages.rounds.enter_words import node_or, proposed

#: The acts of each level, for who reviews at all.
ACTS = {
    Level.STATE: ("entry.review", "entry.approve-state"),
    Level.REGION: ("entry.review-region", "entry.approve-region"),
}


def levels(desk: Desk, state: str, institution: str = "") -> list[Level]:
    """The levels at which this person reviews a State (or one institution of it)."""
    return [
        level for level, acts in ACTS.items() if any(desk.may(a, state=state, body=institution) for a in acts)
    ]


@dataclass(frozen=True)
class Row:
    """One field as a page shows it."""

    field: Field
    label: str
    value: str
    note: str
    then: str  # the value that it is compared with, or nothing
    then_note: str
    then_words: str  # whose and when it was
    change: str  # how much it changed, as a percentage
    why_not: str  # why this person may not approve it, or nothing
    hidden: bool  # not yet for this reader's eyes
    computed: str = ""  # what the State's node counted from cases, where that is not what stands

    @property
    def key(self) -> int:
        return self.field.cell.pk

    @property
    def shift(self) -> Shift:
        return self.field.shift


@dataclass(frozen=True)
class Block:
    """One thing asked, with its rows and those that may be approved at once."""

    item: Item
    name: str
    detail: str
    when: str
    rows: tuple[Row, ...]
    ready: Mapping[int, int]

    @property
    def seen(self) -> str:
        return pairs(self.ready)


def pairs(seen: Mapping[int, int]) -> str:
    """Cells and the versions that were seen, as a form carries them: `12:1 13:2`."""
    return " ".join(f"{k}:{v}" for k, v in seen.items())


def unpaired(text: str) -> dict[int, int]:
    """Read back. What is no pair of whole numbers is left out."""
    out = {}
    for part in text.split():
        key, _, version = part.partition(":")
        both = key + version
        if key and version and both.isascii() and both.isdecimal() and max(len(key), len(version)) < 19:
            out[int(key)] = int(version)
    return out


class Words:
    """Words of one page: names are looked up once."""

    def __init__(self, desk: Desk, state: str, level: Level) -> None:
        self.desk, self.state, self.level = desk, state, level
        self.lang, self.locale = desk.lang, desk.locale
        self._names: dict[str, str] = {}
        self._able: dict[str, list[User]] = {}
        self._counted: dict[int, Proposal] = {}

    def name(self, username: str) -> str:
        """The name to show for somebody who acted."""
        if username not in self._names:
            held = User.objects.filter(username=username).first()
            self._names[username] = held.called if held else node_or(username)
        return self._names[username]

    def able(self, act: str, institution: str = "") -> list[User]:
        """Who may do `act` for the State (for the region, where the level is the region's)."""
        key = f"{act} {institution}"
        if key not in self._able:
            self._able[key] = able(self.desk, act, state=self.state, institution=institution)
        return self._able[key]

    def beside(self, items: Iterable[Item]) -> Words:
        """Look up what was counted from cases beside these: one query."""
        self._counted |= entries.proposals((f.cell, i.ask) for i in items for f in i.fields)
        return self

    def block(self, item: Item) -> Block:
        ask = item.ask
        measure = figures.measures().get(ask.measure)
        total = self._figure(item, item.fields[0])
        rows = tuple(self.row(item, f) for f in item.fields)
        may = self.desk.may(self.level.approve_act, state=self.state, body=ask.institution)
        ready = {
            f.cell.pk: f.cell.version
            for f in item.fields
            if f.hold(self.level, self.desk.user.username) is None
        }
        return Block(
            item, measure.name(self.lang) if measure else ask.measure,
            wording.capital("; ".join(wording.details(total, self.lang))),
            wording.when(total, self.lang, self.locale), rows, ready if may else {},
        )  # fmt: skip

    def _figure(self, item: Item, f: Field) -> Figure:
        return entries.figure_of(f.cell, item.ask)

    def row(self, item: Item, f: Field) -> Row:
        hidden = self.level is Level.REGION and f.status not in BY_STATE
        figure = self._figure(item, f)
        return Row(
            f, self.label(item.ask, f), self.value(figure, f) if not hidden else "",
            "" if hidden else (f.now.note_es if self.lang == "es" else f.now.note_en) or f.now.note_es or f.now.note_en,
            self._then(figure, f), self._then_note(f), self._then_words(f),
            "" if hidden else self._change(f), self.why_not(item.ask, f), hidden, self._computed(f, hidden),
        )  # fmt: skip

    def _computed(self, f: Field, hidden: bool) -> str:
        found = self._counted.get(f.cell.pk)
        if found is None or (not hidden and f.given and found.says(f.now.value, f.now.absence)):
            return ""
        return proposed(found, self.lang, self.locale)

    def label(self, ask: Ask, f: Field) -> str:
        """The members that this cell counts, or that it is the total."""
        own = figures.parse_dimensions(ask.dimensions)
        extra = {k: v for k, v in figures.parse_dimensions(f.cell.dimensions).items() if own.get(k) != v}
        return wording.capital(", ".join(wording.member(k, v, self.lang) for k, v in extra.items())) or say(
            "review.total", self.lang
        )

    def value(self, figure: Figure, f: Field) -> str:
        if not f.given or (f.now.value is None and not f.now.absence):
            return ""
        return wording.value(figure, self.lang, self.locale)

    def plain(self, figure: Figure) -> str:
        """A value in words, or nothing where it was emptied."""
        given = figure.value is not None or figure.absence
        return wording.value(figure, self.lang, self.locale) if given else ""

    def _then(self, figure: Figure, f: Field) -> str:
        if f.then is None:
            return ""
        g = f.then.given
        if g.value is None and not g.absence:
            return ""
        then = replace(figure, value=g.value, absence=g.absence, qualifier=g.qualifier)
        return wording.value(then, self.lang, self.locale)

    def _then_note(self, f: Field) -> str:
        if f.then is None or not f.then.approved or f.shift not in (Shift.NOTE, Shift.VALUE):
            return ""
        return (f.then.given.note_es if self.lang == "es" else f.then.given.note_en) or f.then.given.note_es

    def _then_words(self, f: Field) -> str:
        if f.then is None:
            return ""
        if not f.then.approved:
            return say("review.then.last-year", self.lang, when=f.then.when[:4])
        who = "you" if f.then.by == self.desk.user.username else "other"
        return say(f"review.then.{who}", self.lang, who=self.name(f.then.by), when=self.moment(f.then.at))

    def _change(self, f: Field) -> str:
        was, now = (f.then.given.value if f.then else None), f.now.value
        if was is None or now is None or was == now or not was:
            return ""
        percent = (now - was) * 100 / was
        words = number(percent, self.locale, 0 if abs(percent) >= 10 else 1)
        sign = "+" if percent > 0 else ""
        return f"{sign}{words}%" if self.lang == "en" else f"{sign}{words}\u00a0%"

    def moment(self, at: datetime | None) -> str:
        return moment(at, self.locale) if at else ""

    def why_not(self, ask: Ask, f: Field) -> str:
        """Why this person may not approve this field now, and who can: nothing when they may."""
        hold = f.hold(self.level, self.desk.user.username)
        if hold is None:
            may = self.desk.may(self.level.approve_act, state=self.state, body=ask.institution)
            return "" if may else self.role_lacks(ask.institution)
        if hold is Hold.STATUS:
            return say(f"review.hold.status.{f.status.value}", self.lang)
        if hold is Hold.CONTRADICTION:
            return say("review.hold.contradiction", self.lang)
        if hold is Hold.QUESTION:
            return say("review.hold.question", self.lang)
        return self.signed(f.steps, ask.institution)

    def part_why_not(self, part: Part) -> str:
        hold = part.hold(self.level, self.desk.user.username)
        if hold is None:
            return "" if self.desk.may(self.level.approve_act, state=self.state) else self.role_lacks("")
        if hold is Hold.STATUS:
            return say(f"review.hold.status.{part.status.value}", self.lang)
        if hold is Hold.QUESTION:
            return say("review.hold.question", self.lang)
        return self.signed(part.steps, "")

    def role_lacks(self, institution: str) -> str:
        return say(
            "review.hold.role", self.lang, who=self.listed(self.able(self.level.approve_act, institution))
        )

    def signed(self, steps: Iterable[review.Taken], institution: str) -> str:
        """'You wrote this value on 3 October, so somebody else approves it. Ask …'"""
        me = self.desk.user.username
        mine = [t for t in steps if t.by == me and t.step in review.SIGNED]
        last = mine[-1] if mine else None
        others = {t.by for t in steps if t.step in review.SIGNED}
        who = [u for u in self.able(self.level.approve_act, institution) if u.username not in others]
        if last is None:
            return say("review.hold.signed", self.lang, who=self.listed(who))
        return say(
            f"review.hold.signed-{last.step.value}",
            self.lang,
            when=self.moment(last.at),
            who=self.listed(who),
        )

    def instead(self, institution: str = "") -> str:
        """For whom this person stands in when they approve here, or nothing."""
        on, act = self.desk.now.date(), self.level.approve_act
        grant = access.role_for(self.desk.grants, act, state=self.state, on=on, body=institution)
        return say("review.instead", self.lang, who=self.name(grant.giver)) if grant and grant.giver else ""

    def listed(self, users: Collection[User]) -> str:
        """Names, or that nobody holds the role yet."""
        if not users:
            return say("review.nobody", self.lang)
        return ", ".join(u.called for u in users)

    def doubt(self, f: Finding) -> dict[str, object]:
        """A contradiction for a list: its name, its sentence, its standing."""
        first = FigureRow.objects.filter(pk=f.figures[0]).first() if f.figures else None
        figure = figures.figure_from(first) if first else None
        return {
            "code": f.code, "severity": f.severity, "standing": findings.standing_of(f),
            "name": telling.kind_name(f.kind, self.lang),
            "message": telling.about(f, figure, figures.measures().get(figure.measure), self.lang, self.locale)
            if figure else "",
        }  # fmt: skip

    def refusal(self, fault: CannotStep) -> str:
        """Why an act was refused, in a sentence."""
        values = dict(fault.values)
        if isinstance(fault, review.Overtaken):
            last = fault.last
            return say(
                "review.fault.overtaken", self.lang, who=self.name(last.by), when=self.moment(last.at),
                did=say(f"review.did.{last.step.value}", self.lang), asked=fault.held.code,
            )  # fmt: skip
        if isinstance(fault, narratives.NotReady):
            return say("review.fault.lacks", self.lang, **values)
        if "step" in values:
            form = "did" if fault.key == "workflow.fault.same-person" else "act"
            values["step"] = say(f"review.{form}.{values['step']}", self.lang)
        if "status" in values:
            values["status"] = say(f"review.status.{values['status']}", self.lang)
        if "stage" in values:
            values["stage"] = say(f"rounds.stage.{values['stage']}", self.lang)
        return say(fault.key, self.lang, **values)

    def lacks(self, fault: CannotStep) -> list[str]:
        """What sections lack before they may go on, each in a sentence."""
        if not isinstance(fault, narratives.NotReady):
            return []
        every = [x for found in fault.lacks.values() for x in found]
        return [say(x.key, self.lang, **x.values) for x in every if x.key in catalogue()]


def able(desk: Desk, act: str, *, state: str, institution: str = "") -> list[User]:
    """Everybody who may do `act` today for a State and institution, by name."""
    on = desk.now.date()
    found = access.able(access.holdings(on=on), act, state=state, on=on, body=institution)
    return sorted(found, key=lambda u: (u.first_name, u.last_name, u.username))
