"""Keeping what the checks found, and people's answers to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from mirps.base.audit.api import record
from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.figures.api import FigureRow, touch
from mirps.evidence.findings.models import Answer, Finding
from mirps.evidence.findings.rules import CORRECTED, faults


class AnswerFault(ValueError):
    """An answer that lacks something. `keys` are texts that say what."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = list(keys)


@transaction.atomic
def keep(*, round: str, found: Sequence[LedgerFinding], by: str, at: datetime) -> tuple[int, int]:
    """Keep a run's findings of a round: new ones are added, known ones stay with their answers,
    those not found any more are marked gone. Returns (new, gone)."""
    held = {f.code: f for f in Finding.objects.filter(round=round)}
    fresh = {f.code: f for f in found}
    new = [
        Finding(
            code=code,
            round=round,
            kind=f.kind,
            severity=f.severity,
            state=f.state,
            figures=list(f.figures),
            stated=f.stated,
            expected=f.expected,
            params=dict(f.params),
            found_at=at,
        )
        for code, f in fresh.items()
        if code not in held
    ]
    Finding.objects.bulk_create(new)
    gone = Finding.objects.filter(round=round, gone_at=None).exclude(code__in=list(fresh)).update(gone_at=at)
    back = (
        Finding.objects.filter(round=round, code__in=list(fresh)).exclude(gone_at=None).update(gone_at=None)
    )
    if new or gone or back:
        touch()
        record(
            by=by,
            at=at,
            act="findings.kept",
            subject=f"round {round}",
            detail={"new": len(new), "gone": gone, "back": back},
        )
    return len(new), gone


def supersedes_any(figure: str, figures: Sequence[str]) -> bool:
    """Whether `figure` is a later statement of one of `figures`."""
    seen = figure
    while row := FigureRow.objects.filter(pk=seen).exclude(supersedes="").first():
        if row.supersedes in figures:
            return True
        seen = row.supersedes
    return False


@transaction.atomic
def answer(
    *,
    finding: str,
    kind: str,
    role: str,
    reason_es: str,
    reason_en: str,
    by: str,
    at: datetime,
    figure: str = "",
) -> Answer:
    """Answer a finding. Raises AnswerFault for what is lacking, Finding.DoesNotExist for no such code.

    Whether `by` may answer in `role` is for the door to ask (mirps.base.access.api.require).
    """
    if lacking := faults(kind, reason_es, reason_en, figure):
        raise AnswerFault(lacking)
    held = Finding.objects.select_for_update().get(code=finding)
    if kind == CORRECTED and not supersedes_any(figure, held.figures):
        raise AnswerFault(["answer.fault.figure_other"])
    given = Answer.objects.create(
        finding=held,
        kind=kind,
        role=role,
        by=by,
        at=at,
        reason_es=reason_es.strip(),
        reason_en=reason_en.strip(),
        figure=figure,
    )
    touch()
    record(by=by, at=at, act=f"finding.{kind}", subject=f"finding {finding}", detail={"role": role})
    return given
