"""Reviewing: asking and answering, sending back, unlocking, approving. Each act: one transaction, all of
it or nothing.

Whoever acts says which version of each answer they saw. When somebody else was faster, nothing happens
and they are told who did what (`Overtaken`). Whether a person may act at all is for the door to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from mirps.base.audit.api import record
from mirps.evidence.findings import api as findings
from mirps.evidence.review.answers import CELLS, SECTIONS, Answers, Held
from mirps.evidence.review.models import Remark
from mirps.evidence.review.rules import Level, RemarkKind, done_already, possible, remark_fault
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import NEEDS_REASON, CannotStep, Round, Stage, Status, Step, Taken


class Overtaken(CannotStep):
    """Somebody wrote or acted since the reader looked. `last` is what they did, `held` what stands now."""

    def __init__(self, held: Held, last: Taken) -> None:
        super().__init__("review.fault.overtaken", asked=held.code)
        self.held = held
        self.last = last


class Unanswered(CannotStep):
    """Contradictions that nobody has answered: their codes by the answer that they keep from approval."""

    def __init__(self, codes: Mapping[int, list[str]]) -> None:
        super().__init__(
            "review.fault.contradiction", count=len({c for found in codes.values() for c in found})
        )
        self.codes = codes


class StillAsked(CannotStep):
    """Questions that are not settled, by the answer that they are about."""

    def __init__(self, questions: Mapping[int, list[int]]) -> None:
        super().__init__("review.fault.question", count=sum(map(len, questions.values())))
        self.questions = questions


@dataclass(frozen=True, slots=True)
class Seen:
    """Answers that a person acts on, each with the version that they saw: cells and sections."""

    cells: Mapping[int, int] = field(default_factory=dict)
    sections: Mapping[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.cells) + len(self.sections)


@dataclass(frozen=True, slots=True)
class Done:
    """What was acted on. Answers on which the same person had just taken the same step are not in it."""

    cells: tuple[Held, ...] = ()
    sections: tuple[Held, ...] = ()

    def __len__(self) -> int:
        return len(self.cells) + len(self.sections)


@transaction.atomic
def approve(*, round: str, state: str, level: Level, seen: Seen, by: str, role: str, at: datetime) -> Done:
    """Approve these answers of a State: all or none.

    Raises Overtaken, Unanswered (the checks are run first, over all that the State handed over),
    StillAsked, or CannotStep for a step that may not follow or would have one person sign twice.
    """
    held = _held(round, state, seen, level.approves, by)
    if not len(held):
        return held
    rounds.check(code=round, state=state, by=by, at=at)
    if codes := contradictions(held.cells):
        raise Unanswered(codes)
    if asked := open_questions(held):
        raise StillAsked(asked)
    _take(held, level.approves, by=by, role=role, at=at)
    return held


@transaction.atomic
def send_back(*, round: str, state: str, seen: Seen, message: str, by: str, role: str, at: datetime) -> Done:
    """Give answers back to be changed, with a message to those who gave them: all or none."""
    return _returned(Step.SEND_BACK, round, state, seen, message, by, role, at)


@transaction.atomic
def unlock(*, round: str, state: str, seen: Seen, reason: str, by: str, role: str, at: datetime) -> Done:
    """Take up answers again that were handed over or approved, and only these; says why: all or none."""
    return _returned(Step.UNLOCK, round, state, seen, reason, by, role, at)


def _returned(
    step: Step, round: str, state: str, seen: Seen, reason: str, by: str, role: str, at: datetime
) -> Done:
    if step in NEEDS_REASON and remark_fault(reason):
        raise CannotStep(remark_fault(reason) if reason.strip() else "workflow.fault.reason", step=step.value)
    held = _held(round, state, seen, step, by)
    _take(held, step, by=by, role=role, at=at, reason=reason.strip())
    return held


def _held(round: str, state: str, seen: Seen, step: Step, by: str) -> Done:
    """Lock the round's reviewing and what is acted on; what this person has just done is left out."""
    of = Round.objects.select_for_update(no_key=True).get(pk=round)
    if of.stage not in (Stage.OPEN, Stage.CLOSED):
        raise CannotStep("review.fault.stage", stage=of.stage)
    return Done(
        _of_kind(CELLS, seen.cells, round, state, step, by),
        _of_kind(SECTIONS, seen.sections, round, state, step, by),
    )


