"""A workbook of 500 rows: made and read, against openpyxl writing and reading the same cells.

Ours holds lists, limits, formulas, colours and a signature; the rival's holds the bare cells. The content
is made up and no database is asked. Medians of several runs in turn.
"""

from __future__ import annotations

import io
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

ASKS, MEMBERS, RUNS = 100, ("F", "M", "_U", "X"), 7


def _book() -> Any:
    from mirps.evidence.entries.api import Given
    from mirps.evidence.rounds.api import Ask
    from mirps.evidence.workbooks.rules import Meta
    from mirps.evidence.workbooks.sheet import Asking, Entry, Workbook

    things = []
    for n in range(ASKS):
        ask = Ask(
            code=f"hnd-inm-{n:03d}", state="HND", institution="HND.INM", sector="asylum", measure="m",
            unit="person", required=n % 3 == 0, breakdown="sex", period_end=date(2025, 12, 31),
        )  # fmt: skip
        keys = [ask.code, *(f"{ask.code}/sex={m}" for m in MEMBERS)]
        entries = tuple(
            Entry(
                k,
                k.partition("/")[2],
                k,
                Given(Decimal(1000 + n), note_es=f"Nota {k}"),
                1,
                Decimal(900 + n),
                "2024",
            )
            for k in keys
        )
        things.append(
            Asking(ask, f"Medida {n}", "Detalle", "", "", "Personas", "2025", "personas", True, entries)
        )
    cells = {e.key: e.version for t in things for e in t.entries}
    meta = Meta("2025", "HND.INM", "es", "2025-10-01", cells)
    return Workbook(meta, "Ronda", "Instituto", "HND", "Honduras", "es_HN", "mañana", "https://x", ("Ana",),
                    (("Asilo", tuple(things)),))  # fmt: skip


def _median(*jobs: Callable[[], Any]) -> list[float]:
    seconds: list[list[float]] = [[] for _ in jobs]
    for _ in range(RUNS):  # in turn, so that what else the machine does falls on all alike
        for job, spent in zip(jobs, seconds, strict=True):
            start = time.perf_counter()
            job()
            spent.append(time.perf_counter() - start)
    return [statistics.median(s) for s in seconds]


def run() -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirps.config.settings")
    import django

    django.setup()
    import openpyxl

    from mirps.evidence.entries.api import Given
    from mirps.evidence.workbooks.queries import labels, language
    from mirps.evidence.workbooks.reading import read
    from mirps.evidence.workbooks.typed import typed
    from mirps.evidence.workbooks.writing import write

    book, key = _book(), b"bench"
    content = write(book, key)
    rows = [
        [c.value for c in row]
        for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[1].iter_rows()
    ]

    def theirs() -> None:
        made = openpyxl.Workbook()
        sheet = made.active
        assert sheet is not None
        for row in rows:
            sheet.append(row)
        made.save(io.BytesIO())

    def ours_read() -> None:
        found = read(content, key, labels())
        words = language("HND.INM", "es")
        assert len([typed(r, "person", Given(), words) for r in found.rows.values()]) == ASKS * 5

    def theirs_read() -> None:
        for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[1].iter_rows():
            for cell in row:
                _ = cell.value

    made, rival, came, rival_came = _median(lambda: write(book, key), theirs, ours_read, theirs_read)
    print(f"   {ASKS * 5} rows of 12 columns, {len(content) // 1024} KB, medians of {RUNS} runs")
    print(f"   made   ours {made:6.3f} s   openpyxl, bare cells {rival:6.3f} s   ratio {made / rival:.2f}")
    print(
        f"   read   ours {came:6.3f} s   openpyxl, bare cells {rival_came:6.3f} s   ratio {came / rival_came:.2f}"
    )
    print("   (each of ours must be under 1 s)")
    return {"rows": ASKS * 5, "make_s": made, "make_ratio": made / rival, "read_s": came,
            "read_ratio": came / rival_came, "kilobytes": len(content) / 1024}  # fmt: skip
