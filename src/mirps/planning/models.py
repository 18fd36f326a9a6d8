"""The tables of this band, by area."""

from mirps.planning.records.models import Change, Comment, Link, Paper, Record

__all__ = ["Change", "Comment", "Link", "Paper", "Record"]
