"""The small round of tests/rounds, with what reviewers do in it."""

from __future__ import annotations

from datetime import timedelta

from tests.rounds.conftest import NOW, cell, round_2025, write

from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell
from mirps.evidence.review import api as review
from mirps.evidence.review.api import Done, Level, Seen
from mirps.evidence.rounds.api import Step

__all__ = ["NOW", "approve", "cell", "handed", "round_2025", "seen", "send_back", "submit", "write"]


def seen(*cells: Cell) -> Seen:
    """These cells, as they stand now."""
    return Seen({c.pk: v for c, v in zip(cells, _versions(cells), strict=True)})


def _versions(cells: tuple[Cell, ...]) -> list[int]:
    held = dict(Cell.objects.filter(pk__in=[c.pk for c in cells]).order_by("pk").values_list("pk", "version"))
    return [held[c.pk] for c in cells]


def submit(*cells: Cell, by: str = "clerk", minutes: int = 1) -> None:
    at = NOW + timedelta(minutes=minutes)
    entries.take(cells=[c.pk for c in cells], step=Step.SUBMIT, by=by, role="data-entry", at=at)


def handed(code: str, value: int, dimensions: str = "") -> Cell:
    """A value that the clerk wrote and handed over."""
    c = cell(code, dimensions)
    write(c, value)
    submit(c)
    return cell(code, dimensions)


def approve(*cells: Cell, by: str, level: Level = Level.STATE, minutes: int = 10, **given: Seen) -> Done:
    return review.approve(
        round="2025", state=cells[0].asked.state, level=level, seen=given.get("saw") or seen(*cells), by=by,
        role="any", at=NOW + timedelta(minutes=minutes),
    )  # fmt: skip


def send_back(*cells: Cell, by: str, message: str = "Is this the whole year?", minutes: int = 10) -> Done:
    return review.send_back(
        round="2025", state=cells[0].asked.state, seen=seen(*cells), message=message, by=by, role="any",
        at=NOW + timedelta(minutes=minutes),
    )  # fmt: skip
