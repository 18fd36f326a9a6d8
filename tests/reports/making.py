"""What the tests of reports are made from: a few figures, and a report of one section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from mirps.evidence.figures.api import Book, Figure, Flow, Measure, Qualifier
from mirps.sharing.reports import building
from mirps.sharing.reports.building import Request
from mirps.sharing.reports.proof import Fault
from mirps.sharing.reports.reading import Plan, read_plan
from mirps.sharing.reports.tree import Document

MEASURE = Measure(
    "population.stock", "Población", "Population", "person", Flow.STOCK, False, True, True, "displacement"
)


def figure(id_: str, value: int | str, unit: str = "person", **more: object) -> Figure:
    stated = {
        "document": "AR24",
        "locator": "Costa Rica > National context",
        "fragment": f"home to {value} persons",
        "state": "CRI",
        "sector": "displacement",
        "measure": "population.stock",
        "population": "PIP",
        "as_of": date(2024, 9, 30),
    }
    return Figure(id=id_, value=Decimal(value), unit=unit, **{**stated, **more})  # type: ignore[arg-type]


FIGURES = [
    figure("f-1", 226029),
    figure("f-2", 22344, population="REF"),
    figure("f-3", 266000, qualifier=Qualifier.AT_LEAST, fragment="more than 266000 persons"),
    figure("f-4", "-35", "percent_change"),
    figure("f-5", "1400000", "USD", population="NAP"),
]


def nobody_doubts(_: Iterable[str]) -> Mapping[str, list[str]]:
    return {}


@dataclass
class Small:
    """A report of one section, `body`, in two languages."""

    folder: Path
    book: Book = field(default_factory=lambda: Book.of(FIGURES, {MEASURE.code: MEASURE}))
    doubts: Callable[[Iterable[str]], Mapping[str, list[str]]] = nobody_doubts

    def plan(self) -> Plan:
        return read_plan(self.folder)

    def faults(self) -> list[Fault]:
        return building.faults(self.plan(), self.book, self.doubts)

    def keys(self) -> list[str]:
        return [f.key.rpartition(".")[2] for f in self.faults()]

    def document(self, lang: str = "en", **more: object) -> Document:
        return building.document(self.plan(), Request(lang, **more), self.book)  # type: ignore[arg-type]
