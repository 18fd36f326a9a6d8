"""Loading facts: data/planning/facts/<kind>.csv, what documents say, into records.

A row is what one document says of one record; rows of the same code are what one document after another
said. Loading the same folder again changes nothing; a record that people changed since keeps what they
wrote, and an older document read later counts from its own day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from mirps.base.audit.api import record as audited
from mirps.base.codelists import api as codelists
from mirps.evidence.figures import api as figures
from mirps.planning.records import values
from mirps.planning.records.actions import faults_of, project, relink, unready
from mirps.planning.records.flow import Act, fold
from mirps.planning.records.kinds import Flow, Kind
from mirps.planning.records.models import Change, Record
from mirps.planning.records.rules import CODE
from mirps.planning.records.values import Data, Fault
from mirps.planning.records.vocabulary import kinds, known

#: Columns of a facts file that are not fields of the kind.
BESIDE = ("code", "parent", "place", "state", "body", "known", "audience")


class FactFault(ValueError):
    """A facts file that is not loaded. The message names file, line, column and what is wrong; nothing is kept."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: what was said of a record, and when it became known."""

    where: str  # file and line
    kind: str
    code: str
    parent: str
    place: int
    state: str
    body: str
    audience: str
    known_at: datetime
    data: Data

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.code}"


@transaction.atomic
def load(folder: Path, *, by: str, at: datetime) -> dict[str, int]:
    """Load every facts file; how many new statements came in, by kind. Raises FactFault for the first
    that is wrong, and then nothing of the folder is loaded."""
    facts = list(read(folder))
    come: dict[str, int] = {}
    for kind in _parents_first({f.kind for f in facts}):
        # What a document said earlier comes first, and what stands above before what stands under it.
        mine = [f for f in facts if f.kind == kind]
        come[kind] = _take(kinds()[kind], mine, by=by, at=at)
    _relink_all({f.key for f in facts})
    if any(come.values()):
        audited(
            by=by,
            at=at,
            act="records.loaded",
            subject="planning",
            detail={k: n for k, n in come.items() if n},
        )
        figures.touch(public=True, figures=())
    return come


def read(folder: Path) -> Iterable[Fact]:
    """The facts of a folder, proved. Raises FactFault."""
    found: list[tuple[str, Kind, dict[str, str]]] = []
    for path in sorted(folder.glob("*.csv")):
        kind = kinds().get(path.stem)
        if kind is None:
            raise FactFault(f"{path.name}: there is no kind {path.stem!r}; name the file after its kind")
        for line, row in codelists.rows(path):
            if extra := set(row) - {*BESIDE, *values.columns(kind)}:
                raise FactFault(
                    f"{path.name}: the column {sorted(extra)[0]!r} is none of the kind's; take it out"
                )
            found.append((f"{path.name}, line {line}", kind, row))
    keys = {f"{kind.name}/{row['code']}" for _, kind, row in found}
    for where, kind, row in found:
        yield _fact(where, kind, row, keys)


def _fact(where: str, kind: Kind, row: Mapping[str, str], keys: set[str]) -> Fact:
    if not CODE.match(row["code"]):
        raise FactFault(f"{where}: code {row['code']!r}: small letters, digits, points and hyphens")
    data, faults = values.read(kind, row, known(beside=keys))
    parent = row.get("parent", "")
    there = parent in keys or Record.objects.filter(pk=parent).exists()
    if kind.parents and not (there and parent.partition("/")[0] in kind.parents):
        faults.append(Fault("parent", "record.fault.ref", {"found": parent}))
    if kind.flow is Flow.REVIEWED:
        faults += unready(kind, data)
    else:
        faults += faults_of(kind, data, beside=keys)
    if faults:
        f = min(faults, key=lambda f: f.key == "record.fault.required")  # what is wrong before what lacks
        raise FactFault(f"{where}, column {f.cell}: {f.key} {dict(f.values)}")
    return Fact(
        where=where, kind=kind.name, code=row["code"], parent=parent, place=int(row.get("place") or 0),
        state=row.get("state", ""), body=row.get("body", ""), audience=row.get("audience", "") or kind.audience.value,
        known_at=_known_at(where, row, data), data=data,
    )  # fmt: skip


