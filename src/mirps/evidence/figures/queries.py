"""Reading the ledger: as it stands, or as it was known on any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from mirps.evidence.figures.book import Book, Entry, Event, fold
from mirps.evidence.figures.models import Embargo, FigureEvent, FigureRow, LedgerChange, LedgerState
from mirps.evidence.figures.rules import Figure, Origin, Qualifier, Role, Status
from mirps.evidence.figures.vocabulary import measures


def ledger_version() -> int:
    """Rises with every change of the ledger; 0 for an empty one."""
    return LedgerState.objects.filter(pk=1).values_list("version", flat=True).first() or 0


def public_version() -> int:
    """Rises when what the public may read changes, and not when people write drafts."""
    return LedgerState.objects.filter(pk=1).values_list("public", flat=True).first() or 0


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
    return set(embargoed_until(at))


def embargoed_until(at: datetime) -> dict[tuple[str, str], datetime]:
    """(round, State) -> until when the public may not read it, for embargoes in force at `at`."""
    last: dict[tuple[str, str], datetime] = {}
    for e in Embargo.objects.order_by("set_at", "id"):
        last[(e.round, e.state)] = e.until
    return {pair: until for pair, until in last.items() if until > at}


def book(
    known_on: datetime | None = None, at: datetime | None = None, recorded_until: datetime | None = None
) -> Book:
    """The whole ledger. `known_on` reads it as it was known then (statements and events up to
    that moment); `recorded_until` leaves out what this installation recorded later; `at` is the
    moment for which embargoes count (now). Its version is the public one."""
    at = at or timezone.now()
    rows = FigureRow.objects.all()
    if known_on is not None:
        rows = rows.filter(known_at__lte=known_on)
    if recorded_until is not None:
        rows = rows.filter(recorded_at__lte=recorded_until)
    return Book(dict(_entries(rows, known_on, at)), measures(), public_version())


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
        yield row.id, Entry(figure_from(row), status, by, (row.round, row.state) in closed, row.round,
                            row.recorded_at)  # fmt: skip


def entries(rows: QuerySet[FigureRow], at: datetime) -> list[Entry]:
    """These statements as they stand at `at`, in the order of their ids."""
    return [entry for _, entry in _entries(rows, None, at)]


def published(closed: Collection[tuple[str, str]], ids: Collection[str] | None = None) -> Iterator[Entry]:
    """Every published statement, superseded ones too, or those of `ids`, in the order of their ids.
    `closed` are the (round, State) pairs that an embargo keeps."""
    rows = FigureRow.objects.filter(status=Status.PUBLISHED)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    for row in rows.order_by("id"):
        embargoed = (row.round, row.state) in closed
        yield Entry(
            figure_from(row), Status.PUBLISHED, row.superseded_by, embargoed, row.round, row.recorded_at
        )


def event_from(e: FigureEvent) -> Event:
    return Event(e.figure_id, e.kind, e.at, e.by, e.reason_es, e.reason_en, e.other)


def public(at: datetime) -> QuerySet[FigureRow]:
    """Rows that anyone may read at `at`: published and not under embargo (superseded ones too)."""
    rows = FigureRow.objects.filter(status=Status.PUBLISHED)
    for round_, state in sorted(embargoes(at)):
        rows = rows.exclude(Q(round=round_) & Q(state=state))
    return rows.order_by("id")


def public_among(ids: Collection[str]) -> set[str]:
    """Those of `ids` that are published."""
    return set(
        FigureRow.objects.filter(pk__in=ids, status=Status.PUBLISHED)
        .order_by("id")
        .values_list("id", flat=True)
    )


def restates(figure: str, figures: Collection[str]) -> bool:
    """Whether `figure` is a later statement of one of `figures`."""
    before = FigureRow.objects.filter(pk=figure).values_list("supersedes", flat=True).first()
    return before is not None and before != "" and (before in figures or restates(before, figures))


def history(figure: str) -> list[Event]:
    """What happened to a figure since it was stated, oldest first."""
    return [event_from(e) for e in FigureEvent.objects.filter(figure_id=figure).order_by("at", "id")]


def cache_token(at: datetime) -> str:
    """Changes exactly when what the public may read changes."""
    return f"{public_version()}-{len(embargoes(at))}"


def version_of(token: str) -> int:
    """The public version for which a token stands."""
    return int(token.partition("-")[0])


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the ledger stood: how many changes it had told of, and its public version, at the same instant."""

    told: int
    public: int


def ledger_moment() -> Moment:
    state = LedgerState.objects.filter(pk=1).values_list("told", "public").first()
    return Moment(*state) if state else Moment(0, 0)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a moment. None: anything may have."""

    until: Moment
    figures: frozenset[str] | None
    findings: frozenset[str] | None


def changes_since(since: Moment, until: int) -> Changes:
    """What changed after `since`, up to the public version `until`.

    Changes are numbered under a lock that their transactions hold to the end, so whoever sees one
    sees all before it. Where a change is not told of (thrown away as old, or made past the
    ledger's own acts) everything counts as changed: also one that was not public, whose findings
    a later one may have made so.
    """
    told = list(LedgerChange.objects.filter(n__gt=since.told, public__lte=until).order_by("n"))
    last = Moment(since.told + len(told), until)
    steps = sorted({since.public, *(c.public for c in told)})
    whole = [c.n for c in told] == list(range(since.told + 1, last.told + 1))
    if not whole or steps != list(range(since.public, until + 1)):
        return Changes(since, None, None)
    return Changes(last, _union([c.figures for c in told]), _union([c.findings for c in told]))


def _union(lists: Iterable[Iterable[str] | None]) -> frozenset[str] | None:
    out: set[str] = set()
    for held in lists:
        if held is None:
            return None
        out.update(held)
    return frozenset(out)
