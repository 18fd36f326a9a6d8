"""The job that bench/ledger.py times, in a process of its own: read, check and write one package.

`cold` times the first run of a process, from after the imports; `warm` does the same once
before (into a transaction that is undone) and times the second.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402

from mirps.base.codelists import api as codelists  # noqa: E402
from mirps.evidence.checks.ledger import check_ledger  # noqa: E402
from mirps.evidence.figures import api as figures  # noqa: E402

AT = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def job(folder: Path) -> dict[str, Any]:
    start, cpu = time.perf_counter(), time.process_time()
    measures = figures.read_measures(folder / "measures.csv")
    known = figures.Vocabulary(
        measures=measures,
        states=frozenset(codelists.states()),
        populations=frozenset(codelists.populations()),
        units=frozenset(codelists.units()),
        sectors=frozenset(codelists.sectors()),
        dimensions={k: frozenset(v) for k, v in codelists.dimensions().items()},
    )
    table = figures.read_table(folder / "figures.csv", known)
    read = time.perf_counter()
    found = check_ledger(table, measures)
    checked = time.perf_counter()
    figures.record_table(table=table, round="made-up", by="bench", at=AT, known_at=lambda d: AT)
    end = time.perf_counter()
    return {
        "total": end - start,
        "cpu": time.process_time() - cpu,
        "read": read - start,
        "check": checked - read,
        "write": end - checked,
        "findings": len(found),
        "accused": sorted({f.figures[0] for f in found}),
    }


def main() -> None:
    folder = Path(sys.argv[1])
    if sys.argv[2] == "warm":
        with transaction.atomic():
            job(folder)
            transaction.set_rollback(True)
    result = job(folder)
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
