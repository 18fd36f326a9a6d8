"""The door to projects."""

from __future__ import annotations

from mirps.planning.projects import checking as checking  # its checks count from here on
from mirps.planning.projects.queries import (
    PARTS,
    Held,
    by_programme,
    money,
    one,
    people,
    portfolio,
    said,
    statements,
)
from mirps.planning.projects.rules import (
    BEFORE,
    OVER,
    Computed,
    Late,
    Matrix,
    Matter,
    Money,
    Project,
    Row,
    Said,
    Share,
    agreed_on,
    computed,
    ends_on,
    last_day,
    late,
    reached,
    stated,
    unfit,
)

__all__ = [
    "BEFORE", "OVER", "PARTS", "Computed", "Held", "Late", "Matrix", "Matter", "Money", "Project", "Row",
    "Said", "Share", "agreed_on", "by_programme", "computed", "ends_on", "last_day", "late", "money", "one",
    "people", "portfolio", "reached", "said", "stated", "statements", "unfit",
]  # fmt: skip
