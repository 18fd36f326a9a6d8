"""The tables of this band, by area."""

from mirps.sharing.reports.models import ReportBuild

__all__ = ["ReportBuild"]
