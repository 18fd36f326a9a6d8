"""How many are in both of two registers of 100,000: rows of bits against clear text; then the attacks on the rows.

Both are judged against the truth, which neither has, by pairs (F1). Clear text is the scorer of people/duplicates as
it ships, over both registers together, and with the same rule that a registration is in one pair at most. Seconds
are of CPU, of a machine that others use too. The people are those of `linkage_people`; weights and threshold were
chosen with other seeds (`python -m bench.linkage_fit`). LINKAGE_COUNT makes fewer registrations.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import numpy as np

from bench import linkage_attacks as attacks
from bench.dedup_people import COLUMNS, _first, _lives, _row
from bench.dedup_truth import best
from bench.linkage_people import Columns, registers
from mirps.people.duplicates import api as duplicates
from mirps.people.duplicates import scoring
from mirps.people.linkage import comparing, encoding
from mirps.people.linkage.scheme import Part, Scheme
from mirps.people.linkage.shipped import scheme

COUNT, SEED = int(os.environ.get("LINKAGE_COUNT", "100000")), 2026
KEY, ANOTHER = b"k" * 32, b"a" * 32
#: As first published (Schnell and others 2009): pairs of letters of the names and pieces of the date, without salt.
PLAIN = (Part(("letters",), 10), Part(("year",), 10), Part(("day",), 10))
#: People whose whole register an attacker has in clear, families and all; and rows that patterns are looked for in.
KNOWN, MINED = 2000, 20000


def run() -> dict[str, Any]:
    found: dict[str, Any] = {"count": COUNT, "clear": _apart("clear"), "rows": _apart("rows")}
    for name in ("clear", "rows"):
        one = found[name]
        print(
            f"   {name:6} F1 {one['f1']:.4f} (precision {one['precision']:.4f}, recall {one['recall']:.4f}; the truth "
            f"would choose {one['best']:.4f}), {one['cpu_s']:.0f} s of CPU, {one['megabytes'] / 1024:.2f} GB"
        )
    rows = found["rows"]
    print(
        f"   of the rows: {rows['encode_s']:.0f} s encoding both, {rows['compare_s']:.0f} s comparing "
        f"{COUNT:,} × {COUNT:,}"
    )
    found["attacks"] = attacked()
    return found


def _apart(name: str) -> dict[str, Any]:
    """One side in a process of its own, for its memory."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.linkage", name], stdout=subprocess.PIPE, text=True, check=True
    )
    return dict(json.loads(said.stdout.splitlines()[-1]))


def judged(one: Columns, other: Columns, a: Any, b: Any, sums: Any, least: float) -> dict[str, float]:
    """F1 of pairs, each registration in one at most, from `least` on; and from where the truth would choose."""
    right = np.array(one["who"])[a] == np.array(other["who"])[b]
    true = len(set(one["who"]) & set(other["who"]))
    taken = sums >= least
    return {
        "f1": 2 * float(right[taken].sum()) / (int(taken.sum()) + true), "precision": float(right[taken].mean()),
        "recall": float(right[taken].sum() / true), "best": best(sums, right, true)[1],
        "best_at": best(sums, right, true)[0],
    }  # fmt: skip


def rows(one: Columns, other: Columns, by: Scheme) -> dict[str, float]:
    start = time.process_time()
    a, b = (encoding.encoded(c, by, KEY) for c in (one, other))
    encoded = time.process_time()
    x, y, sums = comparing.pairs(a, b, threshold=by.threshold * 0.7, taps=by.taps)
    done = time.process_time()
    return judged(one, other, x, y, sums, by.threshold) | {
        "encode_s": encoded - start,
        "compare_s": done - encoded,
    }


def clear(one: Columns, other: Columns) -> dict[str, float]:
    held = {c: [*one[c], *other[c]] for c in COLUMNS if c not in ("id", "who")}
    a, b, sums = duplicates.pairs(held)
    across = (a < len(one["who"])) & (b >= len(one["who"]))
    a, b, sums = a[across], b[across] - len(one["who"]), sums[across]
    a, b, sums = _once(a, b, sums)
    return judged(one, other, a, b, sums, scoring.least(duplicates.shipped()[1].likely))


def _once(a: Any, b: Any, sums: Any) -> tuple[Any, Any, Any]:
    taken: tuple[set[int], set[int]] = (set(), set())
    kept = []
    for n in np.argsort(-sums, kind="stable"):
        if a[n] not in taken[0] and b[n] not in taken[1]:
            taken[0].add(a[n])
            taken[1].add(b[n])
            kept.append(n)
    return a[kept], b[kept], sums[kept]


def attacked() -> list[dict[str, Any]]:
    """Each attack on each way of encoding: as published first, with each hardening, and as it ships."""
    mined, population = registers(MINED, 31)[0], registers(MINED, 77)[0]
    known, turn = _families(KNOWN, 5), np.random.default_rng(5).permutation(KNOWN)
    turned = {c: [values[n] for n in turn] for c, values in known.items()}
    ours = scheme()
    plain = replace(ours, size=1024, taps=1, parts=PLAIN)
    ways = {"plain": plain, "plain, 2 taps": replace(plain, taps=2), "plain, 3 taps": replace(plain, taps=3),
            "salted": replace(ours, taps=1), "salted, 2 taps": replace(ours, taps=2)}  # fmt: skip
    guess = attacks.guessing(mined, population)
    print(f"   whoever says the commonest name of everybody names {guess:.2%}")
    told = []
    for name, by in ways.items():
        seen = attacks.patterns(encoding.encoded(mined, by, KEY), population, by)
        rows_, own = encoding.encoded(known, by, KEY), encoding.encoded(turned, by, ANOTHER)
        graph = max(
            float((turn[attacks.graph(rows_, own, by.taps, floor)] == np.arange(KNOWN)).mean())
            for floor in (0.0, 0.08, 0.12)
        )
        one = {
            "way": name, "patterns": attacks.named(seen, mined, population), "graph": graph,
            "dictionary_without_key": attacks.dictionary(rows_, known, by, ANOTHER),
            "dictionary_with_key": attacks.dictionary(rows_, known, by, KEY),
        }  # fmt: skip
        told.append(one)
        print(
            f"   {name:14} patterns name {one['patterns']:.2%}, the graph {graph:.2%} of a register known in clear; "
            f"dictionary without the key {one['dictionary_without_key']:.0%}, with it {one['dictionary_with_key']:.0%}",
            flush=True,
        )
    return told


def _families(count: int, seed: int) -> Columns:
    chance = random.Random(seed)
    told = [_row(n, life.who, _first(life, chance)) for n, life in enumerate(_lives(count, chance, seed))]
    return dict(zip(COLUMNS, map(list, zip(*told, strict=True)), strict=True))


def once(name: str) -> None:
    pair = registers(COUNT, SEED)
    start = time.process_time()
    told = clear(*pair) if name == "clear" else rows(*pair, scheme())
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps(told | {"cpu_s": time.process_time() - start, "megabytes": used.ru_maxrss / 1024}))


if __name__ == "__main__":
    once(*sys.argv[1:])
