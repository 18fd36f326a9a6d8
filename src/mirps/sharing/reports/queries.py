"""Reading reports: what was built and published, and a report as the portal shows it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from mirps.evidence.figures.api import book
from mirps.evidence.findings.api import unanswered
from mirps.sharing.reports import building
from mirps.sharing.reports.actions import store
from mirps.sharing.reports.building import Made, Request
from mirps.sharing.reports.contradictions import told
from mirps.sharing.reports.models import ReportBuild


def published() -> QuerySet[ReportBuild]:
    """Published builds, the latest first."""
    return ReportBuild.objects.exclude(published_at=None).order_by("-published_at", "-id")


def file_of(build: ReportBuild) -> Path:
    return store() / build.file


def read_report(code: str, request: Request, known_on: datetime | None = None) -> Made:
    """A report proved and bound, for a page that shows it. Raises Unfit or ReportFault."""
    plan = building.plan_of(code)
    return building.make(plan, request, book(known_on=known_on), unanswered, told(plan.round, known_on))
