"""Projects with what stands under them, from records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mirps.planning.projects.rules import (
    Amendment,
    Disbursement,
    Matrix,
    Money,
    People,
    Project,
    Report,
    Said,
    matrix,
)
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Record, Step, day

#: What stands under a project.
PARTS = ("disbursement", "project-report", "amendment")


@dataclass(frozen=True, slots=True)
class Held:
    """A project as it stands, or stood on a day: its record, what is said of it, and what follows from that."""

    record: Record
    data: Mapping[str, Any]
    project: Project


#: Every change of each project, by key (records.statements).
Statements = Mapping[str, Sequence[Step]]


def statements() -> Statements:
    return records.statements("project")


def portfolio(at: datetime | None = None, told: Statements | None = None) -> list[Held]:
    """Every project in force with its schedule, reports and amendments; `at`: as all that was known then.
    By State, then code. `told`: the statements, where they were read already."""
    every = Record.objects.filter(kind__in=("project", *PARTS)).order_by("state", "key")
    every = every.defer("words_es", "words_en")
    if at:
        data = records.as_known_on(at, "project", *PARTS)
        found = {r.key: r for r in every.filter(pk__in=data)}
    else:
        found = {r.key: r for r in every.filter(public__isnull=False)}
        data = {r.key: r.public or {} for r in found.values()}
    known = _known(at, statements() if told is None else told)
    under: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = defaultdict(list)
    for r in sorted(found.values(), key=lambda r: (r.place, r.key)):
        if r.kind in PARTS:
            under[r.parent].append((r.key, r.kind, data[r.key]))
    return [
        Held(r, data[r.key], project(r.key, data[r.key], known.get(r.key), under[r.key]))
        for r in found.values()
        if r.kind == "project"
    ]


def one(record: Record, data: Mapping[str, Any]) -> Project:
    """A single project as its record and what stands in force under it tell it."""
    parts = [(r.key, r.kind, r.public) for r in records.under(record.key) if r.public is not None]
    return project(record.key, data, record.known_at.date() if record.known_at else None, parts)


def _known(at: datetime | None, told: Statements) -> dict[str, date]:
    """Since when what stood of each project at a moment was known."""
    return {
        key: max(days)
        for key, steps in told.items()
        if (
            days := [
                s.known_at.date() for s in steps if s.act is Act.PUBLISH and (not at or s.known_at <= at)
            ]
        )
    }


def project(
    key: str, data: Mapping[str, Any], known: date | None, parts: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> Project:
    return Project(
        key=key,
        stage=str(data.get("stage", "")),
        agreed=money(data.get("agreed")),
        ends=data.get("ends", ""),
        ended=data.get("ended", ""),
        told=_told(known, parts),
        disbursements=tuple(_disbursement(k, d) for k, kind, d in parts if kind == "disbursement"),
        reports=tuple(_report(k, d) for k, kind, d in parts if kind == "project-report"),
        amendments=tuple(_amendment(k, d) for k, kind, d in parts if kind == "amendment"),
    )


def _told(known: date | None, parts: Iterable[tuple[str, str, Mapping[str, Any]]]) -> date | None:
    """The last day on which something was said of it."""
    days = [known] if known else []
    for _, _, data in parts:
        days += [d for name in ("handed", "paid", "met", "signed") if (d := day(data.get(name)))]
    return max(days, default=None)


def _disbursement(key: str, d: Mapping[str, Any]) -> Disbursement:
    return Disbursement(
        key, day(d.get("due")), money(d.get("amount")), bool(d.get("condition")), day(d.get("met")),
        day(d.get("paid")), money(d.get("paid-amount")),
    )  # fmt: skip


def _report(key: str, d: Mapping[str, Any]) -> Report:
    progress = Decimal(d["progress"]) if d.get("progress") else None
    return Report(
        key, d.get("sort", ""), day(d.get("period-ends")), day(d.get("due")), day(d.get("handed")), progress,
        money(d.get("spent")),
    )  # fmt: skip


def _amendment(key: str, d: Mapping[str, Any]) -> Amendment:
    return Amendment(key, date.fromisoformat(d["signed"]), money(d.get("agreed")), d.get("ends", ""))


def money(held: Mapping[str, str] | None) -> Money | None:
    return Money(Decimal(held["amount"]), held.get("currency", "")) if held else None


def people(rows: Iterable[Mapping[str, Any]]) -> list[People]:
    return [People(r["population"], r["sex"], r["age"], Decimal(r["people"])) for r in rows]


def said(told: Statements | None = None) -> list[Said]:
    """What each document says of each project that it names: what came into force of it on the day on which
    the document became known. What people write later under the same document is theirs, not its word."""
    found: dict[tuple[str, str], Said] = {}
    for key, steps in (statements() if told is None else told).items():
        for s in steps:
            if s.act is not Act.PUBLISH:
                continue
            known = s.known_at.date()
            for document in {x["document"] for x in s.data.get("source", ()) if x.get("document")}:
                first = found.get((key, document))
                if first is None or first.known == known:
                    found[key, document] = Said(key, document, known, s.data)
    return list(found.values())


def by_programme(public: Iterable[str], told: Iterable[Said]) -> dict[str, Matrix]:
    """A matrix for each programme of what documents said, of the projects that the reader may know of."""
    shown = set(public)
    by: dict[str, list[Said]] = defaultdict(list)
    for s in told:
        if s.project in shown:
            by[str(s.data.get("programme", "OTHER"))].append(s)
    return {programme: matrix(held) for programme, held in sorted(by.items())}
