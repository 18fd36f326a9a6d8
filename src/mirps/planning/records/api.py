"""The door to records."""

from __future__ import annotations

from mirps.planning.records import sheets
from mirps.planning.records.actions import (
    CHECKS,
    arrange,
    comment,
    faults_of,
    free_code,
    keep_paper,
    last_place,
    proposed_code,
    save,
    settle,
    standing,
    step,
    take,
    unready,
)
from mirps.planning.records.dates import day, end_of, first_day, last_day
from mirps.planning.records.flow import REASONED, RIGHT, Act, Standing, Status, Step, offered
from mirps.planning.records.kinds import Audience, Field, Flow, Kind, KindFault, Type
from mirps.planning.records.loading import FactFault, load
from mirps.planning.records.models import Change, Comment, Link, Paper, Record
from mirps.planning.records.queries import (
    as_known_of,
    as_known_on,
    as_known_under,
    comments,
    get,
    history,
    in_force,
    naming,
    of_kind,
    statements,
    title,
    titled,
    tree,
    under,
)
from mirps.planning.records.rules import Met, Refused, code_from, folded
from mirps.planning.records.values import Data, Fault, Known, cells, columns, flat, missing, read, refs, stale
from mirps.planning.records.vocabulary import kinds, known, listed, name_of

__all__ = [
    "CHECKS", "REASONED", "RIGHT", "Act", "Audience", "Change", "Comment", "Data", "FactFault", "Fault",
    "Field", "Flow", "Kind", "KindFault", "Known", "Link", "Met", "Paper", "Record", "Refused", "Standing",
    "Status", "Step", "Type", "arrange", "as_known_of", "as_known_on", "as_known_under", "cells",
    "code_from", "columns", "comment", "comments", "day", "end_of", "faults_of", "first_day", "flat",
    "folded", "free_code", "get", "history", "in_force", "keep_paper", "kinds", "known", "last_day",
    "last_place", "listed", "load", "missing", "name_of", "naming", "of_kind", "offered", "proposed_code",
    "read", "refs", "save", "settle", "sheets", "stale", "standing", "statements", "step", "take", "title", "titled",
    "tree", "under", "unready",
]  # fmt: skip
