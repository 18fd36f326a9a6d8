"""What a round asks, as a CSV table: written out, changed in a spreadsheet, read in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from mirps.base.codelists import api as codelists
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Fault, PackageFaults, canonical_dimensions, parse_dimensions
from mirps.evidence.figures.cells import read_cells
from mirps.evidence.rounds.rules import Ask, Change

COLUMNS = tuple(f.name for f in fields(Ask))
_DAYS = ("period_start", "period_end", "as_of")
_NUMBERS = ("low", "high")


def written(asks: Iterable[Ask]) -> str:
    """The table. A cell is empty for what an ask leaves open."""
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for a in asks:
        table.writerow([_cell(getattr(a, c)) for c in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return figures.cell_text(value)


def read(path: Path) -> list[Ask]:
    """The table read back. Raises PackageFaults with every fault by line and column; then none is taken."""
    cells = read_cells(path)
    if lacking := [c for c in COLUMNS if c not in cells.header]:
        raise PackageFaults([Fault(path.name, 1, c, "fault.column_missing", expected=c) for c in lacking])
    found: list[Ask] = []
    wrong: list[Fault] = []
    for n in range(len(cells)):
        row = {c: cells.columns[cells.header.index(c)][n].strip() for c in COLUMNS}
        try:
            found.append(_ask(row))
        except _Wrong as e:
            wrong.append(Fault(path.name, n + 2, e.column, e.key, e.found, e.expected))
    if not wrong and len({a.code for a in found}) != len(found):
        seen: set[str] = set()
        for n, a in enumerate(found):
            if a.code in seen:
                wrong.append(Fault(path.name, n + 2, "code", "fault.id_twice", a.code))
            seen.add(a.code)
    if wrong:
        raise PackageFaults(wrong)
    return found


class _Wrong(ValueError):
    def __init__(self, key: str, column: str, found: str, expected: str) -> None:
        super().__init__(column)
        self.key, self.column, self.found, self.expected = key, column, found, expected


def _ask(row: Mapping[str, str]) -> Ask:
    known: dict[str, Iterable[str]] = {
        "state": codelists.states(), "institution": codelists.institutions(),
        "sector": codelists.sectors(), "measure": figures.measures(), "unit": codelists.units(),
        "population": ["", *codelists.populations()], "change": [c.value for c in Change],
        "required": ["yes", "no"],
    }  # fmt: skip
    for column, codes in known.items():
        if row[column] not in set(codes):
            some = ", ".join(list(filter(None, codes))[:6])
            raise _Wrong("fault.code_unknown", column, row[column], some)
    if not row["institution"].startswith(f"{row['state']}."):
        raise _Wrong("fault.code_unknown", "institution", row["institution"], f"{row['state']}.…")
    values: dict[str, object] = dict(row)
    for column in _DAYS:
        values[column] = _read(date.fromisoformat, "date", column, row[column], "2025-12-31")
    for column in _NUMBERS:
        values[column] = _read(Decimal, "number", column, row[column], "1000")
    values["order"] = _read(int, "number", "order", row["order"], "1") or 0
    values["required"] = row["required"] == "yes"
    values["change"] = Change(row["change"])
    values["dimensions"] = _read(_dimensions, "dimensions", "dimensions", row["dimensions"], "sex=F") or ""
    return Ask(**values)  # type: ignore[arg-type]


def _dimensions(text: str) -> str:
    pairs = parse_dimensions(text)
    held = codelists.dimensions()
    if any(k not in held or v not in held[k] for k, v in pairs.items()):
        raise ValueError(text)
    return canonical_dimensions(pairs)


def _read(reader: Callable[[str], object], key: str, column: str, text: str, example: str) -> object:
    if not text:
        return None
    try:
        return reader(text)
    except (ValueError, InvalidOperation):
        raise _Wrong(f"fault.{key}", column, text, example) from None
