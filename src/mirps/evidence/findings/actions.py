"""Keeping what the checks found, and people's answers to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from mirps.base.audit.api import record
from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.figures.api import public_among, restates, touch
from mirps.evidence.findings.models import Answer, Finding
from mirps.evidence.findings.rules import CORRECTED, faults


class AnswerFault(ValueError):
    """An answer that lacks something. `keys` are texts that say what."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = list(keys)


@transaction.atomic
def keep(
    *, round: str, found: Sequence[LedgerFinding], by: str, at: datetime, state: str = ""
) -> tuple[int, int]:
    """Keep a run's findings of a round (of one State of it, if named): new ones are added, known ones
    stay with their answers, those not found any more are marked gone. Returns (new, gone)."""
    fresh = {f.code: f for f in found}
    of_run = Finding.objects.filter(round=round)
    held = {f.code: f for f in (of_run.filter(Q(state=state) | Q(code__in=fresh)) if state else of_run)}
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
    gone = [f for f in held.values() if f.gone_at is None and f.code not in fresh]
    back = [f for f in held.values() if f.gone_at is not None and f.code in fresh]
    Finding.objects.filter(pk__in=[f.pk for f in gone]).update(gone_at=at)
    Finding.objects.filter(pk__in=[f.pk for f in back]).update(gone_at=None)
    if changed := [*new, *gone, *back]:
        touch(public=_any_public(changed), figures=(), findings=[f.code for f in changed])
        record(
            by=by,
            at=at,
            act="findings.kept",
            subject=f"round {round}",
            detail={"new": len(new), "gone": len(gone), "back": len(back)},
        )
    return len(new), len(gone)


def _any_public(findings: Iterable[Finding]) -> bool:
    """Whether the public may read one of these: all its figures are published, or it is about dates alone."""
    findings = list(findings)
    published = public_among({id_ for f in findings for id_ in f.figures})
    return any(published.issuperset(f.figures) for f in findings)


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
    if kind == CORRECTED and not restates(figure, held.figures):
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
    touch(public=_any_public([held]), figures=(), findings=[finding])
    record(by=by, at=at, act=f"finding.{kind}", subject=f"finding {finding}", detail={"role": role})
    return given
