"""An invented caseload of any size whose counts meet what was published (data/demo/caseload.yaml).

Nobody is drawn by lot. A block says how many cases there are and how many have each member, and case `k` takes the
member at place `k * step mod n` of the line in which all members stand: every quota is met exactly, and members of
different dimensions mix, since each has a step of its own. So the same file gives the same caseload everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import gcd
from pathlib import Path
from typing import Any

import duckdb
import yaml

from mirps.base.codelists.api import data_folder
from mirps.evidence.indicators.layers import CASES_TABLE
from mirps.evidence.indicators.sql import day, text

Json = Mapping[str, Any]
_GOLDEN = 0.6180339887498949
_LISTED = ("office", "sex", "age", "nationality")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of so many cases of a block. `ended`: the days in which they were decided or closed."""

    cases: int
    stage: str
    outcome: str = "none"
    ending: str = "none"
    ended: tuple[date, date] | None = None
    heard: bool = True  # had their interview
    permits: int = 0
    missed: int = 0  # signatures, for every tenth


@dataclass(frozen=True, slots=True)
class Block:
    state: str
    matter: str
    cases: int
    applied: tuple[date, date]
    people: int  # of all its cases together
    quotas: Mapping[str, Mapping[str, int]]  # dimension -> member -> how many; in all `cases`
    fates: tuple[Fate, ...]
    until: date  # the last day that anything happened


def given() -> Json:
    """The file of the demo."""
    found: Json = yaml.safe_load((data_folder() / "demo" / "caseload.yaml").read_text(encoding="utf-8"))
    return found


def blocks(given: Json, scale: float, parents: Mapping[str, Mapping[str, str]]) -> list[Block]:
    """The blocks of a file, each so many times as large."""
    return [_block(b, given, scale, parents) for b in given["blocks"]]


def _block(b: Json, given: Json, scale: float, parents: Mapping[str, Mapping[str, str]]) -> Block:
    n, of_state = round(b["cases"] * scale), given["states"][b["state"]]
    exact = {d: {k: round(v * scale) for k, v in q.items()} for d, q in b.get("exact", {}).items()}
    fates = parted(n, {k: f["cases"] for k, f in enumerate(b["fates"])})
    return Block(
        b["state"], b.get("matter", "asylum"), n, (b["applied"][0], b["applied"][1]),
        round(b.get("people", b["cases"]) * scale),
        {d: quotas(n, of_state[d], exact.get(d, {}), parents.get(d, {})) for d in _LISTED},
        tuple(_fate(f, fates[k], scale) for k, f in enumerate(b["fates"])), given["until"],
    )  # fmt: skip


def _fate(f: Json, cases: int, scale: float) -> Fate:
    ended = (f["ended"][0], f["ended"][1]) if "ended" in f else None
    return Fate(
        cases, f["stage"], f.get("outcome", "none"), f.get("ending", "none"), ended, f.get("heard", True),
        round(f.get("permits", 0) * scale), f.get("missed", 0),
    )  # fmt: skip


def parted(n: int, weights: Mapping[Any, float]) -> dict[Any, int]:
    """`n` by weights, in whole numbers that add up to it: by largest remainders."""
    total = sum(weights.values()) or 1
    out = {k: int(n * w / total) for k, w in weights.items()}
    rest = sorted(weights, key=lambda k: (out[k] - n * weights[k] / total, str(k)))
    for k in rest[: n - sum(out.values())]:
        out[k] += 1
    return out


def quotas(
    n: int, weights: Mapping[str, float], exact: Mapping[str, int], parents: Mapping[str, str]
) -> dict[str, int]:
    """Members by weights; what is exact, of a member or of a whole with its parts, is met."""
    out: dict[str, int] = {}
    for named, quota in exact.items():
        parts = {k: w for k, w in weights.items() if k == named or parents.get(k) == named}
        out |= parted(quota, parts)
    others = {k: w for k, w in weights.items() if k not in out}
    return out | parted(n - sum(out.values()), others)


