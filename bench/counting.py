"""25 indicators with all their margins against 25 queries written by hand, over the same Parquet in the same run.

The caseload is the demo's, so many times as large, in an order like that of a real register (by day, mixed). Rivals
are in bench/counting_rival.py; every cell of both is compared. Each measurement is a process of its own, so that
memory is its own too; times are those of the clock, and of the processor for a machine that is busy.

    python -m bench.counting 20300000                 the full size
    python -m bench.counting 2000000 --postgresql     with PostgreSQL, in a cluster of its own
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench.counting_rival import QUERIES

ROOT = Path(__file__).resolve().parents[1]
CASES = 20_300_000
DEMO = 451_665
SIZES = (200_000, 2_000_000, CASES)
DAY = 5_000  # cases in which something happened on a day: as many as 20 million make in two years and a half
DAYS = 10  # taken in one after the other
TIMES = 3
#: At most so much of the rival's time; a single one of its own query's; memory in MB; of a full count, a day.
BUDGETS = {"ratio": 0.6, "goal": 0.33, "single": 1.5, "memory": 1000, "day": 0.01, "postgresql": 15}
_NO_ACTS = "(SELECT 1 WHERE false)"
#: One of each kind, counted alone.
SINGLE = ("asylum_applications", "asylum_recognition_rate", "asylum_processing_median", "asylum_pending")


def run() -> dict[str, Any]:
    growth = {n: once(n, singles=n == CASES) for n in SIZES}
    result = {"growth": growth, **growth[CASES]}
    result["postgresql_seconds_2m"] = postgresql(2_000_000)
    result["postgresql_ratio"] = result["postgresql_seconds_2m"] / growth[2_000_000]["ours"]["seconds"]
    print(
        f"   PostgreSQL at 2 million {result['postgresql_ratio']:.0f} times as slow (at least {BUDGETS['postgresql']})"
    )
    return result


def once(cases: int, *, singles: bool = True) -> dict[str, Any]:
    path = made(cases)
    found: dict[str, Any] = {"cases": cases, "bytes": path.stat().st_size}
    for who in ("rival", "ours"):
        found[who] = _process(who, path)
    found["ratio"] = found["ours"]["seconds"] / found["rival"]["seconds"]
    found["cpu_ratio"] = found["ours"]["cpu"] / found["rival"]["cpu"]
    found["cells"] = _process("compare", path)["cells"]
    if singles:
        found["single"] = _process("single", path)["ratios"]
    found["day"] = _process("day", path)
    found["day"]["ratio"] = found["day"]["seconds"] / found["ours"]["seconds"]
    found["day"]["cpu_ratio"] = found["day"]["cpu"] / found["ours"]["cpu"]
    _tell(found)
    return found


def made(cases: int) -> Path:
    """The caseload, once for each size; shuffled within its days of application."""
    path = ROOT / "out" / "bench" / f"cases-{cases}.parquet"
    if not path.exists():
        _process("make", path, str(cases))
    return path


def _process(what: str, path: Path, *more: str) -> dict[str, Any]:
    """A measurement in a process of its own; the least time of some."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.counting", what, str(path), *more],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _timed(act: Callable[[], Any]) -> dict[str, float]:
    seconds, cpu = [], []
    for _ in range(TIMES):
        began, used = time.perf_counter(), time.process_time()
        act()
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": min(seconds), "cpu": min(cpu), "memory": most}


def _indicators() -> list[Any]:
    from mirps.evidence.indicators import api

    return [api.indicators()[code] for code in QUERIES]


def _span() -> Any:
    from datetime import date

    from mirps.evidence.indicators.planning import Span

    return Span(date(2023, 1, 1), date(2024, 9, 30))


def _ours(db: Any, path: Path, codes: list[str] | None = None) -> Any:
    """Counted, and the cells of each indicator made."""
    from mirps.evidence.indicators.counting import Cubes, parquet
    from mirps.evidence.indicators.layers import parents
    from mirps.evidence.indicators.model import Over

    chosen = [i for i in _indicators() if codes is None or i.code in codes]
    cubes = Cubes(db, chosen, _span()).count({Over.CASES: parquet([path])}, parents())
    for i in chosen:
        db.execute(f"CREATE OR REPLACE TEMP TABLE ours_{i.code} AS {cubes.sql(i.code)}")
    return cubes


def _rival(db: Any, path: Path, codes: list[str] | None = None) -> None:
    db.execute(f"CREATE OR REPLACE VIEW cases AS FROM read_parquet('{path}')")
    for code, sql in QUERIES.items():
        if codes is None or code in codes:
            db.execute(f"CREATE OR REPLACE TEMP TABLE rival_{code} AS {sql}")


