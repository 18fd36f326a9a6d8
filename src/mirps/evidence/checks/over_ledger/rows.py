"""The ledger's statements as columns of numbers, for rules that look at all of them at once.

Every column is turned into small integers once, so that grouping, looking up and adding
are single numpy steps. A rule screens with these and then asks
`mirps.evidence.checks.relations`, exactly and one by one, about the few rows in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mirps.evidence.checks.over_ledger.hierarchy import Hierarchy
from mirps.evidence.checks.relations import ABOUT, Quantity
from mirps.evidence.figures.package import Table
from mirps.evidence.figures.rules import Figure, Flow, Measure, Qualifier, Role

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TIMES = ("period_start", "period_end", "as_of", "compare_start", "compare_end")
#: What a statement is about (`Figure.subject`), without its times.
ABOUT_WHAT = ("measure", "state", "place", "population", "dimensions", "unit", "stage", "universe", "series")
SUBJECT = (*ABOUT_WHAT, *TIMES)
_READ = (
    *SUBJECT,
    "id",
    "document",
    "fragment",
    "value",
    "qualifier",
    "role",
    "supersedes",
    "absence",
    "source",
)

#: Kinds of unit (data/codelists/units.csv) whose values may be added.
SUMMABLE = frozenset({"count", "money"})
_SHORTENED = re.compile(r"\d\s*(?:million|millones|millón|mil|thousand|billion|bn|[MBK])\b", re.IGNORECASE)
_DAY_ZERO = date(1970, 1, 1).toordinal()
NO_DAY = np.iinfo(np.int64).min
#: Keys stay below this, so that a key times a code fits into 64 bits.
MANY = 2**31


class Rows:
    """Statements that still stand (no later one supersedes them), as columns.

    `codes[column]` numbers the distinct texts of `names[column]`; `value`, `low` and `high`
    are the value and the narrowest reading of its qualifier (nan where a value is absent).
    """

    def __init__(
        self, columns: Mapping[str, Sequence[str]], measures: Mapping[str, Measure], hierarchy: Hierarchy
    ) -> None:
        self.measures, self.hierarchy = measures, hierarchy
        self.successor = {
            old: new for old, new in zip(columns["supersedes"], columns["id"], strict=True) if old
        }
        if self.successor:
            keep = [i not in self.successor for i in columns["id"]]
            columns = {c: [v for v, k in zip(columns[c], keep, strict=True) if k] for c in _READ}
        self.columns = columns
        self.n = len(columns["id"])
        self.codes: dict[str, Ints] = {}
        self.names: dict[str, list[str]] = {}
        for column in (*SUBJECT, "qualifier", "role", "document"):
            self.codes[column], self.names[column] = _factorise(columns[column])
        self.value = np.array([float(v) if v else np.nan for v in columns["value"]], dtype=np.float64)
        self.low, self.high = self._bounds()

    @classmethod
    def of(
        cls, figures: Sequence[Figure] | Table, measures: Mapping[str, Measure], hierarchy: Hierarchy
    ) -> Rows:
        if isinstance(figures, Table):
            return cls(figures.columns, measures, hierarchy)
        cells = {c: [_text(getattr(f, c)) for f in figures] for c in _READ}
        return cls(cells, measures, hierarchy)

    def _bounds(self) -> tuple[Floats, Floats]:
        low, high = self.value.copy(), self.value.copy()
        for code, name in enumerate(self.names["qualifier"]):
            here = self.codes["qualifier"] == code
            if name == Qualifier.ABOUT:
                room = np.abs(self.value[here]) * float(ABOUT)
                low[here], high[here] = low[here] - room, high[here] + room
            elif name == Qualifier.AT_LEAST:
                high[here] = np.inf
            elif name == Qualifier.AT_MOST:
                low[here] = np.minimum(0.0, low[here])
        return low, high

    def mask(self, column: str, wanted: Iterable[str]) -> Bools:
        """Where a column holds one of `wanted`."""
        chosen = set(wanted)
        table = np.array([name in chosen for name in self.names[column]], dtype=np.bool_)
        return table[self.codes[column]] if self.n else np.zeros(0, dtype=np.bool_)

    def measured(self, flag: str, *values: object) -> Bools:
        """Where the measure's attribute `flag` is one of `values` (never for an unknown measure)."""
        table = np.array(
            [
                name in self.measures and getattr(self.measures[name], flag) in values
                for name in self.names["measure"]
            ],
            dtype=np.bool_,
        )
        return table[self.codes["measure"]] if self.n else np.zeros(0, dtype=np.bool_)

    @cached_property
    def summable(self) -> Bools:
        """Recommended counts and sums of money of stocks and flows, with a value: what may be added."""
        kinds = self.hierarchy.unit_kinds
        units = [u for u in self.names["unit"] if kinds.get(u, "count") in SUMMABLE]
        counted = self.measured("stock_flow", Flow.STOCK, Flow.FLOW)
        shown: Bools = ~np.isnan(self.value) & ~self.mask("role", [Role.TRIANGULATION])
        return counted & shown & self.mask("unit", units)

    def day(self, column: str) -> Ints:
        """A date column as day numbers, NO_DAY where it is empty."""
        table = np.array(
            [date.fromisoformat(v).toordinal() - _DAY_ZERO if v else NO_DAY for v in self.names[column]],
            dtype=np.int64,
        )
        return table[self.codes[column]] if self.n else np.zeros(0, dtype=np.int64)

    def key(self, columns: Sequence[str]) -> Ints:
        """One number for each combination of the columns' values; equal where all are equal."""
        return _combined([(self.codes[c], len(self.names[c])) for c in columns], self.n)

    def keys(self, columns: Sequence[str], replaced: Mapping[str, Ints]) -> tuple[Ints, Ints]:
        """The rows' keys, and their keys when some columns hold other codes: comparable with each other."""
        both = [
            (np.concatenate((self.codes[c], replaced.get(c, self.codes[c]))), len(self.names[c]))
            for c in columns
        ]
        key = _combined(both, 2 * self.n)
        return key[: self.n], key[self.n :]

    def code(self, column: str, name: str) -> int:
        """The number of a text in a column, -1 when no row holds it."""
        try:
            return self.names[column].index(name)
        except ValueError:
            return -1

    def quantity(self, row: int) -> Quantity:
        """The row's value as `relations` reads it, with the size of its last stated digit."""
        c = self.columns
        value = Decimal(c["value"][row])
        return Quantity(
            value, c["unit"][row], Qualifier(c["qualifier"][row]), _step(value, c["fragment"][row])
        )

    def id(self, row: int) -> str:
        return self.columns["id"][row]

    def state(self, row: int) -> str:
        return self.columns["state"][row]

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {id_: n for n, id_ in enumerate(self.columns["id"])}

    def find(self, id_: str) -> int | None:
        """The row of a figure, or of what superseded it."""
        seen: set[str] = set()
        while id_ in self.successor and id_ not in seen:
            seen.add(id_)
            id_ = self.successor[id_]
        return self.row_of.get(id_)


