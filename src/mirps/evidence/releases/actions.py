"""Deciding about releases. Each act: one transaction, one audit entry. Whether somebody may is for the door to ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from mirps.base.audit.api import record
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import FigureRow, Status
from mirps.evidence.indicators.api import indicators as all_indicators
from mirps.evidence.releases.models import Release, ReleaseStep, StandingApproval
from mirps.evidence.releases.queries import blocked, indicators_of, rows_of, signatures, standing
from mirps.evidence.releases.rules import SIGNED, CannotRelease, Stage, persons, prove_step
from mirps.evidence.releases.stating import fresh, statements
from mirps.evidence.rounds import api as rounds

_LEAST = 10  # characters of a reason
#: Who let a release go by what was agreed in advance.
BY = "mirps count"


def _locked(release: str) -> Release:
    found = Release.objects.select_for_update().filter(pk=release).first()
    if found is None:
        raise CannotRelease("releases.fault.gone")
    return found


@transaction.atomic
def approve(*, release: str, counted_at: datetime, by: str, role: str, at: datetime) -> Release:
    """Approve a release as it was seen (`counted_at`). With the last of the persons whom it takes its figures stand
    in the ledger, approved. Raises CannotRelease: somebody counted again, it was refused, a quality rule of an
    indicator's file blocks it, or the same person twice.
    """
    row = _locked(release)
    if row.counted_at != counted_at:
        raise CannotRelease("releases.fault.counted-again")
    signed = [s.by for s in signatures(row)]
    prove_step(Stage(row.stage), by, signed)
    if failed := blocked(row):
        raise CannotRelease("releases.fault.quality", indicators=", ".join(failed))
    if len(signed) + 1 < row.persons:
        _step(row, SIGNED, by=by, role=role, at=at)
        return row
    count = _stated(row, by=by, at=at)
    ids = [f.id for f in _standing_of(row, Status.SUBMITTED)]
    figures.move(figures=ids, to=Status.APPROVED, by=by, at=at)
    _step(row, Stage.APPROVED, by=by, role=role, at=at, count=count)
    return row


@transaction.atomic
def decline(*, release: str, by: str, role: str, at: datetime, reason: str) -> Release:
    """Not to be released as it is. The next count proposes it anew. Raises CannotRelease."""
    row = _locked(release)
    if len(reason.strip()) < _LEAST:
        raise CannotRelease("releases.fault.reason", least=_LEAST)
    if row.stage != Stage.PROPOSED:
        raise CannotRelease(f"releases.fault.{row.stage}")
    _step(row, Stage.DECLINED, by=by, role=role, at=at, reason=reason.strip())
    return row


@transaction.atomic
def let_go(*, release: Release, at: datetime) -> bool:
    """Release provisionally the indicators of which that was agreed in advance: their figures stand in the ledger as
    submitted. All were protected together, so fewer of them tell no more."""
    row = _locked(str(release.pk))
    if row.stage != Stage.PROPOSED or row.persons > 1 or blocked(row):
        return False
    agreed = standing(row.state, at.date())
    codes = [i.code for i in indicators_of(row) if i.measure and i.code in agreed]
    if not codes:
        return False
    count = _stated(row, by=BY, at=at, codes=codes)
    row.report = row.report | {"let_go": codes}
    row.save(update_fields=["report"])
    reason = "; ".join(sorted({f"{agreed[c].by} {agreed[c].at:%Y-%m-%d}" for c in codes}))
    _step(row, Stage.PROVISIONAL, by=BY, role="", at=at, reason=reason, count=count)
    return True


def _stated(row: Release, *, by: str, at: datetime, codes: Sequence[str] | None = None) -> int:
    chosen = [i for i in indicators_of(row) if codes is None or i.code in codes]
    news = list(fresh(statements(row, rows_of(row), chosen)))
    public = FigureRow.objects.filter(
        pk__in=[f.supersedes for f in news if f.supersedes], status=Status.PUBLISHED
    )
    if held := public.order_by("pk").first():
        raise CannotRelease("releases.fault.published", figure=held.pk)
    count = figures.state_figures(figures=news, round=row.round, by=by, at=at)
    of = rounds.Round.objects.filter(pk=row.round).first() if count else None
    if of is not None:  # a round that was loaded from documents is checked whole, with what they declare
        own = "" if of.stage == rounds.Stage.LOADED else row.state
        rounds.check(code=row.round, state=own, by=by, at=at)
    return count


def _standing_of(row: Release, status: Status) -> list[FigureRow]:
    """The release's figures that stand in a status."""
    stems = {f.id for f in statements(row, rows_of(row), indicators_of(row))}
    held = FigureRow.objects.filter(
        state=row.state,
        round=row.round,
        status=status,
        superseded_by="",
        origin=figures.Origin.COMPUTED,
    )
    return [f for f in held.order_by("pk") if figures.stem(f.id) in stems]


def _step(
    row: Release, step: str, *, by: str, role: str, at: datetime, reason: str = "", count: int = 0
) -> None:
    if step in Stage.__members__.values():
        row.stage = step
        row.save(update_fields=["stage"])
    ReleaseStep.objects.create(release=row, step=step, by=by, role=role, at=at, reason=reason, figures=count)
    record(
        by=by, at=at, act=f"release.{step}", subject=f"release {row.pk}",
        detail={"state": row.state, "indicators": row.indicators, "figures": count},
    )  # fmt: skip


@transaction.atomic
def agree(
    *,
    state: str,
    indicator: str,
    by: str,
    role: str,
    at: datetime,
    reason: str,
    until: date | None,
) -> StandingApproval:
    """Agree that provisional figures of an indicator go out by themselves. Raises CannotRelease where it takes more
    than one person, without a reason, or where it stands already."""
    known = all_indicators().get(indicator)
    if persons([known.protect.sensitivity] if known else []) > 1:
        raise CannotRelease("releases.fault.sensitive")
    if len(reason.strip()) < _LEAST:
        raise CannotRelease("releases.fault.reason", least=_LEAST)
    if until is not None and until < at.date():
        raise CannotRelease("releases.fault.past")
    if indicator in standing(state, at.date()):
        raise CannotRelease("releases.fault.agreed")
    made = StandingApproval.objects.create(
        state=state, indicator=indicator, by=by, role=role, at=at, reason=reason.strip(), until=until
    )
    record(by=by, at=at, act="release.agreed", subject=f"indicator {indicator}", detail={"state": state})
    return made


@transaction.atomic
def end_agreement(*, agreement: int, by: str, at: datetime) -> StandingApproval:
    """From now on a person decides each time. Raises CannotRelease where it has ended."""
    held = StandingApproval.objects.select_for_update().filter(pk=agreement, ended_at=None).first()
    if held is None:
        raise CannotRelease("releases.fault.ended")
    held.ended_at, held.ended_by = at, by
    held.save(update_fields=["ended_at", "ended_by"])
    record(
        by=by, at=at, act="release.ended", subject=f"indicator {held.indicator}", detail={"state": held.state}
    )
    return held


def publish(*, releases: Sequence[Release], by: str, at: datetime, beside_reported: bool = False) -> int:
    """Publish the approved figures of releases (`beside_reported`: those alone beside which a reported figure
    stands). How many."""
    found = {f.id for row in releases for f in _standing_of(row, Status.APPROVED)
             if f.role == figures.Role.TRIANGULATION or not beside_reported}  # fmt: skip
    return figures.move(figures=sorted(found), to=Status.PUBLISHED, by=by, at=at) if found else 0
