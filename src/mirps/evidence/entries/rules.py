"""What may be written into a cell, and what the checks say while one writes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from mirps.evidence.figures.api import NOT_COLLECTED, SUPPRESSED, UNKNOWN, Qualifier, parse_dimensions
from mirps.evidence.rounds.api import Ask, Stage, Status, shut

#: Why a cell may hold no value. Suppressed: a number so small that it could point to somebody is withheld.
ABSENCES = (UNKNOWN, NOT_COLLECTED, SUPPRESSED)
#: A value this many times the median of its history, or this small a part of it, is asked about.
JUMP = 5
#: The largest value that a cell takes, and its decimals (figures' column: 24 digits, 6 of them decimals).
MOST = Decimal(10) ** 15
PLACES = 6


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody wrote into a cell. All empty: the cell is emptied again."""

    value: Decimal | None = None
    absence: str = ""
    qualifier: Qualifier = Qualifier.EXACT
    note_es: str = ""
    note_en: str = ""

    @property
    def empty(self) -> bool:
        return self.value is None and not self.absence


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to look at before going on. `key` is a text of data/texts/entries.yaml, `values` fill
    it (numbers as Decimals, for the page to write). A `stop` is a fault: the value is not taken."""

    key: str
    values: Mapping[str, object]
    stop: bool = False


def faults(given: Given, ask: Ask, *, whole: bool) -> list[Hint]:
    """Why this cannot be taken as it stands (empty: it can). `whole`: the unit is counted, in units.csv."""
    out = []
    v = given.value
    if v is not None and given.absence:
        out.append(Hint("entries.fault.value_and_absence", {}, stop=True))
    if given.absence and given.absence not in ABSENCES:
        out.append(Hint("entries.fault.absence", {"found": given.absence}, stop=True))
    if v is not None:
        exponent = v.as_tuple().exponent
        if not v.is_finite() or abs(v) >= MOST or (isinstance(exponent, int) and -exponent > PLACES):
            return [*out, Hint("entries.fault.number", {"most": MOST}, stop=True)]
        if v < 0 and ask.unit not in {"difference", "percent_change"}:
            out.append(Hint("entries.fault.negative", {}, stop=True))
        if whole and v != v.to_integral_value():
            out.append(Hint("entries.fault.whole", {"found": v}, stop=True))
        if ask.low is not None and v < ask.low:
            out.append(Hint("entries.fault.low", {"limit": ask.low, "found": v}, stop=True))
        # A limit holds for the whole, so it holds for every part.
        if ask.high is not None and v > ask.high:
            out.append(Hint("entries.fault.high", {"limit": ask.high, "found": v}, stop=True))
    return out


def jump(value: Decimal | None, history: Sequence[Decimal]) -> Hint | None:
    """Whether a value is far from its history (at least one earlier value)."""
    if value is None or not history:
        return None
    usual = Decimal(median(history))
    if usual == 0:
        return None
    if value > usual * JUMP or value * JUMP < usual:
        return Hint("entries.hint.jump", {"found": value, "usual": usual, "years": len(history)})
    return None


def parts(values: Mapping[str, Given], fixed: str = "") -> list[Hint]:
    """What one ask's cells say together: parts above their total are impossible, below it incomplete.

    `values` are the cells by their dimensions. Only exact values are compared; a breakdown is a set
    of dimensions (sex; age; sex and age crossed) compared with the total as a whole.
    """
    own = set(parse_dimensions(fixed))
    total = values.get(fixed)
    if total is None or total.value is None or total.qualifier is not Qualifier.EXACT:
        return []
    groups: dict[frozenset[str], list[Given]] = {}
    for dimensions, given in values.items():
        names = frozenset(parse_dimensions(dimensions)) - own
        if names:
            groups.setdefault(names, []).append(given)
    out = []
    for names, cells in sorted(groups.items(), key=lambda g: sorted(g[0])):
        known = [g.value for g in cells if g.value is not None]
        if not known:
            continue
        added = sum(known, Decimal(0))
        whole = all(g.value is not None for g in cells)
        seen = {"by": sorted(names), "sum": added, "total": total.value}
        if added > total.value:
            out.append(Hint("entries.hint.parts_above", seen))
        elif added < total.value and whole:
            out.append(Hint("entries.hint.parts_below", seen))
    return out


def writable(stage: Stage, status: Status) -> str:
    """Nothing when a cell may be written into, else the key of the text that says why not."""
    why = shut(stage, status)
    return f"entries.locked.{why}" if why else ""
