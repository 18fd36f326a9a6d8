"""Telling those who answered what became of it: sent back, taken up, approved."""

from __future__ import annotations

from datetime import datetime

from mirps.base.access.api import User
from mirps.base.notices import api as notices
from mirps.evidence.review.actions import Done
from mirps.evidence.review.answers import CELLS, SECTIONS
from mirps.evidence.rounds.workflow import SIGNED


def tell(kind: str, done: Done, *, round: str, by: str, at: datetime) -> None:
    """One notice for each institution (each section) and each person who signed there. In the transaction of what
    is told, as its last step."""
    groups: dict[tuple[str, str, str], set[str]] = {}
    for answers, found in ((CELLS, done.cells), (SECTIONS, done.sections)):
        steps = answers.steps([h.key for h in found])
        for h in found:
            section = h.code if answers is SECTIONS else ""
            people = {t.by for t in steps[h.key] if t.step in SIGNED}
            groups.setdefault((h.state, h.institution, section), set()).update(people)
    for (state, institution, section), people in sorted(groups.items()):
        about = notices.About(round=round, state=state, institution=institution, section=section)
        to = User.objects.filter(username__in=sorted(people), is_active=True).order_by("pk")
        notices.tell(to=to, kind=kind, about=about, params={}, by=by, at=at)
