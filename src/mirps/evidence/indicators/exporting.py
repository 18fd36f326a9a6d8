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
from django.db.models import Count
from django.db.models.functions import TruncDate

from mirps.base.codelists.api import data_folder
from mirps.base.crypto import api as crypto
from mirps.base.crypto.tokens import token
from mirps.casework.cases import api as cases
from mirps.casework.procedures.api import Event
from mirps.evidence.indicators.counting import engine, parquet
from mirps.evidence.indicators.layers import ACTS_TABLE, CASES_TABLE
from mirps.evidence.indicators.milestones import Named, age_at, matter, milestones
from mirps.evidence.indicators.model import Over
from mirps.evidence.indicators.sql import day as sql_day
from mirps.evidence.indicators.sql import text
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry

Json = dict[str, Any]
#: A day's rows, by layer.
Told = dict[Over, list[Json]]
#: Cases that are opened at once; acts of days that are read together.
BATCH, MOST_ACTS = 500, 20_000
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
        for days in _together(_days(None if again else known.get("last"), until)):
            for day, acts in _written(folder, _read(days), db):
                yield day, acts
                held.write_text(json.dumps({"key": version, "last": day.isoformat()}), encoding="utf-8")


def _days(last: str | None, until: date) -> list[tuple[date, int]]:
    """The days on which something was recorded, each with its acts."""
    rows = cases.CaseEvent.objects.filter(recorded_at__lt=_ends(until))
    if last:
        rows = rows.filter(recorded_at__gte=_begins(date.fromisoformat(last)))
    by_day = rows.order_by().annotate(day=TruncDate("recorded_at", tzinfo=UTC)).values("day")
    return sorted(by_day.annotate(n=Count("pk")).values_list("day", "n"))


def _together(days: Iterable[tuple[date, int]]) -> Iterator[list[date]]:
    """The days that are read at once: as many as have few acts together, or one that has more."""
    run: list[date] = []
    held = 0
    for day, acts in days:
        if run and held + acts > MOST_ACTS:
            yield run
            run, held = [], 0
        run.append(day)
        held += acts
    if run:
        yield run


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _ends(day: date) -> datetime:
    return _begins(day + timedelta(1))


def _read(days: Sequence[date]) -> dict[date, Told]:
    """What is told of each of these days. A case is read once for all of them."""
    start, end = _begins(days[0]), _ends(days[-1])
    those_days = cases.CaseEvent.objects.filter(recorded_at__gte=start, recorded_at__lt=end)
    touched = list(those_days.order_by("case_id").values_list("case_id", flat=True).distinct())
    told: dict[date, Told] = {day: {over: [] for over in TABLES} for day in days}
    for n in range(0, len(touched), BATCH):
        kept = _Batch(touched[n : n + BATCH], days)
        for case in kept.cases:
            for day in kept.days[case.pk]:
                if folded := _folded(kept, case, day):
                    told[day][Over.CASES].append(folded[0])
                    told[day][Over.ACTS] += folded[1]
    return told


class _Batch:
    """What is kept of some cases, as far as it counts on some days. `days`: those on which each was acted in."""

    def __init__(self, ids: Sequence[UUID], days: Sequence[date]) -> None:
        end, asked = _ends(days[-1]), set(days)
        self.cases = list(cases.Case.objects.filter(id__in=ids).order_by("id"))
        self.events: dict[UUID, list[Event]] = {}
        for row in cases.CaseEvent.objects.filter(case__in=ids, recorded_at__lt=end).order_by("id"):
            self.events.setdefault(row.case_id, []).append(cases.event(row))
        self.days = {
            case: sorted({e.recorded.astimezone(UTC).date() for e in events} & asked)
            for case, events in self.events.items()
        }
        self._subjects: dict[UUID, list[cases.Subject]] = {}
        for s in cases.Subject.objects.filter(case__in=ids, since__lt=end).order_by("id"):
            self._subjects.setdefault(s.case_id, []).append(s)
        people = {self.principal(case, day) for case, held in self.days.items() for day in held}
        self.facts = registry.standing_of(sorted(p for p in people if p), *_FACTS)
        self.rows = {r.case_id: r for r in cases.Standing.objects.filter(case__in=ids).order_by("case_id")}

    def subjects(self, case: UUID, day: date) -> list[cases.Subject]:
        """Whom a case was about at a day's end."""
        end = _ends(day)
        held = self._subjects.get(case, ())
        return [s for s in held if s.since < end and (s.until is None or s.until >= end)]

    def principal(self, case: UUID, day: date) -> UUID | None:
        held = self.subjects(case, day)
        return next((s.person_id for s in sorted(held, key=lambda s: s.role != "principal")), None)


def _folded(kept: _Batch, case: cases.Case, day: date) -> tuple[Json, list[Json]] | None:
    """A case as it was known at a day's end, with the day's acts; None where it had not begun."""
    state = cases.fold(case.procedure, [e for e in kept.events[case.pk] if e.recorded < _ends(day)])
    if not state.begun:
        return None
    p, row, who = (
        cases.version(case.procedure, state.version),
        kept.rows.get(case.pk),
        kept.principal(case.pk, day),
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
        if _begins(day) <= s.event.recorded < _ends(day)
    ]
    people, missed = len(kept.subjects(case.pk, day)) or 1, row.missed if row else 0
    return common | said | {"people": people, "missed": missed}, acts


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


def _written(
    folder: Path, told: Mapping[date, Told], db: duckdb.DuckDBPyConnection
) -> Iterator[tuple[date, int]]:
    """Each day's files, written; told are the day and its acts."""
    for over, table in TABLES.items():
        rows = [row for of_day in told.values() for row in of_day[over]]
        _loaded(db, over, folder, [["" if r[c] is None else r[c] for c in table] for r in rows])
    for day, of_day in told.items():
        for over in TABLES:
            path = folder / over.value / f"{day.isoformat()}.parquet"
            part = path.with_suffix(".part")
            of_it = f"SELECT * FROM told_{over.value} WHERE recorded = {sql_day(day)}"
            db.execute(f"COPY ({of_it}) TO {text(part)} (FORMAT parquet, COMPRESSION zstd)")
            part.rename(path)
        yield day, len(of_day[Over.ACTS])


def _loaded(
    db: duckdb.DuckDBPyConnection, over: Over, folder: Path, rows: Iterable[Sequence[object]]
) -> None:
    """Rows as a table of the engine, by way of a text file, which it reads a thousand times as fast as one by one."""
    between = folder / over.value / "told.csv"
    between.parent.mkdir(parents=True, exist_ok=True)
    try:
        with between.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
        types = ", ".join(f"{text(c)}: {text(t)}" for c, t in TABLES[over].items())
        # Nothing is to be guessed: of no rows at all it could not be.
        how = "auto_detect = false, delim = ',', quote = '\"', escape = '\"', header = false, nullstr = ''"
        read = f"read_csv({text(between)}, {how}, columns = {{{types}}})"
        db.execute(f"CREATE OR REPLACE TEMP TABLE told_{over.value} AS SELECT * FROM {read}")
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
