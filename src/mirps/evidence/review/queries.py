"""Reading a round for review: what each answer was and is, what is asked about it, what holds it up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count

from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, CellStep, Given, Line, Statement
from mirps.evidence.findings import api as findings
from mirps.evidence.findings.api import Finding
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Section, SectionStep, SectionText
from mirps.evidence.review.answers import SECTIONS
from mirps.evidence.review.models import Remark
from mirps.evidence.review.rules import Hold, Level, RemarkKind, Shift, Then, hold, last_approval, shift
from mirps.evidence.rounds.api import Ask, Asked, Status, Taken


@dataclass(frozen=True)
class Field:
    """One cell as a reviewer reads it. `then` is what it is compared with."""

    cell: Cell
    now: Given
    then: Then | None
    steps: tuple[Taken, ...]
    findings: tuple[Finding, ...]
    questions: tuple[Remark, ...]  # not settled

    @property
    def status(self) -> Status:
        return Status(self.cell.status)

    @cached_property
    def shift(self) -> Shift:
        return shift(self.then, self.now)

    @cached_property
    def contradictions(self) -> tuple[Finding, ...]:
        """Contradictions that nobody has answered."""
        return tuple(
            f for f in self.findings
            if f.severity == "contradiction" and findings.standing_of(f) == findings.OPEN
        )  # fmt: skip

    @property
    def given(self) -> bool:
        return self.status is not Status.EMPTY

    def hold(self, level: Level, by: str) -> Hold | None:
        """Why `by` may not approve it at that level now."""
        return hold(
            level, self.status, self.steps, by,
            contradictions=len(self.contradictions), questions=len(self.questions),
        )  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One thing asked, with its cells in the order of the form."""

    asked: Asked
    ask: Ask
    fields: tuple[Field, ...]


def review(round: str, *, state: str, level: Level, institution: str = "") -> list[Item]:
    """What a State (or one institution of it) was asked, for review at a level: nine queries."""
    return items(entries.sheet(round, state=state, institution=institution), level)


def items(lines: Sequence[Line], level: Level) -> list[Item]:
    """Sheet lines of one State with all that a reviewer needs beside each cell."""
    if not lines:
        return []
    cells = [c for line in lines for c in line.cells]
    round, state = lines[0].asked.round_id, lines[0].asked.state
    steps = entries.steps_of(cells)
    then = _then(lines, steps, level, round)
    found = _findings(round, state, {c.figure for c in cells if c.figure})
    asked = _questions(round, state)
    return [
        Item(
            line.asked,
            line.ask,
            tuple(
                Field(
                    c, entries.given_in(c), then.get(c.pk), tuple(steps[c.pk]), tuple(found.get(c.figure, ())),
                    tuple(asked.get(c.pk, ())),
                )
                for c in line.cells
            ),
        )
        for line in lines
    ]  # fmt: skip


def _then(
    lines: Sequence[Line], steps: Mapping[int, Sequence[Taken]], level: Level, round: str
) -> dict[int, Then]:
    approved = {key: t for key, taken in steps.items() if (t := last_approval(taken, level))}
    held = Statement.objects.filter(cell__in=list(approved), number__isnull=False).order_by("id")
    by_version = {(s.cell_id, s.number): s for s in held}
    wanted = [(line.ask, c.dimensions) for line in lines for c in line.cells]
    earlier = entries.history(wanted, before=round)
    out: dict[int, Then] = {}
    for line in lines:
        for c in line.cells:
            if t := approved.get(c.pk):
                s = by_version[c.pk, t.version]
                out[c.pk] = Then(entries.given_in(s), True, t.by, t.at, t.version)
            elif past := earlier.get((line.ask.code, c.dimensions)):
                last = past[-1]
                out[c.pk] = Then(Given(last.value), False, when=last.when, figure=last.figure)
    return out


def _findings(round: str, state: str, figures: Collection[str]) -> dict[str, list[Finding]]:
    out: dict[str, list[Finding]] = defaultdict(list)
    for f in findings.current().filter(round=round, state=state):
        for id_ in f.figures:
            if id_ in figures:
                out[id_].append(f)
    return out


def _questions(round: str, state: str) -> dict[int, list[Remark]]:
    out: dict[int, list[Remark]] = defaultdict(list)
    held = Remark.objects.filter(round=round, state=state, kind=RemarkKind.QUESTION, resolved_at=None)
    for r in held.exclude(cell=None).order_by("id"):
        out[r.cell_id or 0].append(r)
    return out


