"""The shelf of the present version, made from the database once and then kept.

A figure is never overwritten, so a new version takes over every figure that the last one
held and reads only what is new and what became of the rest.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Max
from django.utils import timezone

from mirps.evidence.figures import api as figures
from mirps.evidence.findings import api as findings
from mirps.evidence.rounds.api import Round
from mirps.sharing.portal.shelf import Doubt, Reply, RoundInfo, Shelf, Stock

#: Figures read one by one; more than that are read with all the others.
MOST_AT_ONCE = 900

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
    global _kept, _seen
    _kept = _seen = None


def _made(token: str, at: datetime, last: Shelf | None) -> Shelf:
    marks = _marks()
    closed = frozenset(figures.embargoes(at))
    stock = _stock(at, last.stock if last else None, marks, closed)
    global _seen
    _seen = (marks, closed)
    return Shelf(
        token=token,
        version=figures.ledger_version(),
        stock=stock,
        rounds=tuple(_rounds()),
        every_doubt=tuple(_doubts()),
        lines=last.lines if last else {},
    )


#: How many figures and events there are and the last event's number; and what is under embargo.
Marks = tuple[int, int, int]
_seen: tuple[Marks, frozenset[tuple[str, str]]] | None = None


def _marks() -> Marks:
    events = figures.FigureEvent.objects.aggregate(n=Count("id"), last=Max("id"))
    return figures.FigureRow.objects.count(), events["n"], events["last"] or 0


def _stock(at: datetime, last: Stock | None, marks: Marks, closed: frozenset[tuple[str, str]]) -> Stock:
    """The figures: those of the last shelf with what happened since, or all of them read anew.

    Everything that befalls a figure is an event. An event may be written out of the order of its
    number (two writers at once), so the counts must agree too; where they do not, all is read.
    """
    if last is None or _seen is None or _seen[1] != closed:
        return _whole(at)
    (rows, events, number), _ = _seen
    if marks == _seen[0]:
        return last
    touched = set(figures.FigureEvent.objects.filter(pk__gt=number).values_list("figure_id", flat=True))
    told = figures.FigureEvent.objects.filter(pk__gt=number).count()
    held = last.book.entries
    fresh: set[str] = set()
    if marks[0] != rows:
        fresh = set(figures.FigureRow.objects.values_list("id", flat=True)) - held.keys()
    wanted = touched | fresh
    if events + told != marks[1] or rows + len(fresh) != marks[0] or len(wanted) > MOST_AT_ONCE:
        return _whole(at)
    changed = {
        row.id: figures.Entry(
            figure=figures.figure_from(row),
            status=figures.Status(row.status),
            superseded_by=row.superseded_by,
            embargoed=(row.round, row.state) in closed,
            round=row.round,
            recorded_at=row.recorded_at,
        )
        for row in figures.FigureRow.objects.filter(pk__in=wanted).order_by("id")
    }
    entries = {**held, **changed}
    if fresh:
        entries = {id_: entries[id_] for id_ in sorted(entries)}
    return Stock(figures.Book(entries, figures.measures(), figures.ledger_version()))


def _whole(at: datetime) -> Stock:
    stock = Stock(figures.book(at=at))
    # Thousands of figures that live as long as the process: kept out of the collector's rounds,
    # each of which would otherwise hold up some reader's page for tens of milliseconds.
    gc.collect()
    gc.freeze()
    return stock


def _rounds() -> Iterable[RoundInfo]:
    for r in Round.objects.order_by("-ends", "code"):
        yield RoundInfo(r.code, r.title_es, r.title_en, r.starts, r.ends)


_FINDING = (
    "pk",
    "code",
    "round",
    "kind",
    "severity",
    "state",
    "figures",
    "stated",
    "expected",
    "params",
    "found_at",
)
_ANSWER = ("finding_id", "kind", "role", "by", "at", "reason_es", "reason_en", "figure")


def _doubts() -> Iterable[Doubt]:
    """Findings that the last checks still found; contradictions first, then by State."""
    replies: dict[int, list[Reply]] = {}
    for finding, *rest in findings.Answer.objects.order_by("at", "id").values_list(*_ANSWER):
        replies.setdefault(finding, []).append(Reply(*rest))
    held = findings.Finding.objects.filter(gone_at=None).order_by("code").values_list(*_FINDING)
    for pk, code, round_, kind, severity, state, ids, stated, expected, params, at in sorted(
        held, key=lambda f: (f[4] != "contradiction", f[5], f[3], f[1])
    ):
        given = tuple(replies.get(pk, ()))
        standing = findings.standing(r.kind for r in given)
        yield Doubt(
            code, round_, kind, severity, state, tuple(ids), stated, expected, params, at, standing, given
        )
