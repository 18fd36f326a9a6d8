"""The door to reports."""

from __future__ import annotations

from mirps.base.texts.api import say
from mirps.sharing.reports.actions import Built, build_report, check_report, confirm_translation, publish
from mirps.sharing.reports.building import FORMATS, Made, Request, Unfit, plan_of, plans, states
from mirps.sharing.reports.models import ReportBuild
from mirps.sharing.reports.page import Fragments, fragments
from mirps.sharing.reports.proof import Fault
from mirps.sharing.reports.queries import file_of, published, read_report
from mirps.sharing.reports.reading import Plan, ReportFault
from mirps.sharing.reports.wording import value

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
    "check_report",
    "confirm_translation",
    "file_of",
    "fragments",
    "plan_of",
    "plans",
    "publish",
    "published",
    "read_report",
    "say",
    "states",
    "value",
]
