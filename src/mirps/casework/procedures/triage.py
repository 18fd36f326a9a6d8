"""Triage as a table: the first row whose cells all agree proposes a modality, and every row says why it did or
did not. Pure.

Columns are questions with few answers (yes or no, one of some options) or conditions, so that a table can be
proved: every combination of answers is decided, no row is out of reach, and its own examples come out right.
It proposes; who decides is the act that records a modality.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from mirps.base.texts.api import Text
from mirps.casework.procedures.guards import Guard, Holds

MOST = 500_000  # combinations times rows: what is tried when a table is proved


@dataclass(frozen=True, slots=True)
class Column:
    """A field, or a condition with a name. `answers`: all that there can be."""

    name: Text
    answers: tuple[str, ...]
    guard: Guard | None = None
    field: str = ""

    def answer(self, facts: Mapping[str, Any]) -> str | None:
        """The answer for a case, or None while there is none."""
        if self.guard is not None:
            return {Holds.YES: "yes", Holds.NO: "no"}.get(self.guard.holds(facts))
        given = facts.get(self.field)
        if given is None:
            return None
        return ("yes" if given else "no") if isinstance(given, bool) else str(given)


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    cells: Mapping[str, frozenset[str]]  # column -> answers that agree; a column that is not named agrees
    then: str
    why: Text
    line: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    given: Mapping[str, str]
    then: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Tried:
    """One row as it was tried: it agreed, or the first column that did not, or one that nobody has answered."""

    row: str
    agreed: bool
    column: str = ""
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """`then` is None while an answer is missing that could change it."""

    then: str | None
    row: str
    why: Text | None
    tried: tuple[Tried, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    columns: Mapping[str, Column]
    rows: tuple[Row, ...]
    examples: tuple[Example, ...] = ()

    def of(self, facts: Mapping[str, Any]) -> Outcome:
        """What the table proposes for a case, with its explanation."""
        return self.decide({name: c.answer(facts) for name, c in self.columns.items()})

    def decide(self, answers: Mapping[str, str | None]) -> Outcome:
        tried: list[Tried] = []
        for row in self.rows:
            unanswered = [c for c in row.cells if answers.get(c) is None]
            off = next((c for c, ok in row.cells.items() if c not in unanswered and answers[c] not in ok), "")
            if off:
                tried.append(Tried(row.code, False, off))
                continue
            if unanswered:
                # A row that might agree stands before what follows: nothing is proposed over its head.
                tried.append(Tried(row.code, False, unanswered[0], unanswered=True))
                return Outcome(None, "", None, tuple(tried), tuple(unanswered))
            tried.append(Tried(row.code, True))
            return Outcome(row.then, row.code, row.why, tuple(tried))
        return Outcome(None, "", None, tuple(tried))

    def combinations(self) -> Iterator[dict[str, str | None]]:
        """Every combination of answers."""
        names = list(self.columns)
        for answers in product(*(self.columns[n].answers for n in names)):
            yield dict(zip(names, answers, strict=True))

    @property
    def size(self) -> int:
        """How many combinations of answers there are."""
        n = 1
        for c in self.columns.values():
            n *= len(c.answers)
        return n