@dataclass(frozen=True)
class Part:
    """A section of texts as a reviewer reads it: its latest text in each language and the one approved."""

    section: Section
    version: int
    now: Mapping[str, str]
    then: Mapping[str, str] | None
    approved: Taken | None
    steps: tuple[Taken, ...]
    questions: tuple[Remark, ...]

    @property
    def status(self) -> Status:
        return Status(self.section.status)

    @property
    def given(self) -> bool:
        return self.status is not Status.EMPTY

    @property
    def shift(self) -> Shift:
        if self.then is None:
            return Shift.NEW
        return Shift.SAME if self.then == self.now else Shift.VALUE

    def hold(self, level: Level, by: str) -> Hold | None:
        return hold(level, self.status, self.steps, by, contradictions=0, questions=len(self.questions))


def parts(round: str, *, state: str, level: Level, section: int | None = None) -> list[Part]:
    """The sections of a State's texts, for review at a level: five queries."""
    found = Section.objects.filter(round=round, state=state, withdrawn_at=None).order_by("order", "code")
    held = list(found if section is None else found.filter(pk=section))
    keys = [s.pk for s in held]
    steps, versions = SECTIONS.steps(keys), narratives.versions_of(keys)
    texts: dict[int, list[SectionText]] = defaultdict(list)
    for t in SectionText.objects.filter(section__in=keys, number__isnull=False).order_by("id"):
        texts[t.section_id].append(t)
    asked: dict[int, list[Remark]] = defaultdict(list)
    open_ = Remark.objects.filter(section__in=keys, kind=RemarkKind.QUESTION, resolved_at=None)
    for r in open_.order_by("id"):
        asked[r.section_id or 0].append(r)
    out = []
    for s in held:
        approved = last_approval(steps[s.pk], level)
        then = _texts(texts[s.pk][: approved.version]) if approved else None
        out.append(
            Part(
                s, versions[s.pk], _texts(texts[s.pk]), then, approved, tuple(steps[s.pk]), tuple(asked[s.pk])
            )
        )
    return out


def _texts(versions: Iterable[SectionText]) -> dict[str, str]:
    return {t.lang: t.text for t in versions}


def remarks(*, cell: int | None = None, section: int | None = None) -> list[Remark]:
    """Everything that was said about a cell or a section, oldest first; answers follow their question."""
    held = list(Remark.objects.filter(cell=cell, section=section).order_by("id"))
    replies: dict[int, list[Remark]] = defaultdict(list)
    for r in held:
        if r.answers_id:
            replies[r.answers_id].append(r)
    return [x for r in held if not r.answers_id for x in (r, *replies[r.pk])]


def steps(*, cell: int) -> list[CellStep]:
    """The steps of a cell with their reasons, oldest first."""
    return list(CellStep.objects.filter(cell=cell).order_by("id"))


def section_steps(*, section: int) -> list[SectionStep]:
    return list(SectionStep.objects.filter(section=section).order_by("id"))


@dataclass(frozen=True)
class Bulk:
    """What can be approved at once, and what stays out with why."""

    ready: Mapping[int, int]  # cell -> version
    left: Mapping[Hold, int]
    out: tuple[tuple[Item, Field, Hold], ...]  # those that wait for this level and stay out


def bulk(found: Iterable[Item], level: Level, by: str) -> Bulk:
    """What `by` may approve at once: it waits for this level, nobody asks about it, nothing contradicts."""
    ready: dict[int, int] = {}
    left: Counter[Hold] = Counter()
    out = []
    for item in found:
        for f in item.fields:
            why = f.hold(level, by)
            if why is None:
                ready[f.cell.pk] = f.cell.version
            else:
                left[why] += 1
                if why is not Hold.STATUS:
                    out.append((item, f, why))
    return Bulk(ready, left, tuple(out))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a State's review has come, for the page of the seven."""

    state: str
    counts: Mapping[Status, int]
    contradictions: int
    questions: int

    @property
    def all(self) -> int:
        return sum(self.counts.values())

    def of(self, *statuses: Status) -> int:
        return sum(self.counts.get(s, 0) for s in statuses)


def standings(round: str) -> dict[str, Standing]:
    """Each State of a round: four queries, however many cells."""
    counts: dict[str, Counter[Status]] = defaultdict(Counter)
    for row in (
        Cell.objects.filter(asked__round_id=round, asked__withdrawn_at=None)
        .values("asked__state", "status").annotate(n=Count("id")).order_by("asked__state", "status")
    ):  # fmt: skip
        counts[row["asked__state"]][Status(row["status"])] += row["n"]
    doubts: Counter[str] = Counter()
    for f in findings.current().filter(round=round, severity="contradiction"):
        doubts[f.state] += findings.standing_of(f) == findings.OPEN
    open_ = Remark.objects.filter(round=round, kind=RemarkKind.QUESTION, resolved_at=None)
    asked = Counter(open_.order_by("id").values_list("state", flat=True))
    return {s: Standing(s, counts[s], doubts[s], asked[s]) for s in sorted(counts)}
