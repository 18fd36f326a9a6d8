"""The tables of this band, by area."""

from mirps.planning.knowledge.models import Certificate, Enrolment
from mirps.planning.records.models import Change, Comment, Link, Paper, Record

__all__ = ["Certificate", "Change", "Comment", "Enrolment", "Link", "Paper", "Record"]
