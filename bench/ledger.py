"""Speed of the ledger: the 2024 round, and 134,400 made-up figures against `sdg-build`.

The whole job is timed in processes of its own: read and validate the data package, check
it, and write it into a fresh SQLite ledger whose tables stand already. The rival builds
and validates the same values as the 60 indicators of its own format. Neither is told that
five totals are false; both are asked what they noticed.

`sdg-build` (Open SDG) is not in the Python package index: where bench/.venv has it as
`sdg`, it is timed; where not, the run says so and gives our own times alone.
"""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RIVAL = ROOT / "bench" / ".venv" / "bin" / "python"
STATES = ("BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN", "MIRPS")
POPULATIONS = ("RAS", "REF", "ASY", "IDP", "RET")
YEARS = tuple(range(2017, 2025))
MEASURES = 60
CELLS = ("", "sex=F", "sex=M", "age=0-17;sex=F", "age=18+;sex=F", "age=0-17;sex=M", "age=18+;sex=M")
#: (measure, State, population, year, cell, how far off): totals that are false by a little.
FALSE = (
    (7, "CRI", "REF", 2021, "", 9),
    (19, "HND", "IDP", 2019, "", -4),
    (28, "MIRPS", "RET", 2024, "", 2),
    (41, "MEX", "ASY", 2017, "sex=F", 1),
    (55, "PAN", "RAS", 2023, "", -30),
)
Cell = tuple[int, str, str, int, str]


def made_up(seed: int = 2024) -> dict[Cell, int]:
    """Values that add up: ages to sexes, sexes to totals, refugees and asylum-seekers to both,
    the seven States to the region. Five totals are then falsified."""
    rng = random.Random(seed)
    out: dict[Cell, int] = {}
    for m, state, pop in product(range(MEASURES), STATES[:-1], POPULATIONS[1:]):
        level = rng.uniform(200, 60_000)
        shares = [rng.uniform(0.15, 0.35) for _ in range(4)]
        for year in YEARS:
            level *= rng.uniform(0.97, 1.05)
            for cell, share in zip(CELLS[3:], shares, strict=True):
                out[m, state, pop, year, cell] = round(level * share)
    for m, state, year, cell in product(range(MEASURES), STATES[:-1], YEARS, CELLS[3:]):
        out[m, state, "RAS", year, cell] = sum(out[m, state, p, year, cell] for p in ("REF", "ASY"))
    for m, pop, year, cell in product(range(MEASURES), POPULATIONS, YEARS, CELLS[3:]):
        out[m, "MIRPS", pop, year, cell] = sum(out[m, s, pop, year, cell] for s in STATES[:-1])
    for m, state, pop, year in product(range(MEASURES), STATES, POPULATIONS, YEARS):
        for sex in "FM":
            ages = [out[m, state, pop, year, f"age={a};sex={sex}"] for a in ("0-17", "18+")]
            out[m, state, pop, year, f"sex={sex}"] = sum(ages)
        out[m, state, pop, year, ""] = sum(out[m, state, pop, year, f"sex={s}"] for s in "FM")
    for *cell, off in FALSE:
        out[tuple(cell)] += off  # type: ignore[index]
    return out


def figure_id(cell: Cell) -> str:
    m, state, pop, year, dims = cell
    short = dims.replace("age=", "").replace("sex=", "").replace(";", "-").replace("+", "p").lower() or "t"
    return f"made-{m:02d}-{state}-{pop}-{year}-{short}".lower()


def write_package(values: dict[Cell, int], folder: Path) -> None:
    """A data package as ours: figures.csv and measures.csv."""
    from mirps.evidence.figures.package import REQUIRED

    with (folder / "measures.csv").open("w", encoding="utf-8", newline="") as f:
        columns = (
            "code name_es name_en unit stock_flow additive_time additive_place additive_population sector"
        )
        w = csv.writer(f)
        w.writerow([*columns.split(), "pillar", "definition_es", "definition_en", "sdmx_concept"])
        for m in range(MEASURES):
            names = [f"made.up-{m:02d}", f"Medida {m}", f"Measure {m}", "person", "flow", "yes", "yes", "yes"]
            w.writerow([*names, "asylum", "1", "", "", ""])
    with (folder / "figures.csv").open("w", encoding="utf-8", newline="") as f:
        w = csv.writer(f)
        w.writerow(REQUIRED)
        w.writerows(_rows(values, REQUIRED))


