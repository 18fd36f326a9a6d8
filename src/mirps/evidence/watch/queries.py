"""Reading how far a round has come: institutions, sections, and the course of days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import yaml
from django.db.models import Max

from mirps.base.codelists.api import data_folder
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, CellStep, Statement
from mirps.evidence.findings import api as findings
from mirps.evidence.narratives.api import Section
from mirps.evidence.review.api import Remark, RemarkKind
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Due, Round, Status, Step
from mirps.evidence.watch.rules import HANDED, Body, Day, Plan, by_day

_TAKES_BACK = (Step.SEND_BACK, Step.UNLOCK)


def bodies(round: Round) -> list[Body]:
    """Each institution of a round, by State and institution: seven queries, however many cells."""
    dates = list(round.due_dates.all())
    open_ = Remark.objects.filter(round=round, kind=RemarkKind.QUESTION, resolved_at=None)
    asked = Counter(
        open_.exclude(cell=None).order_by("id").values_list("cell__asked__state", "cell__asked__institution")
    )
    doubts = _contradictions(round.code)
    return [
        Body(
            p.state, p.institution, p.counts, p.lacking, asked[p.state, p.institution],
            doubts[p.state, p.institution], p.last,
            rounds.due(dates, Due.ENTRY, state=p.state, institution=p.institution),
        )
        for p in entries.progress(round.code)
    ]  # fmt: skip


def _contradictions(round: str) -> Counter[tuple[str, str]]:
    """Contradictions that nobody has answered, for every institution whose figures are in one."""
    figures = dict(
        Cell.objects.filter(asked__round_id=round).exclude(figure="").order_by("id")
        .values_list("figure", "asked__institution")
    )  # fmt: skip
    out: Counter[tuple[str, str]] = Counter()
    for f in findings.current().filter(round=round, severity="contradiction"):
        if findings.standing_of(f) == findings.OPEN:
            for institution in {figures[i] for i in f.figures if i in figures}:
                out[institution.partition(".")[0], institution] += 1
    return out


@dataclass(frozen=True, slots=True)
class Written:
    """A section of texts: how far it is, when somebody last wrote, by when."""

    section: Section
    status: Status
    last: datetime | None
    due: datetime | None

    @property
    def handed(self) -> bool:
        return self.status in HANDED

    def late(self, now: datetime) -> bool:
        return not self.handed and self.section.required and self.due is not None and now > self.due


def sections(round: Round) -> list[Written]:
    """The sections that a round asks for, by State: two queries."""
    dates = list(round.due_dates.all())
    held = Section.objects.filter(round=round, withdrawn_at=None).annotate(last=Max("texts__at"))
    return [
        Written(s, Status(s.status), s.last, rounds.due(dates, Due.ENTRY, state=s.state))
        for s in held.order_by("state", "order", "code")
    ]


def course(round: str, *, states: Collection[str], zone: ZoneInfo, last: date) -> list[Day]:
    """Day by day, how many cells of these States held an answer and how many were handed over, from what
    the statements and steps themselves say."""
    where = {
        "cell__asked__round_id": round,
        "cell__asked__withdrawn_at": None,
        "cell__asked__state__in": states,
    }
    written = Statement.objects.filter(number__isnull=False, **where).order_by("id")
    given = [
        (at.astimezone(zone).date(), cell, value is not None or bool(absence))
        for cell, at, value, absence in written.values_list("cell_id", "at", "value", "absence")
    ]
    steps = CellStep.objects.filter(step__in=(Step.SUBMIT, *_TAKES_BACK), **where).order_by("id")
    handed = [
        (at.astimezone(zone).date(), cell, step == Step.SUBMIT)
        for cell, at, step in steps.values_list("cell_id", "at", "step")
    ]
    return by_day(given, handed, last)


@cache
def reminders() -> dict[Due, Plan]:
    """When reminders go, by step (data/rounds/reminders.yaml)."""
    text = (data_folder() / "rounds" / "reminders.yaml").read_text(encoding="utf-8")
    return {Due(step): Plan(**days) for step, days in yaml.safe_load(text).items()}