def _known_at(where: str, row: Mapping[str, str], data: Data) -> datetime:
    day = row.get("known", "")
    if not day:
        sources = [s["document"] for s in data.get("source", ()) if s.get("document")]
        if not sources:
            raise FactFault(
                f"{where}: say when it was known (column known) or by which document (column source)"
            )
        day = codelists.documents()[sources[0]]["known_from"]
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError:
        raise FactFault(f"{where}, column known: {day!r} is no day; write 2024-12-05") from None


def _parents_first(named: set[str]) -> list[str]:
    out: list[str] = []

    def visit(name: str) -> None:
        for p in kinds()[name].parents:
            if p in named and p != name and p not in out:
                visit(p)
        if name not in out:
            out.append(name)

    for name in sorted(named):
        visit(name)
    return out


def _take(kind: Kind, facts: list[Fact], *, by: str, at: datetime) -> int:
    held = {
        r.key: r for r in Record.objects.filter(pk__in={f.key for f in facts}).prefetch_related("changes")
    }
    roots = dict(
        Record.objects.filter(pk__in={f.parent for f in facts if f.parent}).values_list("key", "root")
    )
    grouped: dict[str, list[Fact]] = {}
    for f in facts:
        grouped.setdefault(f.key, []).append(f)
    made: list[Record] = []
    changed: list[Record] = []
    changes: list[Change] = []
    for key in _above_first(grouped):
        said, r = grouped[key], held.get(key)
        steps = [c.step for c in r.changes.all()] if r else []
        there = [(s.known_at, s.data) for s in steps]
        fresh = [f for f in said if (f.known_at, f.data) not in there]
        if not fresh:
            continue
        if r is None:
            r = _made(said[-1], roots)
            made.append(r)
        else:
            changed.append(r)
        act = Act.SAVE if kind.flow is Flow.DIRECT else Act.PUBLISH
        first = max((s.number for s in steps), default=0) + 1
        new = [
            Change(
                record=r, number=n, act=act, data=f.data, reason=f.where, by=by, at=at, known_at=f.known_at
            )
            for n, f in enumerate(fresh, start=first)
        ]
        steps = sorted([*steps, *(c.step for c in new)], key=lambda s: (s.known_at, s.number))
        project(kind, r, fold(steps, kind.flow), new[-1].number, at)
        changes += new
    Record.objects.bulk_create(made, batch_size=200)
    for r in changed:
        r.save()
    Change.objects.bulk_create(changes, batch_size=200)
    return len(changes)


def _made(f: Fact, roots: dict[str, str]) -> Record:
    """The record of a fact, under what stands above it; `roots` learns its root."""
    roots[f.key] = roots.get(f.parent, "") or f.key
    return Record(
        key=f.key, kind=f.kind, parent=f.parent, place=f.place, state=f.state, body=f.body,
        audience=f.audience, root=roots[f.key],
    )  # fmt: skip


def _above_first(grouped: Mapping[str, list[Fact]]) -> list[str]:
    """Keys, each after what it stands under."""
    out: dict[str, None] = {}

    def visit(key: str, seen: tuple[str, ...]) -> None:
        if key in seen:
            raise FactFault(f"{grouped[key][0].where}: stands under itself: {' > '.join([*seen, key])}")
        above = grouped[key][-1].parent
        if above in grouped and above not in out:
            visit(above, (*seen, key))
        out.setdefault(key)

    for key in grouped:
        visit(key, ())
    return list(out)


def _relink_all(keys: set[str]) -> None:
    for name, kind in kinds().items():
        relink(kind, list(Record.objects.filter(pk__in=keys, kind=name)))
