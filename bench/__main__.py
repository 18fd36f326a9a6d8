"""`make bench`: every measurement of the product, one after another.

`make bench ARGS="checker ledger"` runs only those named. Each module has `run() -> dict`, prints its
own table and returns its figures; all of them are written to out/bench.json. A rival that is not part
of the product is installed into bench/.venv (never into the product's own environment). These are
ratios within one run on data of stated size, not promises about a machine.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

MODULES = {
    "checker": "precision and recall of `mirps check` on the labelled statements",
    "ledger": "load and check: the 2024 round, and 134,400 made-up figures against sdg-build",
    "deadlines": "legal time: deadlines evaluated and events folded, a second and core",
    "dedup": "duplicates among a million registrations against splink, and a second run byte by byte",
    "linkage": "how many are in both of two registers of 100,000, in rows that nobody reads; and the attacks on them",
    "counting": "25 indicators with all margins over 20.3 million cases, against 25 queries by hand and PostgreSQL",
    "disclosure": "secondary suppression on 208,050 cells against HiGHS's optimum, its audit, and a cell-key cube",
    "drawings": "67 charts against vl-convert",
    "reports": "the annual report as PDF against WeasyPrint and against typst alone",
    "evening": "the last evening of a round: 300 people entering for a minute, on both databases",
    "start": "seconds until the product answers, first and again",
    "pages": "portal pages with 20 years of rounds against an empty view; weights",
    "planning": "pages of planning over 50 plans of 400 nodes and 5,000 contributions, against an empty view",
    "people": "the pages of registration with 1.2 million people, against an empty view",
    "cases": "the pages of casework with a million cases and ten million acts, against an empty view",
    "officers": "300 officers at work among a million cases for a minute, on both databases",
    "border": "300 registration desks at once for a minute, on both databases",
    "people_search": "finding and registering among 1.2 million people under seal, against an empty view",
    "search": "the one search over 20,000 records and the figures, against an empty view",
    "workbooks": "a workbook of 500 rows made and read, against openpyxl on the same cells",
}


def main(names: list[str]) -> int:
    names = [name.replace("-", "_") for name in names]
    unknown = [n for n in names if n not in MODULES]
    if unknown:
        print(f"no bench {', '.join(unknown)}; there are: {', '.join(MODULES)}", file=sys.stderr)
        return 2
    out = Path("out/bench.json")
    out.parent.mkdir(exist_ok=True)
    results = json.loads(out.read_text()) if names and out.exists() else {}
    for name in names or list(MODULES):
        print(f"\n== {name}: {MODULES[name]}", flush=True)
        start = time.perf_counter()
        results[name] = importlib.import_module(f"bench.{name}").run()
        print(f"   ({time.perf_counter() - start:.0f} s)")
        out.write_text(json.dumps(results, indent=1, sort_keys=True, default=str) + "\n")
    print(f"\nwritten to {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
