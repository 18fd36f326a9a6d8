"""Reading a round's data package: CSV with a described schema (Frictionless).

Nothing is half-read: every fault of a file is gathered, each naming file, line, column
and remedy, and either the whole table comes back or `PackageFaults` is raised. Columns
are checked by their distinct values, so a table of 134,400 rows costs a fraction of a
second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from mirps.evidence.figures.cells import MOST_FAULTS, Fault, PackageFaults, read_cells
from mirps.evidence.figures.rules import (
    ABSENCES,
    Figure,
    Flow,
    Measure,
    Origin,
    Qualifier,
    Role,
    Status,
    canonical_dimensions,
    parse_dimensions,
)

REQUIRED = (
    "id", "document", "locator", "fragment", "state", "sector", "measure", "value", "unit", "qualifier",
    "population", "dimensions", "stage", "universe", "place", "period_start", "period_end", "as_of",
    "compare_start", "compare_end", "source", "series", "note_es", "note_en",
)  # fmt: skip
#: Columns that may be left out, and what stands for them then.
OPTIONAL = {
    "absence": "",
    "origin": Origin.REPORTED.value,
    "role": Role.RECOMMENDED.value,
    "status": Status.PUBLISHED.value,
    "supersedes": "",
}
COLUMNS = (*REQUIRED, *OPTIONAL)
DATES = ("period_start", "period_end", "as_of", "compare_start", "compare_end")

_NUMBER = re.compile(r"-?\d+(\.\d{1,6})?\Z")
_FOREIGN = re.compile(r"-?\d{1,3}([.,\u00a0\u202f' ]\d{3})+([.,]\d+)?\Z|-?\d+,\d+\Z")
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{2,63}\Z")


def cell_text(value: object) -> str:
    """A value as a cell of a package: decimals without exponent or idle zeros, dates in ISO form, None empty."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codes that a table may use. An empty list means that any code will do."""

    measures: Mapping[str, Measure]
    states: frozenset[str] = frozenset()
    populations: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    dimensions: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A read table: columns of text, all of one length, every cell checked."""

    columns: Mapping[str, Sequence[str]]
    length: int

    def __len__(self) -> int:
        return self.length

    def rows(self, names: Sequence[str] = COLUMNS) -> Iterator[tuple[str, ...]]:
        return zip(*(self.columns[n] for n in names), strict=True)

    def figures(self) -> list[Figure]:
        return [figure_of(row) for row in self.rows()]


@dataclass(frozen=True, slots=True)
class Relation:
    """What must hold between figures that dimensions alone do not tie together.

    kind: sum (left = the rights together), product, count (left items are listed by the
    rights), same (left and right state one thing), share (left % of right 1 is right 2),
    at_most (left <= right), difference (left = right 1 - right 2), ratio.
    """

    id: str
    kind: str
    left: str
    right: tuple[str, ...]
    note_es: str
    note_en: str
    params: str = ""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer to a finding that comes with the round's data."""

    finding: str
    kind: str
    role: str
    reason_es: str
    reason_en: str
    figure: str


@dataclass(frozen=True, slots=True)
class RoundPackage:
    table: Table
    measures: Mapping[str, Measure]
    relations: tuple[Relation, ...]
    answers: tuple[GivenAnswer, ...]

    @property
    def figures(self) -> list[Figure]:
        return self.table.figures()


def read_table(path: Path, known: Vocabulary) -> Table:
    """Read and check a table of figures. Raises PackageFaults with every fault found."""
    cells = read_cells(path)
    missing = [c for c in REQUIRED if c not in cells.header]
    if missing:
        raise PackageFaults(
            [Fault(path.name, 1, c, "fault.column_missing", expected=", ".join(REQUIRED)) for c in missing]
        )
    unknown = [c for c in cells.header if c not in COLUMNS]
    if unknown:
        raise PackageFaults([Fault(path.name, 1, c, "fault.column_unknown") for c in unknown])
    if twice := sorted({c for c in cells.header if cells.header.count(c) > 1}):
        raise PackageFaults([Fault(path.name, 1, c, "fault.column_twice") for c in twice])
    given = dict(zip(cells.header, cells.columns, strict=True))
    columns = {c: given.get(c) or (OPTIONAL.get(c, ""),) * len(cells) for c in COLUMNS}
    return proved(path.name, Table(columns=columns, length=len(cells)), known)


