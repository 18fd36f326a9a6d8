"""The tables of this band, by area."""

from mirps.sharing.publication.models import LeftOut, News
from mirps.sharing.reports.models import ReportBuild

__all__ = ["LeftOut", "News", "ReportBuild"]