def here(what: str, path: Path, more: list[str]) -> dict[str, Any]:
    from mirps.evidence.indicators.counting import engine

    with engine() as db:
        if what == "make":
            return _make(db, path, int(more[0]))
        if what == "ours":
            return _timed(lambda: _ours(db, path))
        if what == "rival":
            return _timed(lambda: _rival(db, path))
        if what == "single":
            return {"ratios": {code: _single(db, path, code) for code in SINGLE}}
        if what == "compare":
            return {"cells": _compare(db, path)}
        return _day(db, path)


def _make(db: Any, path: Path, cases: int) -> dict[str, Any]:
    import yaml

    from mirps.evidence.indicators import caseload
    from mirps.evidence.indicators.layers import parents

    given = yaml.safe_load((ROOT / "data/demo/caseload.yaml").read_text(encoding="utf-8"))
    plain = path.with_suffix(".plain")
    db.execute("SET memory_limit = '4GB'")
    db.execute(f"SET temp_directory = '{path.with_suffix('.spilled')}'")
    n = caseload.write(caseload.blocks(given, cases / DEMO, parents()), plain, db)
    db.execute(
        f"COPY (SELECT * FROM read_parquet('{plain}') ORDER BY applied, hash(admitted, interviewed, decided, sex, age, "
        f"nationality, office)) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
    )
    plain.unlink()
    return {"cases": n}


def _single(db: Any, path: Path, code: str) -> float:
    ours = _timed(lambda: _ours(db, path, [code]))
    return ours["seconds"] / _timed(lambda: _rival(db, path, [code]))["seconds"]


def _compare(db: Any, path: Path) -> int:
    """How many cells there are; raises where ours are not the rival's."""
    _ours(db, path)
    _rival(db, path)
    total = 0
    for i in _indicators():
        columns = ", ".join([*(["period"] if i.grain != "none" else []), *i.dimensions, "value", "n"])
        count = db.execute(f"SELECT count(*) FROM ours_{i.code}").fetchone()[0]
        both = f"SELECT {columns} FROM ours_{i.code} INTERSECT SELECT {columns} FROM rival_{i.code}"
        same = db.execute(f"SELECT count(*) FROM ({both})").fetchone()[0]
        theirs = db.execute(f"SELECT count(*) FROM rival_{i.code}").fetchone()[0]
        if not count == same == theirs:
            raise RuntimeError(f"{i.code}: {count} cells of ours, {theirs} of the rival, {same} the same")
        total += count
    return total


def _day(db: Any, path: Path) -> dict[str, Any]:
    """Some days' cases taken into the cubes that stand, one after the other."""
    from datetime import date, timedelta

    from mirps.evidence.indicators.layers import parents
    from mirps.evidence.indicators.model import Over
    from mirps.evidence.indicators.standing import Standing

    # The caseload names no cases (ids would double its size): each is its row.
    cases = (
        f"(SELECT * REPLACE (file_row_number AS case_id) FROM read_parquet('{path}', file_row_number = true))"
    )
    total = db.execute(f"SELECT count(*) FROM read_parquet('{path}')").fetchone()[0]
    with tempfile.TemporaryDirectory(dir=path.parent) as home:
        stands = Standing(Path(home) / "standing", _indicators(), parents())
        began = time.perf_counter()
        stands.begin(db, {Over.CASES: cases, Over.ACTS: _NO_ACTS}, date(2024, 9, 30))
        found = {"begin": time.perf_counter() - began}
        seconds, cpu = [], []
        for n in range(DAYS):
            day, file = date(2024, 10, 1) + timedelta(n), Path(home) / "day.parquet"
            db.execute(
                f"COPY ({_happened(cases, total, n, day)}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)"
            )
            began, used = time.perf_counter(), time.process_time()
            stands.take(db, Over.CASES, day, f"read_parquet('{file}')")
            seconds.append(time.perf_counter() - began)
            cpu.append(time.process_time() - used)
        held = sum(p.stat().st_size for p in Path(home).rglob("*") if p.is_file())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | {
        "seconds": median(seconds),
        "cpu": median(cpu),
        "dearest": max(seconds),
        "bytes": held,
        "memory": most,
    }


