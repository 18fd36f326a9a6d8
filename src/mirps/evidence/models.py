"""The tables of this band, by area."""

from mirps.evidence.figures.models import Embargo, FigureEvent, FigureRow, LedgerState
from mirps.evidence.findings.models import Answer, Finding
from mirps.evidence.rounds.models import Round

__all__ = ["Answer", "Embargo", "FigureEvent", "FigureRow", "Finding", "LedgerState", "Round"]
