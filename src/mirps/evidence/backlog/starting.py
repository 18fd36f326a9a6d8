"""What the planner begins with for a State: what the documents say, what follows from it, what is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import yaml

from mirps.base.codelists.api import data_folder
from mirps.evidence.backlog.asked import FIELDS
from mirps.evidence.figures.api import Book, Entry

PENDING, CAPACITY, STOCK = "asylum.pending", "asylum.interview-capacity", "population.stock"
SEEKERS = "ASY"


@dataclass(frozen=True, slots=True)
class Start:
    """A number to begin with, and whence: the figures that say it or from which it follows, if any."""

    value: float | None
    how: Literal["published", "derived", "assumed"] = "assumed"
    figures: tuple[str, ...] = ()


@cache
def assumptions() -> Mapping[str, float | None]:
    found: dict[str, float | None] = yaml.safe_load(
        (data_folder() / "backlog" / "assumptions.yaml").read_text(encoding="utf-8")
    )
    return found


def states(book: Book) -> list[str]:
    """The States of which a document says how many claims are pending, in the order of their codes."""
    return sorted({e.figure.state for e in _of(book, PENDING, None)})


def starting(book: Book, state: str) -> dict[str, Start]:
    """By field. Where nothing is published of the State, all is assumed."""
    assumed = assumptions()
    out = {key: Start(assumed.get(key)) for key in FIELDS}
    pending = _of(book, PENDING, state)
    if pending:
        out["pending"] = Start(_value(pending[0]), "published", (pending[0].figure.id,))
    capacity = _of(book, CAPACITY, state)
    if capacity and out["teams"].value:
        each = _value(capacity[0]) / out["teams"].value
        out["per_team"] = Start(each, "derived", (capacity[0].figure.id,))
    out |= _inflow(_of(book, STOCK, state), capacity)
    low, high = out["inflow_low"].value or 0, out["inflow_high"].value or 0
    middle = (low * high) ** 0.5
    sources = out["inflow_low"].figures
    how: Literal["derived", "assumed"] = "derived" if sources else "assumed"
    out["target"] = Start(round(middle * (assumed["within_weeks"] or 0), -2), how, sources)
    oldest = min((out["pending"].value or 0) / middle, FIELDS["oldest"].most) if middle else 0
    out["oldest"] = Start(round(oldest), how, (*out["pending"].figures, *sources))
    return out


def _inflow(stocks: list[Entry], capacity: list[Entry]) -> dict[str, Start]:
    """New claims a week, from a balance: what asylum-seekers became more by, and who was interviewed meanwhile.

    Between the two latest counts the stock grew by what came in less what was got through; each interview is
    taken to end one claim, at the lowest and at the highest capacity that is published.
    """
    days = {e.figure.as_of: e for e in reversed(stocks) if e.figure.as_of}
    if len(days) < 2 or not capacity:
        return {}
    earlier, later = sorted(days)[-2:]
    grown = (_value(days[later]) - _value(days[earlier])) / ((later - earlier).days / 7)
    paces = [_value(e) for e in capacity]
    low, high = round(grown + min(paces)), round(grown + max(paces))
    if low <= 0:
        return {}
    used = (days[earlier].figure.id, days[later].figure.id, *(e.figure.id for e in capacity))
    return {"inflow_low": Start(low, "derived", used), "inflow_high": Start(high, "derived", used)}


def _of(book: Book, measure: str, state: str | None) -> list[Entry]:
    """Whole counts of asylum-seekers, the latest first."""
    found = book.select(measure=measure, state=state, population=SEEKERS, dimensions="")
    return [e for e in found if e.figure.value is not None and not e.figure.stage and not e.figure.universe]


def _value(e: Entry) -> float:
    return float(e.figure.value or 0)
