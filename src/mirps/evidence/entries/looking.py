"""What the checks say of one thing asked while somebody writes, and what must be explained. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mirps.evidence.entries.rules import Given, Hint, faults, jump, parts
from mirps.evidence.figures.api import NOT_COLLECTED, UNKNOWN
from mirps.evidence.rounds.api import Ask

#: Hints that want a note: what they find can be right, and then somebody must be told why.
WANTS_NOTE = frozenset(
    {"entries.hint.jump", "entries.hint.parts_above", "entries.hint.parts_below", "entries.hint.absent"}
)
#: Hints to look at before going on, with or without a note.
TO_SEE = WANTS_NOTE | {"entries.hint.thousandths"}


@dataclass(frozen=True, slots=True)
class Look:
    """Hints for each cell by its dimensions, and for all of them together."""

    cells: Mapping[str, tuple[Hint, ...]]
    together: tuple[Hint, ...] = ()
    noted: bool = field(default=False)  # somebody wrote a note

    @property
    def all(self) -> list[Hint]:
        return [*(h for hints in self.cells.values() for h in hints), *self.together]

    @property
    def lacks_note(self) -> bool:
        return not self.noted and any(h.key in WANTS_NOTE for h in self.all)


def look(
    ask: Ask,
    given: Mapping[str, Given],
    earlier: Mapping[str, Sequence[tuple[str, Decimal]]],
    *,
    whole: bool,
) -> Look:
    """What the checks say of an ask's cells. `earlier`: by dimensions, (when, value), oldest first;
    empty where the series broke. `whole`: the unit is counted."""
    total = given.get(ask.dimensions, Given())
    cells: dict[str, tuple[Hint, ...]] = {}
    for dimensions, g in given.items():
        before = earlier.get(dimensions, ())
        found = [*faults(g, ask, whole=whole), *against(g.value, before)]
        if g.value is not None and not whole and _thousandths(g.value):
            found.append(Hint("entries.hint.thousandths", {"found": g.value, "thousands": g.value * 1000}))
        if far := jump(g.value, [v for _, v in before]):
            found.append(far)
        if dimensions == ask.dimensions and g.absence in (UNKNOWN, NOT_COLLECTED):
            found.append(Hint("entries.hint.absent", {}))
        if found:
            cells[dimensions] = tuple(found)
    noted = any(bool((g.note_es or g.note_en).strip()) for g in (total, *given.values()))
    return Look(cells, tuple(parts(given, ask.dimensions)), noted)


def _thousandths(value: Decimal) -> bool:
    """Whether a number has the look of thousands whose mark was read as the decimal one: 226.029."""
    return abs(value) < 1000 and abs(value) >= 1 and value.normalize().as_tuple().exponent == -3


def against(value: Decimal | None, before: Sequence[tuple[str, Decimal]]) -> list[Hint]:
    """How a value compares with the last one of its series: more, less, or the very same."""
    if value is None or not before:
        return []
    when, last = before[-1]
    if value == last:
        return [Hint("entries.hint.same", {"when": when, "earlier": last})]
    key = "entries.hint.more" if value > last else "entries.hint.less"
    seen: dict[str, object] = {"when": when, "earlier": last, "apart": abs(value - last)}
    if last <= 0:
        return [Hint(f"{key}-plain", seen)]
    share = (abs(value - last) * 100 / last).quantize(Decimal("0.1"))
    return [Hint(key, {**seen, "share": share})]
