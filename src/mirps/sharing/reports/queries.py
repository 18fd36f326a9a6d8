"""Reading reports: what was built and published, and a report as the portal shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Book
from mirps.evidence.findings import api as findings
from mirps.sharing.reports import building, worked
from mirps.sharing.reports.actions import store
from mirps.sharing.reports.building import Made, Request
from mirps.sharing.reports.contradictions import told
from mirps.sharing.reports.models import ReportBuild
from mirps.sharing.reports.proof import Unanswered
from mirps.sharing.reports.reading import Plan, ReportFault


def published(at: datetime | None = None) -> QuerySet[ReportBuild]:
    """Published builds that anyone may read at `at` (now), the latest first.

    A report waits while any State of its round is under embargo, a brief while its own is. Whoever works
    for that State reads no more here: `builds_of` is for who publishes. A file that tells a story to which
    somebody no longer agrees is given to nobody.
    """
    every = ReportBuild.objects.exclude(published_at=None).order_by("-published_at", "-id")
    closed = figures.embargoes(at or timezone.now())
    hidden = _waiting(every, closed) if closed else []
    hidden += [b.pk for b in every if b.params.get("stories") and worked.tells_without_consent(b)]
    return every.exclude(pk__in=hidden) if hidden else every


def _waiting(builds: Iterable[ReportBuild], closed: Collection[tuple[str, str]]) -> list[int]:
    rounds: dict[str, str] = {}
    out = []
    for b in builds:
        if b.report not in rounds:
            rounds[b.report] = round_of(b.report)
        if _closed(rounds[b.report], str(b.params.get("state") or ""), closed):
            out.append(b.pk)
    return out


def _closed(round: str, state: str, closed: Collection[tuple[str, str]]) -> bool:
    return (round, state) in closed if state else any(r == round for r, _ in closed)


def round_of(code: str) -> str:
    """The round that a report is about; that of a written report no longer there is not known."""
    held = worked.round_of(code)
    if held is not None:
        return held.code
    try:
        return building.plan_of(code).round
    except ReportFault:
        return ""


def builds_of(code: str) -> QuerySet[ReportBuild]:
    """Published builds of a report, under embargo or not: for who publishes, not for public pages."""
    return ReportBuild.objects.filter(report=code).exclude(published_at=None).order_by("-published_at", "-id")


def readable(at: datetime | None = None) -> dict[str, Plan]:
    """The reports that anyone may read at `at` (now), by code: the written ones, and those of published
    rounds of which no State is under embargo."""
    closed = {round_ for round_, _ in figures.embargoes(at or timezone.now())}
    return {code: p for code, p in worked.plans().items() if not p.follows or p.round not in closed}


def file_of(build: ReportBuild) -> Path:
    return store() / build.file


def read_report(
    code: str, request: Request, book: Book | None = None, unanswered: Unanswered | None = None
) -> Made:
    """A report proved and bound, for a page. Raises Unfit or ReportFault.

    `book` and `unanswered`: the ledger as the page's readers see it, where that is not the whole of it.
    """
    plan = worked.plan_of(code)
    ledger = figures.book() if book is None else book
    return building.make(plan, request, ledger, unanswered or findings.unanswered, told(plan.round))
