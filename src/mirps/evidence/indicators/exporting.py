"""From the case ledger to the layers that are counted: Parquet by the day on which things were recorded.

A day's file of `cases` has, for every case in which something was recorded on it, the case as it stood at the day's
end; its file of `acts` has the acts. So what was known on any past day is the last row of each case up to it, and a
day's events cost a day's work. Days are those of UTC. Nobody is named: ids are keyed pseudonyms of this node.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import yaml

from mirps.base.codelists.api import data_folder
from mirps.base.crypto import api as crypto
from mirps.base.crypto.tokens import token
from mirps.casework.cases import api as cases
from mirps.evidence.indicators.counting import engine, parquet
from mirps.evidence.indicators.layers import ACTS_TABLE, CASES_TABLE
from mirps.evidence.indicators.milestones import Named, age_at, matter, milestones
from mirps.evidence.indicators.model import Over
from mirps.evidence.indicators.sql import text
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry

Json = dict[str, Any]
BATCH = 500
TABLES = {Over.CASES: CASES_TABLE, Over.ACTS: ACTS_TABLE}
_FACTS = ("birth", "sex", "nationality")


def export(folder: Path, *, until: date) -> Iterator[tuple[date, int]]:
    """Write each day on which something was recorded, from the last that is there (written anew: it may not have
    been over) up to `until`. Told are the days and their acts.

    After a rotation of keys the pseudonyms are others: everything is written anew.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held, version = folder / "export.json", crypto.ring().current
    known = json.loads(held.read_text(encoding="utf-8")) if held.exists() else {}
    again = known.get("key") != version
    if again:
        for old in folder.glob("*/*.parquet"):
            old.unlink()
    with custody.keeping(), engine() as db:
        for day in _days(None if again else known.get("last"), until):
            yield day, _day(folder, day, db)
            held.write_text(json.dumps({"key": version, "last": day.isoformat()}), encoding="utf-8")


def _days(last: str | None, until: date) -> list[date]:
    rows = cases.CaseEvent.objects.filter(recorded_at__lt=_begins(until + timedelta(1)))
    if last:
        rows = rows.filter(recorded_at__gte=_begins(date.fromisoformat(last)))
    return sorted(rows.order_by("recorded_at").values_list("recorded_at__date", flat=True).distinct())


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _day(folder: Path, day: date, db: duckdb.DuckDBPyConnection) -> int:
    start, end = _begins(day), _begins(day + timedelta(1))
    that_day = cases.CaseEvent.objects.filter(recorded_at__gte=start, recorded_at__lt=end)
    touched = list(that_day.order_by("case_id").values_list("case_id", flat=True).distinct())
    told: dict[Over, list[dict[str, Any]]] = {Over.CASES: [], Over.ACTS: []}
    for n in range(0, len(touched), BATCH):
        for case_row, acts in _folded(touched[n : n + BATCH], day, end):
            told[Over.CASES].append(case_row)
            told[Over.ACTS] += acts
    for over, rows in told.items():
        _write(db, folder / over.value / f"{day.isoformat()}.parquet", over, rows)
    return len(told[Over.ACTS])


class _Batch:
    """What is kept of some cases, as it was at a day's end."""

    def __init__(self, ids: Sequence[UUID], end: datetime) -> None:
        self.cases = list(cases.Case.objects.filter(id__in=ids).order_by("id"))
        self.events: dict[UUID, list[cases.CaseEvent]] = {}
        for row in cases.CaseEvent.objects.filter(case__in=ids, recorded_at__lt=end).order_by("id"):
            self.events.setdefault(row.case_id, []).append(row)
        self.subjects: dict[UUID, list[cases.Subject]] = {}
        for s in cases.Subject.objects.filter(case__in=ids, since__lt=end).order_by("id"):
            if s.until is None or s.until >= end:
                self.subjects.setdefault(s.case_id, []).append(s)
        self.facts = registry.standing_of([p for p in map(self.principal, ids) if p], *_FACTS)
        self.rows = {r.case_id: r for r in cases.Standing.objects.filter(case__in=ids).order_by("case_id")}

    def principal(self, case: UUID) -> UUID | None:
        held = self.subjects.get(case, [])
        return next((s.person_id for s in sorted(held, key=lambda s: s.role != "principal")), None)


