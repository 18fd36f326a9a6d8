"""Reading reports: what was built and published, and a report as the portal shows it."""

from __future__ import annotations

from pathlib import Path

from django.db.models import QuerySet

from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Book
from mirps.evidence.findings import api as findings
from mirps.sharing.reports import building
from mirps.sharing.reports.actions import store
from mirps.sharing.reports.building import Made, Request
from mirps.sharing.reports.contradictions import told
from mirps.sharing.reports.models import ReportBuild
from mirps.sharing.reports.proof import Unanswered


def published() -> QuerySet[ReportBuild]:
    """Published builds, the latest first."""
    return ReportBuild.objects.exclude(published_at=None).order_by("-published_at", "-id")


def file_of(build: ReportBuild) -> Path:
    return store() / build.file


def read_report(
    code: str, request: Request, book: Book | None = None, unanswered: Unanswered | None = None
) -> Made:
    """A report proved and bound, for a page. Raises Unfit or ReportFault.

    `book` and `unanswered`: the ledger as the page's readers see it, where that is not the whole of it.
    """
    plan = building.plan_of(code)
    ledger = figures.book() if book is None else book
    return building.make(plan, request, ledger, unanswered or findings.unanswered, told(plan.round))
