"""The demo's counts: an invented caseload (data/demo/caseload.yaml) counted, protected and released by each State's
approver, so that computed and published figures meet on the pages; some of Mexico's wait for its officer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mirps.evidence.figures.api import FigureRow
    from mirps.evidence.releases.proposing import Asked

ROUND = "2024"
#: Of whom some counts wait, and which.
WAITS = "MEX"
WAITING = ("asylum_decisions", "asylum_recognised", "asylum_pending", "reunification_requests")


def release_counts(now: datetime, folder: Path) -> str:
    """How many releases are out, and how many wait. Done once."""
    from mirps.evidence.indicators import api as indicators
    from mirps.evidence.indicators import caseload
    from mirps.evidence.indicators.api import Over
    from mirps.evidence.indicators.counting import engine, parquet
    from mirps.evidence.indicators.layers import parents
    from mirps.evidence.releases import api as releases
    from mirps.evidence.releases.proposing import propose

    if releases.Release.objects.exists():
        return "kept as they are"
    given = caseload.given()
    path = folder / "demo-cases.parquet"
    with engine() as db:
        caseload.write(caseload.blocks(given, 1, parents()), path, db)
        sources = {Over.CASES: parquet([path])}
        every = indicators.indicators()
        for asked, codes in _met(given["meets"], now.date()):
            found = propose(db, sources, [every[c] for c in codes], asked, by="demo", at=now)
            for p in found:
                if p.release is not None and p.release.stage == releases.Stage.PROPOSED:
                    _approved(p.release, asked.state, now)
        waiting = [every[c] for c in WAITING]
        propose(db, sources, waiting, _nine_months(now.date()), by="demo", at=now)
    rows = releases.Release.objects
    return f"{rows.filter(stage='approved').count()} out, {rows.filter(stage='proposed').count()} waiting"


def _met(meets: Mapping[str, str], known_on: date) -> Iterator[tuple[Asked, list[str]]]:
    """Of each State and indicator the last period that the annual report states and the caseload meets."""
    from mirps.evidence.figures.api import FigureRow
    from mirps.evidence.indicators.planning import Span
    from mirps.evidence.releases.proposing import Asked

    last: dict[tuple[str, str], tuple[date, FigureRow]] = {}
    for f in FigureRow.objects.filter(pk__in=meets, document="AR24", dimensions="").order_by("pk"):
        ends, key = f.as_of or f.period_end, (f.state, meets[f.pk])
        if f.unit != "percent_change" and ends and (key not in last or ends > last[key][0]):
            last[key] = ends, f
    wanted: dict[tuple[str, Span], list[str]] = {}
    for (state, code), (ends, f) in last.items():
        starts = f.period_start or ends.replace(month=1, day=1)
        wanted.setdefault((state, Span(starts, ends)), []).append(code)
    for (state, span), codes in wanted.items():
        yield Asked(state, ROUND, span, known_on), codes


def _nine_months(known_on: date) -> Asked:
    from mirps.evidence.indicators.planning import Span
    from mirps.evidence.releases.proposing import Asked

    return Asked(WAITS, ROUND, Span(date(2024, 1, 1), date(2024, 9, 30)), known_on)


def _approved(row: Any, state: str, now: datetime) -> None:
    """Approved by the State's approver; what meets a published figure is published beside it."""
    from mirps.evidence.releases import api as releases

    by = f"demo-{state.lower()}-approver"
    releases.approve(release=str(row.pk), counted_at=row.counted_at, by=by, role="state-approver", at=now)
    releases.publish(releases=[row], by=by, at=now, beside_reported=True)