def _folded(ids: Sequence[UUID], day: date, end: datetime) -> Iterator[tuple[Json, list[Json]]]:
    """Each case as it was known at the day's end, with the day's acts."""
    kept = _Batch(ids, end)
    for case in kept.cases:
        state = cases.fold(case.procedure, [cases.event(e) for e in kept.events[case.pk]])
        if not state.begun:
            continue
        p, row, who = (
            cases.version(case.procedure, state.version),
            kept.rows.get(case.pk),
            kept.principal(case.pk),
        )
        clock = cases.clock(p)
        said = milestones(p, state, named(), clock)
        common = {
            "state": case.state, "matter": matter(case.procedure), "recorded": day,
            "office": (row.office if row else case.office) or "_U", "case_id": pseudonym("case", case.pk),
            "person_id": pseudonym("person", who) if who else None,
            **_person(kept.facts.get(who, []) if who else [], said["applied"]),
        }  # fmt: skip
        acts = [
            common | {"act": s.event.act, "happened": s.event.happened.astimezone(clock).date()}
            for s in state.steps
            if _begins(day) <= s.event.recorded < end
        ]
        people, missed = len(kept.subjects.get(case.pk, ())) or 1, row.missed if row else 0
        yield common | said | {"people": people, "missed": missed}, acts


def _person(facts: Iterable[registry.Fact], day: date) -> dict[str, str]:
    """Sex, age group and nationality, each `_U` where nobody said it."""
    data: dict[str, Mapping[str, Any]] = {f.kind: f.data for f in facts if not f.withdrawn}
    born = str(data.get("birth", {}).get("date", ""))
    sex = str(data.get("sex", {}).get("sex", "U"))
    return {
        "sex": "_U" if sex == "U" else sex,
        "age": age_at(born, day),
        "nationality": str(data.get("nationality", {}).get("country", "") or "_U"),
    }


def pseudonym(sort: str, id_: UUID) -> int:
    """A number of 63 bits: the same for the same id, and nothing without the node's key."""
    return int.from_bytes(token(crypto.ring(), f"counting/{sort}", str(id_))[:8], "big") >> 1


@cache
def named() -> Named:
    said = (data_folder() / "counting" / "milestones.yaml").read_text(encoding="utf-8")
    found: Named = yaml.safe_load(said)
    return found


def _write(db: duckdb.DuckDBPyConnection, path: Path, over: Over, rows: Sequence[Mapping[str, Any]]) -> None:
    """By way of a text file, which DuckDB reads a thousand times as fast as rows one by one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = TABLES[over]
    between = path.with_suffix(".csv")
    try:
        with between.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([["" if r[c] is None else r[c] for c in table] for r in rows])
        types = ", ".join(f"{text(c)}: {text(t)}" for c, t in table.items())
        read = f"read_csv({text(between)}, header = false, nullstr = '', columns = {{{types}}})"
        part = path.with_suffix(".part")
        db.execute(f"COPY (SELECT * FROM {read}) TO {text(part)} (FORMAT parquet, COMPRESSION zstd)")
        part.rename(path)
    finally:
        between.unlink(missing_ok=True)


def as_known(db: duckdb.DuckDBPyConnection, folder: Path, on: date) -> dict[Over, str]:
    """The layers as they were known at the end of a day, as tables of the engine."""
    for over, table in TABLES.items():
        files = sorted(p for p in (folder / over.value).glob("*.parquet") if date.fromisoformat(p.stem) <= on)
        columns = ", ".join(table)
        empty = "SELECT " + ", ".join(f"CAST(NULL AS {t}) AS {c}" for c, t in table.items()) + " WHERE false"
        sql = f"SELECT * FROM {parquet(files)}" if files else empty
        if over is Over.CASES:
            last = "row_number() OVER (PARTITION BY case_id ORDER BY recorded DESC) AS nth"
            sql = f"SELECT {columns} FROM (SELECT *, {last} FROM ({sql}) AS held) AS numbered WHERE nth = 1"
        db.execute(f"CREATE OR REPLACE TEMP VIEW layer_{over.value} AS {sql}")
    return {over: f"layer_{over.value}" for over in TABLES}
