"""The ledger as a reader sees it at one moment: each statement with what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mirps.evidence.figures.rules import Figure, Measure, Status, canonical_dimensions, parse_dimensions


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a figure: a status, or `superseded` with the other's id."""

    figure: str
    kind: str
    at: datetime
    by: str = ""
    reason_es: str = ""
    reason_en: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    figure: Figure
    status: Status
    superseded_by: str = ""
    embargoed: bool = False
    round: str = ""
    recorded_at: datetime | None = None

    @property
    def public(self) -> bool:
        """Whether the public may read it now. A superseded figure stays citable."""
        return self.status is Status.PUBLISHED and not self.embargoed


@dataclass(frozen=True)
class Book:
    """Entries by id, in the order of their ids."""

    entries: Mapping[str, Entry]
    measures: Mapping[str, Measure] = field(default_factory=dict)
    version: int = 0
    #: What was chosen among the entries, for who chooses the same again.
    chosen: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, figures: Iterable[Figure], measures: Mapping[str, Measure]) -> Book:
        """A book of statements as they stand, without a database."""
        figures = list(figures)
        replaced = {f.supersedes: f.id for f in figures if f.supersedes}
        return cls(
            {f.id: Entry(f, f.status, replaced.get(f.id, "")) for f in sorted(figures, key=lambda f: f.id)},
            measures,
        )

    def __contains__(self, id_: object) -> bool:
        return id_ in self.entries

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, id_: str) -> Entry:
        """The entry of `id_`. KeyError when the ledger holds none."""
        return self.entries[id_]

    def latest(self, id_: str) -> str:
        """The last statement of the same thing: `id_` itself, where nothing superseded it."""
        while id_ in self.entries and self.entries[id_].superseded_by:
            id_ = self.entries[id_].superseded_by
        return id_

    def select(
        self,
        *,
        measure: str | None = None,
        state: str | None = None,
        population: str | None = None,
        dimensions: str | None = None,
        document: str | None = None,
        sector: str | None = None,
    ) -> list[Entry]:
        """Public, unsuperseded entries that match all that is given, latest first."""
        wanted = None if dimensions is None else canonical_dimensions(parse_dimensions(dimensions))
        found = [
            e
            for e in self.entries.values()
            if e.public
            and not e.superseded_by
            and measure in (None, e.figure.measure)
            and state in (None, e.figure.state)
            and population in (None, e.figure.population)
            and wanted in (None, e.figure.dimensions)
            and document in (None, e.figure.document)
            and sector in (None, e.figure.sector)
        ]
        return sorted(found, key=lambda e: (str(e.figure.when or ""), e.figure.id), reverse=True)


def fold(initial: Status, events: Iterable[Event], until: datetime | None) -> tuple[Status, str]:
    """The status and the superseding figure, from a figure's events up to `until`.

    Events are taken in the order they happened, whatever order they come in.
    """
    status, superseded_by = initial, ""
    for e in sorted(events, key=lambda e: e.at):
        if until is not None and e.at > until:
            break
        if e.kind == "superseded":
            superseded_by = e.other
        elif e.kind in Status.__members__.values():
            status = Status(e.kind)
    return status, superseded_by
