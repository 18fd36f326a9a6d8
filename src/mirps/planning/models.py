"""The tables of this band, by area."""

from mirps.planning.calls.models import CallEvent, CallRun, Proposal, ProposalPaper, ProposalVersion
from mirps.planning.knowledge.models import Certificate, Enrolment
from mirps.planning.library.models import Letter, Subscriber
from mirps.planning.meetings.models import CalendarFeed
from mirps.planning.records.models import Change, Comment, Link, Paper, Record

__all__ = [
    "CalendarFeed", "CallEvent", "CallRun", "Certificate", "Change", "Comment", "Enrolment", "Letter", "Link",
    "Paper", "Proposal", "ProposalPaper", "ProposalVersion", "Record", "Subscriber",
]  # fmt: skip
