"""A million registrations, a tenth of them second ones, a third of those abroad: ours and splink, one after the other.

Both read the same CSV and give their scored pairs; both are judged against the truth, which neither has.
splink's F1 is at the threshold that the truth would choose for it, ours at the threshold that ships. Ours is
run twice, each in a process of its own, and what it found compared byte by byte. Seconds and peak memory are
of the whole process, from its start to its result. Ours ships its weights, splink learns its own each time:
its seconds are given without that too. DEDUP_COUNT makes fewer registrations.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.dedup_people import COLUMNS, write
from bench.dedup_truth import best, f1, matched, pairs_of
from mirps.people.duplicates.cells import Cells, padded

COUNT, SEED = int(os.environ.get("DEDUP_COUNT", "1000000")), 2026
ENVIRONMENT = Path("bench/.venv/splink")
PINS = ("splink==4.0.17", "duckdb==2.0.0", "pandas==3.1.1", "sqlglot==30.30.0", "numpy==2.4.6")
#: Asked for: F1 as shipped, F1 above splink's best, times as fast, gigabytes.
ASKED = (0.96, 0.01, 3.0, 3.0)


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="mirps-bench-") as home:
        folder = Path(home)
        file = folder / "registrations.csv"
        write(COUNT, SEED, file)
        with file.open(encoding="utf-8", newline="") as rows:
            who = np.array([int(row["who"]) for row in csv.DictReader(rows)], np.int64)
        true = pairs_of(who)
        print(f"   {COUNT:,} registrations (seed {SEED}), {len(true):,} pairs of one person")
        ours = _ours(file, folder / "ours-1.npz", true)
        again = _ours(file, folder / "ours-2.npz", true)
        found = {
            "count": COUNT, "pairs": len(true), "ours": ours, "again": again, "splink": _splink(file, folder, true),
            "identical": ours["sha256"] == again["sha256"],
        }  # fmt: skip
    _tell(found)
    return found


def _answer(command: list[str]) -> dict[str, Any]:
    """The last line that a program prints, as JSON, with the seconds and peak memory of its process."""
    timed = f"import resource, subprocess, sys, time, json; t = time.perf_counter(); {_CHILD}"
    said = subprocess.run(
        [sys.executable, "-c", timed, *command], stdout=subprocess.PIPE, text=True, check=True
    )
    told = json.loads(said.stdout.splitlines()[-1])
    return dict(told)


_CHILD = """
p = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({**json.loads(p.stdout.splitlines()[-1]), "seconds": time.perf_counter() - t,
    "cpu_s": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024}))
"""


def _ours(file: Path, out: Path, true: np.ndarray) -> dict[str, Any]:
    told = _answer([sys.executable, "-m", "bench.dedup", str(file), str(out)])
    held = np.load(out)
    right = matched(held["one"], held["other"], true, COUNT)
    likely = held["millibits"] >= told["likely"]
    at, most = best(held["millibits"], right, len(true))
    return told | {
        "f1": f1(int(likely.sum()), int(right[likely].sum()), len(true)),
        "precision": float(right[likely].mean()), "recall": float(right[likely].sum() / len(true)),
        "best_f1": most, "best_at_bits": at / 1000, "to_look_at": len(likely),
        "sha256": hashlib.sha256(b"".join(held[name].tobytes() for name in sorted(held))).hexdigest(),
    }  # fmt: skip


def _splink(file: Path, folder: Path, true: np.ndarray) -> dict[str, Any]:
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PINS], check=True)
    out = folder / "splink.npz"
    told = _answer([str(python), "bench/dedup_splink.py", str(file), str(out)])
    held = np.load(out)
    at, most = best(held["weight"], matched(held["one"], held["other"], true, COUNT), len(true))
    return told | {"best_f1": most, "best_at_bits": at}


def _tell(found: dict[str, Any]) -> None:
    ours, splink = found["ours"], found["splink"]
    print(
        f"   ours, as it ships: F1 {ours['f1']:.4f} (precision {ours['precision']:.4f}, recall {ours['recall']:.4f}; "
        f"the truth would choose {ours['best_f1']:.4f}), {_used(ours)}; again {_used(found['again'])}"
    )
    print(
        f"   splink at its best threshold: F1 {splink['best_f1']:.4f}, {_used(splink)}; "
        f"learning is {splink['train_s']:.1f} s of it"
    )
    found["times"] = splink["seconds"] / ours["seconds"]
    found["times_without_learning"] = (splink["seconds"] - splink["train_s"]) / ours["seconds"]
    found["times_in_cpu"] = splink["cpu_s"] / ours["cpu_s"]
    found["better_by"] = ours["f1"] - splink["best_f1"]
    met = (
        ours["f1"] >= ASKED[0], found["better_by"] >= ASKED[1], found["times"] >= ASKED[2],
        ours["megabytes"] / 1024 < ASKED[3], found["identical"],
    )  # fmt: skip
    print(
        f"   better by {found['better_by']:.4f} (asked {ASKED[1]}), {found['times']:.1f} times as fast "
        f"(asked {ASKED[2]:g}; {found['times_without_learning']:.1f} without splink's learning, "
        f"{found['times_in_cpu']:.1f} in seconds of CPU)"
    )
    print(
        f"   byte-identical when run again: {_yes(found['identical'])}; all that is asked: {_yes(all(met))}"
    )


def _used(one: dict[str, Any]) -> str:
    return f"{one['seconds']:.1f} s ({one['cpu_s']:.0f} s of CPU), {one['megabytes'] / 1024:.2f} GB"


def _yes(holds: bool) -> str:
    return "yes" if holds else "NO"


def once(file: str, out: str) -> None:
    """Ours, from the file to the pairs, as a process of its own."""
    from mirps.people.duplicates import api, scoring

    one, other, sums = api.pairs(_columns(Path(file)))
    np.savez(out, one=one, other=other, millibits=sums)
    print(json.dumps({"likely": scoring.least(api.shipped()[1].likely)}))


def _columns(file: Path) -> dict[str, Cells]:
    """The columns of a CSV in which no cell is quoted, as they stand in its bytes."""
    data = padded(file.read_bytes())
    if (data == ord('"')).any():
        raise ValueError(f"{file}: quoted cells")
    marks = (data == ord(",")) | (data == ord("\n"))
    end = np.ascontiguousarray(np.flatnonzero(marks).reshape(-1, len(COLUMNS))[1:].T)
    # What stands before a cell ends where the cell begins; nobody asks for the ids, which stand first.
    return {name: Cells(data, end[at - 1] + 1, end[at]) for at, name in enumerate(COLUMNS) if at}


if __name__ == "__main__":
    once(*sys.argv[1:])
