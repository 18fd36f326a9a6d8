"""The tables of this band, by area."""

from mirps.evidence.entries.models import Attachment, Cell, CellStep, Statement, Upload
from mirps.evidence.errata.models import Erratum
from mirps.evidence.figures.models import Embargo, FigureEvent, FigureRow, LedgerChange, LedgerState
from mirps.evidence.findings.models import Answer, Finding
from mirps.evidence.narratives.models import Consent, Section, SectionStep, SectionText
from mirps.evidence.releases.models import Release, ReleaseStep, StandingApproval
from mirps.evidence.review.models import Remark
from mirps.evidence.rounds.models import Asked, DueDate, Round, RoundEvent

__all__ = [
    "Answer", "Asked", "Attachment", "Cell", "CellStep", "Consent", "DueDate", "Embargo", "Erratum",
    "FigureEvent", "FigureRow", "Finding", "LedgerChange", "LedgerState", "Release", "ReleaseStep", "Remark",
    "Round", "RoundEvent", "Section", "SectionStep", "SectionText", "StandingApproval", "Statement", "Upload",
]  # fmt: skip
