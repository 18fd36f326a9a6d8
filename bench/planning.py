"""Pages of planning with 50 plans of 400 nodes, 20,000 figures behind them and 5,000
contributions, against an empty Django view on the same server.

Plans and contributions are made up from a seed in the form of facts files, and loaded as the documents'
own are; every node but the pillars follows a series of the ledger to a target. The server is gunicorn as
`mirps serve` starts it, on loopback; one connection asks for the empty view and for each page in turn,
every address new, so that no page comes from what the server kept. Every loop is bounded.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.served import installation, median, serving

SEED = 2024
PLANS, NODES, CONTRIBUTIONS = 50, 400, 5_000
ROUNDS = 40  # times that each page is asked
YEARS = range(1969, 2024)  # with 2024, over 20,000 figures
STATES = ("BLZ", "CRI", "GTM", "HND", "MEX", "PAN", "SLV")
PAGES = (
    "/es/planning/", "/es/planning/plans/", "/en/planning/plan/made-7/", "/es/planning/plan/made-31/",
    "/es/planning/plan-part/made-7.3.5/", "/en/planning/plans/late/", "/es/planning/thread/node/made-7.3.5/",
    "/es/planning/records/node/", "/en/planning/records/contribution/?q=asilo", "/es/planning/contributions/",
    "/en/planning/contributions/?page=20", "/es/planning/donors/", "/en/planning/quantification/",
    "/es/planning/results/", "/es/planning/calendar/", "/en/planning/governance/", "/es/planning/projects/",
)  # fmt: skip
#: At most so many times the empty view, at the median.
BUDGET = 10.0


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="mirps-bench-") as home:
        env = installation(home)
        said = subprocess.run(
            [sys.executable, "-m", "bench.planning", "fill", home],
            env=env, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        held = json.loads(said.stdout.splitlines()[-1])
        print(
            f"   {held['plans']} plans, {held['nodes']:,} nodes, {held['contributions']:,} contributions,"
            f" {held['figures']:,} figures (seed {SEED}); loaded in {held['load_s']:.0f} s"
        )
        found = {**held, **_served(env)}
    _tell(found)
    return found


def _served(env: dict[str, str]) -> dict[str, Any]:
    with serving(env) as ask:
        first: dict[str, float] = {}
        for path in ("/empty/", *PAGES):
            began = time.perf_counter()
            ask(path)
            first[path] = time.perf_counter() - began
        empty: list[float] = []
        took: dict[str, list[float]] = {p: [] for p in PAGES}
        weight: dict[str, int] = {}
        for n in range(ROUNDS):
            for path in PAGES:
                empty.append(ask("/empty/")[0])
                seconds, weight[path] = ask(f"{path}{'&' if '?' in path else '?'}n={n}")[:2]
                took[path].append(seconds)
    base, every = median(empty), median([t for held in took.values() for t in held])
    return {
        "empty_ms": base * 1000, "median_ms": every * 1000, "ratio": every / base,
        "pages": {p: {"median_ms": median(t) * 1000, "ratio": median(t) / base, "bytes": weight[p],
                      "first_s": first[p]} for p, t in took.items()},
    }  # fmt: skip


def _tell(found: dict[str, Any]) -> None:
    print(
        f"   median of all pages {found['median_ms']:.2f} ms, empty view {found['empty_ms']:.2f} ms: "
        f"{found['ratio']:.1f} times, at most {BUDGET:g}"
    )
    for path, one in found["pages"].items():
        mark = " OVER" if one["ratio"] > BUDGET else ""
        print(
            f"      {one['ratio']:5.1f}  {one['median_ms']:7.2f} ms  first {one['first_s']:5.2f} s  {path}{mark}"
        )


def fill(home: str) -> None:
    """The ledger of 56 years, the documents' own facts, and made-up plans and contributions."""
    from bench.pages import fill as fill_ledger

    fill_ledger(YEARS)
    from django.utils import timezone

    from mirps.base.codelists.api import data_folder
    from mirps.evidence.figures import api as figures
    from mirps.planning.records import api as records

    records.load(data_folder() / "planning" / "facts", by="bench", at=timezone.now())
    series = sorted(
        {
            f"{f.measure} {f.state}"
            for f in figures.FigureRow.objects.filter(value__isnull=False, state__in=STATES)
        }
    )
    folder = Path(home) / "facts"
    folder.mkdir()
    rng = random.Random(SEED)
    _written(folder / "plan.csv", _plans())
    _written(folder / "node.csv", _nodes(rng, series))
    _written(folder / "contribution.csv", _contributions(rng))
    began = time.perf_counter()
    records.load(folder, by="bench", at=timezone.now())
    count = records.Record.objects.filter
    held = {
        "load_s": time.perf_counter() - began, "plans": count(kind="plan", key__contains="made-").count(),
        "nodes": count(kind="node", key__contains="made-").count(),
        "contributions": count(kind="contribution", key__contains="made-").count(),
        "figures": figures.FigureRow.objects.count(),
    }  # fmt: skip
    print(json.dumps(held))


