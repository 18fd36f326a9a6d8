"""The door to projects."""

from __future__ import annotations

from mirps.planning.projects.queries import PARTS, by_programme, money, people, portfolio, project, said
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
    "BEFORE", "OVER", "PARTS", "Computed", "Late", "Matrix", "Matter", "Money", "Project", "Row", "Said", "Share",
    "agreed_on", "by_programme", "computed", "ends_on", "last_day", "late", "money", "people", "portfolio", "project",
    "reached", "said", "stated", "unfit",
]  # fmt: skip