def write(found: Sequence[Block], path: Path, db: duckdb.DuckDBPyConnection) -> int:
    """The layer of cases as Parquet; how many there are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    selects = " UNION ALL ".join(_select(b) for b in found if b.cases)
    shown = ", ".join(f"CAST({c} AS {t}) AS {c}" for c, t in CASES_TABLE.items())
    db.execute(f"COPY (SELECT {shown} FROM ({selects})) TO {text(path)} (FORMAT parquet, COMPRESSION zstd)")
    return sum(b.cases for b in found)


def _select(b: Block) -> str:
    """A block as a query: `place` mixes, `begin` is the first day possible, all else follows from the fate."""
    days = (b.applied[1] - b.applied[0]).days + 1
    listed = ", ".join(f"{_listed(_place(b.cases, n), b.quotas[d])} AS {d}" for n, d in enumerate(_LISTED, 1))
    return f"""
SELECT *, {text(b.state)} AS state, {text(b.matter)} AS matter,
    applied + CAST(least(1 + {_place(b.cases, 6)} % 20, span * 3 // 10) AS INTEGER) AS admitted,
    CASE WHEN heard THEN applied + CAST(span * (35 + {_place(b.cases, 7)} % 40) // 100 AS INTEGER) END AS interviewed,
    CASE WHEN outcome <> 'none' THEN ended END AS decided,
    CASE WHEN ending <> 'none' THEN ended END AS closed,
    CASE WHEN nth < permits THEN coalesce(ended, least(applied + 30, {day(b.until)})) END AS permitted,
    NULL AS case_id, NULL AS person_id, greatest(applied, admitted, interviewed, permitted, ended) AS recorded
FROM (SELECT *, coalesce(ended, {day(b.until)}) - applied AS span FROM (
    SELECT *, CASE WHEN since IS NOT NULL THEN greatest(since, applied + 1)
        + CAST({_place(b.cases, 8)} % (upto - greatest(since, applied + 1) + 1) AS INTEGER) END AS ended
    FROM (SELECT k, {day(b.applied[0])} + CAST({_place(b.cases, 9)} * {days} // {b.cases} AS INTEGER) AS applied,
        {_fates(b)}, {listed}, {_people(b)} AS people
        FROM range({b.cases}) AS r(k))))"""


def _fates(b: Block) -> str:
    """The columns that a case has by its fate, by its place in the line of fates."""
    place, ends, begun = _place(b.cases, 0), [], 0
    for f in b.fates:
        ends.append((begun, begun + f.cases, f))
        begun += f.cases

    def told(name: str, say: Any) -> str:
        cases = " ".join(f"WHEN {place} < {end} THEN {say(f, first)}" for first, end, f in ends if f.cases)
        return f"CASE {cases} END AS {name}"

    return ", ".join(
        (
            told("stage", lambda f, _: text(f.stage)),
            told("outcome", lambda f, _: text(f.outcome)),
            told("ending", lambda f, _: text(f.ending)),
            told("since", lambda f, _: day(f.ended[0]) if f.ended else "CAST(NULL AS DATE)"),
            told("upto", lambda f, _: day(f.ended[1]) if f.ended else "CAST(NULL AS DATE)"),
            told("heard", lambda f, _: "true" if f.heard else "false"),
            told("permits", lambda f, _: str(f.permits)),
            told("nth", lambda _, first: f"{place} - {first}"),
            told("missed", lambda f, _: f"CASE WHEN {place} % 10 = 0 THEN {f.missed} ELSE 0 END"),
        )
    )


def _people(b: Block) -> str:
    """Persons in the case: as many in each, and one more in so many."""
    each, more = divmod(b.people, b.cases)
    return f"{each} + CASE WHEN {_place(b.cases, 5)} < {more} THEN 1 ELSE 0 END"


def _listed(place: str, held: Mapping[str, int]) -> str:
    end, cases = 0, []
    for member, n in held.items():
        end += n
        if n:
            cases.append(f"WHEN {place} < {end} THEN {text(member)}")
    return f"CASE {' '.join(cases)} END"


def _place(n: int, nth: int) -> str:
    """A line of its own through 0..n-1: by a step that shares no factor with n, so that each place comes once."""
    step = max(1, int(n * ((nth + 1) * _GOLDEN % 1)))
    while gcd(step, n) != 1:
        step += 1
    return f"((k * {step} + {nth * 7919 % n}) % {n})"
