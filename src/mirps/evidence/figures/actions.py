"""Writing the ledger. Each act: one transaction, one audit entry, the version raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from mirps.base.audit.api import record
from mirps.evidence.figures.cells import Fault, PackageFaults
from mirps.evidence.figures.models import Embargo, FigureEvent, FigureRow, LedgerChange, LedgerState
from mirps.evidence.figures.package import COLUMNS, DATES, Table
from mirps.evidence.figures.rules import Figure, Status, faults

#: What may follow what. Publishing and returning need a person; nothing goes back to draft by itself.
STEPS: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED}),
    Status.SUBMITTED: frozenset({Status.RETURNED, Status.APPROVED}),
    Status.RETURNED: frozenset({Status.SUBMITTED}),
    Status.APPROVED: frozenset({Status.RETURNED, Status.PUBLISHED}),
    Status.PUBLISHED: frozenset(),
}


class WrongStep(ValueError):
    """A status that may not follow the present one, or a figure that is not there."""


#: A change that concerns more than this is not listed one by one: who holds the ledger reads it all.
MOST_LISTED = 900
#: Public changes that are kept to be told of; who comes later than that reads everything.
MOST_KEPT = 500


@transaction.atomic
def touch(
    *, public: bool = True, figures: Iterable[str] | None = None, findings: Iterable[str] | None = None
) -> None:
    """Raise the ledger's version; where the public may now read something else, the public one too,
    and every public page made before is made anew.

    `figures` and `findings` name what changed; for a public change, without them anything may have.
    A finding that is not public yet is named too: it is read when its figures are published.
    """
    tells = public or bool(findings)
    raised = ["version", *(["public"] if public else []), *(["told"] if tells else [])]
    if not LedgerState.objects.filter(pk=1).update(**{name: F(name) + 1 for name in raised}):
        LedgerState.objects.create(pk=1, **dict.fromkeys(raised, 1))
    if not tells:
        return
    state = LedgerState.objects.get(pk=1)
    LedgerChange.objects.create(
        n=state.told, public=state.public, figures=_listed(figures) if public else [],
        findings=_listed(findings),
    )  # fmt: skip
    LedgerChange.objects.filter(public__lt=state.public - MOST_KEPT).delete()


def _listed(names: Iterable[str] | None) -> list[str] | None:
    found = None if names is None else sorted(set(names))
    return None if found is None or len(found) > MOST_LISTED else found


@transaction.atomic
def record_table(
    *, table: Table, round: str, by: str, at: datetime, known_at: Callable[[str], datetime]
) -> int:
    """Add a checked table's statements. `known_at` gives each document's moment.

    A statement that the ledger already holds unchanged is passed over; one that differs
    from what was stated under its id raises PackageFaults: a change is a new statement
    that supersedes the old one. Returns how many were added.
    """
    fresh = _fresh(table)
    count = _insert(fresh, round=round, by=by, at=at, known_at=known_at)
    pairs = list(_pairs(fresh))
    for id_, old in pairs:
        _mark_superseded(old=old, new=id_, by=by, at=at)
    if count:
        ids = [*fresh.columns["id"], *(old for _, old in pairs)]
        touch(public=_any_public(fresh, pairs), figures=ids, findings=())
        record(by=by, at=at, act="figures.recorded", subject=f"round {round}", detail={"count": count})
    return count


def _any_public(table: Table, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether some of these statements are published, or take the place of one that is."""
    if Status.PUBLISHED in table.columns["status"]:
        return True
    return FigureRow.objects.filter(pk__in=[old for _, old in pairs], status=Status.PUBLISHED).exists()


def _fresh(table: Table) -> Table:
    held = FigureRow.objects.filter(id__in=table.columns["id"][:1]).exists() or (
        FigureRow.objects.exists() and FigureRow.objects.filter(id__in=list(table.columns["id"])).exists()
    )
    if not held:
        return table
    stored = {r.id: r for r in FigureRow.objects.filter(id__in=list(table.columns["id"]))}
    changed, keep = [], []
    for n, row in enumerate(table.rows()):
        old = stored.get(row[0])
        if old is None:
            keep.append(row)
        elif diff := _difference(old, dict(zip(COLUMNS, row, strict=True))):
            changed.append(Fault("figures.csv", n + 2, diff, "fault.restated", found=row[0]))
    if changed:
        raise PackageFaults(changed)
    columns = dict(zip(COLUMNS, zip(*keep, strict=True), strict=True)) if keep else dict.fromkeys(COLUMNS, ())
    return Table(columns=columns, length=len(keep))


def _difference(old: FigureRow, new: Mapping[str, str]) -> str:
    """The first column in which the statement differs from what was stated, or nothing."""
    for column in COLUMNS:
        if column == "status":
            continue
        held = getattr(old, column)
        if column == "value":
            same = (held is None and new[column] == "") or (
                held is not None and held == _decimal(new[column])
            )
        else:
            same = ("" if held is None else str(held)) == new[column]
        if not same:
            return column
    return ""


def _decimal(text: str) -> object:
    from decimal import Decimal

    return Decimal(text) if text else None


_DB_COLUMNS = (
    *(c for c in COLUMNS if c != "status"),
    "round", "status", "initial_status", "superseded_by", "known_at", "recorded_at", "recorded_by",
)  # fmt: skip


