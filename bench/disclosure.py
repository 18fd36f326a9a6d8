"""Disclosure control: 208,050 cells with margins (3,650 places in three levels, 18 ages, two sexes), seed 2026.

Ours hides on the whole table, and the audit then adds up every witness. HiGHS's optimum (0-1 program with an
attacker's cuts, the same protection) is computed for tables that it ends on: departments of that table, spread over
the sizes (dense: rules hide a third of the cells), and departments of 20 municipalities with sixty people a leaf
(sparse), half of them with places as uneven as above, half with more even ones. Each is a table of its own with all
its margins; ours is hiding and audit on the same ones, CPU seconds of one core for both, summed. HiGHS has its own
defaults. Where it did not end in time its bound stands for its cost (`over_bound`), and its seconds count as far as
it got. An audit by linear programs alone looks at each of ours. The cell-key cube and the plain one are DuckDB's over
the same rows. DISCLOSURE_PARTS tables of each kind (8), DISCLOSURE_SECONDS each (60), DISCLOSURE_ROWS people
(2,000,000). What numba compiles once and keeps is not counted; `compiled` says what it took if it was not kept yet.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np

from mirps.evidence.disclosure import api, cellkey
from mirps.evidence.disclosure.audit import Audit, Secret, audit
from mirps.evidence.disclosure.optimal import optimum
from mirps.evidence.disclosure.patterns import Pattern, Task, pattern
from mirps.evidence.disclosure.protecting import costs
from mirps.evidence.disclosure.rules import mark
from mirps.evidence.disclosure.tables import Table

STATES, DEPARTMENTS, PLACES, AGES = 7, 16, 3530, 18
SPARSE_PLACES, SPARSE_MEAN, UNEVEN, EVEN = 20, 60, 1.6, 0.8
PARTS = int(os.environ.get("DISCLOSURE_PARTS", "8"))
SECONDS = float(os.environ.get("DISCLOSURE_SECONDS", "60"))
ROWS = int(os.environ.get("DISCLOSURE_ROWS", "2000000"))
#: Asked for: times HiGHS's cost, times faster, times the plain cube.
ASKED = (1.08, 100.0, 2.0)


def made(seed: int = 2026) -> Table:
    """Places as uneven as municipalities are, twelve people a leaf on average, most leaves far fewer."""
    dice = np.random.default_rng(seed)
    parents = {"_T": ""}
    for s in range(STATES):
        parents[f"S{s}"] = "_T"
        parents |= {f"S{s}D{d}": f"S{s}" for d in range(DEPARTMENTS)}
    departments = [m for m in parents if "D" in m]
    parents |= {
        f"{departments[i % len(departments)]}M{i}": departments[i % len(departments)] for i in range(PLACES)
    }
    return _filled(api.tree("place", parents), dice, 12, UNEVEN)


def sparse(seed: int) -> Table:
    """A department of few municipalities and many people."""
    where = api.flat("place", [f"M{i}" for i in range(SPARSE_PLACES)])
    return _filled(where, np.random.default_rng(seed), SPARSE_MEAN, EVEN if seed % 2 else UNEVEN)


def _filled(where: api.Dimension, dice: np.random.Generator, people: float, uneven: float) -> Table:
    leaves = np.array(where.leaves)
    size = dice.lognormal(0, uneven, len(leaves))
    age = dice.dirichlet(np.full(AGES, 4.0)) * AGES
    mean = people * (size / size.mean())[:, None, None] * age[None, :, None] * np.array([0.96, 1.04])
    values = np.zeros((len(where.members), AGES + 1, 3))
    spread = dice.gamma(3, 1 / 3, (len(leaves), AGES, 2))
    values[np.ix_(leaves, range(1, AGES + 1), range(1, 3))] = dice.poisson(mean * spread)
    return api.table(
        (where, api.flat("age", [f"A{i}" for i in range(AGES)]), api.flat("sex", ["F", "M"])), values
    )


def department(t: Table, which: int) -> Table:
    """One department and its municipalities as a table of its own."""
    where = t.dimensions[0]
    name = [m for m in where.members if "D" in m and "M" not in m][which]
    mine = [i for i, m in enumerate(where.members) if m.startswith(name + "M")]
    own = api.flat("place", [where.members[i] for i in mine], total=name)
    return Table((own, *t.dimensions[1:]), t.values[[where.position[name], *mine]].copy(),
                 np.ones((len(mine) + 1, *t.values.shape[1:]), np.bool_))  # fmt: skip


def task(t: Table) -> Task:
    m = mark(t, api.rules()["default"])
    v = t.values.ravel()
    return Task(t, m.hidden, m.up, m.down, np.zeros(len(v), np.bool_), costs(v, api.Cost.BETWEEN))


def timed(do: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    return do(), time.process_time() - start


def guarded(k: Task) -> tuple[Pattern, Audit]:
    """What is counted as ours: hidden, and proved."""
    found = pattern(k)
    secret = Secret(k.table.values.ravel(), k.table.equations, found.hidden, k.up, k.down)
    return found, audit(secret, witnesses=found.witnesses)


def run() -> dict[str, Any]:
    _, compiled = timed(lambda: guarded(task(sparse(1))))  # once for good; not counted
    t = made()
    k = task(t)
    (found, checked), seconds = timed(lambda: guarded(k))
    whole = {
        "cells": t.values.size, "rules": int(k.hidden.sum()), "hidden": int(found.hidden.sum()), "seconds": seconds,
        "audited": checked.asked, "narrow": len(checked.narrow), "by_witness": checked.by_witness,
        "programs": checked.programs, "unproven": len(found.unproven), "compiled": compiled,
    }  # fmt: skip
    print(f"   whole table: {whole}")
    every = STATES * DEPARTMENTS
    by_size = np.argsort([department(t, i).values[0, 0, 0] for i in range(every)], kind="stable")
    chosen = by_size[np.linspace(0, every - 1, PARTS).round().astype(int)]
    dense = _parts("dense", [department(t, i) for i in chosen.tolist()])
    few = _parts("sparse", [sparse(seed) for seed in range(1, PARTS + 1)])
    return {"whole": whole, "dense": dense, "sparse": few, "cube": _cubes(), "asked": ASKED}


def _parts(name: str, tables: list[Table]) -> dict[str, Any]:
    rows = []
    for part in tables:
        k = task(part)
        (ours, _), ours_s = timed(lambda k=k: guarded(k))
        k = task(Table(part.dimensions, part.values, part.collected))  # with nothing worked out before
        best, best_s = timed(lambda k=k: optimum(k, seconds=SECONDS))
        alone = audit(Secret(part.values.ravel(), part.equations, ours.hidden, k.up, k.down))
        rows.append({
            "people": int(part.values[0, 0, 0]), "rules": int(k.hidden.sum()),
            "ours": float(k.cost[ours.hidden & ~k.hidden].sum()),
            "ours_s": ours_s, "best": best.cost if best.proven else best.bound, "best_s": best_s,
            "proven": best.proven, "audited": alone.asked,
            "narrow": len(alone.narrow),
        })  # fmt: skip
        print(
            f"   {name}: "
            + ", ".join(f"{a} {b:.3f}" if isinstance(b, float) else f"{a} {b}" for a, b in rows[-1].items())
        )
    done = [r for r in rows if r["proven"]]  # elsewhere `best` is a bound: no choice costs less
    found = {
        "parts": len(rows), "proven": len(done),
        "cost": sum(r["ours"] for r in done) / max(sum(r["best"] for r in done), 1e-9),
        "dearest": max(r["ours"] / r["best"] for r in rows),
        "over_bound": sum(r["ours"] for r in rows) / max(sum(r["best"] for r in rows), 1e-9),
        "faster": sum(r["best_s"] for r in rows) / sum(r["ours_s"] for r in rows),
        "least_faster": min(r["best_s"] / r["ours_s"] for r in rows),
        "narrow": sum(r["narrow"] for r in rows), "audited": sum(r["audited"] for r in rows), "rows": rows,
    }  # fmt: skip
    print(f"   {name}: {len(done)} of {len(rows)} proven: cost {found['cost']:.3f} of HiGHS's (asked {ASKED[0]}; over "
          f"its bound on all {found['over_bound']:.3f}, dearest {found['dearest']:.3f}), {found['faster']:.0f} times "
          f"as fast (asked {ASKED[1]:.0f}; least {found['least_faster']:.0f}); by programs alone {found['narrow']} "
          f"of {found['audited']} too narrow")  # fmt: skip
    return found


def _cubes() -> dict[str, Any]:
    db = duckdb.connect(config={"threads": 1})
    # A record's key is made once, when it is exported, and stands beside it.
    db.execute(f"""CREATE TABLE people AS SELECT {cellkey.key_expression("i", 2026)}::UTINYINT AS key,
        (hash(i) % 3530)::INTEGER AS place,
        (hash(i, 1) % 18)::INTEGER AS age, (hash(i, 2) % 2)::INTEGER AS sex FROM range({ROWS}) t(i)""")
    made_up = cellkey.noise()
    shown = cellkey.shown_expression("count(*)", "sum(key)", made_up)
    cube = "SELECT place, age, sex, {} AS n FROM people GROUP BY CUBE (place, age, sex)"
    seconds = {}
    for name, number in (("plain", "count(*)"), ("keyed", shown)):
        took = [
            timed(lambda n=number: db.execute(f"CREATE OR REPLACE TABLE c AS {cube.format(n)}"))[1]
            for _ in range(3)
        ]
        seconds[name] = min(took)
    found = {"rows": ROWS, **seconds, "times": seconds["keyed"] / seconds["plain"]}
    print(f"   cell-key cube over {ROWS:,} rows: {found['times']:.2f} times the plain one (asked {ASKED[2]})")
    return found
