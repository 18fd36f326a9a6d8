"""CSV and Parquet files as rows, and rows as CSV. Lines are a reader's: the head is line 1."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from mirps.base.marked.faults import Fault, Faults
from mirps.evidence.disclosure import reading, writing
from mirps.evidence.disclosure.layout import Layout
from mirps.evidence.disclosure.releases import Release
from mirps.evidence.disclosure.tables import Table

LARGEST = 256 * 1024 * 1024


def rows(path: Path) -> tuple[list[reading.Row], list[str]]:
    """The rows and the columns' names. Raises Faults for what is no such file."""
    if path.stat().st_size > LARGEST:
        raise Faults([Fault(path.name, 0, "", "large", (("most", f"{LARGEST // 1024 // 1024} MB"),))])
    return _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)


def _csv(path: Path) -> tuple[list[reading.Row], list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            given = csv.DictReader(lines, strict=True)
            columns = list(given.fieldnames or ())
            found: list[reading.Row] = []
            for row in given:
                if None in row or None in row.values():
                    raise Faults(
                        [Fault(path.name, given.line_num, "", "table_ragged", (("n", str(len(columns))),))]
                    )
                found.append((given.line_num, row))
    except UnicodeDecodeError:
        raise Faults([Fault(path.name, 0, "", "encoding")]) from None
    except csv.Error as e:
        raise Faults([Fault(path.name, 0, "", "table_csv", (("said", str(e)),))]) from None
    return found, columns


def _parquet(path: Path) -> tuple[list[reading.Row], list[str]]:
    import duckdb

    try:
        with duckdb.connect(config={"enable_external_access": True}) as db:
            given = db.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
            columns = [d[0] for d in given.description or ()]
            found: list[reading.Row] = [
                (i, {c: x if x is not None else "" for c, x in zip(columns, row, strict=True)})
                for i, row in enumerate(given.fetchall(), 2)
            ]
    except duckdb.Error as e:
        raise Faults(
            [Fault(path.name, 0, "", "table_parquet", (("said", str(e).splitlines()[0]),))]
        ) from None
    return found, columns


def table(path: Path, layout: Layout | None) -> Table:
    given, columns = rows(path)
    return reading.read(given, columns, path.name, layout)


def earlier(path: Path) -> Release:
    """A release that was kept, with the dimensions that it had (the file of the same name, .json)."""
    given, columns = rows(path)
    layout = _dimensions(path.with_suffix(".json"))
    lacking = [c for c in ("why", "up", "down") if c not in columns]
    if lacking:
        raise Faults([Fault(path.name, 1, "", "table_kept", (("found", ", ".join(lacking)),))])
    names = [c for c in columns if c not in ("up", "down")]
    found = reading.read(given, names, path.name, layout)
    marks = {c: np.zeros(found.values.shape) for c in ("why", "up", "down")}
    for line, row in given:
        at = tuple(d.position[row[d.name]] for d in found.dimensions)
        marks["why"][at] = bool(row["why"])
        for c in ("up", "down"):
            try:
                marks[c][at] = float(row[c])
            except ValueError:
                fault = Fault(path.name, line, c, "table_number", (("found", row[c] or "…"),))
                raise Faults([fault]) from None
    return writing.again(found, marks["why"], marks["up"], marks["down"])


def _dimensions(path: Path) -> Layout:
    try:
        return writing.layout_again(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise Faults([Fault(path.name, 0, "", "table_kept_layout")]) from None


def write(path: Path, given: Iterable[Mapping[str, str]], columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(given)
