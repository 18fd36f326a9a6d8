"""Which statements leave the house: published, not under embargo, not superseded.

They come from the ledger; when it holds no such round and the data folder does, from the
round's data package as it stands, so that an export works on a fresh checkout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Collate

from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Book, Entry, FigureRow, Status
from mirps.evidence.rounds.api import Round, Stage
from mirps.sharing.exports.rows import known_from


class NoSuchRound(LookupError):
    """Neither the ledger nor the data folder holds the round. `known` are those there are."""

    def __init__(self, code: str, known: list[str]) -> None:
        super().__init__(f"no round {code!r}; there are {', '.join(known) or 'none'}")
        self.code = code
        self.known = known


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export. `known_on` reads the ledger as it was known at the end of that day.

    `unloaded` allows a round that only the data folder holds (the shell; never the web).
    """

    round: str
    state: str = ""
    measure: str = ""
    known_on: date | None = None
    unloaded: bool = False

    def fits(self, entry: Entry) -> bool:
        f = entry.figure
        return (
            entry.public
            and not entry.superseded_by
            and self.state in ("", f.state)
            and self.measure in ("", f.measure)
        )


def end_of(day: date) -> datetime:
    """The first moment after the day (UTC), less the smallest step: 'known on' includes the day."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC) - timedelta(microseconds=1)


def statements(wanted: Wanted, at: datetime) -> Iterator[Entry]:
    """The public statements of a round, by id. Raises NoSuchRound."""
    if in_ledger(wanted.round):
        return _of_ledger(wanted, at)
    if wanted.unloaded and (figures.round_folder(wanted.round) / "figures.csv").is_file():
        return _of_package(wanted)
    raise NoSuchRound(wanted.round, known_rounds(unloaded=wanted.unloaded))


def _made() -> bool:
    """Whether the database has the ledger's table. An unreachable database is an error, not an empty one:
    falling back to the data folder then would pass by the embargoes."""
    return FigureRow._meta.db_table in connection.introspection.table_names()


def in_ledger(code: str) -> bool:
    """Whether the database holds the round and people no longer work in it. A database that is not made
    yet holds none."""
    return _made() and code not in _worked_in() and FigureRow.objects.filter(round=code).exists()


def _worked_in() -> set[str]:
    """Rounds that are not published yet: nobody outside is told that there are any."""
    unpublished = Round.objects.exclude(stage__in=(Stage.LOADED, Stage.PUBLISHED)).order_by("code")
    return set(unpublished.values_list("code", flat=True))


def public_entry(id_: str, at: datetime, *, unloaded: bool) -> Entry | None:
    """One public statement, superseded or not; with `unloaded`, of the data folder's other rounds too."""
    row = figures.public(at).filter(pk=id_).first() if _made() else None
    if row is not None:
        return Entry(figures.figure_from(row), Status(row.status), row.superseded_by, round=row.round)
    for code in known_rounds(unloaded=True) if unloaded else ():
        if not in_ledger(code):
            for entry in _of_package(Wanted(code)):
                if entry.figure.id == id_:
                    return entry
    return None


def known_rounds(*, unloaded: bool) -> list[str]:
    """The rounds of the ledger, and with `unloaded` those of the data folder, by code."""
    held: set[str] = set()
    if _made():
        held = set(FigureRow.objects.order_by().values_list("round", flat=True).distinct()) - _worked_in()
    if unloaded:
        held |= {p.parent.name for p in figures.round_folder("").glob("*/figures.csv")}
    return sorted(held)


def withheld(code: str, at: datetime) -> bool:
    """Whether the round holds statements that the public may not read."""
    return in_ledger(code) and (
        FigureRow.objects.filter(round=code).count() != figures.public(at).filter(round=code).count()
    )


def _of_ledger(wanted: Wanted, at: datetime) -> Iterator[Entry]:
    if wanted.known_on is not None:
        book = figures.book(known_on=end_of(wanted.known_on), at=at)
        yield from (e for e in book.entries.values() if e.round == wanted.round and wanted.fits(e))
        return
    found = figures.public(at).filter(Q(round=wanted.round) & Q(superseded_by=""))
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.measure:
        found = found.filter(measure=wanted.measure)
    for row in found.order_by(_by_id()).iterator(chunk_size=1000):
        yield Entry(figures.figure_from(row), Status(row.status), round=row.round)


def _by_id() -> Collate:
    """By the bytes of the id, whatever the database's own collation: the same order everywhere."""
    return Collate("id", "C" if connection.vendor == "postgresql" else "BINARY")


def _of_package(wanted: Wanted) -> Iterator[Entry]:
    """Read and checked at once, so that a faulty package is refused before the first byte leaves."""
    package = figures.read_own_round(wanted.round)
    day = wanted.known_on.isoformat() if wanted.known_on else ""
    stated = [f for f in package.figures if not day or (known_from(f) or day) <= day]
    book = Book.of(stated, package.measures)
    return iter(
        [Entry(e.figure, e.status, round=wanted.round) for e in book.entries.values() if wanted.fits(e)]
    )