def _written(path: Path, rows: Iterator[dict[str, str]]) -> None:
    first = next(rows)
    with path.open("w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, first)
        out.writeheader()
        out.writerow(first)
        out.writerows(rows)


def _plans() -> Iterator[dict[str, str]]:
    for n in range(PLANS):
        yield {
            "code": f"made-{n}", "state": STATES[n % 7], "known": "2025-01-01", "title.es": f"Plan inventado {n}",
            "title.en": f"Made-up plan {n}", "sort": "national", "starts": str(2020 + n // 7),
            "ends": str(2021 + n // 7), "proposal": "yes",
        }  # fmt: skip


def _nodes(rng: random.Random, series: list[str]) -> Iterator[dict[str, str]]:
    """Four pillars, each with nine objectives of ten actions: 400 nodes a plan, near enough as plans are."""
    for n in range(PLANS):
        state = STATES[n % 7]
        mine = [s for s in series if s.endswith(state)]
        for p in range(4):
            yield _node(rng, n, f"{p}", f"plan/made-{n}", "pillar", "", state)
            for o in range(9):
                yield _node(rng, n, f"{p}.{o}", f"node/made-{n}.{p}", "objective", rng.choice(mine), state)
                for a in range(10):
                    yield _node(
                        rng, n, f"{p}.{o}.{a}", f"node/made-{n}.{p}.{o}", "action", rng.choice(mine), state
                    )


def _node(
    rng: random.Random, n: int, at: str, parent: str, level: str, series: str, state: str
) -> dict[str, str]:
    return {
        "code": f"made-{n}.{at}", "parent": parent, "place": str(int(at.rpartition(".")[2]) + 1), "state": state,
        "known": "2025-01-01", "title.es": f"Fortalecer el asilo y la integración {n}.{at}",
        "title.en": f"Strengthen asylum and integration {n}.{at}", "level": level, "number": at,
        "sectors": rng.choice(["asylum", "jobs", "protection"]), "due": str(rng.randint(2023, 2028)),
        "series": series, "target": str(rng.randint(100, 100_000)) if series else "", "proposal": "yes",
    }  # fmt: skip


def _contributions(rng: random.Random) -> Iterator[dict[str, str]]:
    donors = ["USA.GOV", "CAN.GOV", "ESP.GOV", "BRA.GOV", "COL.GOV", "EUU.EU"]
    for n in range(CONTRIBUTIONS):
        yield {
            "code": f"made-{n}", "body": rng.choice(donors), "known": "2025-01-01",
            "title.es": f"Aporte al asilo {n}", "title.en": f"Contribution to asylum {n}",
            "stage": rng.choice(["pledged", "committed", "disbursed"]), "form": "grant",
            "amount.amount": str(rng.randint(1, 5_000) * 1_000),
            "amount.currency": rng.choice(["USD", "EUR", "CAD", ""]),
            "exactness": "exact", "purpose.es": "Capacidad de los sistemas de asilo.",
            "purpose.en": "Capacity of asylum systems.", "made": str(rng.randint(2018, 2025)),
            "states": rng.choice(STATES),
            "sectors": "asylum", "proposal": "yes",
        }  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(sys.argv[2])
    else:
        run()
