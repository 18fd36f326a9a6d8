"""The door to the figure ledger."""

from __future__ import annotations

from mirps.evidence.figures.actions import WrongStep, correct, move, record_table, set_embargo, touch
from mirps.evidence.figures.book import Book, Entry, Event
from mirps.evidence.figures.cells import Fault, PackageFaults
from mirps.evidence.figures.models import FigureRow
from mirps.evidence.figures.package import (
    COLUMNS,
    GivenAnswer,
    Relation,
    RoundPackage,
    Table,
    Vocabulary,
    read_measures,
    read_round,
    read_table,
)
from mirps.evidence.figures.queries import (
    book,
    cache_token,
    embargoes,
    figure_from,
    history,
    ledger_version,
    public,
)
from mirps.evidence.figures.rules import (
    ABSENCES,
    NOT_COLLECTED,
    SUPPRESSED,
    TOTAL,
    UNKNOWN,
    Figure,
    Flow,
    Measure,
    Origin,
    Qualifier,
    Role,
    Status,
    canonical_dimensions,
    parse_dimensions,
)
from mirps.evidence.figures.vocabulary import measures, read_own_round, round_folder, vocabulary

__all__ = [
    "ABSENCES",
    "COLUMNS",
    "NOT_COLLECTED",
    "SUPPRESSED",
    "TOTAL",
    "UNKNOWN",
    "Book",
    "Entry",
    "Event",
    "Fault",
    "Figure",
    "FigureRow",
    "Flow",
    "GivenAnswer",
    "Measure",
    "Origin",
    "PackageFaults",
    "Qualifier",
    "Relation",
    "Role",
    "RoundPackage",
    "Status",
    "Table",
    "Vocabulary",
    "WrongStep",
    "book",
    "cache_token",
    "canonical_dimensions",
    "correct",
    "embargoes",
    "figure_from",
    "history",
    "ledger_version",
    "measures",
    "move",
    "parse_dimensions",
    "public",
    "read_measures",
    "read_own_round",
    "read_round",
    "read_table",
    "record_table",
    "round_folder",
    "set_embargo",
    "touch",
    "vocabulary",
]