def proved(file: str, table: Table, known: Vocabulary) -> Table:
    """The table, when nothing in it is wrong. Raises PackageFaults with every fault found."""
    faults = list(_faults(file, table, known))
    if faults:
        raise PackageFaults(sorted(faults, key=lambda f: (f.line, f.column))[:MOST_FAULTS])
    return table


def _faults(file: str, table: Table, known: Vocabulary) -> Iterator[Fault]:
    """Column by column over distinct values; lines are looked for only when one is wrong."""
    tests: dict[str, Callable[[str], tuple[str, str] | None]] = {
        "id": lambda v: None if _ID.match(v) else ("fault.id", "a-z 0-9 . -"),
        "value": _value_fault,
        "dimensions": lambda v: _dimensions_fault(v, known.dimensions),
        "fragment": lambda v: ("fault.fragment_long", "8") if len(v.split()) > 8 else None,
        "measure": _listed(known.measures),
        "state": _listed(known.states),
        "population": _listed(known.populations, optional=True),
        "unit": _listed(known.units),
        "sector": _listed(known.sectors),
        "document": _listed(known.documents, optional=True),
        "source": _listed(known.sources, optional=True),
        "qualifier": _listed([q.value for q in Qualifier]),
        "absence": _listed(ABSENCES[1:], optional=True),
        "origin": _listed([o.value for o in Origin]),
        "role": _listed([r.value for r in Role]),
        "status": _listed([s.value for s in Status]),
        **dict.fromkeys(DATES, _date_fault),
    }
    for column, test in tests.items():
        bad = {v: fault for v in set(table.columns[column]) if (fault := test(v))}
        if bad:
            for n, v in enumerate(table.columns[column]):
                if v in bad:
                    key, expected = bad[v]
                    yield Fault(file, n + 2, column, key, found=v, expected=expected)
    yield from _across(file, table)


def _across(file: str, table: Table) -> Iterator[Fault]:
    """Faults that need more than one column."""
    c = table.columns
    if len(set(c["id"])) != len(table):
        seen: set[str] = set()
        for n, v in enumerate(c["id"]):
            if v in seen:
                yield Fault(file, n + 2, "id", "fault.id_twice", found=v)
            seen.add(v)
    for n, (value, absence) in enumerate(zip(c["value"], c["absence"], strict=True)):
        if (value == "") != (absence != ""):
            yield Fault(file, n + 2, "value", "figure.fault.value_or_absence", found=value)
    for n, (start, end) in enumerate(zip(c["period_start"], c["period_end"], strict=True)):
        if start and end and end < start:
            yield Fault(file, n + 2, "period_end", "figure.fault.period_reversed", found=f"{start} / {end}")


def _listed(codes: Iterable[str], *, optional: bool = False) -> Callable[[str], tuple[str, str] | None]:
    known = frozenset(codes)
    hint = ", ".join(sorted(known)[:12]) + (" …" if len(known) > 12 else "")

    def test(value: str) -> tuple[str, str] | None:
        if not known or value in known or (optional and not value):
            return None
        return ("fault.code_unknown", hint)

    return test


def _value_fault(value: str) -> tuple[str, str] | None:
    if value == "" or _NUMBER.match(value):
        return None
    if _FOREIGN.match(value):
        return ("fault.number_style", "1234.5")
    return ("fault.number", "1234.5")


def _date_fault(value: str) -> tuple[str, str] | None:
    try:
        _date(value)
    except ValueError:
        return ("fault.date", "2024-09-30")
    return None


