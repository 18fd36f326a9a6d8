"""What a procedure is made of. Read from a file (docs/procedures.md), proved, and never changed: a new version
is a new file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mirps.base.calendars.api import Certainty, Term
from mirps.base.texts.api import Text
from mirps.casework.procedures.guards import Guard
from mirps.casework.procedures.triage import Table


class Subject(StrEnum):
    PERSON = "person"
    HOUSEHOLD = "household"
    PROPERTY = "property"
    EMPLOYER = "employer"
    INSTITUTION = "institution"


class Actor(StrEnum):
    TEAM = "team"  # whoever of an office's queue takes it
    PERSON = "person"  # the officer whom it was given to
    BODY = "body"  # a commission that decides in session
    APPLICANT = "applicant"  # whom it is about, or who acts for them


class Ending(StrEnum):
    """How a stage ends a case; none: the case is open."""

    OPEN = "open"
    FAVOURABLE = "favourable"
    ADVERSE = "adverse"
    OWN_WISH = "own-wish"
    NEUTRAL = "neutral"  # passed on, joined to another case


class Type(StrEnum):
    """What a field holds, and as what an expression sees it."""

    TEXT = "text"
    DATE = "date"  # timestamp, at midnight UTC
    NUMBER = "number"  # int
    YES = "yes"  # bool
    CHOICE = "choice"  # string, one of `options`
    CHOICES = "choices"  # list(string)
    COUNTRY = "country"  # string, ISO 3166-1 alpha-3


class Effect(StrEnum):
    """What the end of a deadline does. None of them acts: the system proposes, a person decides."""

    NOTIFY = "notify"
    ESCALATE = "escalate"
    PROPOSE = "propose"


class Paper(StrEnum):
    CERTIFICATE = "certificate"
    CARD = "card"
    LETTER = "letter"
    NOTICE = "notice"


#: The field by which an act names a guardian.
GUARDIAN = "guardian"


class Guardian(StrEnum):
    """What an act does to who answers for the person: it names them (the number of their registration stands in
    the field `guardian`), or ends that they do."""

    NAMES = "names"
    ENDS = "ends"


class Cites(StrEnum):
    """What an act may cite (procedures/citing.py)."""

    ORIGIN = "origin"  # publications on countries of origin


class Counted(StrEnum):
    CASES = "cases"
    PERSONS = "persons"


@dataclass(frozen=True, slots=True)
class Law:
    """A legal basis, from when to when, how sure, and where it was read."""

    text: Text
    starts: date | None
    until: date | None
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class Role:
    name: Text
    actor: Actor
    institution: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    name: Text
    type: Type
    options: Mapping[str, Text] = field(default_factory=dict)
    sensitive: bool = False  # need-to-know: who holds a role in the case
    #: A code of lists/sensitivities.csv: of these, who is cleared for it alone.
    sensitivity: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    name: Text
    turn: tuple[str, ...] = ()  # roles that must act next
    ending: Ending = Ending.OPEN
    #: What it means and what comes next, said to the person; and said to a child. Without: its name.
    plain: Text | None = None
    child: Text | None = None
    line: int = field(default=0, compare=False)

    def said(self, *, child: bool = False) -> Text:
        """The stage in words for the person whom it is about."""
        return (child and self.child) or self.plain or self.name

    @property
    def open(self) -> bool:
        return self.ending is Ending.OPEN


@dataclass(frozen=True, slots=True)
class Act:
    """An event that may happen: from which stages to which, by whom, and under which conditions."""

    name: Text
    by: tuple[str, ...]
    sources: tuple[str, ...]  # the stages from which; none: it opens a case
    to: str = ""  # none: the stage stays
    back: bool = False  # to the stage that was left for this one
    required: tuple[str, ...] = ()  # fields that its form needs
    optional: tuple[str, ...] = ()
    required_if: Mapping[str, Guard] = field(default_factory=dict)  # needed while the condition holds
    guards: tuple[Guard, ...] = ()
    adverse: bool = False
    reason: bool = False
    notice: str = ""  # the document by which the person is told
    remedies: tuple[str, ...] = ()  # acts that lead back
    issues: tuple[str, ...] = ()  # documents
    law: tuple[str, ...] = ()
    guardian: Guardian | None = None
    cites: Cites | None = None
    line: int = field(default=0, compare=False)

    @property
    def opens(self) -> bool:
        return not self.sources

    @property
    def asked(self) -> tuple[str, ...]:
        return self.required + self.optional + tuple(self.required_if)


@dataclass(frozen=True, slots=True)
class Stop:
    """What interrupts a deadline: from any of these acts until any of those. `anew`: it then begins at one."""

    starts: tuple[str, ...]
    until: tuple[str, ...]
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    by: str  # the act, which gives its reason
    n: int
    most: int = 1


@dataclass(frozen=True, slots=True)
class Deadline:
    name: Text
    term: Term
    law: str
    starts: tuple[str, ...] = ()  # acts
    starts_on: str = ""  # or the date in a field
    latest: bool = False  # the latest of its acts counts, not the first
    met_by: tuple[str, ...] = ()
    stops: tuple[Stop, ...] = ()
    extensions: tuple[Extension, ...] = ()
    warns: int = 0  # days of its sort before the end
    repeats: bool = False  # again and again, as a weekly signature; each start begins it anew
    grace: int = 0
    effect: Effect = Effect.NOTIFY
    to: str = ""  # the role that is told
    proposes: str = ""  # the act that a person may then do
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Document:
    name: Text
    paper: Paper
    valid: Term | None = None
    law: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """An act that counts towards a measure."""

    measure: str
    act: str
    counts: Counted


@dataclass(frozen=True, slots=True, eq=False)  # one is itself alone: what is worked out of it is kept by it
class Procedure:
    name: str
    version: str
    state: str
    authority: str
    title: Text
    subject: Subject
    starts: date | None
    until: date | None
    law: Mapping[str, Law]
    roles: Mapping[str, Role]
    fields: Mapping[str, Field]
    stages: Mapping[str, Stage]
    acts: Mapping[str, Act]
    deadlines: Mapping[str, Deadline]
    documents: Mapping[str, Document]
    feeds: tuple[Feed, ...] = ()
    systems: tuple[str, ...] = ()
    triage: Table | None = None
    #: Earlier version -> its stages -> the stages here. What is not named keeps its name.
    follows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """How events name it: `mex_asylum@2025.1`."""
        return f"{self.name}@{self.version}"

    def from_stage(self, stage: str) -> list[str]:
        """The acts that can be done there."""
        return [code for code, act in self.acts.items() if stage in act.sources]

    def left_for(self, stage: str) -> list[str]:
        """The stages from which an act leads to `stage`: where `back` may lead."""
        return list(
            dict.fromkeys(s for a in self.acts.values() if a.to == stage for s in a.sources if s != stage)
        )

    def targets(self, code: str, source: str) -> list[str]:
        """Where an act may lead from a stage."""
        act = self.acts[code]
        if act.back:
            return self.left_for(source)
        return [act.to or source]

    @property
    def uncertain(self) -> dict[str, Law]:
        """What no official or UN page confirms: shown with a mark wherever it is used."""
        return {code: law for code, law in self.law.items() if law.certainty.uncertain}