def _insert(table: Table, *, round: str, by: str, at: datetime, known_at: Callable[[str], datetime]) -> int:
    n = len(table)
    if not n:
        return 0
    nulls = {*DATES, "value"}
    moments = {d: _stamp(known_at(d)) for d in set(table.columns["document"])}
    fixed: dict[str, Sequence[object]] = {
        "round": (round,) * n,
        "initial_status": table.columns["status"],
        "superseded_by": ("",) * n,
        "known_at": [moments[d] for d in table.columns["document"]],
        "recorded_at": (_stamp(at),) * n,
        "recorded_by": (by,) * n,
    }
    columns: list[Sequence[object]] = [
        fixed[c] if c in fixed else (_nulled(table.columns[c]) if c in nulls else table.columns[c])
        for c in _DB_COLUMNS
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(f'"{c}"' for c in _DB_COLUMNS)
            with cursor.copy(f'COPY "{FigureRow._meta.db_table}" ({names}) FROM STDIN') as copy:
                for row in zip(*columns, strict=True):
                    copy.write_row(row)
        else:
            sql, rows = _statement(columns)
            cursor.executemany(sql, rows)
    return n


#: A text that needs no quoting in SQL whatever.
_PLAIN = re.compile(r"[A-Za-z0-9 .:+-]*\Z")


def _statement(columns: Sequence[Sequence[Any]]) -> tuple[str, list[tuple[Any, ...]]]:
    """An INSERT of `_DB_COLUMNS` and its rows.

    A plain value that every row shares (no place, no series) goes into the statement, which halves what
    is bound. Rows go in the order of their ids, the first column, so that its index grows at its end.
    """
    marks: list[str] = []
    varying: list[Sequence[Any]] = []
    for column in columns:
        first = column[0]
        plain = first is None or (isinstance(first, str) and _PLAIN.match(first))
        if plain and varying and column.count(first) == len(column):
            marks.append("NULL" if first is None else f"'{first}'")
        else:
            marks.append("%s")
            varying.append(column)
    names = ", ".join(f'"{c}"' for c in _DB_COLUMNS)
    sql = f'INSERT INTO "{FigureRow._meta.db_table}" ({names}) VALUES ({", ".join(marks)})'  # noqa: S608 - our own names, plain values
    return sql, sorted(zip(*varying, strict=True), key=itemgetter(0))


def _nulled(cells: Sequence[str]) -> Sequence[str | None]:
    """Empty cells as absent values."""
    return [c or None for c in cells]


def _stamp(moment: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(moment)


def _pairs(table: Table) -> Iterable[tuple[str, str]]:
    return ((i, s) for i, s in zip(table.columns["id"], table.columns["supersedes"], strict=True) if s)


def _mark_superseded(*, old: str, new: str, by: str, at: datetime, es: str = "", en: str = "") -> None:
    if not FigureRow.objects.filter(pk=old).update(superseded_by=new):
        raise WrongStep(old)
    FigureEvent.objects.create(
        figure_id=old, kind="superseded", at=at, by=by, other=new, reason_es=es, reason_en=en
    )


@transaction.atomic
def correct(*, old: str, new: Figure, by: str, at: datetime, reason_es: str, reason_en: str) -> FigureRow:
    """State a figure anew. The old statement stays, citable, marked as superseded by the new one.

    Raises WrongStep when the old one is not there or already superseded, ValueError when the new
    one is unfit (its faults named).
    """
    held = FigureRow.objects.select_for_update().filter(pk=old).first()
    if held is None or held.superseded_by:
        raise WrongStep(old)
    if Status(held.status) is Status.PUBLISHED and new.status is not Status.PUBLISHED:
        raise WrongStep(f"{old} is published; what supersedes it must be too")
    if unfit := faults(new):
        raise ValueError(", ".join(unfit))
    values = {c: getattr(new, c) for c in COLUMNS if c != "status"}
    row = FigureRow.objects.create(
        **{**values, "supersedes": old},
        round=held.round,
        initial_status=new.status,
        status=new.status,
        known_at=at,
        recorded_at=at,
        recorded_by=by,
    )
    _mark_superseded(old=old, new=row.id, by=by, at=at, es=reason_es, en=reason_en)
    public = Status.PUBLISHED in (Status(held.status), new.status)
    touch(public=public, figures=[old, row.id], findings=())
    record(by=by, at=at, act="figure.corrected", subject=f"figure {old}", detail={"by": row.id})
    return row


@transaction.atomic
def move(
    *, figures: Sequence[str], to: Status, by: str, at: datetime, reason_es: str = "", reason_en: str = ""
) -> int:
    """Submit, return, approve or publish figures: all of them or none. Raises WrongStep naming the first
    that cannot take the step."""
    rows = list(FigureRow.objects.select_for_update().filter(pk__in=figures).order_by("id"))
    if len(rows) != len(set(figures)):
        raise WrongStep(", ".join(sorted(set(figures) - {r.id for r in rows})))
    for row in rows:
        if to not in STEPS[Status(row.status)]:
            raise WrongStep(f"{row.id}: {row.status} -> {to.value}")
    FigureEvent.objects.bulk_create(
        FigureEvent(figure_id=r.id, kind=to.value, at=at, by=by, reason_es=reason_es, reason_en=reason_en)
        for r in rows
    )
    FigureRow.objects.filter(pk__in=figures).update(status=to.value)
    touch(public=to is Status.PUBLISHED, figures=figures, findings=())
    record(by=by, at=at, act=f"figures.{to.value}", subject="figures", detail={"ids": sorted(figures)})
    return len(rows)


@transaction.atomic
def set_embargo(*, round: str, state: str, until: datetime, by: str, at: datetime) -> Embargo:
    """Keep a State's figures of a round from the public until a moment. The last word counts."""
    held = Embargo.objects.create(round=round, state=state, until=until, by=by, set_at=at)
    touch(figures=(), findings=())
    record(
        by=by, at=at, act="embargo.set", subject=f"round {round} {state}", detail={"until": until.isoformat()}
    )
    return held
