"""Projects with what stands under them, from records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
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
from mirps.planning.records.api import Act, Record

#: What stands under a project.
PARTS = ("disbursement", "project-report", "amendment")


def portfolio() -> dict[str, Project]:
    """Every project in force with its schedule, reports and amendments in force, by key."""
    under: dict[str, list[Record]] = defaultdict(list)
    for r in records.in_force(*PARTS):
        under[r.parent].append(r)
    return {r.key: project(r, r.public or {}, under[r.key]) for r in records.in_force("project")}


def project(record: Record, data: Mapping[str, Any], under: Iterable[Record]) -> Project:
    """A project as its record in force and those under it tell it."""
    parts = [(r.key, r.kind, r.public) for r in under if r.public is not None]
    return Project(
        key=record.key,
        stage=str(data.get("stage", "")),
        agreed=money(data.get("agreed")),
        ends=data.get("ends", ""),
        ended=data.get("ended", ""),
        told=_told(record, parts),
        disbursements=tuple(_disbursement(key, d) for key, kind, d in parts if kind == "disbursement"),
        reports=tuple(_report(key, d) for key, kind, d in parts if kind == "project-report"),
        amendments=tuple(_amendment(key, d) for key, kind, d in parts if kind == "amendment"),
    )


def _told(record: Record, parts: Iterable[tuple[str, str, Any]]) -> date | None:
    """The last day on which something was said of it."""
    days = [record.known_at.date()] if record.known_at else []
    for _, _, data in parts:
        days += [d for name in ("handed", "paid", "met", "signed") if (d := _day(data.get(name)))]
    return max(days, default=None)


def _disbursement(key: str, d: Mapping[str, Any]) -> Disbursement:
    return Disbursement(
        key, _day(d.get("due")), money(d.get("amount")), bool(d.get("condition")), _day(d.get("met")),
        _day(d.get("paid")), money(d.get("paid-amount")),
    )  # fmt: skip


def _report(key: str, d: Mapping[str, Any]) -> Report:
    progress = Decimal(d["progress"]) if d.get("progress") else None
    return Report(
        key, d.get("sort", ""), _day(d.get("period-ends")), _day(d.get("due")), _day(d.get("handed")), progress,
        money(d.get("spent")),
    )  # fmt: skip


def _amendment(key: str, d: Mapping[str, Any]) -> Amendment:
    return Amendment(key, date.fromisoformat(d["signed"]), money(d.get("agreed")), d.get("ends", ""))


def money(held: Mapping[str, str] | None) -> Money | None:
    return Money(Decimal(held["amount"]), held.get("currency", "")) if held else None


def people(rows: Iterable[Mapping[str, Any]]) -> list[People]:
    return [People(r["population"], r["sex"], r["age"], Decimal(r["people"])) for r in rows]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def said() -> list[Said]:
    """What each document says of each project that it names: what came into force of it on the day on which
    the document became known. What people write later under the same document is theirs, not its word."""
    found: dict[tuple[str, str], Said] = {}
    for key, steps in records.statements("project").items():
        for s in steps:
            if s.act is not Act.PUBLISH:
                continue
            known = s.known_at.date()
            for document in {x["document"] for x in s.data.get("source", ()) if x.get("document")}:
                first = found.get((key, document))
                if first is None or first.known == known:
                    found[key, document] = Said(key, document, known, s.data)
    return list(found.values())


def by_programme(public: Iterable[str]) -> dict[str, Matrix]:
    """A matrix for each programme, of the projects that the reader may know of."""
    shown = set(public)
    by: dict[str, list[Said]] = defaultdict(list)
    for s in said():
        if s.project in shown:
            by[str(s.data.get("programme", "OTHER"))].append(s)
    return {programme: matrix(held) for programme, held in sorted(by.items())}
