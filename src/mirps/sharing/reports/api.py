"""The door to reports."""

from __future__ import annotations

from mirps.base.texts.api import say
from mirps.sharing.reports.actions import (
    Built,
    build_report,
    check_report,
    confirm_translation,
    foresee,
    preview,
    publish,
)
from mirps.sharing.reports.building import FORMATS, Made, Request, Unfit
from mirps.sharing.reports.building import plans as written
from mirps.sharing.reports.models import ReportBuild
from mirps.sharing.reports.page import Fragments, fragments
from mirps.sharing.reports.proof import Fault
from mirps.sharing.reports.queries import builds_of, file_of, published, read_report, readable, round_of
from mirps.sharing.reports.reading import Plan, ReportFault
from mirps.sharing.reports.wording import value
from mirps.sharing.reports.worked import plan_of, plans

__all__ = [
    "FORMATS",
    "Built",
    "Fault",
    "Fragments",
    "Made",
    "Plan",
    "ReportBuild",
    "ReportFault",
    "Request",
    "Unfit",
    "build_report",
    "builds_of",
    "check_report",
    "confirm_translation",
    "file_of",
    "foresee",
    "fragments",
    "plan_of",
    "plans",
    "preview",
    "publish",
    "published",
    "read_report",
    "readable",
    "round_of",
    "say",
    "value",
    "written",
]