def _rows(values: dict[Cell, int], columns: tuple[str, ...]) -> Iterator[list[str]]:
    for cell, value in values.items():
        m, state, pop, year, dims = cell
        given = {
            "id": figure_id(cell), "document": "MADE", "locator": f"Table {m}", "fragment": str(value),
            "state": state, "sector": "asylum", "measure": f"made.up-{m:02d}", "value": str(value),
            "unit": "person", "qualifier": "exact", "population": pop, "dimensions": dims,
            "period_start": f"{year}-01-01", "period_end": f"{year}-12-31",
        }  # fmt: skip
        yield [given.get(c, "") for c in columns]


def write_rival(values: dict[Cell, int], folder: Path) -> None:
    """The same values as the rival reads them: an indicator a file, a row a cell, totals left blank."""
    (folder / "data").mkdir()
    (folder / "meta").mkdir()
    by_measure: dict[int, list[list[object]]] = {}
    for (m, state, pop, year, dims), value in values.items():
        pairs = dict(p.split("=") for p in dims.split(";") if p)
        row = [
            year,
            "" if state == "MIRPS" else state,
            pop,
            pairs.get("sex", ""),
            pairs.get("age", ""),
            value,
        ]
        by_measure.setdefault(m, []).append(row)
    for m, rows in by_measure.items():
        name = f"1-{m // 10 + 1}-{m % 10 + 1}"
        with (folder / "data" / f"indicator_{name}.csv").open("w", encoding="utf-8", newline="") as f:
            w = csv.writer(f)
            w.writerow(["Year", "State", "Population", "Sex", "Age", "Value"])
            w.writerows(rows)
        text = f"indicator_number: {name.replace('-', '.')}\nindicator_name: Measure {m}\ngraph_title: Measure {m}\n"
        text += "graph_type: line\nreporting_status: complete\ndata_non_statistical: false\n"
        (folder / "meta" / f"{name}.yml").write_text(text, encoding="utf-8")
    names = (
        "indicator_number",
        "indicator_name",
        "reporting_status",
        "data_non_statistical",
        "graph_title",
        "graph_type",
    )
    fields = [{"name": n, "field": {"element": "text", "label": n, "scope": "global"}} for n in names]
    schema = {"prose": {"metadata": {"meta": fields}}}
    (folder / "schema.yml").write_text(json.dumps(schema), encoding="utf-8")
    (folder / "translations" / "en").mkdir(parents=True)
    (folder / "translations" / "en" / "data.yml").write_text("Sex: Sex\nAge: Age\n", encoding="utf-8")
    (folder / "config.yml").write_text(json.dumps(RIVAL_CONFIG), encoding="utf-8")


#: Its two documented calls with their defaults, in one language (a second one would add half again).
RIVAL_CONFIG = {
    "languages": ["en"],
    "site_dir": "site",
    "schema_file": "schema.yml",
    "inputs": [
        {"class": "InputCsvData", "path_pattern": "data/*.csv"},
        {"class": "InputYamlMeta", "path_pattern": "meta/*.yml", "git": False},
    ],
    "translations": [{"class": "TranslationInputYaml", "source": "translations"}],
}
RIVAL_JOB = """
import json, resource, sys, time
start = time.perf_counter()
import sdg
imported = time.perf_counter()
cpu = time.process_time()
noticed = not sdg.open_sdg_check(config="config.yml")
validated = time.perf_counter()
assert sdg.open_sdg_build(config="config.yml")
built = time.perf_counter()
cpu = time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
data = sdg.inputs.InputCsvData(path_pattern="data/*.csv")
meta = sdg.inputs.InputYamlMeta(path_pattern="meta/*.yml", git=False)
lean = sdg.outputs.OutputOpenSdg([data, meta], sdg.schemas.SchemaInputOpenSdg("schema.yml"), output_folder="lean")
before = time.perf_counter()
assert lean.validate() and lean.execute()
json.dump({
    "leanest": time.perf_counter() - before,
    "import": imported - start,
    "validate": validated - imported,
    "build": built - validated,
    "total": built - imported,
    "cpu": cpu,
    "peak_mb": peak,
    "noticed": noticed,
}, sys.stderr)
"""


def run() -> dict[str, Any]:
    sys.path.insert(0, str(ROOT / "src"))
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        values = made_up()
        write_package(values, folder)
        _migrated(folder / "empty.sqlite3")
        write_rival(values, folder)
        # In turn, so that whatever else the machine does falls on all three; the best of each counts.
        turns = [
            (_ours(folder, 2 * n), _ours(folder, 2 * n + 1, warm=True), _rival(folder)) for n in range(2)
        ]
    cold, warm, rival = (min(runs, key=lambda r: r.get("total", 0)) for runs in zip(*turns, strict=True))
    out: dict[str, Any] = {"figures": len(values), "cold": cold, "warm": warm, "rival": rival}
    out["round_2024"] = _real_round()
    if rival:
        out["times_faster"] = round(rival["total"] / warm["total"], 2)
        out["times_faster_cold"] = round(rival["total"] / cold["total"], 2)
        out["times_faster_cpu"] = round(rival["cpu"] / cold["cpu"], 2)
    _print(out)
    return out


