"""The door to exports: one statement list, seven forms of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import Max

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.figures.api import FigureRow
from mirps.evidence.rounds.api import Round
from mirps.sharing.exports import archive, delimited, records, sdmx, sheets
from mirps.sharing.exports.delimited import csv_line, guard
from mirps.sharing.exports.descriptor import describe_measures, describe_round, written
from mirps.sharing.exports.records import record_of
from mirps.sharing.exports.records import schema as json_schema
from mirps.sharing.exports.rows import COLUMNS, Row, label, row_of, rows
from mirps.sharing.exports.statements import (
    NoSuchRound,
    Wanted,
    end_of,
    in_ledger,
    known_rounds,
    public_entry,
    statements,
    withheld,
)

__all__ = [
    "COLUMNS",
    "FORMATS",
    "Format",
    "NoSuchRound",
    "Wanted",
    "csv_line",
    "describe_measures",
    "describe_round",
    "end_of",
    "export",
    "guard",
    "in_ledger",
    "json_schema",
    "known_rounds",
    "label",
    "listed",
    "one",
    "record_of",
    "written",
]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of export. `suffix` ends its stable address, `text` says that a terminal can show it."""

    name: str
    suffix: str
    media: str
    text: bool


FORMATS = {
    f.name: f
    for f in (
        Format("csv", "csv", "text/csv; charset=utf-8; header=present", True),
        Format("json", "json", "application/json", True),
        Format("xlsx", "xlsx", sheets.MEDIA, False),
        Format("hxl", "hxl.csv", "text/csv; charset=utf-8; header=present", True),
        Format("sdmx", "sdmx.xml", sdmx.MEDIA_DATA, True),
        Format("sdmx-structure", "sdmx-structure.xml", sdmx.MEDIA_STRUCTURE, True),
        Format("package", "zip", archive.MEDIA, False),
    )
}


def export(*, wanted: Wanted, format: str, lang: str, at: datetime) -> Iterator[bytes]:
    """The export's bytes, in chunks. `at`: the moment for which embargoes count.

    Raises NoSuchRound, PackageFaults (a data folder that cannot be read), KeyError (no such format),
    all before the first chunk. The same ledger, wish and language make the same bytes.
    """
    form = FORMATS[format]
    found = statements(wanted, at)
    start, stamp = _dates(wanted)
    about = {
        "round": wanted.round,
        "language": lang,
        "known_on": wanted.known_on.isoformat() if wanted.known_on else None,
    }
    writers: dict[str, Callable[[], Iterator[bytes]]] = {
        "csv": lambda: delimited.write_csv(rows(found, lang)),
        "hxl": lambda: delimited.write_hxl(rows(found, lang), lang),
        "json": lambda: records.write_json(found, about, lang),
        "xlsx": lambda: sheets.write_xlsx(
            rows(found, lang), lang, say("export.title", lang, round=wanted.round)
        ),
        "sdmx": lambda: sdmx.write_data(found, round_start=start, prepared=stamp),
        "sdmx-structure": lambda: sdmx.write_structure(prepared=stamp),
        "package": lambda: archive.write_package(found, wanted.round, whole=_whole(wanted, at)),
    }
    return _in_lumps(writers[form.name]())


def _in_lumps(chunks: Iterator[bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    """The same bytes in fewer, larger chunks: a row is too small to be sent or compressed alone."""
    lump = bytearray()
    for chunk in chunks:
        lump += chunk
        if len(lump) >= size:
            yield bytes(lump)
            lump.clear()
    if lump:
        yield bytes(lump)


def listed(*, wanted: Wanted, lang: str, at: datetime) -> Iterator[Row]:
    """The wanted statements as rows of COLUMNS. Raises NoSuchRound."""
    return rows(statements(wanted, at), lang)


def one(id_: str, *, lang: str, at: datetime, unloaded: bool = False) -> Row | None:
    """A public statement as a row, with what superseded it; None when there is none."""
    entry = public_entry(id_, at, unloaded=unloaded)
    return None if entry is None else row_of(entry, lang) | {"superseded_by": entry.superseded_by}


def _whole(wanted: Wanted, at: datetime) -> bool:
    return not (wanted.state or wanted.measure or wanted.known_on or withheld(wanted.round, at))


def _dates(wanted: Wanted) -> tuple[date, datetime]:
    """The round's first day, and the moment that stands for 'prepared': never the clock's."""
    start = date(int(wanted.round[:4]), 1, 1) if wanted.round[:4].isdigit() else date(2000, 1, 1)
    known = max(
        (d["known_from"] for d in codelists.documents().values() if d["known_from"]), default="2000-01-01"
    )
    stamp = datetime.combine(date.fromisoformat(known), time.min, tzinfo=UTC)
    if in_ledger(wanted.round):
        held = FigureRow.objects.filter(round=wanted.round).aggregate(last=Max("recorded_at"))["last"]
        stamp = held.astimezone(UTC) if held else stamp
        row = Round.objects.filter(pk=wanted.round).first()
        start = row.starts if row else start
    return start, end_of(wanted.known_on) if wanted.known_on else stamp
