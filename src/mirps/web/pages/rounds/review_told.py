"""Telling people what happened to what they wrote: sent back, unlocked, asked, answered, approved."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from mirps.base.access.api import User
from mirps.base.notices import api as notices
from mirps.evidence.entries.api import Cell
from mirps.evidence.figures import api as figures
from mirps.evidence.review import api as review
from mirps.evidence.review.api import CELLS, SECTIONS, SIGNED, Answers, Done, Held, Level, Remark
from mirps.evidence.rounds.api import Step
from mirps.web.pages.rounds.door import Desk


def moved(desk: Desk, step: Step, done: Done) -> None:
    """Sent back or unlocked: everybody who answered for one of these is told, once for each thing asked."""
    told(desk, "unlocked" if step is Step.UNLOCK else "returned", done)


def approved(desk: Desk, level: Level, done: Done) -> None:
    """Approved by the State, or by the region: told to those who answered for it before."""
    told(desk, "approved", done)


def told(desk: Desk, kind: str, done: Done) -> None:
    review.tell(kind, done, round=desk.round.code, by=desk.user.username, at=desk.now)


def remarked(desk: Desk, remark: Remark) -> None:
    """A question goes to those who answered for the value; an answer to who asked; a comment to both."""
    answers = CELLS if remark.cell_id else SECTIONS
    held = _held(answers, remark.cell_id or remark.section_id or 0)
    people = {t.by for t in answers.steps([held.key])[held.key] if t.step in SIGNED[:2]}
    if remark.answers is not None:
        people = {remark.answers.by}
    elif remark.kind == review.RemarkKind.COMMENT:
        said = review.remarks(cell=remark.cell_id, section=remark.section_id)
        people |= {r.by for r in said}
    about = notices.About(
        round=desk.round.code, state=held.state, institution=held.institution,
        section="" if remark.cell_id else held.code, figure=held.figure,
    )  # fmt: skip
    kind = "question" if remark.kind == review.RemarkKind.QUESTION else "comment"
    _tell(desk, kind, people, about, _named(remark.cell_id))


@transaction.atomic
def _held(answers: Answers, key: int) -> Held:
    return answers.held([key])[0]


def _named(cell: int | None) -> dict[str, str | int]:
    """The measure's name, in both languages: never a value."""
    held = Cell.objects.select_related("asked").filter(pk=cell).first() if cell else None
    measure = figures.measures().get(held.asked.measure) if held else None
    return {"what_es": measure.name_es[:160], "what_en": measure.name_en[:160]} if measure else {}


def _tell(
    desk: Desk, kind: str, people: Iterable[str], about: notices.About, params: dict[str, str | int]
) -> None:
    to = User.objects.filter(username__in=sorted(people), is_active=True).order_by("pk")
    notices.tell(to=to, kind=kind, about=about, params=params, by=desk.user.username, at=desk.now)
