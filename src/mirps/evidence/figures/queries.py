"""Reading the ledger: as it stands, or as it was known on any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from mirps.evidence.figures.book import Book, Entry, Event, fold
from mirps.evidence.figures.models import Embargo, FigureEvent, FigureRow, LedgerState
from mirps.evidence.figures.rules import Figure, Origin, Qualifier, Role, Status
from mirps.evidence.figures.vocabulary import measures


def ledger_version() -> int:
    """Rises with every change of the ledger; 0 for an empty one."""
    return LedgerState.objects.filter(pk=1).values_list("version", flat=True).first() or 0


def figure_from(row: FigureRow) -> Figure:
    return Figure(
        id=row.id,
        document=row.document,
        locator=row.locator,
        fragment=row.fragment,
        state=row.state,
        sector=row.sector,
        measure=row.measure,
        value=None if row.value is None else row.value.normalize() + 0,
        unit=row.unit,
        qualifier=Qualifier(row.qualifier),
        population=row.population,
        dimensions=row.dimensions,
        stage=row.stage,
        universe=row.universe,
        place=row.place,
        period_start=row.period_start,
        period_end=row.period_end,
        as_of=row.as_of,
        compare_start=row.compare_start,
        compare_end=row.compare_end,
        source=row.source,
        series=row.series,
        note_es=row.note_es,
        note_en=row.note_en,
        absence=row.absence,
        origin=Origin(row.origin),
        role=Role(row.role),
        status=Status(row.status),
        supersedes=row.supersedes,
        known_at=row.known_at,
    )


def embargoes(at: datetime) -> set[tuple[str, str]]:
    """(round, State) pairs that the public may not read at `at`. The last word set for a pair counts."""
    last: dict[tuple[str, str], datetime] = {}
    for e in Embargo.objects.order_by("set_at", "id"):
        last[(e.round, e.state)] = e.until
    return {pair for pair, until in last.items() if until > at}


def book(
    known_on: datetime | None = None, at: datetime | None = None, recorded_until: datetime | None = None
) -> Book:
    """The whole ledger. `known_on` reads it as it was known then (statements and events up to
    that moment); `recorded_until` leaves out what this installation recorded later; `at` is the
    moment for which embargoes count (now)."""
    at = at or timezone.now()
    rows = FigureRow.objects.all()
    if known_on is not None:
        rows = rows.filter(known_at__lte=known_on)
    if recorded_until is not None:
        rows = rows.filter(recorded_at__lte=recorded_until)
    return Book(dict(_entries(rows, known_on, at)), measures(), ledger_version())


def _entries(
    rows: QuerySet[FigureRow], known_on: datetime | None, at: datetime
) -> Iterable[tuple[str, Entry]]:
    closed = embargoes(at)
    events: dict[str, list[Event]] = defaultdict(list)
    if known_on is not None:
        for e in FigureEvent.objects.filter(at__lte=known_on).order_by("at", "id"):
            events[e.figure_id].append(event_from(e))
    for row in rows.order_by("id"):
        if known_on is None:
            status, by = Status(row.status), row.superseded_by
        else:
            status, by = fold(Status(row.initial_status), events.get(row.id, ()), known_on)
        yield (
            row.id,
            Entry(
                figure=figure_from(row),
                status=status,
                superseded_by=by,
                embargoed=(row.round, row.state) in closed,
                round=row.round,
                recorded_at=row.recorded_at,
            ),
        )


def event_from(e: FigureEvent) -> Event:
    return Event(e.figure_id, e.kind, e.at, e.by, e.reason_es, e.reason_en, e.other)


def public(at: datetime) -> QuerySet[FigureRow]:
    """Rows that anyone may read at `at`: published and not under embargo (superseded ones too)."""
    rows = FigureRow.objects.filter(status=Status.PUBLISHED)
    for round_, state in sorted(embargoes(at)):
        rows = rows.exclude(Q(round=round_) & Q(state=state))
    return rows.order_by("id")


def history(figure: str) -> list[Event]:
    """What happened to a figure since it was stated, oldest first."""
    return [event_from(e) for e in FigureEvent.objects.filter(figure_id=figure).order_by("at", "id")]


def cache_token(at: datetime) -> str:
    """Changes exactly when what the public may read changes."""
    return f"{ledger_version()}-{len(embargoes(at))}"
