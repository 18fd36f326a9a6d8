"""Stating a figure anew: the correction, its round checked again, the finding answered, the erratum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mirps.base.audit.api import record
from mirps.evidence.errata.models import Erratum
from mirps.evidence.errata.queries import latest
from mirps.evidence.errata.restating import restated
from mirps.evidence.errata.rules import Correction, Refused, Superseded, numbered, reason_faults
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure, FigureRow, Status, WrongStep
from mirps.evidence.findings import api as findings
from mirps.evidence.rounds import api as rounds


@dataclass(frozen=True, slots=True)
class Corrected:
    """The new statement, and the erratum when what it replaces was published."""

    figure: FigureRow
    erratum: Erratum | None


def standing(old: str) -> FigureRow:
    """The statement that is to be corrected. Raises Superseded when it is not there or replaced."""
    held = FigureRow.objects.filter(pk=old).first()
    if held is None or held.superseded_by:
        raise Superseded(old, latest(old) if held else "")
    return held


def proposed(*, old: str, changes: Mapping[str, str], new: str = "") -> Figure:
    """What a correction would state. Raises Superseded, Refused or PackageFaults."""
    made = restated(figures.figure_from(standing(old)), changes, new)
    if FigureRow.objects.filter(pk=made.id).exists():
        raise Refused("export.fault.taken", id=made.id)
    return made


@transaction.atomic
def correct(
    *,
    old: str,
    changes: Mapping[str, str],
    role: str,
    reason_es: str,
    reason_en: str,
    by: str,
    at: datetime,
    new: str = "",
    finding: str = "",
) -> Corrected:
    """State `old` anew and check its round again; answer `finding` with it; number the erratum.

    All of it or none. Whether `by` may, in `role`, is for the door to ask (act figure.correct). Raises
    Superseded (somebody was faster), Refused or PackageFaults for what is unfit, AnswerFault when the
    finding is about other figures, Finding.DoesNotExist.
    """
    if lacking := reason_faults(reason_es, reason_en):
        raise Refused("correct.fault.reason", f"reason_{lacking[0]}")
    stated = proposed(old=old, changes=changes, new=new)
    reasons = {"reason_es": reason_es.strip(), "reason_en": reason_en.strip()}
    try:
        row = rounds.correct(old=old, new=stated, by=by, at=at, **reasons)
    except WrongStep as e:
        raise Superseded(old, latest(old)) from e
    if finding:
        findings.answer(
            finding=finding, kind=findings.CORRECTED, role=role, by=by, at=at, figure=row.id, **reasons
        )
    erratum = None
    if row.status == Status.PUBLISHED:
        erratum = _issued(row, role=role, finding=finding, by=by, at=at, **reasons)
    return Corrected(row, erratum)


def _issued(
    row: FigureRow, *, role: str, finding: str, by: str, at: datetime, reason_es: str, reason_en: str
) -> Erratum:
    """Numbered while the transaction holds the ledger's version (figures.touch): no two at once."""
    given = [e.correction() for e in Erratum.objects.filter(round=row.round).order_by("number")]
    fresh = Correction(row.round, row.supersedes, row.id, at)
    number = numbered([*given, fresh])[fresh.old]
    erratum = Erratum.objects.create(
        round=row.round, number=number, state=row.state, old=row.supersedes, new=row.id, at=at, by=by,
        role=role, reason_es=reason_es, reason_en=reason_en, finding=finding,
    )  # fmt: skip
    record(
        by=by, at=at, act="erratum.issued", subject=f"round {row.round} {erratum.code}",
        detail={"old": erratum.old, "new": erratum.new},
    )  # fmt: skip
    return erratum