def _dimensions_fault(value: str, known: Mapping[str, frozenset[str]]) -> tuple[str, str] | None:
    try:
        pairs = parse_dimensions(value)
    except ValueError as e:
        return ("fault.dimensions", str(e))
    if canonical_dimensions(pairs) != value:
        return ("fault.dimensions_order", canonical_dimensions(pairs))
    for key, member in pairs.items():
        if known and key not in known:
            return ("fault.dimension_unknown", ", ".join(sorted(known)))
        if known and member not in known[key] and member not in ABSENCES:
            return ("fault.member_unknown", f"{key}: " + ", ".join(sorted(known[key])[:12]))
    return None


@lru_cache(maxsize=20_000)
def _date(text: str) -> date | None:
    if not text:
        return None
    if len(text) != 10:
        raise ValueError(text)
    return date.fromisoformat(text)


def figure_of(row: Sequence[str]) -> Figure:
    """The statement that a checked row holds, in the order of COLUMNS."""
    (
        id_, document, locator, fragment, state, sector, measure, value, unit, qualifier, population,
        dimensions, stage, universe, place, start, end, as_of, c_start, c_end, source, series, note_es,
        note_en, absence, origin, role, status, supersedes,
    ) = row  # fmt: skip
    return Figure(
        id_, document, locator, fragment, state, sector, measure, Decimal(value) if value else None, unit,
        Qualifier(qualifier), population, dimensions, stage, universe, place, _date(start), _date(end),
        _date(as_of), _date(c_start), _date(c_end), source, series, note_es, note_en, absence,
        Origin(origin), Role(role), Status(status), supersedes,
    )  # fmt: skip


def read_measures(path: Path) -> dict[str, Measure]:
    """The catalogue of measures (data/measures/measures.csv)."""
    out: dict[str, Measure] = {}
    for line, row in _dicts(path):
        try:
            out[row["code"]] = Measure(
                code=row["code"],
                name_es=row["name_es"],
                name_en=row["name_en"],
                unit=row["unit"],
                stock_flow=Flow(row["stock_flow"]),
                additive_time=row["additive_time"] == "yes",
                additive_place=row["additive_place"] == "yes",
                additive_population=row["additive_population"] == "yes",
                sector=row["sector"],
                pillar=row["pillar"],
                definition_es=row["definition_es"],
                definition_en=row["definition_en"],
                sdmx_concept=row.get("sdmx_concept") or "OBS_VALUE",
            )
        except (KeyError, ValueError) as e:
            raise PackageFaults([Fault(path.name, line, "", "fault.measure", found=str(e))]) from e
    return out


def _dicts(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    cells = read_cells(path)
    for n, row in enumerate(zip(*cells.columns, strict=True), start=2):
        yield n, dict(zip(cells.header, row, strict=True))


def read_relations(path: Path) -> tuple[Relation, ...]:
    if not path.exists():
        return ()
    return tuple(
        Relation(
            id=r["id"],
            kind=r["kind"],
            left=r["left"],
            right=tuple(r["right"].split()),
            note_es=r["note_es"],
            note_en=r["note_en"],
            params=r.get("params", ""),
        )
        for _, r in _dicts(path)
    )


def read_answers(path: Path) -> tuple[GivenAnswer, ...]:
    if not path.exists():
        return ()
    return tuple(
        GivenAnswer(r["finding"], r["kind"], r["role"], r["reason_es"], r["reason_en"], r["figure"])
        for _, r in _dicts(path)
    )


def read_round(folder: Path, known: Vocabulary) -> RoundPackage:
    """A round's folder: figures.csv, and relations.csv and answers.csv where there are any."""
    return RoundPackage(
        table=read_table(folder / "figures.csv", known),
        measures=known.measures,
        relations=read_relations(folder / "relations.csv"),
        answers=read_answers(folder / "answers.csv"),
    )