def _combined(columns: Iterable[tuple[Ints, int]], n: int) -> Ints:
    """Columns of codes (each with the number of its codes) as one, below 2^31 or dense."""
    key, size = np.zeros(n, dtype=np.int64), 1
    for codes, base in columns:
        if base <= 1:
            continue
        if size * base >= MANY:
            _, key = np.unique(key, return_inverse=True)
            size = int(key.max(initial=0)) + 1
        key, size = key * base + codes, size * base
    if size >= MANY:
        _, key = np.unique(key, return_inverse=True)
    return key.astype(np.int64, copy=False)


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _factorise(cells: Sequence[str]) -> tuple[Ints, list[str]]:
    """Distinct texts in the order they come, and the number of each cell's text."""
    index = {text: n for n, text in enumerate(dict.fromkeys(cells))}
    if len(index) <= 1:
        return np.zeros(len(cells), dtype=np.int64), list(index)
    return np.fromiter(map(index.__getitem__, cells), dtype=np.int64, count=len(cells)), list(index)


def _step(value: Decimal, fragment: str) -> Decimal:
    """The size of the last stated digit: '69.1' a tenth, '1.24 million' ten thousand."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < 0:
        return Decimal(1).scaleb(exponent)
    if value and _SHORTENED.search(fragment):
        digits = f"{abs(value):f}"
        return Decimal(10) ** (len(digits) - len(digits.rstrip("0")))
    return Decimal(1)


class Index:
    """Finds rows by two keys: a group and a code inside it. The least id stands for repeated ones."""

    def __init__(self, rows: Rows, chosen: Ints, group: Ints, code: Ints, codes: int) -> None:
        self.codes = codes
        full = group[chosen] * codes + code[chosen]
        order = np.argsort(full, kind="stable")
        keys, at = full[order], chosen[order]
        first = np.ones(len(keys), dtype=np.bool_)
        first[1:] = keys[1:] != keys[:-1]
        self.keys, self.rows = keys[first], at[first]
        if len(self.keys) < len(keys):
            self._least(rows, keys, at, first)

    def _least(self, rows: Rows, keys: Ints, at: Ints, first: Bools) -> None:
        starts = np.flatnonzero(first)
        ends = np.append(starts[1:], len(keys))
        for n in np.flatnonzero(ends - starts > 1):
            self.rows[n] = min(at[starts[n] : ends[n]], key=lambda r: rows.id(int(r)))

    def find(self, group: Ints, code: int | Ints) -> Ints:
        """The row of each group's code, -1 where there is none."""
        if not len(self.keys):
            return np.full(len(group), -1, dtype=np.int64)
        wanted = group * self.codes + code
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        hit = (self.keys[at] == wanted) & (np.asarray(code) >= 0)
        return np.where(hit, self.rows[at], -1)


def groups(key: Ints, chosen: Ints, *, least: int = 2) -> list[Ints]:
    """Rows of `chosen` that share a key, at least `least` of them."""
    if not len(chosen):
        return []
    order = chosen[np.argsort(key[chosen], kind="stable")]
    cut = np.flatnonzero(np.diff(key[order])) + 1
    starts = np.concatenate(([0], cut))
    sizes = np.diff(np.append(starts, len(order)))
    return [order[s : s + z] for s, z in zip(starts, sizes, strict=True) if z >= least]