def _of_kind(
    answers: Answers, seen: Mapping[int, int], round: str, state: str, step: Step, by: str
) -> tuple[Held, ...]:
    if not seen:
        return ()
    held = answers.held(seen)
    if len(held) != len(seen) or any((h.round, h.state) != (round, state) for h in held):
        raise CannotStep("workflow.fault.gone")
    moved = [h for h in held if h.version != seen[h.key] or not possible(h.status, step)]
    if not moved:
        return tuple(held)
    steps = answers.steps([h.key for h in moved])
    again = {h.key for h in moved if done_already(steps[h.key], step, by, seen[h.key])}
    for h in moved:
        if h.key not in again:
            raise _refused(h, steps[h.key], seen[h.key], step)
    return tuple(h for h in held if h.key not in again)


def _refused(held: Held, steps: list[Taken], seen: int, step: Step) -> CannotStep:
    if not steps or (held.version == seen and held.status in (Status.EMPTY, Status.DRAFT)):
        return CannotStep("workflow.fault.step", step=step.value, status=held.status.value)
    return Overtaken(held, steps[-1])


def _take(held: Done, step: Step, *, by: str, role: str, at: datetime, reason: str = "") -> None:
    for answers, found in ((CELLS, held.cells), (SECTIONS, held.sections)):
        if found:
            answers.take(keys=[h.key for h in found], step=step, by=by, role=role, at=at, reason=reason)


def contradictions(cells: Iterable[Held]) -> dict[int, list[str]]:
    """Cell -> the contradictions about its figure that nobody has answered."""
    by_figure = {h.figure: h.key for h in cells if h.figure}
    return {by_figure[f]: codes for f, codes in findings.unanswered(by_figure).items()}


def open_questions(held: Done) -> dict[int, list[int]]:
    """Answer -> the questions about it that are not settled."""
    out: dict[int, list[int]] = {}
    questions = Remark.objects.filter(kind=RemarkKind.QUESTION, resolved_at=None).order_by("id")
    for name, found in (("cell_id", held.cells), ("section_id", held.sections)):
        wanted = {f"{name}__in": [h.key for h in found]}
        for key, remark in questions.filter(**wanted).values_list(name, "id") if found else ():
            out.setdefault(key, []).append(remark)
    return out


@transaction.atomic
def remark(
    *, kind: RemarkKind, text: str, lang: str, by: str, role: str, at: datetime,
    cell: int | None = None, section: int | None = None, answers: int | None = None,
) -> Remark:  # fmt: skip
    """Ask, answer or comment about a cell or a section. The same said twice in a row is said once.

    `answers` is the question that an answer replies to. Raises CannotStep for an empty or overlong
    text, an answer to no question of this cell or section, or to one that is settled.
    """
    if wrong := remark_fault(text):
        raise CannotStep(wrong)
    if (cell is None) == (section is None):
        raise ValueError("a remark is about one cell or one section")
    about = (CELLS.held([cell]) if cell is not None else SECTIONS.held([section or 0]))[:1]
    if not about:
        raise CannotStep("workflow.fault.gone")
    held = about[0]
    last = Remark.objects.filter(cell=cell, section=section).order_by("-id").first()
    if last and (last.kind, last.text, last.by, last.answers_id) == (kind, text.strip(), by, answers):
        return last
    if kind is RemarkKind.ANSWER:
        answers = answers or 0
        question = Remark.objects.filter(
            pk=answers, cell=cell, section=section, kind=RemarkKind.QUESTION
        ).first()
        if question is None or question.resolved_at:
            raise CannotStep("review.fault.settled" if question else "review.fault.no-question")
    made = Remark.objects.create(
        round_id=held.round, state=held.state, institution=held.institution, cell_id=cell, section_id=section,
        kind=kind, answers_id=answers if kind is RemarkKind.ANSWER else None, text=text.strip(), lang=lang,
        version=held.version, by=by, role=role, at=at,
    )  # fmt: skip
    record(
        by=by, at=at, act=f"review.{kind.value}", subject=f"round {held.round} {held.state}",
        detail={"remark": made.pk, "asked": held.code},
    )  # fmt: skip
    return made


@transaction.atomic
def settle(
    *, question: int, by: str, at: datetime, cell: int | None = None, section: int | None = None
) -> bool:
    """A question about this cell or section is answered to the reviewer's content. False: it was settled
    before, or is none of theirs: who reviews one answer settles no question about another."""
    held = Remark.objects.filter(
        pk=question, kind=RemarkKind.QUESTION, resolved_at=None, cell=cell, section=section
    )
    if not held.update(resolved_at=at, resolved_by=by):
        return False
    record(by=by, at=at, act="review.settled", subject=f"remark {question}", detail={})
    return True