def _environment(database: Path) -> dict[str, str]:
    home = database.parent / "home"
    home.mkdir(exist_ok=True)
    return os.environ | {
        "MIRPS_HOME": str(home),
        "MIRPS_DATABASE_URL": f"sqlite:///{database}",
        "MIRPS_SECRET_KEY": "bench-only-" + "x" * 50,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "mirps.config.settings",
    }


def _migrated(database: Path) -> None:
    command = [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"]
    subprocess.run(command, env=_environment(database), check=True, cwd=ROOT)


def _ours(folder: Path, n: int, *, warm: bool = False) -> dict[str, Any]:
    database = folder / f"ledger{n}.sqlite3"
    shutil.copy(folder / "empty.sqlite3", database)
    command = [sys.executable, "-m", "bench.ledger_job", str(folder), "warm" if warm else "cold"]
    done = subprocess.run(
        command, env=_environment(database), check=True, cwd=ROOT, capture_output=True, text=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    false = {figure_id(cell[:5]) for cell in FALSE}
    result["noticed"] = len(false & set(result.pop("accused")))
    return result


def _rival(folder: Path) -> dict[str, Any]:
    have = (
        RIVAL.exists()
        and subprocess.run([RIVAL, "-c", "import sdg.inputs"], capture_output=True).returncode == 0
    )
    if not have:
        print("   sdg-build is not in bench/.venv (it must be importable there as `sdg`): not compared")
        return {}
    done = subprocess.run(
        [RIVAL, "-W", "ignore", "-c", RIVAL_JOB], cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        print(f"   sdg-build failed:\n{done.stderr[-2000:]}")
        return {}
    result: dict[str, Any] = json.loads(done.stderr[done.stderr.rindex("{") :])
    return result


def _real_round() -> dict[str, Any]:
    """The 2024 round: read, validate and check, in milliseconds."""
    import time

    from mirps.evidence.checks.ledger import check_ledger
    from mirps.evidence.figures.vocabulary import read_own_round

    read_own_round("2024")
    start = time.perf_counter()
    package = read_own_round("2024")
    read = time.perf_counter()
    found = check_ledger(package.table, package.measures, package.relations)
    end = time.perf_counter()
    kinds: dict[str, int] = {}
    for f in found:
        kinds[f"{f.severity} {f.kind}"] = kinds.get(f"{f.severity} {f.kind}", 0) + 1
    count = len(package.table)
    return {
        "figures": count,
        "read_ms": (read - start) * 1e3,
        "check_ms": (end - read) * 1e3,
        "findings": kinds,
    }


def _print(out: dict[str, Any]) -> None:
    print(f"   {out['figures']:,} made-up figures, five totals false; seconds")
    print("   whole job              total   read  check  write  peak MB  noticed")
    for name, r in (("ours, cold process", out["cold"]), ("ours, warm process", out["warm"])):
        steps = f"{r['total']:6.2f} {r['read']:6.2f} {r['check']:6.2f} {r['write']:6.2f} {r['peak_mb']:8}"
        print(f"   {name:20} {steps} {r['noticed']:7}/5   ({r['findings']} findings)")
    if r := out["rival"]:
        total = r["build"] + r["validate"]
        print(
            f"   {'sdg-build':20} {total:6.2f}  build {r['build']:.2f}, validate {r['validate']:.2f}", end=""
        )
        print(
            f" {r['peak_mb']:6} {'some' if r['noticed'] else 'none':>9} (import {r['import']:.2f} not counted)"
        )
        print(f"   {'   its JSON alone':20} {r['leanest']:6.2f}  (no data packages, no pages, no language)")
        walls = f"{out['times_faster']} times faster warm, {out['times_faster_cold']} cold"
        print(f"   ratio: {walls}, {out['times_faster_cpu']} by processor time (at least 5 is wanted)")
    real = out["round_2024"]
    print(
        f"   2024 round: {real['figures']} figures, read {real['read_ms']:.0f} ms, checked {real['check_ms']:.0f} ms"
    )
    for kind, count in sorted(real["findings"].items()):
        print(f"      {count:3} {kind}")
