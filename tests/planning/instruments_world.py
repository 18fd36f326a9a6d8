"""The facts of instruments and of the library, for tests that need no other area's."""

from __future__ import annotations

import csv
from pathlib import Path

from mirps.base.codelists import api as codelists
from mirps.planning.records import api as records

MINE = ("instrument", "paragraph", "document")


def facts_folder() -> Path:
    return codelists.data_folder() / "planning" / "facts"


def alone(into: Path, *kinds: str) -> Path:
    """The facts of these kinds in a folder of their own, without what they name of other kinds."""
    for kind in kinds:
        with (facts_folder() / f"{kind}.csv").open(encoding="utf-8", newline="") as f:
            rows = list(csv.DictReader(f))
        refs = [x.name for x in records.kinds()[kind].fields if x.to and not set(x.to) <= set(kinds)]
        with (into / f"{kind}.csv").open("w", encoding="utf-8", newline="") as f:
            out = csv.DictWriter(f, list(rows[0]))
            out.writeheader()
            out.writerows({k: "" if k in refs else v for k, v in row.items()} for row in rows)
    return into
