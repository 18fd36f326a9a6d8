"""The shelf of the present version, made from the database once and then kept.

A figure is never overwritten, so a new version takes over every figure that the last one
held and reads only what is new and what became of the rest.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from mirps.evidence.figures import api as figures
from mirps.evidence.findings import api as findings
from mirps.evidence.rounds.api import Round
from mirps.sharing.portal.shelf import Doubt, Reply, RoundInfo, Shelf

_lock = threading.Lock()
_kept: Shelf | None = None


def shelf(at: datetime | None = None, token: str = "") -> Shelf:
    """What the public may read at `at` (now). `token`: the version, where it was read already."""
    at = at or timezone.now()
    token = token or figures.cache_token(at)
    global _kept
    found = _kept
    if found is not None and found.token == token:
        return found
    with _lock:
        found = _kept
        if found is None or found.token != token:
            found = _kept = _made(token, at, found)
    return found


def forget() -> None:
    """Throw the kept shelf away (a test's database is not the next one's)."""
    global _kept
    _kept = None


def _made(token: str, at: datetime, last: Shelf | None) -> Shelf:
    return Shelf(
        token=token,
        book=_book(at, last),
        rounds=tuple(_rounds()),
        doubts=tuple(_doubts()),
        lines=last.lines if last else {},
    )


def _book(at: datetime, last: Shelf | None) -> figures.Book:
    if last is None:
        return figures.book(at=at)
    held = last.book.entries
    closed = figures.embargoes(at)
    rows = list(
        figures.FigureRow.objects.order_by("id").values_list(
            "id", "status", "superseded_by", "round", "state"
        )
    )
    fresh = [r[0] for r in rows if r[0] not in held]
    if len(fresh) > 900 or not held:  # more than a database takes in one question
        return figures.book(at=at)
    made = {r.id: r for r in figures.FigureRow.objects.filter(pk__in=fresh)} if fresh else {}
    entries: dict[str, figures.Entry] = {}
    for id_, status, by, round_, state in rows:
        old, kept = held.get(id_), (round_, state) in closed
        if old is None:
            row = made[id_]
            entries[id_] = figures.Entry(
                figures.figure_from(row), figures.Status(status), by, kept, round_, row.recorded_at
            )
        elif (old.status, old.superseded_by, old.embargoed) == (status, by, kept):
            entries[id_] = old
        else:
            entries[id_] = dataclasses.replace(
                old, status=figures.Status(status), superseded_by=by, embargoed=kept
            )
    return figures.Book(entries, figures.measures(), figures.ledger_version())


def _rounds() -> Iterable[RoundInfo]:
    for r in Round.objects.order_by("-ends", "code"):
        yield RoundInfo(r.code, r.title_es, r.title_en, r.starts, r.ends)


def _doubts() -> Iterable[Doubt]:
    """Findings that the last checks still found; contradictions first, then by State."""
    for f in sorted(
        findings.current(), key=lambda f: (f.severity != "contradiction", f.state, f.kind, f.code)
    ):
        yield Doubt(
            code=f.code,
            round=f.round,
            kind=f.kind,
            severity=f.severity,
            state=f.state,
            figures=tuple(f.figures),
            stated=f.stated,
            expected=f.expected,
            params=f.params,
            found_at=f.found_at,
            standing=findings.standing_of(f),
            replies=tuple(
                Reply(a.kind, a.role, a.by, a.at, a.reason_es, a.reason_en, a.figure) for a in f.answers.all()
            ),
        )
