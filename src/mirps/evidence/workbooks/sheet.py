"""What a workbook is to hold, and what its column of checks says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from mirps.evidence.entries.api import Given, jump, parts
from mirps.evidence.figures.api import Qualifier
from mirps.evidence.rounds.api import Ask
from mirps.evidence.workbooks.rules import Meta


class Words(Protocol):
    """How what is asked is called, in one language; the pages' own words."""

    def name(self, ask: Ask) -> str: ...

    def detail(self, ask: Ask) -> str: ...

    def when(self, ask: Ask) -> str: ...

    def part(self, ask: Ask, dimensions: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to fill in: a total, or a part of the total above it."""

    key: str
    dimensions: str
    label: str
    given: Given
    version: int
    earlier: Decimal | None
    earlier_when: str
    locked: str = ""  # why it cannot be filled in, in words


@dataclass(frozen=True, slots=True)
class Asking:
    """One thing asked: its total first, then its parts, each breakdown's together."""

    ask: Ask
    name: str
    detail: str
    guidance: str
    change: str
    population: str
    period: str
    unit: str
    whole: bool
    entries: tuple[Entry, ...]

    def groups(self) -> list[tuple[int, int]]:
        """Each breakdown that makes a whole: (first, last) of its entries."""
        out: list[tuple[int, int]] = []
        before: frozenset[str] | None = None
        for n, e in enumerate(self.entries[1:], start=1):
            names = frozenset(p.partition("=")[0] for p in e.key.partition("/")[2].split(";"))
            if names == before:
                out[-1] = (out[-1][0], n)
            else:
                out.append((n, n))
            before = names
        return out


@dataclass(frozen=True, slots=True)
class Workbook:
    """All that a workbook says. `locale` writes numbers that a spreadsheet's own do not hold."""

    meta: Meta
    title: str
    institution: str
    state: str
    state_name: str
    locale: str
    due: str
    address: str
    contacts: tuple[str, ...]
    sectors: tuple[tuple[str, tuple[Asking, ...]], ...]

    @property
    def lang(self) -> str:
        return self.meta.lang


def check(asking: Asking, entry: Entry) -> str:
    """What the column of checks says of a row, as the formula beside it does: the name of its text.
    `both`, `missing`, `above`, `below`, `jump`, or nothing."""
    g = entry.given
    if g.value is not None and g.absence:
        return "both"
    total = entry is asking.entries[0]
    if total and asking.ask.required and g.empty:
        return "missing"
    if total and g.value is not None and g.qualifier is Qualifier.EXACT:
        said = {h.key for h in parts({e.dimensions: e.given for e in asking.entries}, asking.ask.dimensions)}
        for name in ("above", "below"):
            if f"entries.hint.parts_{name}" in said:
                return name
    far = g.value is not None and entry.earlier is not None and jump(g.value, [entry.earlier])
    return "jump" if far else ""