def _happened(cases: str, total: int, n: int, day: Any) -> str:
    """A day's rows of the layer, from all over the caseload: two in five have applied, and of those that wait a
    quarter had its interview, a quarter its decision and a tenth was closed."""
    known = f"DATE '{day.isoformat()}'"
    step = max(1, total // (DAY * 2))
    return f"""
SELECT * EXCLUDE (k) REPLACE ({known} AS recorded,
    CASE WHEN k < 8 THEN {total} + {n} * {DAY} * 2 + case_id // {step} ELSE case_id END AS case_id,
    CASE WHEN k < 8 THEN {known} ELSE applied END AS applied,
    CASE WHEN k >= 8 THEN admitted END AS admitted,
    CASE WHEN k < 8 THEN NULL WHEN k < 13 THEN {known} ELSE interviewed END AS interviewed,
    CASE WHEN k < 8 THEN NULL WHEN k < 18 AND k >= 13 THEN {known} ELSE decided END AS decided,
    CASE WHEN k < 18 AND k >= 13 THEN 'recognised' WHEN k < 8 THEN 'none' ELSE outcome END AS outcome,
    CASE WHEN k >= 18 THEN {known} WHEN k >= 8 THEN closed END AS closed,
    CASE WHEN k >= 18 THEN 'adverse' WHEN k < 8 THEN 'none' ELSE ending END AS ending,
    CASE WHEN k < 8 THEN 'registration' WHEN k < 13 THEN 'assessment' ELSE stage END AS stage)
FROM (SELECT *, hash(case_id) % 20 AS k FROM {cases}
    WHERE case_id % {step} = {n} AND (closed IS NULL OR hash(case_id) % 20 < 8) LIMIT {DAY})"""


def postgresql(cases: int) -> float:
    """Seconds that the 25 queries take there, over the same rows in an analysed table."""
    done = subprocess.run(
        [str(ROOT / "tools/with-postgres"), sys.executable, "-m", "bench.counting", "in-postgresql", str(made(cases))],
        cwd=ROOT, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    return float(done.stdout.split()[-1])


def _in_postgresql(path: Path) -> float:
    import psycopg

    from mirps.evidence.indicators.counting import engine
    from mirps.evidence.indicators.layers import CASES_TABLE

    types = ", ".join(f"{c} {t.replace('VARCHAR', 'text')}" for c, t in CASES_TABLE.items())
    with psycopg.connect(os.environ["MIRPS_DATABASE_URL"], autocommit=True) as line, engine() as db:
        line.execute(f"CREATE TEMP TABLE cases ({types})")
        with line.cursor().copy("COPY cases FROM STDIN") as copy:
            db.execute(f"SELECT {', '.join(CASES_TABLE)} FROM read_parquet('{path}')")
            while rows := db.fetchmany(20_000):
                for row in rows:
                    copy.write_row(row)
        line.execute("ANALYZE cases")
        line.execute("SET work_mem = '256MB'")
        began = time.perf_counter()
        for code, sql in QUERIES.items():
            line.execute(f"CREATE TEMP TABLE rival_{code} AS {sql}")
        return time.perf_counter() - began


def _tell(found: dict[str, Any]) -> None:
    ours, rival = found["ours"], found["rival"]
    print(f"   {found['cases']:,} cases, {found['bytes'] / 1e6:.0f} MB of Parquet, {len(QUERIES)} indicators, "
          f"{found['cells']:,} cells, equal in both")  # fmt: skip
    print(f"   ours {ours['seconds']:.2f} s ({ours['cpu']:.2f} of the processor), {ours['memory']:.0f} MB; "
          f"rival {rival['seconds']:.2f} s ({rival['cpu']:.2f}), {rival['memory']:.0f} MB")  # fmt: skip
    print(f"   ratio {found['ratio']:.2f} by the clock, {found['cpu_ratio']:.2f} by the processor "
          f"(at most {BUDGETS['ratio']}, goal {BUDGETS['goal']})")  # fmt: skip
    for code, ratio in found.get("single", {}).items():
        print(f"   alone: {code} {ratio:.2f} of its own query (at most {BUDGETS['single']})")
    day = found["day"]
    print(f"   a day of {DAY:,}: {day['seconds'] * 1000:.0f} ms, {day['ratio']:.2%} of a full count by the clock and "
          f"{day['cpu_ratio']:.2%} by the processor (at most {BUDGETS['day']:.0%} at full size), the dearest of {DAYS} "
          f"{day['dearest'] * 1000:.0f} ms; begun in {day['begin']:.0f} s, {day['bytes'] / 1e6:.0f} MB on disk, "
          f"{day['memory']:.0f} MB of memory")  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1].isdecimal():
        once(int(sys.argv[1]))
        if "--postgresql" in sys.argv:
            print(f"   PostgreSQL: {postgresql(int(sys.argv[1])):.1f} s")
    elif sys.argv[1] == "in-postgresql":
        print(_in_postgresql(Path(sys.argv[2])))
    else:
        print(json.dumps(here(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])))
